"""Trials of what pytest-benchmark wrote."""

from tests.sources.trials.frame import COMMIT, FileCase, FileTrials

RIGHT = f"""{{"machine_info": {{"node": "ci"}}, "version": "5.3.1", "datetime": "2026-09-15T09:00:00.5+00:00",
 "commit_info": {{"id": "{COMMIT}", "dirty": false}},
 "benchmarks": [
  {{"name": "test_search", "fullname": "test_speed.py::test_search", "options": {{}},
   "stats": {{"min": 0.1, "max": 0.4, "mean": 0.2, "median": 0.15, "rounds": 4, "outliers": "1;0", "data": [0.125, 0.125, 0.25, 0.5]}}}},
  {{"name": "test_parse", "fullname": "test_speed.py::test_parse", "options": {{}},
   "stats": {{"min": 0.001, "max": 0.004, "mean": 0.002, "median": 0.0015, "rounds": 4}}}}]}}""".encode()

TRIALS = FileTrials(
    example="""\
sources:
  - {key: speed, kind: pytest_benchmark, files: speed.json}
benchmarks:
  - {key: search, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: speed, test: test_search, unit: ms}}
  - {key: parse, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: speed, test: "test_speed.py::test_parse", unit: ms}}
  - {key: parse-p95, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: speed, test: test_parse, statistic: p95, unit: ms}}
""",
    file="speed.json",
    right=RIGHT,
    expects={"search": "187.5", "parse": "1.5"},
    empty=FileCase(RIGHT.split(b'"benchmarks"')[0] + b'"benchmarks": []}', "missing", ("measures no test",)),
    cut_off=FileCase(RIGHT[:-3], "error", ("speed.json",)),
    another=FileCase(b'{"benchmarks": [{"name": "test_search"}]}', "error", ("speed.json",)),
    bomb=FileCase(b'{"benchmarks":' + b"[" * 3_000_000, "error", ("speed.json",)),
    hostile=FileCase(
        RIGHT.replace(b'test_search"', b'\\u001b[31m[red]../../x"'), "error", ("no test called",)
    ),
    more={
        "of another commit": FileCase(
            RIGHT.replace(COMMIT.encode(), b"f" * 40), "missing", ("is of commit fffffff",)
        ),
        "with changes": FileCase(
            RIGHT.replace(b'"dirty": false', b'"dirty": true'), "ok", ("not committed",)
        ),
        "without its data": FileCase(RIGHT, "error", ("does not tell p95", "median"), of="parse-p95"),
        "fewer times than rounds": FileCase(
            RIGHT.replace(b"0.125, 0.125, 0.25", b"0.125, 0.25"), "error", ("3 times and 4 rounds",)
        ),
        "a time that is a text": FileCase(
            RIGHT.replace(b"0.125, 0.125, 0.25", b'0.125, "0,1", 0.25'), "error", ("speed.json",)
        ),
        "dated in the future": FileCase(
            RIGHT.replace(b"2026-09-15T09", b"2027-09-15T09"), "error", ("clock",)
        ),
    },
)
