"""Makes recordings/ and reports/ again: the answers that the demonstration gets instead of a network.

    record.py [--to DIR]

databases.py makes the two databases as they were at each moment, credit.py stands in for the credit
bureau, and the workbench asks them itself: "workbench probe --keep-answers" and "workbench fetch --keep-answers".
Everything follows from the moment, so the same recordings come out each time, but for the milliseconds
that an answer takes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import credit
import databases
import reports
import yaml

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent
COPIED = ("workbench.yaml", "probes.yaml", "benchmarks.yaml", "flows.csv", "parity.csv", "deploy", "reports")
SERVERS = {"sandbox": 9381, "production": 9382, "metrics": 9383}  # as in workbench.yaml
SCRIPT = yaml.safe_load((SAMPLE / "demonstration.yaml").read_text(encoding="utf-8"))


def workbench(project: Path, *arguments: str) -> None:
    """Run the command line in a copy of the sample; a probe that finds differences has done its work."""
    command = [sys.executable, "-m", "workbench", *arguments, "--project", str(project)]
    apart = {"WORKBENCH_AS": "ines", "WORKBENCH_DATA": str(project.parent / "data")}
    done = subprocess.run(command, check=False, env={**os.environ, **apart}, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit(f"workbench {' '.join(arguments)} ended with {done.returncode}")


def text_of(moment: datetime) -> str:
    """A moment of the script as the command line takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def main(to: Path) -> None:
    reports.write(SAMPLE / "reports")
    for which, port in SERVERS.items():
        credit.serve(which, port)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "payments"
        project.mkdir()
        for part in COPIED:
            source = SAMPLE / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, project / part)
        workbench(project, "trust", "--yes")
        release, (candidate,) = SCRIPT["release"], SCRIPT["candidates"]
        workbench(project, "release", "new", release["version"], "--commit", candidate["commit"])
        fresh = Path(folder) / "recordings"
        for moment in SCRIPT["probed"]:
            databases.make(project / "databases", moment)
            workbench(project, "probe", "--keep-answers", str(fresh), "--now", text_of(moment))
        databases.make(project / "databases", SCRIPT["clock"])
        workbench(project, "fetch", "--keep-answers", str(fresh), "--now", text_of(SCRIPT["clock"]))
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(fresh, to)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=SAMPLE / "recordings")
    main(parser.parse_args().to)
