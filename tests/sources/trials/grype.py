"""Trials of reports of Grype."""

import json
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials


def report(*matches: dict[str, Any], **more: Any) -> bytes:
    """A report on one image."""
    told = {
        "matches": list(matches),
        "source": {"type": "image", "target": {"userInput": "shop:1"}},
        "descriptor": {"name": "grype", "version": "0.90.0", "timestamp": "2026-09-15T09:00:00.123456789Z"},
    }
    return json.dumps(told | more).encode()


def match(name: str, severity: str | None = "Critical", **more: Any) -> dict[str, Any]:
    """A vulnerability of OpenSSL."""
    artifact = {"name": "openssl", "version": "3.0.1", "type": "deb", "purl": "pkg:deb/debian/openssl@3.0.1"}
    return {"vulnerability": {"id": name, "severity": severity}, "artifact": artifact} | more


_RIGHT = report(match("CVE-2026-1"), match("CVE-2026-1"), match("CVE-2026-2", "Negligible"))

TRIALS = FileTrials(
    file="reports/grype.json",
    right=_RIGHT,
    expects={"no-critical-finding": "1"},
    empty=FileCase(report(descriptor={"name": "other"}), "error", ("other", "not by Grype")),
    cut_off=FileCase(_RIGHT[:-9], "error", ("grype.json",)),
    another=FileCase(b'{"findings": [], "descriptor": {"name": "grype"}}', "error", ("matches",)),
    bomb=FileCase(
        report(distro={}).replace(
            b'"distro": {}', b'"distro": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000
        ),
        "error",
        ("nested too deep",),
    ),
    hostile=FileCase(report(match("../../\x1b[2J[red]\u202e")), "ok", ("../../",)),
    more={
        "an old database": FileCase(
            report(descriptor={"name": "grype", "db": {"status": {"valid": False}}}),
            "missing",
            ("not valid",),
        ),
        "its database erred": FileCase(
            report(descriptor={"name": "grype", "db": {"error": "too old"}}), "missing", ("too old",)
        ),
        "no severity": FileCase(report(match("CVE-2026-3", "Unknown")), "ok", ("may be critical",)),
    },
)
