"""Trials of lists of components."""

import json
from pathlib import Path
from typing import Any

from tests.sources.generated import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials

_FOLDER = GENERATED / "cyclonedx"
_SCANNED = json.loads((_FOLDER / "staging.json").read_bytes())
_SCANNED["vulnerabilities"] = [
    {"id": "CVE-2026-1", "ratings": [{"severity": "critical"}], "affects": [{"ref": "requirements-L2"}]},
    {"id": "CVE-2026-2", "ratings": [{"severity": "high"}], "analysis": {"state": "not_affected"}},
    {"id": "CVE-2026-3", "ratings": [{"severity": "low"}]},
]
_RIGHT = json.dumps(_SCANNED).encode()


def _bom(*components: dict[str, Any], version: str = "1.6", **more: Any) -> bytes:
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": version, "components": components, **more}
    ).encode()


def _deep(path: Path) -> None:
    path.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.6", ' + '"components":[{' * 100_000)


_REQUESTS = {"name": "requests", "purl": "pkg:pypi/requests@2.31.0"}

TRIALS = FileTrials(
    file="sbom/staging.json",
    beside={"sbom/production.json": (_FOLDER / "production.json").read_bytes()},
    right=_RIGHT,
    expects={"same-components": "3", "libraries-parity": "1000", "no-vulnerable-component": "1"},
    empty=FileCase(_bom(), "missing", ("lists no component",)),
    cut_off=FileCase(_RIGHT[:-20], "error", ("staging.json",)),
    another=FileCase(_bom(_REQUESTS, version="2.0"), "error", ("CycloneDX 2.0", "1.2 to 1.7")),
    bomb=FileCase(_deep, "error", ("staging.json",)),
    hostile=FileCase(_bom({"name": "\x1b[2J../../[red]", "version": "\u202e1"}), "ok", ("../../",)),
    more={
        "XML": FileCase((_FOLDER / "staging.xml").read_bytes(), "error", ("XML", "JSON")),
        "SPDX 3": FileCase(
            b'{"@context": "https://spdx.org/rdf/3.0.1", "@graph": []}', "error", ("no list",)
        ),
        "another SPDX": FileCase(
            b'{"spdxVersion": "SPDX-2.1", "packages": []}', "error", ("SPDX-2.1", "SPDX-2.3")
        ),
        "incomplete": FileCase(
            _bom(_REQUESTS, compositions=[{"aggregate": "incomplete_third_party_only"}]),
            "missing",
            ("not complete",),
        ),
        "nobody looked": FileCase(
            _bom(_REQUESTS), "missing", ("nobody looked",), of="no-vulnerable-component"
        ),
        "no version": FileCase(
            _bom({"name": "requests", "purl": "pkg:pypi/requests"}),
            "missing",
            ("no version",),
            of="libraries-parity",
        ),
        "nothing in common": FileCase(
            _bom({"name": "x", "version": "1"}), "missing", ("no component in common",), of="libraries-parity"
        ),
    },
)
