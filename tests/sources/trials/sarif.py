"""Trials of SARIF files."""

import json
from pathlib import Path
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials


def _log(*results: dict[str, Any], **run: Any) -> bytes:
    told = {"tool": {"driver": {"name": "scanner"}}, "results": list(results), **run}
    return json.dumps({"version": "2.1.0", "runs": [told]}).encode()


def _result(**more: Any) -> dict[str, Any]:
    return {"ruleId": "R1", "level": "error", "message": {"text": "bad"}, **more}


def _deep(path: Path) -> None:
    nested = '{"a":' * 200_000 + "1" + "}" * 200_000
    path.write_text(f'{{"version": "2.1.0", "runs": [{{"results": [], "properties": {nested}}}]}}')


_RIGHT = _log(_result(), _result(ruleId="R2", suppressions=[{"kind": "external", "status": "accepted"}]))

TRIALS = FileTrials(
    file="reports/scan.sarif",
    right=_RIGHT,
    expects={"no-critical-finding": "1", "findings-set-aside": "1"},
    empty=FileCase(b'{"version": "2.1.0", "runs": []}', "missing", ("no run of a scanner",)),
    cut_off=FileCase(_RIGHT[:-9], "error", ("scan.sarif",)),
    another=FileCase(_RIGHT.replace(b"2.1.0", b"1.0.0"), "error", ("SARIF 1.0.0", "2.1.0")),
    bomb=FileCase(_deep, "error", ("nested too deep",)),
    hostile=FileCase(
        _log(_result(ruleId="\x1b[2J[red]../../etc[/]", message={"text": "\u202e=1+1"})), "ok", ("../../etc",)
    ),
    more={
        "did not scan": FileCase(_log().replace(b"[]", b"null"), "missing", ("did not scan",)),
        "no success": FileCase(
            _log(invocations=[{"executionSuccessful": False}]), "missing", ("did not succeed",)
        ),
        "elsewhere": FileCase(
            b'{"version": "2.1.0", "runs": [{"externalPropertyFileReferences": {"results": [{}]}}]}',
            "missing",
            ("other files",),
        ),
    },
)
