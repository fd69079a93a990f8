"""Chaos Toolkit: the journals of experiments that pass, deviate, hold a failed action, and crash."""

from __future__ import annotations

import json
from typing import Any

from tests.generators.tool import Tool, Workshop


def _runs(name: str, code: int) -> dict[str, Any]:
    words = {"type": "process", "path": "python3", "arguments": ["-c", f"raise SystemExit({code})"]}
    return {"type": "action", "name": name, "provider": words}


def _experiment(title: str, method: list[dict[str, Any]], *, holds_after: bool = True) -> str:
    steady = (
        "import os,sys; sys.exit(0)"
        if holds_after
        else "import os,sys; sys.exit(int(os.path.exists('broken')))"
    )
    probe = {
        "type": "probe",
        "name": "orders-go-through",
        "tolerance": 0,
        "provider": {"type": "process", "path": "python3", "arguments": ["-c", steady]},
    }
    return json.dumps(
        {
            "title": title,
            "description": "What the shop does when one of its parts fails.",
            "tags": ["flow:checkout"],
            "steady-state-hypothesis": {"title": "orders go through", "probes": [probe]},
            "method": method,
            "rollbacks": [_runs("start-again", 0)],
        },
        indent=1,
    )


BREAKS = {
    "type": "action",
    "name": "stop-payments",
    "provider": {"type": "process", "path": "python3", "arguments": ["-c", "open('broken', 'w').close()"]},
}
MISSING = {
    "type": "action",
    "name": "stop-payments",
    "provider": {"type": "python", "module": "no_such_module", "func": "stop", "arguments": {}},
}
RAISES = {
    "type": "action",
    "name": "stop-payments",
    "provider": {"type": "http", "url": "http://127.0.0.1:9/stop", "timeout": 1},
}


def make(work: Workshop) -> None:
    """Four experiments on what happens when payments stop, and one that is no experiment."""
    cases = {
        "passed": (
            _experiment("Payments stop", [_runs("stop-payments", 0)]),
            0,
            "passed: the steady state held",
        ),
        "deviated": (
            _experiment("Payments stop for good", [BREAKS], holds_after=False),
            1,
            "deviated: the steady state did not hold afterwards",
        ),
        "failed-action": (
            _experiment("Payments cannot be stopped", [RAISES]),
            0,
            "completed, though its action failed: nothing was put under a fault",
        ),
        "not-steady": (
            _experiment("Already broken", [BREAKS], holds_after=False),
            0,
            "completed with exit code 0, though the steady state did not hold beforehand and nothing was tried",
        ),
    }
    quiet = ("--no-version-check", "--no-log-file")
    for name, (text, code, known) in cases.items():
        work.write("experiment.json", text)
        (work.folder / "broken").unlink(missing_ok=True)
        if name == "not-steady":
            work.write("broken", "")
        work.run("chaos", *quiet, "run", "--journal-path", f"{name}.json", "experiment.json", codes=(code,))
        work.keep(f"{name}.json", known)
    work.write("experiment.json", _experiment("No such module", [MISSING]))
    work.run("chaos", *quiet, "run", "--journal-path", "crashed.json", "experiment.json", codes=(1,))
    if (work.folder / "crashed.json").exists():
        raise SystemExit("chaostoolkit: a run that does not begin now writes a journal: say so in its guide")


TOOL = Tool(
    name="chaostoolkit",
    make=make,
    python=["chaostoolkit==1.19.0", "chaostoolkit-lib==1.44.0"],
)
