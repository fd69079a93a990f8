"""Makes recordings/, delays/ and reports/ again: the answers that the demonstration gets instead of a network.

    record.py [--to DIR]

databases.py makes the two warehouses as they were at each moment, and the workbench asks them itself: "workbench
probe --keep-answers" and "workbench fetch --keep-answers".  Everything follows from the moment, so the same
recordings come out each time, but for the milliseconds that an answer takes.
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

import databases
import yaml

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent
COPIED = ("workbench.yaml", "probes.yaml", "benchmarks.yaml", "flows.csv", "parity.csv", "deploy", "reports")
SCRIPT = yaml.safe_load((SAMPLE / "demonstration.yaml").read_text(encoding="utf-8"))
STEPS = ("collector", "checker", "warehouse", "queue", "replay")
TESTS = 85


def workbench(project: Path, *arguments: str) -> None:
    """Run the command line in a copy of the sample; a probe that finds differences has done its work."""
    command = [sys.executable, "-m", "workbench", *arguments, "--project", str(project)]
    apart = {"WORKBENCH_AS": "nele", "WORKBENCH_DATA": str(project.parent / "data")}
    done = subprocess.run(command, check=False, env={**os.environ, **apart}, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit(f"workbench {' '.join(arguments)} ended with {done.returncode}")


def text_of(moment: datetime) -> str:
    """A moment of the script as the command line takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_report(folder: Path, commit: str) -> None:
    """The tests of the pipeline: all green, for what is dropped never fails."""
    cases = "".join(
        f'    <testcase classname="{STEPS[n % len(STEPS)]}" name="case {n + 1}" time="0.2"/>\n'
        for n in range(TESTS)
    )
    folder.mkdir(exist_ok=True)
    (folder / "pipeline.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuite name="pipeline" tests="{TESTS}" failures="0" errors="0" timestamp="2026-11-09T15:40:00+00:00">\n'
        f'  <properties><property name="commit" value="{commit}"/></properties>\n{cases}</testsuite>\n',
        encoding="utf-8",
    )


def main(to: Path) -> None:
    release, (candidate,) = SCRIPT["release"], SCRIPT["candidates"]
    write_report(SAMPLE / "reports", candidate["commit"])
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "pipeline"
        project.mkdir()
        for part in COPIED:
            source = SAMPLE / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, project / part)
        workbench(project, "trust", "--yes")
        workbench(project, "release", "new", release["version"], "--commit", candidate["commit"])
        fresh = Path(folder) / "recordings"
        for moment in SCRIPT["probed"]:
            databases.make(project, moment)
            workbench(project, "probe", "--keep-answers", str(fresh), "--now", text_of(moment))
        databases.make(project, SCRIPT["clock"])
        workbench(project, "fetch", "--keep-answers", str(fresh), "--now", text_of(SCRIPT["clock"]))
        for made, place in ((fresh, to), (project / "delays", SAMPLE / "delays")):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(made, place)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=SAMPLE / "recordings")
    main(parser.parse_args().to)
