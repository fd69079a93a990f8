"""What helm and kustomize render is compared only where they are there and a person agreed to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.building import HEAD, PEOPLE
from tests.probes.kinds.looking import put

from workbench.usecases import trusting
from workbench.usecases.discovering import Discovery
from workbench.usecases.project import Options
from workbench.usecases.rendering import discover_in

PROBE = """\
probes:
  - key: overlays
    kind: configuration
    staging: {command: kustomize build overlays/staging}
    production: {command: kustomize build overlays/production}
"""
# A program of the same name, which renders as little as a test needs.
PROGRAM = """\
#!/bin/sh
echo "apiVersion: apps/v1"
echo "kind: Deployment"
echo "metadata: {name: shop}"
cat "$2/rendered"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    place = put(
        tmp_path / "shop",
        {
            "workbench.yaml": HEAD + PEOPLE + PROBE,
            "overlays/staging/patch.yaml": "a: 1\n",
            "overlays/production/patch.yaml": "a: 2\n",
            "overlays/staging/rendered": "spec: {replicas: 1}\n",
            "overlays/production/rendered": "spec: {replicas: 3}\n",
            ".env.staging": "A=1\n",
            ".env.production": "A=1\n",
        },
    )
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    return place


def _install(project: Path) -> None:
    program = put(project.parent, {"bin/kustomize": PROGRAM}) / "bin/kustomize"
    program.chmod(0o755)


def _look(project: Path) -> Discovery:
    return discover_in(project, Options())


def _trust(project: Path) -> None:
    trusting.agree(trusting.look(Options(project=project)))


def _told(found: Discovery) -> list[tuple[str, str | None, str | None]]:
    return [(one.path, one.staging, one.production) for one in found.proposals]


RAW = [("overlays/*/patch.yaml/a", "1", "2")]


def test_nothing_is_run_that_nobody_agreed_to(project: Path) -> None:
    _install(project)
    found = _look(project)
    assert _told(found) == RAW
    assert any("workbench trust lets" in note for note in found.notes)


def test_without_the_program_files_are_compared_as_they_are(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trust(project)
    found = _look(project)
    assert _told(found) == RAW
    assert "overlays: files are compared as they are, for kustomize is not there" in found.notes


def test_what_is_rendered_stands_in_the_place_of_its_files(project: Path) -> None:
    _install(project)
    _trust(project)
    found = _look(project)
    assert _told(found) == [("Deployment/shop/spec/replicas", "1", "3")]
    assert found.proposals[0].where == (
        "kustomize build overlays/staging:4",
        "kustomize build overlays/production:4",
    )
    assert found.notes == () and found.equal == 4


def test_a_program_that_fails_leaves_the_files(project: Path) -> None:
    _install(project)
    (project / "overlays/staging/rendered").unlink()
    _trust(project)
    found = _look(project)
    assert _told(found) == RAW
    assert [note for note in found.notes if "exit code 1" in note], found.notes
