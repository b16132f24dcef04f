"""Where settings may stand: the environment, `.env`, files named by NAME_FILE, and folders of secrets."""

from pathlib import Path

import pytest

from bot.adapters.registry import settings_by_name
from bot.config import loading
from bot.config.loading import Configuration
from bot.config.sources import BadSettings
from tests.bot.conftest import finished


def load() -> Configuration:
    """The settings of the process and of every platform."""
    return loading.load(settings_by_name())


def examine() -> Configuration | list[BadSettings]:
    """The settings, or all that is wrong with them."""
    return loading.examine(settings_by_name())


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of secrets."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("DIGIT_SECRETS_DIR", str(folder))
    return folder


def token() -> str | None:
    """The token of Discord that the settings have."""
    found = load().platforms["discord"].token
    return found and found.get_secret_value()


@pytest.mark.parametrize("name", ["discord_token", "DISCORD_TOKEN", "digit_discord_token", "Digit_Discord_Token"])
def test_a_secret_is_found_by_any_usual_name(secrets: Path, name: str) -> None:
    """Docker's file is the setting, however its name is written; the line break at its end is none of it."""
    (secrets / name).write_text("s3.cr.et\n")
    (secrets / "another_program").write_text("x")
    assert token() == "s3.cr.et"


def test_any_setting_can_be_a_secret(secrets: Path) -> None:
    """What is no secret can stand beside them."""
    (secrets / "digit_port").write_text("1234\n")
    assert load().settings.port == 1234


def test_systemd_credentials_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`LoadCredential=discord_token:...` in a unit is enough."""
    (tmp_path / "discord_token").write_text("s3.cr.et\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert token() == "s3.cr.et"


def test_a_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NAME_FILE works for a secret and for any other setting, in the environment and in `.env`."""
    (tmp_path / "token").write_text("s3.cr.et\r\n")
    (tmp_path / "port").write_text("\ufeff1234\n")
    (tmp_path / ".env").write_text(f"DIGIT_PORT_FILE={tmp_path / 'port'}\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    assert (token(), load().settings.port) == ("s3.cr.et", 1234)


def test_the_nearest_value_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secrets: Path) -> None:
    """Environment before `.env`, both before NAME_FILE, and that before the folder of secrets."""
    places = [lambda: (secrets / "discord_token").write_text("in.some.secrets")]
    (tmp_path / "file").write_text("in.some.file")
    places.append(lambda: monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "file")))
    places.append(lambda: (tmp_path / ".env").write_text("DISCORD_TOKEN=in.some.dotenv"))
    places.append(lambda: monkeypatch.setenv("DISCORD_TOKEN", "in.the.environment"))
    seen = []
    for put in places:
        put()
        seen.append(token())
    assert seen == ["in.some.secrets", "in.some.file", "in.some.dotenv", "in.the.environment"]


def test_the_port_of_a_cloud_counts_where_none_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secrets: Path
) -> None:
    """PORT, as clouds set it, is the port wherever DIGIT_PORT stands in no source; the address stays on loopback."""
    monkeypatch.setenv("PORT", "10000")
    settings = load().settings
    assert (settings.port, settings.host) == (10000, "127.0.0.1")
    for number, put in enumerate(
        [
            lambda: (secrets / "digit_port").write_text("1"),
            lambda: (tmp_path / ".env").write_text("DIGIT_PORT=2"),
            lambda: monkeypatch.setenv("DIGIT_PORT", "3"),
        ],
        start=1,
    ):
        put()
        assert load().settings.port == number


def test_a_port_of_a_cloud_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator reads the variable that has to be changed: PORT, or DIGIT_PORT where that is set."""
    monkeypatch.setenv("PORT", "http")
    assert [fault.name for fault in faults()] == ["PORT"]
    monkeypatch.setenv("DIGIT_PORT", "http")
    assert [fault.name for fault in faults()] == ["DIGIT_PORT"]


def test_what_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secrets: Path) -> None:
    """An empty file, such as one that stands in for a platform that is not used, leaves the setting unset."""
    (secrets / "telegram_token").write_text("")
    (tmp_path / "empty").write_text("\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "empty"))
    settings = load()
    assert [platform.token for platform in settings.platforms.values()] == [None, None]


def test_an_empty_variable_does_not_hide_a_file(monkeypatch: pytest.MonkeyPatch, secrets: Path) -> None:
    """A compose file that passes on a variable that nobody has set does no harm."""
    monkeypatch.setenv("DISCORD_TOKEN", "")
    (secrets / "discord_token").write_text("s3.cr.et")
    assert token() == "s3.cr.et"


@pytest.mark.filterwarnings("error")
def test_a_dotenv_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A `.env` file in the working directory sets what the environment does not; other programs' lines are ignored."""
    (tmp_path / ".env").write_text("DIGIT_PORT=1234\nDIGIT_QUEUE=7\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("DIGIT_QUEUE", "9")
    settings = load()
    assert (settings.settings.port, settings.settings.queue) == (1234, 9)


def faults() -> list[BadSettings]:
    """What is wrong with the settings."""
    found = examine()
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("damage", ["missing", "a folder", "no text"])
def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str) -> None:
    """The operator reads the setting and the path; Docker makes a folder of a file that is missing."""
    path = tmp_path / "token"
    if damage == "a folder":
        path.mkdir()
    elif damage == "no text":
        path.write_bytes(b"s3.cr.et\xff")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(path))
    (fault,) = faults()
    assert fault.name == "DISCORD_TOKEN_FILE"
    assert str(path) in fault.reason
    assert "s3.cr.et" not in fault.reason


def test_a_secret_that_is_a_folder_is_named(secrets: Path) -> None:
    """A secret that Docker could not mount is told, and not taken for a platform that is off."""
    (secrets / "discord_token").mkdir()
    (fault,) = faults()
    assert fault.name == "DISCORD_TOKEN"


def test_a_folder_of_secrets_that_is_missing_is_told_only_if_it_was_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Hardly anyone has /run/secrets, and nobody reads about it; whoever names a folder means one."""
    assert load()
    monkeypatch.setenv("DIGIT_SECRETS_DIR", str(tmp_path / "missing"))
    (fault,) = faults()
    assert fault.name == "DIGIT_SECRETS_DIR"


def test_a_dotenv_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A `.env` in another encoding is one fault."""
    (tmp_path / ".env").write_bytes(b"DIGIT_MODEL=\xff\xfe")
    (fault,) = faults()
    assert fault.name == ".env"


async def test_a_bad_place_is_one_line_and_exit_78(tmp_path: Path) -> None:
    """The bot does not start without a token that it should have."""
    code, written = await finished(tmp_path, DISCORD_TOKEN_FILE="/no/such/token", DIGIT_PORT="0")  # noqa: S106
    assert code == 78
    assert written.count("\n") == 1
    assert written.startswith("DISCORD_TOKEN_FILE: /no/such/token ")
