"""The language of a web request, from the header to the words."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from multidict import CIMultiDict

from bot.adapters.web import language
from tests.bot.adapters.web.conftest import HOSTILE, Client, say, sentence

CATALOG = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Draws digits that nobody ever wrote"
msgstr "Desegnas ciferojn"

msgid "Copy link"
msgstr "Kopiu ligilon"

msgid "Model"
msgstr "Modelo"

msgid "seed {seed}"
msgstr "semo {seed}"

msgid "Seed {seed}."
msgstr "Semo {seed}."

msgid "There is nothing here. Try /digit/4.png."
msgstr "Nenio estas tie. Provu /digit/4.png."

msgid "A digit is 0 to 9, not {value}. Try {example}."
msgstr "Cifero estas 0 ĝis 9, ne {value}. Provu {example}."
"""


@pytest.fixture(autouse=True)
def two_languages(catalogs: Path) -> None:
    """Two languages of which nobody has heard here."""
    for tag in ("eo", "tlh-Latn"):
        (catalogs / f"{tag}.po").write_text(CATALOG)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ""),
        ("eo", "eo"),
        ("EO-xx", "eo"),
        ("tlh-latn, eo", "tlh-Latn"),
        ("xx, eo;q=0.5", "eo"),
        ("en, eo", ""),
        ("en-GB;q=0.9, eo", "eo"),
        ("eo;q=0.1, en;q=0.2", ""),
        ("eo;q=0", ""),
        ("*", ""),
        ("eo;q=2", ""),
        ("eo; q=0.5 , xx", "eo"),
        (HOSTILE, ""),
        ("../../etc/passwd", ""),
        ("eo" + "-a" * 500, "eo"),
        (",".join(["xx"] * 100 + ["eo"]), ""),
    ],
)
def test_the_language_most_wanted_is_spoken(header: str | None, expected: str) -> None:
    """The header's weights decide, and what is no language, or beyond ten of them, is passed over."""
    request: Any = SimpleNamespace(query={}, headers=CIMultiDict({"Accept-Language": header} if header else {}))
    assert language.of(request) == expected


@pytest.mark.parametrize("path", ["/", "/manifest.webmanifest"])
async def test_a_cache_is_told_what_differs_by_language(client: Client, path: str) -> None:
    """A shared one would else hand out one language to all."""
    assert (await client.get(path)).headers["Vary"] == "Accept-Language"


async def test_the_page_speaks_the_language_of_the_browser(client: Client) -> None:
    """Words, the script's words and the names of controls come from the catalog."""
    response = await client.get("/", headers={"Accept-Language": "eo-EO,eo;q=0.9,en;q=0.8"})
    page = await response.text()
    for text in (
        '<html lang="eo"',
        "Desegnas ciferojn",
        "Kopiu ligilon",
        '<label for="model">Modelo</label>',
        "Semo 15.",
    ):
        assert text in page
    assert '<html lang="en"' in await (await client.get("/")).text()


async def test_captions_and_errors_speak_it_too(client: Client) -> None:
    """So do captions, sentences about a line, and those about a path that there is not."""
    headers = {"Accept-Language": "eo"}
    assert "semo 7" in (await say(client, "/digit 4 seed=7", **headers))["caption"]
    assert (await say(client, "/digit x", **headers))["error"] == "Cifero estas 0 ĝis 9, ne “x”. Provu /digit 4."
    assert (await sentence(await client.get("/nothing", headers=headers))).startswith("Nenio")
