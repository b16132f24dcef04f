"""What was read in a photo, and what was wrong with it, in words."""

import numpy as np
import pytest

from bot.conversation.handwriting import describe
from bot.conversation.sentences import sentence
from core.errors import Flaw, HandlessModel, InvalidHand, InvalidPhoto
from core.handwriting import Handwriting, ReadDigit


def read(digit: int, confidence: float) -> ReadDigit:
    """A digit that was read with this confidence."""
    probabilities = [(1 - confidence) / 9] * 10
    probabilities[digit] = confidence
    return ReadDigit(digit, tuple(probabilities), np.zeros((28, 28), np.uint8))


@pytest.mark.parametrize(
    ("handwriting", "words"),
    [
        (Handwriting((read(4, 0.994),), "E"), "I read 4 (99% sure)."),
        (Handwriting((read(2, 0.99), read(0, 0.91)), "E"), "I read 20 (91% sure)."),
        (Handwriting((read(4, 0.9999),), "E"), "I read 4 (99% sure)."),
        (Handwriting((read(4, 1.0),), "E"), "I read 4 (99% sure)."),
        (Handwriting(), "I see no digit in that. Write one large and dark on plain paper, and try again."),
        (
            Handwriting(crowded=True),
            "I read up to 6 digits at a time, and see more than that. Please send a photo of fewer.",
        ),
    ],
)
def test_what_was_read_is_a_sentence(handwriting: Handwriting, words: str) -> None:
    """With the confidence of the digit that is least sure, never rounded up to certainty."""
    assert str(describe(handwriting)) == words


def test_each_flaw_has_a_sentence_of_its_own() -> None:
    """It says the rule, with the limit that the photo broke."""
    sentences = {flaw: str(sentence(InvalidPhoto(flaw, 12_500_000))) for flaw in Flaw}
    assert len(set(sentences.values())) == len(Flaw)
    assert "12 MB" in sentences[Flaw.BYTES]
    assert "12 megapixels" in sentences[Flaw.PIXELS]
    assert not any("\n" in words for words in sentences.values())


def test_a_bad_hand_is_a_sentence() -> None:
    """With the words that were taken for a token, cut short, or the model that cannot write in one."""
    assert "“xyz”" in str(sentence(InvalidHand("xyz")))
    assert len(str(sentence(InvalidHand("x" * 5000)))) < 150
    words = str(sentence(HandlessModel("vae", ("cgan",))))
    assert "cgan writes in a hand, and “vae” does not" in words
