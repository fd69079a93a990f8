"""Trials of what k6 wrote."""

from tests.sources.trials.frame import FileCase, FileTrials

RIGHT = b"""{"root_group": {"name": "", "groups": {}, "checks": {}}, "metrics": {
 "http_req_duration": {"avg": 50, "min": 10, "med": 40, "max": 90, "p(90)": 80, "p(95)": 85, "count": 200, "thresholds": {"p(95)<100": false, "p(99)<50": true}},
 "http_req_duration{name:never}": {"avg": 0, "min": 0, "med": 0, "max": 0, "p(90)": 0, "p(95)": 0, "thresholds": {"p(95)<100": false}},
 "http_req_failed": {"passes": 5, "fails": 195, "value": 0.025},
 "http_reqs": {"count": 200, "rate": 20.5},
 "vus": {"value": 3, "min": 1, "max": 5},
 "queue_length": {"avg": 7, "min": 1, "med": 6, "max": 9, "p(95)": 8}}}"""
LATER = b"""{"version": "1.0.0", "config": {"duration": 10.0, "execution": "local"}, "metadata": {"generatedAt": "2026-09-15T09:00:00Z", "k6Version": "2.0.0"},
 "results": {"metrics": [{"name": "http_req_duration", "type": "trend", "contains": "time", "values": {"avg": 50, "p(95)": 85}},
  {"name": "http_req_failed", "type": "rate", "contains": "default", "values": {"matches": 5, "total": 200, "rate": 0.025}}]}}"""
POINTS = b"""{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time"},"metric":"http_req_duration"}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-09-15T09:00:00.123456789Z","value":85,"tags":{"name":"a"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-09-15T11:00:01+02:00","value":85,"tags":{"name":"b"}}}
"""
TABLE = b"""metric_name,timestamp,metric_value,check,name,extra_tags,metadata
http_req_duration,1789462800,85,,home,team=a&ring=1,
"""

TRIALS = FileTrials(
    example="""\
sources:
  - {key: k6, kind: k6, files: load/run.json}
benchmarks:
  - {key: p95, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: k6, unit: s}}
  - {key: failed, title: Works, flow: checkout, pass: <= 1 %, measure: {source: k6, metric: http_req_failed, statistic: rate, unit: '%'}}
  - {key: rate, title: Much, flow: checkout, pass: '>= 1 /s', measure: {source: k6, metric: http_reqs, statistic: rate, unit: /s}}
  - {key: kept, title: Kept, flow: checkout, pass: '== 0', measure: {source: k6, read: broken_thresholds}}
  - {key: users, title: Many, flow: checkout, pass: '>= 1', measure: {source: k6, metric: vus, statistic: max}}
  - {key: queue, title: Short, flow: checkout, pass: <= 9, measure: {source: k6, metric: queue_length}}
  - {key: p99, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: k6, statistic: p99, unit: s}}
  - {key: never, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: k6, metric: "http_req_duration{name:never}", unit: s}}
  - {key: tagged, title: Fast, flow: checkout, pass: <= 1 s, measure: {source: k6, metric: "http_req_duration{name:buy}", unit: s}}
""",
    file="load/run.json",
    right=RIGHT,
    expects={"p95": "0.085", "failed": "2.5", "rate": "20.5", "kept": "2", "users": "5", "queue": "8"},
    empty=FileCase(b'{"root_group": {}, "metrics": {}}', "error", ("no metric",)),
    cut_off=FileCase(RIGHT[:-9], "error", ("run.json",)),
    another=FileCase(LATER.replace(b'"1.0.0"', b'"2.0.0"'), "error", ("version “2.0.0”", "--summary-export")),
    bomb=FileCase(b'{"root_group":' + b"[" * 3_000_000, "error", ("run.json",)),
    hostile=FileCase(
        RIGHT.replace(b"http_req_duration", b"\\u001b[31m[red]../../x"),
        "missing",
        ("no metric http_req_duration",),
    ),
    more={
        "a percentile that was not asked for": FileCase(
            RIGHT, "error", ("does not tell the p99", "summaryTrendStats"), of="p99"
        ),
        "nothing was observed": FileCase(RIGHT, "missing", ("writes zeros",), of="never"),
        "tags that no threshold names": FileCase(RIGHT, "error", ("only where a threshold",), of="tagged"),
        "no thresholds": FileCase(
            b'{"root_group": {}, "metrics": {"a": {"avg": 1}}}', "missing", ("no thresholds",), of="kept"
        ),
        "a threshold that says neither": FileCase(
            RIGHT.replace(b": true}", b': "no"}'), "error", ("whether it was kept",), of="kept"
        ),
        "thresholds that are none": FileCase(
            RIGHT.replace(b'{"p(95)<100": false}', b'"kept"'), "error", ("thresholds", "no object"), of="kept"
        ),
        "a time below 0": FileCase(RIGHT.replace(b'"p(95)": 85', b'"p(95)": -85'), "error", ("below 0",)),
        "a share below 0": FileCase(
            RIGHT.replace(b"0.025", b"-0.025"), "error", ("http_req_failed", "no share"), of="failed"
        ),
        "a share of more than all": FileCase(
            RIGHT.replace(b"0.025", b"2.5"), "error", ("no share",), of="failed"
        ),
        "half a request": FileCase(
            RIGHT.replace(b'"p(95)": 85, "count": 200', b'"p(95)": 85, "count": 0.5'), "error", ("no count",)
        ),
        "a decimal comma": FileCase(
            RIGHT.replace(b'"p(95)": 85', b'"p(95)": "85,1"'), "error", ("p(95)", "decimals")
        ),
        "not a number": FileCase(RIGHT.replace(b'"p(95)": 85', b'"p(95)": NaN'), "error", ("run.json",)),
        "the machine-readable summary": FileCase(LATER, "ok", ("machine-readable", "k6 2.0.0")),
        "which has no thresholds": FileCase(LATER, "error", ("does not tell thresholds",), of="kept"),
        "points": FileCase(POINTS, "ok", ("points as JSON",)),
        "points tell any percentile": FileCase(POINTS, "ok", ("interpolated",), of="p99"),
        "points, cut off": FileCase(POINTS[:-20], "error", ("run.json:3", "ended while it wrote")),
        "points without a number": FileCase(
            POINTS.replace(b'"value":85', b'"value":"x"'), "error", ("run.json:2",)
        ),
        "points of no year": FileCase(
            POINTS.replace(b"2026-09-15T09:00:00", b"1970-01-01T00:00:00"), "error", ("no clock",)
        ),
        "points in the future": FileCase(
            POINTS.replace(b"2026-09-15T11", b"2027-09-15T11"), "error", ("clock",)
        ),
        "points with tags that there are not": FileCase(POINTS, "missing", ("with those tags",), of="tagged"),
        "a table of points": FileCase(TABLE, "ok", ("points as CSV",)),
        "a table of points, cut off": FileCase(TABLE[:-4], "error", ("ends within a line",)),
        "a table with an infinite number": FileCase(
            TABLE.replace(b",85,", b",inf,"), "error", ("nobody can have measured",)
        ),
        "a table with thousands": FileCase(
            TABLE.replace(b",85,", b",1_085,"), "error", ("without its number",)
        ),
        "packed": FileCase(b"\x1f\x8b\x08\x00", "error", ("compressed",)),
    },
)
