"""Trials of journals of Chaos Toolkit."""

from tests.sources.trials.frame import FileCase, FileTrials

_PROBE = (
    b"""{"activity": {"type": "probe", "name": "orders"}, "status": "succeeded", "tolerance_met": true}"""
)
_STATE = b'{"steady_state_met": true, "probes": [' + _PROBE + b"]}"
RIGHT = (
    b"""{"chaoslib-version": "1.44.0", "node": "ci", "experiment": {"title": "Payments stop", "tags": ["flow:checkout"], "dry": null},
 "start": "2026-09-15T09:00:00+00:00", "end": "2026-09-15T09:05:00+00:00", "status": "completed", "deviated": false,
 "steady_states": {"before": """
    + _STATE
    + b""", "after": """
    + _STATE
    + b""", "during": []},
 "run": [{"activity": {"type": "action", "name": "stop-payments"}, "status": "succeeded"}],
 "rollbacks": [{"activity": {"type": "action", "name": "start-payments"}, "status": "succeeded"}]}"""
)


def _not(old: bytes, new: bytes, *words: str) -> FileCase:
    return FileCase(RIGHT.replace(old, new), "ok", ("“Payments stop”", *words))


TRIALS = FileTrials(
    example="""\
sources:
  - {key: chaos, kind: chaostoolkit, files: "chaos/*.json"}
benchmarks:
  - {key: rate, title: Stands, flow: checkout, pass: ">= 1", measure: {source: chaos, read: pass_rate, unit: share}}
  - {key: not-passed, title: Stands, flow: checkout, pass: "== 0", measure: {source: chaos, read: not_passed, experiments: [Payments stop, Slow disk]}}
  - {key: tried, title: Tried, flow: checkout, pass: ">= 1", measure: {source: chaos, read: tried, tag: "flow:checkout"}}
  - {key: other, title: Tried, flow: checkout, pass: ">= 1", measure: {source: chaos, read: tried, tag: "flow:returns"}}
""",
    file="chaos/payments.json",
    right=RIGHT,
    expects={"rate": "1", "not-passed": "1", "tried": "1"},
    empty=FileCase(
        b'{"chaoslib-version": "1.44.0", "experiment": {"title": "x"}}', "error", ("payments.json",)
    ),
    cut_off=FileCase(RIGHT[:-9], "error", ("payments.json",)),
    another=FileCase(
        b'{"title": "Payments stop", "method": [], "steady-state-hypothesis": {}}',
        "error",
        ("payments.json",),
    ),
    bomb=FileCase(b'{"experiment":' + b"[" * 3_000_000, "error", ("payments.json",)),
    hostile=FileCase(
        RIGHT.replace(b"Payments stop", b"\\u001b[31m[red]../../x").replace(b"false", b"true"),
        "ok",
        ("[red]",),
    ),
    more={
        "no experiment has the tag": FileCase(RIGHT, "missing", ("flow:returns",), of="other"),
        "no journal of one that has to be there": FileCase(
            RIGHT, "ok", ("“Slow disk”", "did it crash"), of="not-passed"
        ),
        "deviated": _not(b'"deviated": false', b'"deviated": true', "it deviated"),
        "does not say whether it deviated": _not(b'"deviated": false,', b"", "does not say"),
        "a failed action": _not(
            b'stop-payments"}, "status": "succeeded"',
            b'stop-payments"}, "status": "failed"',
            "action “stop-payments” failed",
        ),
        "interrupted": _not(b'"completed"', b'"interrupted"', "did not end: interrupted"),
        "not steady beforehand": _not(
            b'"before": {"steady_state_met": true', b'"before": {"steady_state_met": false', "beforehand"
        ),
        "not steady afterwards": _not(
            b'"after": {"steady_state_met": true', b'"after": {"steady_state_met": false', "afterwards"
        ),
        "nobody looked afterwards": _not(b'"after": ' + _STATE, b'"after": null', "nobody looked"),
        "no probe of the steady state": _not(
            b'"after": {"steady_state_met": true, "probes": [' + _PROBE,
            b'"after": {"steady_state_met": true, "probes": [',
            "afterwards",
        ),
        "a dry run": _not(b'"dry": null', b'"dry": "actions"', "dry run"),
        "no action": _not(b'"action", "name": "stop', b'"probe", "name": "stop', "no action"),
        "a failed rollback": _not(
            b'start-payments"}, "status": "succeeded"',
            b'start-payments"}, "status": "failed"',
            "rollback “start-payments” failed",
        ),
        "a probe out of its tolerance": _not(
            b'stop-payments"}, "status": "succeeded"',
            b'stop-payments"}, "status": "succeeded", "tolerance_met": false',
            "tolerance",
        ),
        "dated in the future": FileCase(
            RIGHT.replace(b"2026-09-15T09:05", b"2027-09-15T09:05"), "error", ("clock",)
        ),
        "without a moment": FileCase(
            RIGHT.replace(b"2026-09-15T09:05:00+00:00", b"yesterday"), "error", ("no moment",)
        ),
    },
)
