"""Scores, each with a sentence, for the models that have them."""

import json
from dataclasses import replace

from bot.commands import registry, scores
from core.catalog import Catalog
from core.pictures.comparison import CompareRequest
from core.pictures.strip import StripRequest
from tests.conftest import WEIGHTS


def test_every_score_of_the_manifest_is_explained() -> None:
    """Of each model that ships; a score that training adds has to get its sentence."""
    manifest = json.loads((WEIGHTS / "manifest.json").read_text())
    for model in manifest["models"]:
        assert {score.key for score in scores.SCORES} == set(model["scores"])


def test_titles_stay() -> None:
    """Sheets that are out in the world are compared by them."""
    titles = [str(score.title) for score in scores.SCORES]
    assert titles == ["Read right", "Distance", "Precision", "Recall", "Density", "Coverage", "As a teacher"]


def test_values_are_written_for_people_and_the_best_are_known(catalog: Catalog) -> None:
    """A share is in percent; of distances the least is the best, of all others the greatest; two can be the best."""
    one, other = (
        replace(model, scores={"reading": 0.995, "frechet": distance})
        for model, distance in zip(catalog.models[:2], (0.73, 36.4), strict=True)
    )
    reading, distance = scores.results([one, other])
    assert reading.values == {"cGAN": "99.5%", "VAE": "99.5%"}
    assert reading.best == ("cGAN", "VAE")
    assert distance.values == {"cGAN": "0.7", "VAE": "36.4"}
    assert distance.best == ("cGAN",)


def test_what_was_not_measured_is_left_out(catalog: Catalog) -> None:
    """A model of one's own without scores has no value, and where none has any there is nothing to explain."""
    measured, own = catalog.models[0], replace(catalog.models[1], scores={})
    assert [list(result.values) for result in scores.results([measured, own])] == [["cGAN"]] * len(scores.SCORES)
    assert scores.results([own]) == []


def test_only_a_comparison_has_scores(catalog: Catalog) -> None:
    """A strip shows what one model draws."""
    for request, count in ((CompareRequest(4), len(scores.SCORES)), (StripRequest(4), 0)):
        assert len(registry.command_for(request).results(request.models(catalog))) == count
