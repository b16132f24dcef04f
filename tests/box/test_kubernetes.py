"""deploy/kubernetes: each overlay, built by kustomize, against the published schemas and the bot itself.

No cluster is needed, and none was at hand.
"""

import io
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from bot.telemetry.metrics import Metrics
from core.catalog import Catalog
from tests import programs
from tests.bot.adapters.web.conftest import serving
from tests.conftest import ROOT
from tests.deploy.test_compose import SETTINGS

FOLDER = ROOT / "deploy" / "kubernetes"
TARGETS = ("base", "overlays/gateway", "overlays/small")
UNPUBLISHED = {"ServiceMonitor"}
"""Kinds of objects that are no part of Kubernetes, whose schemas have none for them."""
OLDEST, NEWEST = "1.30", kubernetes_validate.latest_version()
BOT = {"app.kubernetes.io/name": "digit-bot"}

Objects = dict[tuple[str, str], Any]
"""Objects by kind and name; without the hash at the end of a ConfigMap's name."""


def build(target: str) -> str:
    """Return what kustomize makes of a folder."""
    command = [programs.KUBECTL.path(), "kustomize", str(FOLDER / target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module", params=TARGETS)
def target(request: pytest.FixtureRequest) -> str:
    """The name of each folder that can be applied."""
    return str(request.param)


@pytest.fixture(scope="module")
def objects(target: str) -> Objects:
    """The objects that a folder makes."""
    found = YAML(typ="safe").load_all(io.StringIO(build(target)))
    return {(each["kind"], re.sub(r"-[0-9a-z]{10}$", "", each["metadata"]["name"])): each for each in found}


def pods(objects: Objects) -> Iterator[Any]:
    """Yield each object that makes pods."""
    yield from (each for (kind, _), each in objects.items() if kind == "Deployment")


def test_every_object_keeps_to_the_published_schemas(objects: Objects) -> None:
    """The oldest Kubernetes that is named, and the newest, know each object and each field in it."""
    checked = [each for each in objects.values() if each["kind"] not in UNPUBLISHED]
    assert len(checked) >= 5
    for version in (OLDEST, NEWEST):
        for each in checked:
            kubernetes_validate.validate(each, version, strict=True)


def test_a_misspelt_field_is_noticed(objects: Objects) -> None:
    """The check is strict: a field that Kubernetes would drop in silence fails it."""
    deployment = objects["Deployment", "digit-bot"]
    misspelt = deployment | {"spec": deployment["spec"] | {"minReadySecond": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(misspelt, NEWEST, strict=True)


def test_every_object_is_in_the_namespace(objects: Objects) -> None:
    """Nothing lands beside what else runs in the cluster."""
    assert {each["metadata"]["namespace"] for each in objects.values()} == {"digit-bot"}


def test_no_pod_has_rights(objects: Objects) -> None:
    """Each container is without root, capabilities, a root that can be written, a token of the API, and bounded."""
    for deployment in pods(objects):
        spec = deployment["spec"]["template"]["spec"]
        assert (spec["automountServiceAccountToken"], spec["enableServiceLinks"]) == (False, False)
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert (
                container["resources"]["limits"].keys()
                == container["resources"]["requests"].keys()
                == {"cpu", "memory"}
            )


def test_selectors_select(objects: Objects) -> None:
    """Service, budget, policies and spreading mean the pods that are there, by the labels that these have."""
    labels = [deployment["spec"]["template"]["metadata"]["labels"] for deployment in pods(objects)]
    selectors = [each["spec"]["selector"] for (kind, _), each in objects.items() if kind == "Service"]
    policies = [each["spec"] for (kind, _), each in objects.items() if kind == "NetworkPolicy"]
    selectors += [policy["podSelector"]["matchLabels"] for policy in policies]
    for (kind, _), each in objects.items():
        if kind in {"Deployment", "PodDisruptionBudget"}:
            selectors.append(each["spec"]["selector"]["matchLabels"])
    for deployment in pods(objects):
        spread = deployment["spec"]["template"]["spec"].get("topologySpreadConstraints", ())
        selectors += [each["labelSelector"]["matchLabels"] for each in spread]
    assert all(selector in labels for selector in selectors)
    monitors = [each["spec"]["selector"]["matchLabels"] for (kind, _), each in objects.items() if kind in UNPUBLISHED]
    assert all(monitor == objects["Service", "digit-bot"]["metadata"]["labels"] for monitor in monitors)


async def test_the_bot_answers_what_is_asked(objects: Objects, catalog: Catalog) -> None:
    """Probes and Prometheus ask paths that are there; the autoscaler asks for a metric that the bot has."""
    (container,) = objects["Deployment", "digit-bot"]["spec"]["template"]["spec"]["containers"]
    asked = [container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")]
    assert asked == ["/readyz", "/healthz", "/healthz"]
    async with serving(catalog) as client:
        for path in asked:
            assert (await client.get(path)).status == 200
        monitor = objects.get(("ServiceMonitor", "digit-bot"))
        assert monitor is None or (await client.get(monitor["spec"]["endpoints"][0]["path"])).status == 200
    metrics = {metric.name for metric in Metrics().registry.collect()}
    scaler = objects.get(("HorizontalPodAutoscaler", "digit-bot"))
    asked = [each["pods"]["metric"]["name"] for each in scaler["spec"]["metrics"] if "pods" in each] if scaler else []
    assert set(asked) <= metrics
    assert asked or scaler is None


def test_the_settings_are_the_bots(objects: Objects) -> None:
    """Each variable is a setting; the Ingress has the host of the public URL; the pod reads that very ConfigMap."""
    config = objects["ConfigMap", "digit-bot"]
    assert config["data"].keys() <= SETTINGS
    host = config["data"]["DIGIT_PUBLIC_URL"].removeprefix("https://")
    ingress = objects["Ingress", "digit-bot"]["spec"]
    assert [each["host"] for each in ingress["rules"]] == ingress["tls"][0]["hosts"] == [host]
    (container,) = objects["Deployment", "digit-bot"]["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": config["metadata"]["name"]}}]
    redis = config["data"].get("DIGIT_REDIS_URL")
    assert redis is None or ("Service", redis.split("/")[2].split(":")[0]) in objects


def test_only_one_process_has_the_gateway(target: str, objects: Objects) -> None:
    """Two would both answer: that overlay has one replica, which stops before the next starts, and no webhook."""
    deployment, config = objects["Deployment", "digit-bot"]["spec"], objects["ConfigMap", "digit-bot"]["data"]
    alone = (deployment.get("replicas"), deployment["strategy"].get("type"))
    assert (alone == (1, "Recreate")) is (target == "overlays/gateway")
    assert bool(config["TELEGRAM_WEBHOOK_URL"]) is (target != "overlays/gateway")
    assert "DISCORD_PUBLIC_KEY" in config
    assert (("HorizontalPodAutoscaler", "digit-bot") in objects) is (target == "base")


def test_a_pod_reaches_nothing_but_dns_redis_and_the_world(objects: Objects) -> None:
    """Neither the cluster's other pods nor the metadata server of a cloud can be reached from the bot."""
    dns, redis, world = objects["NetworkPolicy", "digit-bot"]["spec"]["egress"]
    assert {port["port"] for port in dns["ports"]} == {53}
    assert redis["to"] == [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}}}]
    assert [port["port"] for port in world["ports"]] == [443]
    for block in world["to"]:
        assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(block["ipBlock"]["except"]) or ":" in block["ipBlock"]["cidr"]


def test_nothing_secret_is_in_the_files() -> None:
    """The Secret is made elsewhere: no file has one, or a value of a token."""
    for path in FOLDER.rglob("*.*"):
        assert not re.search(r"kind: Secret|_token[:=] *[^,}\s]*\d", path.read_text(), re.IGNORECASE), path
