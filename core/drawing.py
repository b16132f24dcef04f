"""A request to its picture, in the calling thread."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core import canvas, lettering, noise
from core.canvas import File, Images
from core.catalog import Catalog, Model
from core.generator import one_hot
from core.requests import (
    DEFAULT_COUNT,
    MAX_NEATNESS,
    NATURAL,
    CompareRequest,
    DrawRequest,
    Form,
    ModelRequest,
    MorphRequest,
    NumberRequest,
    Picture,
    StripRequest,
)
from core.walk import Walk

WILDEST, TIDIEST = 1.4, 0.3
"""How far images stray from their digit's mean at neatness 0 and 100: not 0, or all would be the same."""
NUMBER_STRAY, MORPH_STRAY = 0.25, 0.6
"""How much of a latent is a digit's own, the rest being the hand. In a number two equal digits then differ in a third
of their ink; in a morph the hand moves too, and yet strokes do not thin out half-way as between two hands."""
WALKERS = 3
"""Images of a digit that is walked through by itself."""


def draw(catalog: Catalog, request: DrawRequest) -> Picture:
    """Draw a picture in the calling thread, without a queue.

    Raises:
        UnknownModel: the request names a model that the catalog does not have.
    """
    seed = secrets.randbelow(noise.MAX_SEED + 1) if request.seed is None else request.seed
    settled = _settle(request, seed, catalog)
    models = chosen(catalog, settled)
    match settled:
        case StripRequest() | NumberRequest():
            file = _still(settled, seed, models[0])
        case MorphRequest():
            file = _moving(settled, seed, models[0])
        case CompareRequest():
            file = _compared(settled, seed, models)
        case _:
            raise TypeError(settled)
    titles = tuple(model.title for model in models)
    return Picture(file.data, file.media_type, file.width, file.height, settled, seed, titles)


def chosen(catalog: Catalog, request: DrawRequest) -> list[Model]:
    """The models that draw what is asked for.

    Raises:
        UnknownModel: the request names a model that the catalog does not have.
    """
    match request:
        case CompareRequest():
            return [catalog.find(name) for name in dict.fromkeys(request.models or catalog.names)]
        case ModelRequest():
            return [catalog.find(request.model)]
    raise TypeError(request)


def spread(neat: int) -> float:
    """How far a neatness of 0..100 lets images stray from their digit's mean; see `Generator.draw`."""
    if neat <= NATURAL:
        return WILDEST + (1 - WILDEST) * neat / NATURAL
    return 1 + (TIDIEST - 1) * (neat - NATURAL) / (MAX_NEATNESS - NATURAL)


def _settle(request: DrawRequest, seed: int, catalog: Catalog) -> DrawRequest:
    """The request with nothing left open."""
    names = tuple(model.name for model in chosen(catalog, request))
    if isinstance(request, StripRequest | CompareRequest) and request.digit is None:
        request = replace(request, digit=noise.digit(seed))
    if isinstance(request, CompareRequest):
        request = replace(request, models=names)
    if isinstance(request, ModelRequest):
        request = replace(request, model=names[0])
    return replace(request, seed=seed)


def _still(request: StripRequest | NumberRequest, seed: int, model: Model) -> File:
    dim = model.generator.latent_dim
    if isinstance(request, StripRequest):
        latents = noise.latents(seed, request.count, dim)
    else:
        latents = noise.hand(seed, len(request.digits), dim, NUMBER_STRAY)
    images = model.generator.draw(latents, one_hot(request.digits), spread(request.neat))
    if request.form in (Form.ORIGINAL, Form.ARCHIVE):
        return _untouched(request.form, images, request.digits)
    drawing = canvas.row(images) if isinstance(request, StripRequest) else lettering.write(request.text, images)
    return (canvas.jpeg if request.form is Form.JPEG else canvas.png)(drawing, request.style)


def _moving(request: MorphRequest, seed: int, model: Model) -> File:
    stations = request.digits if len(request.digits) > 1 else request.digits * WALKERS
    stray = MORPH_STRAY if len(request.digits) > 1 else 1
    latents = noise.hand(seed, len(stations), model.generator.latent_dim, stray)
    walk = Walk(model.generator, stations, latents, spread(request.neat))
    if request.form in (Form.ORIGINAL, Form.ARCHIVE):
        return _untouched(request.form, walk.frames, walk.digits)
    return canvas.animation(walk.frames, walk.milliseconds, request.style)


def _compared(request: CompareRequest, seed: int, models: Sequence[Model]) -> File:
    digits = one_hot(request.digits)
    rows = []
    for model in models:
        latents = noise.latents(seed, DEFAULT_COUNT, model.generator.latent_dim)
        rows.append(model.generator.draw(latents, digits, spread(request.neat)))
    if request.form in (Form.ORIGINAL, Form.ARCHIVE):
        return _untouched(request.form, np.concatenate(rows), request.digits * len(models))
    labelled = [(_label(model), row) for model, row in zip(models, rows, strict=True)]
    return canvas.comparison(labelled, request.style, as_jpeg=request.form is Form.JPEG)


def _untouched(form: Form, images: Images, digits: Sequence[int]) -> File:
    return canvas.original(images) if form is Form.ORIGINAL else canvas.archive(images, digits)


def _label(model: Model) -> str:
    """The model's title and its score, without a word: what the figure means stands in the caption."""
    reading = model.scores.get("reading")
    return model.title if reading is None else f"{model.title}   {reading:.1%}"
