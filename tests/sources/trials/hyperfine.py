"""Trials of what hyperfine wrote."""

from tests.generators.tool import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials

RIGHT = b"""{"results": [
 {"command": "./report", "mean": 0.2, "user": 0.1, "times": [0.1, 0.2, 0.3], "exit_codes": [0, 0, 0]},
 {"command": "./shop --version", "mean": 0.02, "user": 0.0, "times": [0.02, 0.02]}]}"""

TRIALS = FileTrials(
    example="""\
sources:
  - {key: timings, kind: hyperfine, files: timings/run.json}
benchmarks:
  - {key: report, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: timings, name: ./report, statistic: median, unit: ms}}
  - {key: version, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: timings, name: ./shop --version, unit: s}}
  - {key: any, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: timings, unit: s}}
""",
    file="timings/run.json",
    right=RIGHT,
    expects={"report": "200", "version": "0.02"},
    empty=FileCase(b'{"results": []}', "missing", ("times no command",)),
    cut_off=FileCase(RIGHT[:-9], "error", ("run.json",)),
    another=FileCase(b'{"results": [{"command": "./report", "mean": 0.2}]}', "error", ("run.json", "times")),
    bomb=FileCase(b'{"results":' + b"[" * 3_000_000, "error", ("run.json",)),
    hostile=FileCase(
        RIGHT.replace(b'"./report"', b'"\\u001b[31m[red]../../x"'), "error", ("no command called",)
    ),
    more={
        "a command that failed": FileCase(
            (GENERATED / "hyperfine" / "failing.json").read_bytes(),
            "error",
            ("failed in 4 of 4 runs", "exit code 1"),
            of="any",
        ),
        "a command that a signal ended": FileCase(
            RIGHT.replace(b"[0, 0, 0]", b"[0, null, 0]"), "error", ("a signal",)
        ),
        "several commands, none named": FileCase(RIGHT, "error", ("times 2 commands",), of="any"),
        "a number that is a text": FileCase(
            RIGHT.replace(b"0.2, 0.3", b'"0,2", 0.3'), "error", ("run.json",)
        ),
        "fewer exit codes than times": FileCase(
            RIGHT.replace(b"[0, 0, 0]", b"[0, 0]"), "error", ("exit codes",)
        ),
        "no run": FileCase(
            b'{"results": [{"command": "./report", "times": []}]}', "missing", ("the count is 0",)
        ),
    },
)
