"""Trials of files in our own JSON."""

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

RIGHT = f"""{{"schema": "workbench.measurements.1", "commit": "{COMMIT}", "tool": "nightly 1.4", "measurements": [
 {{"name": "lost", "value": 3, "at": "2026-09-15T09:00:00Z"}},
 {{"name": "wait", "value": "1.5", "unit": "min"}},
 {{"name": "checkout", "samples": [0.25, 0.5, 0.75], "unit": "s", "selection": "10 % of requests"}}]}}""".encode()

TRIALS = FileTrials(
    example="""\
sources:
  - {key: nightly, kind: measurements, files: results/run.json}
benchmarks:
  - {key: lost, title: None, flow: checkout, pass: "== 0", measure: {source: nightly, name: lost}}
  - {key: wait, title: Short, flow: checkout, pass: <= 5 s, measure: {source: nightly, name: wait, unit: s}}
  - {key: checkout, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: nightly, name: checkout, statistic: max, unit: ms}}
  - {key: no-statistic, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: nightly, name: checkout, unit: ms}}
  - {key: found, title: None, flow: checkout, pass: "== 0", measure: {source: nightly, name: found}}
""",
    file="results/run.json",
    right=RIGHT,
    expects={"lost": "3", "wait": "90", "checkout": "750"},
    empty=FileCase(b'{"schema": "workbench.measurements.1", "measurements": []}', "missing", ("no “lost”",)),
    cut_off=FileCase(RIGHT[:-5], "error", ("run.json",)),
    another=FileCase(RIGHT.replace(b"measurements.1", b"measurements.2"), "error", ("is what can be read",)),
    bomb=FileCase(b'{"schema":' + b"[" * 3_000_000, "error", ("run.json",)),
    hostile=FileCase(RIGHT.replace(b'"lost"', b'"\\u001b[31m[red]../../x"'), "missing", ("[red]",)),
    more={
        "of another commit": FileCase(
            RIGHT.replace(COMMIT.encode(), b"f" * 40), "missing", ("of commit fffffff",)
        ),
        "a field that is not known": FileCase(RIGHT.replace(b'"at"', b'"when"'), "error", ("when",)),
        "no value": FileCase(RIGHT.replace(b'"value": 3', b'"value": null'), "missing", ("no value",)),
        "an error": FileCase(RIGHT.replace(b'"value": 3', b'"error": "no queue"'), "error", ("no queue",)),
        "a boolean": FileCase(RIGHT.replace(b'"value": 3', b'"value": true'), "error", ("lost",)),
        "a decimal comma": FileCase(RIGHT.replace(b'"value": 3', b'"value": "3,5"'), "error", ("decimals",)),
        "an unknown unit": FileCase(
            RIGHT.replace(b'"value": 3', b'"value": 3, "unit": "parsec"'), "error", ("parsec",)
        ),
        "in the future": FileCase(RIGHT.replace(b"2026-09-15T09", b"2027-09-15T09"), "error", ("clock",)),
        "no moment": FileCase(RIGHT.replace(b"2026-09-15T09:00:00Z", b"yesterday"), "error", ("no moment",)),
        "samples without a statistic": FileCase(RIGHT, "error", ("is samples",), of="no-statistic"),
        "a name that there is not": FileCase(RIGHT, "missing", ("no “found”",), of="found"),
        "a name twice": FileCase(RIGHT.replace(b'"wait"', b'"lost"'), "error", ("twice",)),
        "a sample that is none": FileCase(RIGHT.replace(b"0.5,", b"NaN,"), "error", ("run.json",)),
    },
)
