"""What GitHub and editors read: valid by their own schemas, tight by zizmor, and the same as what people run here."""

import json
import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from ruamel.yaml import YAML

from tests.conftest import ROOT

GITHUB = ROOT / ".github"
SCRIPTS = Path(sysconfig.get_path("scripts"))
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = [GITHUB / "ISSUE_TEMPLATE" / name for name in ("bug.yml", "idea.yml")]
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "dependabot": [GITHUB / "dependabot.yml"],
    "github-issue-forms": FORMS,
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
}
MISSPELT = {
    "github-workflows": "steps:",
    "dependabot": "directory:",
    "github-issue-forms": "body:",
    "github-issue-config": "blank_",
}
"""A word of each kind of file that its schema knows."""


def run(*command: Path | str, folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run a program of the environment."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def loaded(path: Path) -> dict[str, Any]:
    """Return what a file in YAML says."""
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


@pytest.mark.parametrize("schema", SCHEMAS)
def test_github_understands_the_file(schema: str, tmp_path: Path) -> None:
    """Files keep to the schema, which would not let a misspelt word pass."""
    check = ["--builtin-schema", f"vendor.{schema}"]
    done = CliRunner().invoke(check_jsonschema, [*check, *map(str, SCHEMAS[schema])])
    assert done.exit_code == 0, done.output
    misspelt = tmp_path / "misspelt.yml"
    misspelt.write_text(SCHEMAS[schema][0].read_text().replace(MISSPELT[schema], f"x{MISSPELT[schema]}"))
    assert CliRunner().invoke(check_jsonschema, [*check, str(misspelt)]).exit_code == 1


def test_workflows_are_tight(tmp_path: Path) -> None:
    """Zizmor finds nothing: actions by commit, few rights, no text of strangers in a shell. It finds a loose one."""
    audit = (SCRIPTS / "zizmor", "--offline", "--no-progress", "--persona=pedantic")
    done = run(*audit, *WORKFLOWS, GITHUB / "dependabot.yml")
    assert done.returncode == 0, done.stdout
    loose = tmp_path / ".github" / "workflows" / "ci.yml"
    loose.parent.mkdir(parents=True)
    loose.write_text(re.sub(r"@[0-9a-f]{40} # v7\S*", "@v7", WORKFLOWS[0].read_text()))
    assert "unpinned-uses" in run(*audit, str(tmp_path)).stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_few_rights_and_an_end(path: Path) -> None:
    """None by default; each job has a deadline; a newer commit takes the place of an older run."""
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert "group" in workflow["concurrency"]
    assert all(0 < job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())
    rights = {
        right for job in workflow["jobs"].values() for right, level in job["permissions"].items() if level == "write"
    }
    assert rights <= {"packages"}


def test_github_runs_what_people_run() -> None:
    """The check on GitHub is `.ci/run`, whose linters are those of pre-commit."""
    commands = [step.get("run") for step in loaded(WORKFLOWS[0])["jobs"]["run"]["steps"]]
    assert "bash .ci/run" in commands
    assert "\n.venv/bin/pre-commit run --all-files\n" in (ROOT / ".ci" / "run").read_text()


def test_pre_commit_takes_linters_from_the_environment() -> None:
    """Hooks are valid, and their versions are those of pyproject.toml, as nothing is installed beside them."""
    done = run(SCRIPTS / "pre-commit", "validate-config")
    assert (done.returncode, done.stdout) == (0, "")
    (repository,) = loaded(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    programs = {hook["entry"].split()[0] for hook in repository["hooks"]}
    assert programs == {".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/lint-imports"}
    assert all((SCRIPTS / Path(program).name).exists() for program in programs)


def test_the_image_is_published_where_the_workflow_runs() -> None:
    """A fork's image has the fork's name, for both processors, with a bill of materials and provenance."""
    steps = {step["uses"].partition("@")[0]: step["with"] for step in _with(WORKFLOWS[1])}
    assert steps["docker/metadata-action"]["images"] == "ghcr.io/${{ github.repository }}"
    build = steps["docker/build-push-action"]
    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert (build["sbom"], build["provenance"]) == (True, "mode=max")


def _with(path: Path) -> list[dict[str, Any]]:
    return [step for job in loaded(path)["jobs"].values() for step in job["steps"] if "with" in step]


def test_the_devcontainer_is_what_contributing_says() -> None:
    """Its packages are those that the tests ask for, its command that of CONTRIBUTING.md."""
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    (packages,) = re.findall(r"All of them on Debian: `apt-get install ([\w -]+)`", contributing)
    assert set(packages.split()) <= set(container["onCreateCommand"].split())
    install, _, _ = container["postCreateCommand"].rpartition(" && ")
    assert install in contributing
    pythons = loaded(WORKFLOWS[0])["jobs"]["run"]["strategy"]["matrix"]["python"]
    (python,) = re.findall(r"python:([\d.]+)-", container["image"])
    assert python in pythons


def test_the_version_stands_in_one_place() -> None:
    """What bump-my-version raises is what the bot says of itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    version = project["tool"]["bumpversion"]["current_version"]
    assert f'__version__ = "{version}"\n' in (ROOT / "bot" / "__init__.py").read_text()
