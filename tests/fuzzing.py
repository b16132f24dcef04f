"""Hypothesis strategies: requests that can be made, and what people and forgers send."""

from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st

from bot.commands import registry
from core.imaging.styles import Style
from core.latents import MAX_SEED
from core.pictures.base import MAX_NEATNESS, PictureRequest
from core.pictures.comparison import CompareRequest
from core.pictures.morph import MorphRequest
from core.pictures.number import MARKS, NumberRequest
from core.pictures.strip import MAX_COUNT, StripRequest

bounded = settings(max_examples=150, deadline=None, derandomize=True, database=None)
"""The same examples in each run, and no clock: a fuzzer in the suite finds what somebody broke, and is done in 2 s."""
MODELS = ("cgan", "cgan-mlp", "cvae", "cvae-conv", "vae")

_digits = st.integers(0, 9)
_models = st.sampled_from(MODELS)
_common = {
    "seed": st.none() | st.integers(0, MAX_SEED),
    "style": st.sampled_from(Style),
    "neat": st.integers(0, MAX_NEATNESS),
}
_one_model = _common | {"model": st.none() | _models}
_morphs = st.lists(_digits, min_size=1, max_size=6).filter(
    lambda digits: len(digits) == 1 or all(a != b for a, b in pairwise(digits))
)
_numbers = st.from_regex(rf"[0-9{MARKS}]{{0,3}}[0-9]{{1,9}}( [0-9{MARKS}]{{1,7}})?", fullmatch=True)

requests: st.SearchStrategy[PictureRequest] = st.one_of(
    st.builds(StripRequest, st.none() | _digits, st.integers(1, MAX_COUNT), **_one_model),
    st.builds(NumberRequest, _numbers, **_one_model),
    st.builds(MorphRequest, _morphs.map(tuple), **_one_model),
    st.builds(CompareRequest, st.none() | _digits, st.lists(_models, max_size=3).map(tuple), **_common),
)
"""Any request for a picture that a person can make."""

_names = st.sampled_from([f"/{name}" for name in registry.names()])
_words = st.one_of(
    st.text(max_size=12),
    st.integers(-10, 10**21).map(str),
    st.tuples(st.sampled_from(["seed", "model", "style", "neat", "count", "models", "x"]), st.text(max_size=8)).map(
        "=".join
    ),
)
lines = st.one_of(
    st.text(max_size=80), st.builds(lambda name, words: " ".join([name, *words]), _names, st.lists(_words))
)
"""Any text, and text that begins like a command."""
