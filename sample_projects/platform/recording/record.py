"""Makes recordings/, results/ and reports/ again: the answers that the demonstration gets instead of a network.

    record.py [--to DIR]

What history.py tells of an hour is put into a fresh Prometheus (prometheus and promtool have to be
installed), and "workbench fetch --keep-answers" asks it at each moment of the demonstration, and once for the
build of the release after it.  Everything follows from the moment, so the same recordings come out each time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import history
import yaml

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent
COPIED = ("workbench.yaml", "benchmarks.yaml", "flows.csv", "parity.csv", "reports", "results")
METRICS = "127.0.0.1:9390"  # as in workbench.yaml; a free port is used instead
NEXT = "5.1.0"
TESTS = 76
SCRIPT = yaml.safe_load((SAMPLE / "demonstration.yaml").read_text(encoding="utf-8"))


def workbench(project: Path, *arguments: str) -> None:
    """Run the command line in a copy of the sample."""
    command = [sys.executable, "-m", "workbench", *arguments, "--project", str(project)]
    apart = {"WORKBENCH_AS": "ana", "WORKBENCH_DATA": str(project.parent / "data")}
    done = subprocess.run(command, check=False, env={**os.environ, **apart}, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit(f"workbench {' '.join(arguments)} ended with {done.returncode}")


def text_of(moment: datetime) -> str:
    """A moment of the script as the command line takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def prometheus(folder: Path) -> Iterator[str]:
    """A server that knows the hour, for as long as the block runs; gives its address."""
    text, blocks = folder / "history.om", folder / "blocks"
    text.write_text("\n".join(history.openmetrics()) + "\n", encoding="utf-8")
    backfill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(blocks)]
    subprocess.run(backfill, stdout=subprocess.DEVNULL, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "prometheus.yml").write_text("global: {}\n")
    command = [
        "prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={blocks}",
        "--storage.tsdb.retention.time=100y", f"--web.listen-address={address}",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{address}/-/ready")
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"no answer from {url}")


def write_reports(folder: Path) -> None:
    """The integration tests of both builds: all green."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for commit in (history.CANARY, history.FUNCTION):
        cases = "".join(
            f'    <testcase classname="platform" name="case {n + 1}" time="0.1"/>\n' for n in range(TESTS)
        )
        (folder / f"integration-{commit[:7]}.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<testsuite name="integration" tests="{TESTS}" failures="0" errors="0" timestamp="2026-12-01T08:40:00+00:00">\n'
            f'  <properties><property name="commit" value="{commit}"/></properties>\n{cases}</testsuite>\n',
            encoding="utf-8",
        )


def forget_builder(to: Path) -> None:
    """Keep the server's version, not who built it on which machine."""
    for file in to.glob("metrics/*buildinfo*.json"):
        answer = json.loads(file.read_text())
        told = json.loads(answer["body"])["data"]["version"]
        answer["body"] = json.dumps({"status": "success", "data": {"version": told}})
        file.write_text(json.dumps(answer, indent=1) + "\n")


def main(to: Path) -> None:
    for program in ("prometheus", "promtool"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed")
    write_reports(SAMPLE / "reports")
    shutil.rmtree(SAMPLE / "results", ignore_errors=True)
    history.results(SAMPLE / "results")
    release, (candidate,) = SCRIPT["release"], SCRIPT["candidates"]
    with tempfile.TemporaryDirectory() as name:
        folder, project = Path(name), Path(name) / "platform"
        project.mkdir()
        for part in COPIED:
            source = SAMPLE / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, project / part)
        with prometheus(folder) as address:
            file = project / "workbench.yaml"
            file.write_text(file.read_text().replace(METRICS, address))
            workbench(project, "trust", "--yes")
            fresh = folder / "recordings"
            workbench(project, "release", "new", release["version"], "--commit", candidate["commit"])
            for moment in (*(one["at"] for one in SCRIPT["fetched"]), SCRIPT["clock"]):
                workbench(project, "fetch", "--keep-answers", str(fresh), "--now", text_of(moment))
            workbench(project, "release", "new", NEXT, "--commit", history.FUNCTION, "--change", "CH-10")
            workbench(project, "fetch", "--keep-answers", str(fresh), "--now", text_of(SCRIPT["clock"]))
        forget_builder(fresh)
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(fresh, to)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=SAMPLE / "recordings")
    main(parser.parse_args().to)
