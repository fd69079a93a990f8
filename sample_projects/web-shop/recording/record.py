"""Makes recordings/ again: the answers that the demonstration gets instead of a network.

    record.py [--to DIR]

A history made by exporter.py is put into a fresh Prometheus (prometheus and promtool have to
be installed), github.py stands in for the pipeline, and "workbench fetch --keep-answers" asks both at
the demonstration's clock, once for rc2 and once for rc3.  The figures depend on nothing but
time, so the same recordings come out each time.
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
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent
CLOCK = "2026-09-15T10:00:00Z"
METRICS = "127.0.0.1:9090"  # as in workbench.yaml; free ports are used instead
PIPELINE = "127.0.0.1:9180"
CANDIDATES = ("a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a", "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72")
COPIED = (
    "workbench.yaml",
    "runbooks.yaml",
    "probes.yaml",
    "deploy",
    "benchmarks",
    "flows.csv",
    "parity.csv",
    "reports",
)


@contextmanager
def running(command: list[str], ready: str) -> Iterator[None]:
    """A server for as long as the block runs; it is asked at ``ready`` until it answers."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if server.poll() is not None:
                sys.exit(f"{command[0]} stopped at once; is its port taken?")
            if _answers(ready):
                break
            time.sleep(0.1)
        else:
            sys.exit(f"no answer from {ready}")
        yield
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code == 404
    except OSError:
        return False


def free_address() -> str:
    """An address of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def copy_of_sample(folder: Path, metrics: str, pipeline: str) -> Path:
    """The sample with other addresses, and without what makes it a demonstration."""
    project = folder / "web-shop"
    project.mkdir()
    for part in COPIED:
        source = SAMPLE / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, project / part)
    file = project / "workbench.yaml"
    file.write_text(file.read_text().replace(METRICS, metrics).replace(PIPELINE, pipeline))
    return project


def history(folder: Path) -> Path:
    """A folder of Prometheus blocks with everything that the exporter knows up to the clock."""
    text, data = folder / "history.om", folder / "blocks"
    with text.open("wb") as out:
        subprocess.run([sys.executable, HERE / "exporter.py", "--openmetrics"], stdout=out, check=True)
    backfill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(data)]
    subprocess.run(backfill, stdout=subprocess.DEVNULL, check=True)
    text.unlink()
    return data


def workbench(project: Path, *arguments: str) -> None:
    """Run the command line in a copy of the sample."""
    command = [sys.executable, "-m", "workbench", *arguments, "--project", str(project)]
    apart = {"WORKBENCH_AS": "robin", "WORKBENCH_DATA": str(project.parent / "data")}
    subprocess.run(command, check=True, env={**os.environ, **apart})


def record(project: Path, to: Path) -> None:
    """Ask for each candidate as the release has it."""
    workbench(project, "trust", "--yes")
    for number, commit in enumerate(CANDIDATES):
        if number == 0:
            workbench(project, "release", "new", "2.14.0", "--commit", commit)
        else:
            workbench(project, "release", "candidate", commit)
        workbench(project, "fetch", "--record", str(to), "--now", CLOCK)


def forget_builder(to: Path) -> None:
    """Keep the server's version, not who built it on which machine."""
    for file in to.glob("metrics/*buildinfo*.json"):
        answer = json.loads(file.read_text())
        told = json.loads(answer["body"])["data"]["version"]
        answer["body"] = json.dumps({"status": "success", "data": {"version": told}})
        file.write_text(json.dumps(answer, indent=1) + "\n")


def main() -> None:
    """Start the servers, ask, and stop them again."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--to", type=Path, default=SAMPLE / "recordings")
    to = options.parse_args().to.resolve()
    for program in ("prometheus", "promtool"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder, metrics, pipeline = Path(name), free_address(), free_address()
        project = copy_of_sample(folder, metrics, pipeline)
        (folder / "prometheus.yml").write_text("global: {}\n")
        prometheus = [
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={history(folder)}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address={metrics}",
        ]
        github = [sys.executable, str(HERE / "github.py"), "--port", pipeline.rpartition(":")[2]]
        shutil.rmtree(to, ignore_errors=True)
        with running(prometheus, f"http://{metrics}/-/ready"), running(github, f"http://{pipeline}/"):
            record(project, to)
    forget_builder(to)
    print(f"recorded in {to}")


if __name__ == "__main__":
    main()
