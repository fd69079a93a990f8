"""docs/own-source.md holds the example package as it is; installed in an environment of its own, it answers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.sources.support import Answer, Asked, Server, body

DOCS = Path(__file__).parents[2] / "docs"
PACKAGE = DOCS / "example-source"
PAGE = (DOCS / "own-source.md").read_text(encoding="utf-8")
TOKEN = "t0ken-of-the-upkeep-server"


def test_the_page_holds_every_file_as_it_is() -> None:
    blocks = re.findall(r"^`([\w./]+)`\n\n(`{3,4})\w+\n(.*?)^\2$", PAGE, re.MULTILINE | re.DOTALL)
    shown = {name: text for name, _, text in blocks}
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert shown == {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if "egg-info" not in str(path) and "build" not in path.relative_to(PACKAGE).parts
    }


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the example package, and the workbench of this one; nothing is downloaded."""
    if int(version("setuptools").partition(".")[0]) < 77:
        assert not os.environ.get("CI"), "setuptools is one of the requirements for tests"
        pytest.skip("needs setuptools 77 to build a package")
    folder = tmp_path_factory.mktemp("own-source")
    copy, made = folder / "package", folder / "venv"
    subprocess.run(["cp", "-r", str(PACKAGE), str(copy)], check=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "wheel", *offline, "--wheel-dir", str(folder), str(copy)], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made)], check=True)
    there = made / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    subprocess.run(
        [*pip, "--python", str(there), "install", "--no-index", "--no-deps", str(wheel)], check=True
    )
    (site,) = made.glob("lib/python*/site-packages")
    ours = [sysconfig.get_path("purelib"), str(DOCS.parent / "src")]
    (site / "workbench.pth").write_text("\n".join(ours) + "\n", encoding="utf-8")
    return there


def answer(asked: Asked) -> Answer:
    if asked.headers.get("authorization") != f"Bearer {TOKEN}":
        return body({"error": f"not you: {asked.headers.get('authorization')}"}, 401)
    if asked.params["service"] != "shop-staging":
        return body({"looks": 0, "answered": 0, "last": None})
    now = datetime.now(UTC).isoformat()
    return body({"looks": 1440, "answered": 1433, "last": now})


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server(answer)
    yield made
    made.close()


PROJECT = """project: shop
environments:
  - {key: staging, kind: staging}
  - {key: production, kind: production}
people:
  - {key: kim, name: Kim}
include: ['parts/*.yaml']
"""


def test_it_is_installed_listed_drafted_trusted_and_asked(
    python: Path, server: Server, tmp_path: Path
) -> None:
    project = tmp_path / "shop"
    (project / "parts").mkdir(parents=True)
    (project / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    (project / "parts" / "none.yaml").write_text("sources: []\n", encoding="utf-8")
    environ = {**os.environ, "WORKBENCH_DATA": str(tmp_path / "data"), "UPKEEP_TOKEN": TOKEN}

    def workbench(*words: str, code: int = 0) -> str:
        done = subprocess.run(
            [python, "-W", "error", "-m", "workbench", *words],
            cwd=project, env=environ, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        assert TOKEN not in done.stdout + done.stderr
        return done.stdout

    (line,) = json.loads(workbench("source", "list", "upkeep", "--json"))["kinds"]
    assert (line["title"], line["proof"], line["unproven"]) == ("Upkeep", "fixtures", True)
    assert "service" in workbench("source", "show", "upkeep")
    workbench("release", "new", "1.0", "--commit", "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72", "--as", "kim")
    workbench("source", "new", "upkeep", "--at", server.url, "--write", "--no-try")
    workbench("check")
    workbench("trust", "--yes")
    (tried,) = json.loads(workbench("source", "test", "upkeep", "--json"))["answers"]
    assert (tried["state"], tried["value"], tried["samples"]) == ("ok", "99.5 %", 1440)
    missing = workbench("source", "test", "upkeep", "--measure", "{service: other, window: 1d}")
    assert "Upkeep did not look at other" in missing and "nobody looked at was not up" in missing
    workbench("fetch", "--as", "kim")
    (verdict,) = json.loads(workbench("benchmark", "list", "--json"))["verdicts"]
    assert (verdict["verdict"], verdict["mode"]) == ("pass", "advisory")
    environ["UPKEEP_TOKEN"] = "another-token"
    refused = workbench("source", "test", "upkeep", code=3)
    assert "Check the source's token" in refused and "another-token" not in refused
