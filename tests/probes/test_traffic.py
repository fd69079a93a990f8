"""Access logs of both environments: mix, bursts, slow clients, reads and writes; mirrors and replays."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.probes.asking import probe, ran

from workbench.probes.kinds.traffic import Mirror, Replay, TrafficProbe, doubts
from workbench.probes.kinds.traffic.entries import entry_of, is_table, rows_of
from workbench.probes.kinds.traffic.profile import busiest, overlap, traffic_of


def line(minute, method="GET", path="/", size=512, times="", status=200, agent='curl/8 \\"x\\"'):
    return (
        f'203.0.113.7 - ada [20/Nov/2026:10:{minute:02d}:05 +0000] "{method} {path} HTTP/1.1" {status} {size} '
        f'"-" "{agent}"{times}'
    )


def log(per_minute, *, writes=2, slow=0, burst=1):
    """Ten minutes of traffic; in the fifth there is ``burst`` times as much."""
    lines = []
    for minute in range(10):
        times = burst if minute == 5 else 1
        for _ in range(times):
            lines += [line(minute, path=f"/orders/{number}") for number in range(per_minute - writes)]
            lines += [line(minute, "POST", "/orders") for _ in range(writes)]
    lines += [line(minute, path="/report", size=50_000, times=" 9.5 0.1") for minute in range(slow)]
    return "\n".join([*lines, ""])


def looked(tmp_path, staging, production, proving=False, **fields):
    (tmp_path / "staging.log").write_text(staging)
    (tmp_path / "production.log").write_text(production)
    config = {"staging": "staging.log", "production": "production.log", **fields}
    (found,) = ran([probe("traffic", config)], root=tmp_path, proving=proving)
    return found


def test_traffic_that_is_alike_passes_whatever_its_volume(tmp_path):
    found = looked(tmp_path, log(10), log(20, writes=4), mix=90)
    assert (found.run.why, found.changes, found.run.state) == ("", (), "pass")
    (score,) = found.run.scores
    assert (score.key, score.value, score.of, score.limit) == ("traffic_realism", 1, 200, Decimal("0.9"))


def test_what_staging_never_sees_is_found(tmp_path):
    production = log(10, burst=12, slow=4)
    found = looked(tmp_path, log(10, writes=0), production)
    assert [(change.path, change.title) for change in found.changes] == [
        ("bursts", "staging sees no bursts like production's"),
        ("mix/GET /orders/*", "GET /orders/*: 100.0 % of staging's requests, 78.5 % of production's"),
        ("mix/POST /orders", "POST /orders: none of staging's requests, 19.6 % of production's"),
        ("slow clients", "staging's log does not tell about slow clients"),
        ("writes", "the share of requests that write"),
    ]
    assert found.run.scores[0].value == Decimal("0.7850")
    told = looked(tmp_path, log(10, burst=12, slow=4).replace(" 9.5 0.1", " 0.5 0.1"), production)
    assert [change.title for change in told.changes] == ["staging has fewer slow clients than production"]


def test_every_planted_difference_is_found(tmp_path):
    for staging in (log(10), log(10, burst=12, slow=4)):
        proof = looked(tmp_path, staging, log(10, burst=12, slow=4), proving=True).proof
        assert proof is not None and proof.whole
        assert {plant.key for plant in proof.planted} == {
            "gone-route",
            "writes",
            "no-bursts",
            "no-slow-clients",
        }


TABLE = "route,method,per_minute\n/orders/17,GET,80\n/orders,POST,20\n"


def test_a_table_of_rates_does_as_well(tmp_path):
    found = looked(tmp_path, TABLE, log(10), proving=True)
    assert [change.path for change in found.changes] == ["bursts"] or found.run.state == "fail"
    both = looked(tmp_path, TABLE, TABLE.replace("20", "60"), proving=True)
    assert [change.path for change in both.changes] == ["mix/GET /orders/*", "mix/POST /orders", "writes"]
    assert both.proof is not None and both.proof.whole
    broken = looked(tmp_path, TABLE, TABLE.replace("20", "many"))
    assert broken.run.state == "error" and "production.log:3" in broken.run.why


def test_mirrors_and_replays(tmp_path):
    new = looked(tmp_path, log(10), log(10), mirror={"share": 10, "since": "2026-11-20"})
    assert [change.title for change in new.changes] == [
        "mirror: it began with 10 % on 2026-11-20; begin with 1 % for 48 h"
    ]
    assert looked(tmp_path, log(10), log(10), mirror={"share": 10, "since": "2026-11-01"}).run.state == "pass"
    assert looked(tmp_path, log(10), log(10), mirror={"share": 1, "since": "2026-11-20"}).run.state == "pass"
    old = looked(tmp_path, log(10), log(10), replay={"recorded": "2026-09-01"})
    assert [change.path for change in old.changes] == ["how/replay"]
    assert "80 days ago" in old.changes[0].title
    assert old.run.notes == ("the replay has no throttle: it says nothing about capacity",)
    fresh = looked(tmp_path, log(10), log(10), replay={"recorded": "2026-11-01", "throttle": "50/s"})
    assert (fresh.run.state, fresh.run.notes) == ("pass", ())


@pytest.mark.parametrize(
    ("text", "route", "reads", "minute", "seconds", "upstream"),
    [
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET /a?x=1 HTTP/1.0" 200 2326', "GET /a", True, 16_186_855, None, None),
        (line(1, times=" 0.120 0.100"), "GET /", True, 29_919_481, 0.12, 0.1),
        (line(1, times=' rt=1.5 urt="0.5"'), "GET /", True, 29_919_481, 1.5, 0.5),
        (json.dumps({"ts": 1_795_168_860.5, "request": {"method": "PUT", "uri": "/a/77"}, "duration": 0.2, "status": 204}),
         "PUT /a/*", False, 29_919_481, 0.2, None),
        (json.dumps({"time": "2026-11-20T10:01:00Z", "request": "GET /b HTTP/2", "duration_ms": 20}),
         "GET /b", True, 29_919_481, 0.02, None),
        (json.dumps({"@timestamp": "2026-11-20T10:01:00+01:00", "method": "get", "url": "https://h/c", "request_time": "0.5"}),
         "GET /c", True, 29_919_421, 0.5, None),
    ],
)  # fmt: skip
def test_lines(text, route, reads, minute, seconds, upstream):
    entry = entry_of(text.encode())
    assert entry is not None
    assert (entry.route, entry.reads, entry.minute) == (route, reads, minute)
    assert (entry.seconds, entry.upstream) == (seconds, upstream)


@pytest.mark.parametrize(
    "text",
    ["", "# Fields: date time", "{", "{}", "[]", '{"method": 1}', '{"time": "then", "method": "GET", "path": "/"}', "\x1b[31m", '{"request": null}',
     '- - - [99/Nov/2026:10:01:05 +0000] "GET / HTTP/1.1" 200 1'],
)  # fmt: skip
def test_lines_that_are_no_requests(text):
    assert entry_of(text.encode()) is None


def test_files_that_are_no_logs(tmp_path):
    found = looked(tmp_path, "one\ntwo\x1b[2J\n", log(10))
    assert found.run.state == "error" and "most lines are no requests" in found.run.why
    few = looked(tmp_path, log(10), line(1) + "\n")
    assert few.run.state == "error" and "too few" in few.run.why
    noted = looked(tmp_path, "# a comment\n" + log(10), log(10))
    assert noted.run.notes == ("staging.log: 1 lines are no requests, and were left out",)


def test_of_a_huge_log_the_newest_lines_are_read(tmp_path):
    old = line(1, path="/old", agent="x" * 900) + "\n"
    found = looked(tmp_path, old * 9_000 + log(10), log(10))
    assert found.run.state == "fail" and found.run.compared
    paths = [change.path for change in found.changes]
    assert "mix/GET /old" in paths


def test_figures():
    from collections import Counter

    assert busiest(Counter({1: 10, 2: 10, 3: 10, 4: 10, 5: 120})) == 12
    assert busiest(Counter({1: 10, 2: 200})) is None
    assert overlap({"a": 0.5, "b": 0.5}, {"a": 0.8, "c": 0.2}) == 0.5
    empty = traffic_of([])
    assert (empty.requests, empty.bursts, empty.slow) == (0, None, None)
    assert is_table(TABLE.encode()) and not is_table(log(3).encode())
    assert [entry.count for entry in rows_of(b"route;requests\nGET /a;5\nPOST /a;1.5\n", "t")] == [5, 1.5]
    mixed = traffic_of(rows_of(b"route;requests\nGET /a;5\nPOST /a;5\n", "t"))
    assert mixed.writes == 0.5


def test_days_have_to_be_days():
    config = TrafficProbe(
        staging="a",
        production="b",
        mirror=Mirror(share=1, since="soon"),
        replay=Replay(recorded="2026-13-01"),
    )
    assert [doubt.field for doubt in doubts(config, None)] == ["mirror", "replay"]
    assert doubts(TrafficProbe(staging="a", production="b"), None) == []
