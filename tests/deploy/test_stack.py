"""deploy/swarm/stack.yaml: what `docker stack deploy` reads. tests/box/test_swarm.py runs it."""

from typing import Any

from ruamel.yaml import YAML

from bot.adapters.web.health import STARTUP_SECONDS
from tests.bot.test_stopping import LONGEST_END
from tests.conftest import ROOT
from tests.deploy.test_compose import SETTINGS, keeps_to_the_specification

FILE = ROOT / "deploy" / "swarm" / "stack.yaml"


def services() -> dict[str, Any]:
    """The services of the stack."""
    return dict(YAML(typ="safe").load(FILE)["services"])


def test_compose_understands_the_file() -> None:
    """The file keeps to the Compose specification."""
    assert keeps_to_the_specification(FILE)


def test_every_setting_is_passed_on() -> None:
    """A setting of the operator's reaches the replicas, but for those that the stack decides, and tokens."""
    decided = {"DIGIT_HOST", "DIGIT_PORT", "DIGIT_WEIGHTS", "DIGIT_SECRETS_DIR", "DISCORD_TOKEN", "TELEGRAM_TOKEN"}
    environment = [entry.partition("=")[0] for entry in services()["digit"]["environment"]]
    assert sorted(environment) == sorted(SETTINGS - decided)


def test_nobody_in_the_stack_has_rights() -> None:
    """Each container has a root that cannot be written, no capabilities, and bounds; none runs as root."""
    for name, service in services().items():
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
        assert service.get("user", "0") != "0" or name == "digit"  # whose image has a user of its own


def test_an_update_keeps_replicas_answering() -> None:
    """A new replica is connected before an old one stops, and one that does not get healthy takes the update back."""
    replica = services()["digit"]
    update, health = replica["deploy"]["update_config"], replica["healthcheck"]
    assert (update["order"], update["failure_action"]) == ("start-first", "rollback")
    assert "'/startupz'" in health["test"][-1]
    # It may take as long, and is not replaced for that.
    assert float(health["start_period"].removesuffix("s")) > STARTUP_SECONDS


def test_a_stop_has_the_time_that_it_takes() -> None:
    """The engine kills no replica that still answers."""
    assert float(services()["digit"]["stop_grace_period"].removesuffix("s")) > LONGEST_END


def test_only_the_proxy_can_be_reached() -> None:
    """No port but that of TLS is published, on the node itself, so that the client's address is kept."""
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert published == {"proxy": [{"target": 8443, "published": 443, "mode": "host"}]}
