"""docs/team.md: typed as an administrator, Kim and Sam would, against the server of docs/compose."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.docs.compose import FOLDER, ComposeServer
from tests.docs.transcripts import type_page
from tests.real.conftest import free_port, needs
from tests.real.postgresql import program

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "team.md"
PASSWORD = "the-password-of-kim"
PROJECT = """\
project: shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: sam, name: Sam, roles: [staging-owner]}
environments:
  - {key: staging, kind: staging}
  - {key: production, kind: production}
gates:
  - key: parity
    title: Parity
    requires:
      - differences_decided: high
"""
BEGIN = (
    "release new 2.14.0 --commit a1b2c3d",
    "parity add 'cache size' --staging 1 --production 2 --severity high",
)


def test_the_page_is_typed(tmp_path: Path) -> None:
    installed = bool(program("initdb") and program("pg_ctl") and program("openssl"))
    needs(
        installed and importlib.util.find_spec("psycopg") is not None, "postgresql (with psycopg and openssl)"
    )
    place = tmp_path
    shutil.copytree(FOLDER, place / "records")
    for desk in ("kim", "sam", "home", "bin"):
        (place / desk).mkdir()
    for desk in ("kim", "sam"):
        (place / desk / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    inside, port = outside_of_home(), free_port()
    environ = {
        "WORKBENCH_DATA": str(place / "data"),
        "HOME": str(place / "home"),
        "PGHOSTADDR": "127.0.0.1",
        "PGPORT": str(port),
        "STAND_IN_INSIDE": str(inside),
        "STAND_IN_PASSWORD": PASSWORD,
    }
    docker = place / "bin" / "docker"
    docker.write_text(
        f'#!/bin/sh\nPYTHONPATH={TOP} exec {sys.executable} -m tests.docs.docker_stand_in "$@"\n'
    )
    docker.chmod(0o755)
    workbench = shutil.which("workbench", path=str(Path(sys.executable).parent))
    assert workbench is not None
    for command in BEGIN:
        subprocess.run(
            f"{workbench} {command} --as kim", shell=True, cwd=place / "kim", env=os.environ | environ, check=True,
            capture_output=True, timeout=60,
        )  # fmt: skip
    (place / "home" / ".pgpass").touch(0o600)
    (place / "home" / ".pgpass").write_text(f"records.example.org:*:workbench:sam:{PASSWORD}\n")
    try:
        typed = type_page(PAGE, place, environ | {"PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"})
    finally:
        ComposeServer(place / "records", inside, port).stop()
        shutil.rmtree(inside.parent, ignore_errors=True)
    assert typed > 12


def outside_of_home() -> Path:
    """A folder that PostgreSQL's own user can reach."""
    return Path(tempfile.mkdtemp(prefix="workbench-compose-")) / "inside"
