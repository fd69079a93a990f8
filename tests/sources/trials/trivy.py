"""Trials of reports of Trivy."""

import json
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials


def report(*results: dict[str, Any], **more: Any) -> bytes:
    """A report on one image."""
    told = {
        "SchemaVersion": 2,
        "ArtifactName": "shop:1",
        "ArtifactType": "container_image",
        "Results": list(results),
    }
    return json.dumps(told | more).encode()


def vulnerability(name: str, severity: str | None = "CRITICAL", **more: Any) -> dict[str, Any]:
    """One vulnerability of OpenSSL."""
    told = {"VulnerabilityID": name, "PkgName": "openssl", "InstalledVersion": "3.0.1", "Severity": severity}
    return told | more


OF_IMAGE = {
    "Target": "shop:1 (debian 12)",
    "Class": "os-pkgs",
    "Type": "debian",
    "Vulnerabilities": [vulnerability("CVE-2026-1"), vulnerability("CVE-2026-2", "LOW")],
}
_RIGHT = report(OF_IMAGE, {"Target": "app/package-lock.json", "Class": "lang-pkgs", "Vulnerabilities": None})

TRIALS = FileTrials(
    file="reports/trivy.json",
    right=_RIGHT,
    expects={"no-critical-finding": "1", "vulnerabilities": "2"},
    empty=FileCase(report(), "missing", ("nothing to scan in shop:1",)),
    cut_off=FileCase(_RIGHT[:-9], "error", ("trivy.json",)),
    another=FileCase(report(OF_IMAGE, SchemaVersion=3), "error", ("version 3", "2")),
    bomb=FileCase(
        report(Metadata={}).replace(
            b'"Metadata": {}', b'"Metadata": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000
        ),
        "error",
        ("nested too deep",),
    ),
    hostile=FileCase(
        report({"Target": "../../\x1b[2J", "Vulnerabilities": [vulnerability("[red]\u202e")]}),
        "ok",
        ("../../",),
    ),
    more={
        "no list at all": FileCase(report(Results=None), "missing", ("nothing to scan",)),
        "no severity": FileCase(
            report({"Target": "a", "Vulnerabilities": [vulnerability("CVE-2026-3", None)]}),
            "ok",
            ("may be critical",),
        ),
        "another commit": FileCase(report(OF_IMAGE, Metadata={"Commit": "b" * 40}), "missing", ("bbbbbbb",)),
    },
)
