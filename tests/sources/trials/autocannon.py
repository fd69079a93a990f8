"""Trials of what autocannon printed."""

from tests.generators.tool import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials

RIGHT = b"""{"url": "http://shop.example/", "duration": 10.0, "start": "2026-09-15T09:00:00Z", "finish": "2026-09-15T09:00:10.000Z",
 "errors": 2, "timeouts": 1, "mismatches": 0, "non2xx": 8, "throughput": {"total": 1},
 "latency": {"average": 12.5, "min": 3, "max": 90, "p50": 11, "p90": 30, "p97_5": 41, "p99": 55, "totalCount": 98},
 "requests": {"average": 9.8, "total": 98}}"""

TRIALS = FileTrials(
    example="""\
sources:
  - {key: cannon, kind: autocannon, files: load/run.json}
benchmarks:
  - {key: p99, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: cannon, statistic: p99, unit: s}}
  - {key: p975, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: cannon, statistic: p97.5, unit: ms}}
  - {key: failed, title: Works, flow: checkout, pass: <= 1 %, measure: {source: cannon, statistic: failure_rate, unit: '%'}}
  - {key: rate, title: Much, flow: checkout, pass: '>= 1 /s', measure: {source: cannon, statistic: throughput, unit: /s}}
  - {key: p95, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: cannon, statistic: p95, unit: s}}
""",
    file="load/run.json",
    right=RIGHT,
    expects={"p99": "0.055", "p975": "41", "failed": "10", "rate": "10"},
    empty=FileCase(
        RIGHT.replace(b'"errors": 2', b'"errors": 0')
        .replace(b'"non2xx": 8', b'"non2xx": 0')
        .replace(b'"total": 98', b'"total": 0'),
        "missing",
        ("the count is 0",),
    ),
    cut_off=FileCase(RIGHT[:-9], "error", ("run.json",)),
    another=FileCase(b'{"requests": {"total": 3}, "latency": {"p99": 1}}', "error", ("run.json",)),
    bomb=FileCase(b'{"a":' * 1_000_000, "error", ("run.json",)),
    hostile=FileCase(RIGHT.replace(b'"p99": 55', b'"p99": "\\u001b[31m../../[red]"'), "error", ("run.json",)),
    more={
        "nobody answered": FileCase(
            (GENERATED / "autocannon" / "dead.json").read_bytes().replace(b"2026-03-02", b"2026-09-15"),
            "missing",
            ("none of 3,256 requests was answered",),
        ),
        "a percentile that it does not compute": FileCase(
            RIGHT, "error", ("does not tell p95", "p97.5"), of="p95"
        ),
        "counts that contradict": FileCase(
            RIGHT.replace(b'"non2xx": 8', b'"non2xx": 800'), "error", ("contradict",)
        ),
        "a negative time": FileCase(RIGHT.replace(b'"p99": 55', b'"p99": -1'), "error", ("no time",)),
    },
)
