"""Trials of what Locust wrote."""

from tests.generators.tool import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials

RIGHT = b"""[{"name": "/checkout", "method": "POST", "last_request_timestamp": 1789466000.5, "start_time": 1789465990.5,
 "num_requests": 4, "num_none_requests": 0, "num_failures": 1, "total_response_time": 170.0,
 "max_response_time": 80.0, "min_response_time": 20.0, "total_content_length": 9,
 "response_times": {"20": 1, "30": 1, "40": 1, "80": 1}, "num_reqs_per_sec": {}, "num_fail_per_sec": {}}]"""
TABLE = (GENERATED / "locust" / "run_stats.csv").read_bytes()

TRIALS = FileTrials(
    example="""\
sources:
  - {key: locust, kind: locust, files: load/run.json}
benchmarks:
  - {key: mean, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: locust, statistic: mean, unit: ms}}
  - {key: failed, title: Works, flow: checkout, pass: <= 1 %, measure: {source: locust, request: POST /checkout, statistic: failure_rate, unit: '%'}}
  - {key: rate, title: Much, flow: checkout, pass: '>= 1 /s', measure: {source: locust, request: /checkout, statistic: throughput, unit: /s}}
  - {key: max, title: Never slow, flow: checkout, pass: <= 1 s, measure: {source: locust, statistic: max, unit: s}}
""",
    file="load/run.json",
    right=RIGHT,
    expects={"mean": "42.5", "failed": "25", "rate": "0.4", "max": "0.08"},
    empty=FileCase(b"[ ]", "missing", ("no request",)),
    cut_off=FileCase(RIGHT[:-30], "error", ("run.json",)),
    another=FileCase(b'[{"name": "/checkout", "requests": 4}]', "error", ("run.json", "method")),
    bomb=FileCase(b'[{"name":' + b"[" * 5_000_000, "error", ("run.json",)),
    hostile=FileCase(
        RIGHT.replace(b"/checkout", b"[red]\\u001b[31m../../x"), "error", ("no request called",), of="failed"
    ),
    more={
        "nothing was asked": FileCase(
            RIGHT.replace(b'"num_requests": 4', b'"num_requests": 0')
            .replace(b'"num_failures": 1', b'"num_failures": 0')
            .replace(b'{"20": 1, "30": 1, "40": 1, "80": 1}', b"{}"),
            "missing",
            ("the count is 0",),
        ),
        "other counts in its times": FileCase(
            RIGHT.replace(b'"80": 1', b'"80": 2'), "error", ("other ones in its times",)
        ),
        "a negative count": FileCase(RIGHT.replace(b'"80": 1', b'"80": -1'), "error", ("negative",)),
        "not a number": FileCase(RIGHT.replace(b"170.0", b"NaN"), "error", ("run.json",)),
        "a time below 0": FileCase(RIGHT.replace(b"80.0", b"-80.0"), "error", ("no time",), of="max"),
        "ended before it began": FileCase(
            RIGHT.replace(b"1789466000.5", b"1789465000.5"), "error", ("before its first",), of="rate"
        ),
        "of no year": FileCase(RIGHT.replace(b"1789466000.5", b"1e30"), "error", ("no moment",), of="rate"),
        "before any clock": FileCase(
            RIGHT.replace(b"1789465990.5", b"5.5"), "error", ("no moment",), of="rate"
        ),
        "dated in the future": FileCase(RIGHT.replace(b"1789466000.5", b"1799466000.5"), "error", ("clock",)),
        "its table": FileCase(TABLE, "ok", ("may lack the end of the run",)),
        "its table, cut off": FileCase(TABLE[: len(TABLE) // 2], "error", ("cells",)),
        "its table without the sum": FileCase(
            b"".join(TABLE.splitlines(keepends=True)[:2]), "error", ("Aggregated",)
        ),
        "the table of failures": FileCase(
            (GENERATED / "locust" / "run_failures.csv").read_bytes(), "error", ("neither",)
        ),
    },
)
