"""Trials of reports of the OSV scanner."""

import json
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials


def report(*packages: dict[str, Any], **more: Any) -> bytes:
    """A report on one lock file."""
    source = {"path": "/project/package-lock.json", "type": "lockfile"}
    return json.dumps({"results": [{"source": source, "packages": list(packages)}]} | more).encode()


def package(name: str, *groups: tuple[list[str], str], **more: Any) -> dict[str, Any]:
    """A package with its vulnerabilities by group, and the score of each."""
    told = {"package": {"name": name, "version": "1.0", "ecosystem": "npm"}}
    if groups:
        told |= {
            "vulnerabilities": [{"id": one, "summary": "bad"} for ids, _ in groups for one in ids],
            "groups": [{"ids": ids, "max_severity": score} for ids, score in groups],
        }
    return told | more


_RIGHT = report(package("left-pad", (["GHSA-1", "CVE-2026-1"], "9.8"), (["GHSA-2"], "4.0")), package("clean"))

TRIALS = FileTrials(
    file="reports/osv.json",
    right=_RIGHT,
    expects={"no-critical-finding": "1"},
    empty=FileCase(b'{"results": []}', "missing", ("names no package", "--all-packages")),
    cut_off=FileCase(_RIGHT[:-9], "error", ("osv.json",)),
    another=FileCase(b'{"vulns": [{"id": "GHSA-1"}]}', "error", ("results",)),
    bomb=FileCase(b'{"results": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "error", ("osv.json",)),
    hostile=FileCase(report(package("../../\x1b[2J", (["[red]\u202e"], "9"))), "ok", ("../../",)),
    more={
        "null": FileCase(b'{"results": null}', "missing", ("names no package",)),
        "no score": FileCase(report(package("x", (["GHSA-3"], ""))), "ok", ("counted as high",)),
        "no number": FileCase(report(package("x", (["GHSA-3"], "very"))), "ok", ("counted as high",)),
    },
)
