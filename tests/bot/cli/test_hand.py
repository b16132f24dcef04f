"""`hand`: a photo in, what was read and its hand out, and a picture in that hand."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.cli.main import main
from bot.commands import parser
from core.catalog import Catalog
from core.pictures.base import draw
from tests.core.imaging.test_scanning import drawn, file_of, text
from tests.golden.weights import make


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photo of a 4, in the folder in which the command runs."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "note.png"
    path.write_bytes(file_of(drawn(4, 14)))
    return path


def said(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """Return the lines of the result, and the note."""
    written = capsys.readouterr()
    return written.out.splitlines(), written.err


def test_a_photo_is_answered_with_five_in_the_same_hand(
    photo: Path, capsys: pytest.CaptureFixture[str], catalog: Catalog
) -> None:
    """The token that is printed draws the same picture again by any command line."""
    assert main(["hand", str(photo), "--seed", "7"]) == 0
    (sentence, hand), note = said(capsys)
    assert sentence.startswith("I read 4 (")
    assert note.startswith("digit-4-seed-7.png: 5 × 4 · cGAN · seed 7 · hand ")
    again = parser.parse(f"/digit 4 seed=7 {hand}")
    assert Path("digit-4-seed-7.png").read_bytes() == draw(catalog, again).data


def test_a_number_is_written_in_the_hand(photo: Path, capsys: pytest.CaptureFixture[str], catalog: Catalog) -> None:
    """To the file that is named, in the colours that are asked for."""
    assert main(["hand", str(photo), "--number", "2026", "--seed", "7", "--style", "ink", "--out", "year.png"]) == 0
    (_, hand), note = said(capsys)
    assert note.startswith("year.png: 2026 · ")
    again = parser.parse(f"/number 2026 seed=7 style=ink {hand}")
    assert Path("year.png").read_bytes() == draw(catalog, again).data


def test_the_line_draws_what_the_hand_drew(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`draw --hand TOKEN` and `number --hand TOKEN` take it, too."""
    main(["hand", str(photo), "--seed", "7", "--out", "one.png"])
    (_, hand), _ = said(capsys)
    assert main(["draw", "4", "--seed", "7", "--hand", hand.removeprefix("hand="), "--out", "two.png"]) == 0
    assert Path("one.png").read_bytes() == Path("two.png").read_bytes()


@pytest.mark.parametrize(
    ("grey", "words"),
    [
        (np.full((300, 400), 255, np.uint8), "I see no digit"),
        (text("1234567", 200), "up to 6 digits"),
    ],
    ids=["empty", "crowded"],
)
def test_nothing_to_read_is_a_sentence(
    photo: Path, capsys: pytest.CaptureFixture[str], grey: np.ndarray, words: str
) -> None:
    """It is printed as the result; no picture is drawn, and the exit code says so."""
    photo.write_bytes(file_of(grey))
    assert main(["hand", str(photo)]) == 65
    (sentence,), note = said(capsys)
    assert words in sentence
    assert (note, sorted(path.name for path in photo.parent.iterdir())) == ("", ["note.png"])


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<svg/>", "JPEG, PNG or WebP"), (b"", "JPEG, PNG or WebP"), (bytes(20_000_000), "up to 12 MB")],
)
def test_a_bad_photo_is_a_sentence(photo: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str) -> None:
    """In one line, with the limit where it is one."""
    photo.write_bytes(content)
    assert main(["hand", str(photo)]) == 64
    result, note = said(capsys)
    assert words in note
    assert (result, note.count("\n")) == ([], 1)


def test_a_photo_that_is_not_there_is_a_sentence(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As is a file that cannot be written."""
    assert main(["hand", "no.jpg"]) == 66
    assert "no.jpg cannot be read (No such file or directory)" in said(capsys)[1]
    assert main(["hand", str(photo), "--out", "no/where.png"]) == 73
    assert "cannot be written" in said(capsys)[1]


def test_a_picture_that_it_does_not_draw_is_refused_before_anything_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The ending is wrong whatever the photo shows."""
    assert main(["hand", "no.jpg", "--out", "four.gif"]) == 64
    assert "this comes as .png" in said(capsys)[1]


@pytest.mark.parametrize(
    ("name", "words"), [("seed", "A seed is"), ("style", "The styles are"), ("number", "A number")]
)
def test_an_empty_option_is_no_option_left_out(
    photo: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    """A script whose variable is empty is told so, in place of getting any picture."""
    assert main(["hand", str(photo), f"--{name}", ""]) == 64
    assert words in said(capsys)[1]


def test_weights_that_read_nothing_are_a_sentence(
    photo: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of models of one's own need not have a reader and an encoder."""
    monkeypatch.setenv("DIGIT_WEIGHTS", str(make(tmp_path / "weights")))
    assert main(["hand", str(photo)]) == 78
    assert "lists no reader and encoder" in said(capsys)[1]


@pytest.mark.usefixtures("photo")
def test_a_large_jpeg_with_rotation_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """As a phone writes it."""
    note = Image.Exif()
    note[0x0112] = 6
    sheet = Image.fromarray(drawn(4, 14)).resize((2400, 1800)).transpose(Image.Transpose.ROTATE_90)
    sheet.save("phone.jpg", exif=note)
    assert main(["hand", "phone.jpg", "--out", "four.png"]) == 0
    assert said(capsys)[0][0].startswith("I read 4")
