"""The pages: what they say is what the code does, and where they point there is something."""

import re
import shlex
import sysconfig
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from prometheus_client.metrics_core import Metric
from ruamel.yaml import YAML

from bot.adapters.discord.display import DISPLAY_OPTIONS
from bot.adapters.discord.handlers import MAX_WAIT_SECONDS as ON_DISCORD_SECONDS
from bot.adapters.registry import PLATFORMS
from bot.adapters.telegram.webhook import MAX_UPDATE_BYTES
from bot.adapters.web.chat import MAX_BODY_BYTES
from bot.cli.main import main
from bot.commands import parser, registry
from bot.commands.options import Option
from bot.config.settings import Settings
from bot.config.sources import FILE_SUFFIX
from bot.telemetry.metrics import Metrics
from core.catalog import Catalog
from core.latents import MAX_SEED
from core.pictures.morph import MAX_STATIONS
from core.pictures.number import MAX_DIGITS
from core.pictures.strip import DEFAULT_COUNT, MAX_COUNT
from core.service import MAX_WAIT_SECONDS
from tests.bot.adapters.web.conftest import serving
from tests.conftest import ROOT
from tests.screenshot import MAX_BYTES, THEMES

DOCS = sorted((ROOT / "docs").glob("*.md"))
OF_GITHUB = sorted((ROOT / ".github").rglob("*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("[a-z]*/*.md")), *OF_GITHUB]
README = (ROOT / "README.md").read_text()
MAX_LINES, MAX_WORDS = 120, 900
IN_CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r'(?:\]\(|(?:src|srcset)=")([^)"\s]+)')
ELSEWHERE = ("https://", "http://", "../../actions/")
"""Of links that lead out of the repository; the last is the way from a file to the repository's own workflow runs."""

RELEASE = {"bump-my-version", "cyclonedx-py"}
"""Programs of the `release` extra, which these tests do without."""


def page(name: str) -> str:
    """Return the text of a page."""
    return (ROOT / name).read_text()


def rows(text: str, header: str) -> list[list[str]]:
    """Return the cells of the table whose header begins like that."""
    _, found, rest = text.partition(f"| {header} |")
    assert found, header
    lines = rest.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def shell(text: str) -> Iterator[str]:
    """Yield the commands of the code blocks for a shell, without comments."""
    for language, block in FENCE.findall(text):
        if language == "sh":
            for line in block.splitlines():
                command = re.sub(r"(^|\s)#.*", "", line).strip()
                yield from filter(None, re.split(r"\s&&\s", command))


def slugs(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def named(path: Path) -> str:
    """Return the name of a test's page."""
    return str(path.relative_to(ROOT))


def test_the_readme_is_short() -> None:
    """A stranger reads it to its end."""
    assert len(README.splitlines()) <= MAX_LINES
    assert len(README.split()) <= MAX_WORDS


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link and picture of a page is a file, and its anchor a heading there."""
    text = FENCE.sub("", path.read_text())
    for link in LINK.findall(text):
        if not link.startswith(ELSEWHERE):
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            assert target.exists(), link
            assert not anchor or anchor in slugs(target.read_text()), link


def test_every_page_of_docs_is_linked_from_the_readme() -> None:
    """Nobody has to look through folders."""
    assert {named(path) for path in DOCS} <= set(LINK.findall(README))


@pytest.mark.parametrize("path", DOCS, ids=named)
def test_a_page_begins_with_what_to_type(path: Path) -> None:
    """Under its title stands a block for the shell."""
    assert re.match(r"# [^\n]+\n\n```sh\n", path.read_text())


def test_the_badges_are_true() -> None:
    """Pythons and licence are those of pyproject.toml; the run is that of a workflow which is there."""
    project = tomllib.loads(page("pyproject.toml"))["project"]
    pythons = YAML(typ="safe").load(page(".github/workflows/ci.yml"))["jobs"]["run"]["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={pythons[0]}"
    assert f"badge/python-{pythons[0]}%20to%20{pythons[-1]}-" in README
    assert f"with Python {pythons[0]} to {pythons[-1]}" in README
    assert f"badge/licence-{project['license']}-" in README
    assert "actions/workflows/ci.yml/badge.svg" in README


@pytest.mark.parametrize("theme", THEMES)
def test_the_pictures_of_a_chat_load_quickly(theme: str) -> None:
    """The README has one for each theme, and each is a small file."""
    path = ROOT / "docs" / f"chat-{theme}.png"
    assert f'"{named(path)}"' in README
    assert path.stat().st_size <= MAX_BYTES
    with Image.open(path) as picture:
        assert picture.format == "PNG"


def test_the_readme_has_every_model(catalog: Catalog) -> None:
    """Names, kinds and shares are those that `/models` tells, and sizes those of the files."""
    expected = [
        [
            f"`{model.name}`" + (" (default)" if model.name == catalog.default else ""),
            model.title,
            f"{model.scores['reading']:.1%}",
            f"{(ROOT / 'weights' / f'{model.name}.onnx').stat().st_size / 1e6:.1f} MB",
        ]
        for model in catalog.models
    ]
    assert rows(README, "model") == expected


def test_the_readme_has_every_command() -> None:
    """Each command of the bot stands in the table of commands, and nothing else."""
    words = [line.split()[0] for row in rows(README, "you type") for line in IN_CODE.findall(" ".join(row))]
    assert {word for word in words if word.startswith("/")} == {f"/{command.name}" for command in registry.commands()}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_commands_can_be_typed(path: Path) -> None:
    """Every line such as `/digit 4 seed=7` is one that the bot reads."""
    names = "|".join(command.name for command in registry.commands())
    for line in IN_CODE.findall(path.read_text()):
        if re.match(rf"/({names})( |$)", line) and (" " in line or path.name == "README.md"):
            parser.parse(line)


def options_of(cell: str) -> set[str]:
    """Return the options that a cell names."""
    return {word for word in IN_CODE.findall(cell) if re.fullmatch("[a-z]+", word)}


def test_discords_page_has_every_option() -> None:
    """The table of slash commands is what the bot writes to Discord."""
    text = page("docs/discord.md")
    table = {name: options_of(cell) for names, cell in rows(text, "command") for name in IN_CODE.findall(names)}
    drawing = registry.picture_commands()
    assert table.keys() == {f"/{command.name}" for command in registry.commands()}
    for command in drawing:
        assert table[f"/{command.name}"] == {command.argument.name, *(option.name for option in command.options)}
    assert all(f"`{option.name}`" in text for option in DISPLAY_OPTIONS)


def test_the_page_on_http_has_every_option() -> None:
    """The table of options names each one, the commands that take it, and its bounds."""
    drawing = registry.picture_commands()
    takers: dict[Option, list[str]] = {}
    for command in drawing:
        for option in command.options:
            takers.setdefault(option, []).append(command.name)
    table = {name.strip("`"): (values, where) for name, values, where in rows(page("docs/http-api.md"), "option")}
    assert table.keys() == {option.name for option in takers}
    for option, names in takers.items():
        values, where = table[option.name]
        assert set(IN_CODE.findall(where)) == set(names) if where != "all" else len(names) == len(drawing)
        assert set(option.choices) <= set(IN_CODE.findall(values))
        assert option.maximum is None or (f"{option.minimum} " in values and f" {option.maximum}" in values)
    assert f"by default {DEFAULT_COUNT}" in table["count"][0]
    assert f"0 to {MAX_SEED}," in table["seed"][0]


def paths() -> list[str]:
    """Return each path that docs/http-api.md has an answer for."""
    found = [word for row in rows(page("docs/http-api.md"), "path") for word in IN_CODE.findall(row[0])]
    return [word.removeprefix("GET ") for word in found if word.removeprefix("GET ").startswith("/")]


FORMS = {"png": (".jpg", ".zip", ".png?original=1", ".png?card=1"), "gif": (".zip", ".png?card=1")}
"""Other endings of the path of a picture, by its own."""


async def test_every_path_answers(catalog: Catalog) -> None:
    """Each path of docs/http-api.md is there, in each of its forms."""
    async with serving(catalog) as client:
        for path in paths():
            # The training curve is a picture, too, but none that is drawn.
            stem, _, extension = path.removeprefix("/curve.png").rpartition(".")
            for form in [path, *(stem + form for form in FORMS.get(extension, ()))]:
                assert (await client.get(form)).status == 200, form
        assert (await client.post("/api/chat", json={"text": "/digit 4"})).status == 200


async def test_every_path_is_documented(catalog: Catalog) -> None:
    """docs/http-api.md has each route of the web application."""
    text = page("docs/http-api.md")
    async with serving(catalog) as client:
        served = {resource.canonical for resource in client.app.router.resources()}
    pictures = {f"/{command.name}/" for command in registry.picture_commands()}
    plain = {path for path in served if "{" not in path} - {"/static"}
    assert len(plain) > 5
    for path in plain | pictures:
        assert re.search(rf"`[^`]*{re.escape(path)}", text), path


def variables() -> set[str]:
    """Return the names of all settings."""
    return {name for group in (Settings, *(each.settings for each in PLATFORMS)) for name in group.variables()}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_settings_exist(path: Path) -> None:
    """A page names no setting that the bot does not read."""
    found = set(re.findall(r"\b(?:DIGIT|DISCORD|TELEGRAM)_[A-Z_]+[A-Z]", path.read_text()))
    assert {name.removesuffix(FILE_SUFFIX) for name in found} <= variables()


def sample(metric: Metric) -> str:
    """Return the name under which a metric is read."""
    return metric.name + {"counter": "_total", "info": "_info"}.get(metric.type, "")


def test_every_metric_is_documented() -> None:
    """docs/operations.md has the name of each metric of ours and of no other."""
    ours = {sample(metric) for metric in Metrics().registry.collect() if metric.name.startswith("digit_")}
    table = {name for row in rows(page("docs/operations.md"), "metric") for name in IN_CODE.findall(row[0])}
    assert {name for name in table if name.startswith("digit_")} == ours


def is_module(name: str) -> bool:
    """Return whether `python -m NAME` is one of ours that is there; torch is not needed to know."""
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_programs_exist(path: Path) -> None:
    """Every `python -m NAME`, every program of .venv and of .ci that a page has people run is there."""
    text = path.read_text()
    modules = set(re.findall(r"python3? -m ([\w.]*\w)", text)) - {"venv", "pytest", "playwright"}
    assert [name for name in modules if not is_module(name)] == []
    scripts = Path(sysconfig.get_path("scripts"))
    assert [
        name
        for name in re.findall(r"\.venv/bin/([\w-]+)", text)
        if name not in RELEASE and not (scripts / name).exists()
    ] == []
    assert [name for name in re.findall(r"\.ci/\w+", text) if not (ROOT / name).exists()] == []


def on_our_command_line(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the arguments of each `python -m bot` of the code blocks."""
    for text in texts:
        for command in shell(text):
            _, found, arguments = command.partition("-m bot")
            if found and arguments.startswith(" "):
                yield shlex.split(arguments)


def test_what_stands_in_a_block_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command that draws does so, word for word but for the thousand of a data set; the others are known."""
    monkeypatch.chdir(tmp_path)
    commands = list(on_our_command_line([path.read_text() for path in PAGES]))
    assert len(commands) > 7
    assert main(["draw", "4", "--count", "1", "--style", "ink", "--seed", "7", "--out", "note.jpg"]) == 0
    for command in commands:
        if command[0] in {"check", "healthcheck", "settings"}:
            with pytest.raises(SystemExit, match="0"):
                main([*command, "--help"])
        else:
            assert main(["6" if word == "1000" else word for word in command]) == 0
    assert "(default)" in capsys.readouterr().out
    assert {"four.png", "morph.gif", "digits"} <= {path.name for path in tmp_path.iterdir()}


def test_the_tests_command_names_folders_that_are_there() -> None:
    """Whoever copies `pytest tests/...` from a page runs tests."""
    for path in PAGES:
        for target in re.findall(r"-m pytest (?:-\S+ )*(tests/[\w/.]+)", path.read_text()):
            assert (ROOT / target).exists(), target


def test_limits_are_those_of_the_code() -> None:
    """SECURITY.md has the numbers that hold."""
    text = page("SECURITY.md")
    defaults = {Settings.variable(name): field.default for name, field in Settings.model_fields.items()}
    compose = YAML(typ="safe").load(page("compose.yaml"))["services"]["digit"]
    memory, processes = compose["mem_limit"].removesuffix("m"), compose["pids_limit"]
    for sentence in (
        f"{MAX_BODY_BYTES:,} bytes | the body",
        f"{MAX_UPDATE_BYTES:,} for an update",
        f"{defaults['DIGIT_QUEUE']} requests wait to be drawn (`DIGIT_QUEUE`)",
        f"more than {MAX_WAIT_SECONDS} s ({ON_DISCORD_SECONDS:g} s on Discord)",
        f"{defaults['DIGIT_COOLDOWN']} s between two pictures (`DIGIT_COOLDOWN`)",
        f"{defaults['DIGIT_CHAT_LIMIT']} pictures a minute (`DIGIT_CHAT_LIMIT`)",
        f"{defaults['DIGIT_ADDRESS_LIMIT']} pictures a minute (`DIGIT_ADDRESS_LIMIT`)",
        f"{MAX_COUNT} images, {MAX_DIGITS} digits of a number, {MAX_STATIONS} digits of a morph",
        f"{memory} MB, one core, {processes} processes and threads, {compose['ulimits']['nofile']:,} open files",
    ):
        assert sentence in text, sentence
