"""Which engine answers, its native histograms, its rules."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from workbench.sources.prometheus import PrometheusMeasure
from workbench.sources.prometheus.engine import read_engine
from workbench.sources.prometheus.native import Native, histogram_of
from workbench.sources.prometheus.rules import RulesAnswer, count_firing
from workbench.sources.reading import Found, Reading

from .support import AT, Answer, Asked, ask, body, prometheus, question, vector


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"version": "2.42.0", "revision": "a", "goVersion": "go1.19.8"}, "Prometheus 2.42.0"),
        ({"version": "3.5.0"}, "Prometheus 3.5.0"),
        ({"version": "0.38.0", "revision": "b", "goVersion": "go1.23"}, "Thanos 0.38.0"),
        ({"application": "Grafana Mimir", "version": "2.17.0", "features": {}}, "Grafana Mimir 2.17.0"),
        ({}, "VictoriaMetrics"),
        ({"version": "2.24.0"}, "VictoriaMetrics"),
        ({"version": ""}, ""),
        ({"alerts": []}, ""),
    ],
)
def test_an_engine_is_known_by_what_it_tells(told: dict[str, Any], words: str) -> None:
    answer = json.dumps({"status": "success", "data": told}).encode()
    assert read_engine(answer, {}).words == words
    assert read_engine(answer, {"x-server-hostname": "vm-0"}).words == "VictoriaMetrics"


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"data":7}', b'{"version":"2.9.0"}', b"<html>"])
def test_what_tells_no_engine_tells_none(answer: bytes) -> None:
    assert read_engine(answer, {}).words == ""


def native(*buckets: tuple[str, str, str], count: str | None = None) -> Native:
    total = sum(float(number) for _, _, number in buckets)
    return Native(count or str(total), "1", [(0, *bucket) for bucket in buckets])


def test_stretches_between_buckets_are_buckets_of_nothing() -> None:
    found, outside = histogram_of(native(("0.5", "1", "3"), ("2", "4", "1")), 1000)
    assert (found.bounds, found.counts, outside) == ((500, 1000, 2000, 4000), (0, 3, 0, 1, 0), 0)
    unsorted, _ = histogram_of(native(("2", "4", "1"), ("0.5", "1", "3")), 1000)
    assert unsorted == found


def test_ends_without_a_bound_and_observations_that_are_no_number() -> None:
    found, outside = histogram_of(native(("-Inf", "0", "2"), ("0", "1", "3"), ("1", "+Inf", "4"), count="11"))
    assert (found.bounds, found.counts, outside) == ((0, 1), (2, 3, 4), 2)


@pytest.mark.parametrize(
    "buckets",
    [
        [],
        [("0", "2", "1"), ("1", "3", "1")],
        [("1", "1", "1")],
        [("0", "1", "-1")],
        [("0", "x", "1")],
        [("0", "1", "NaN")],
    ],
)
def test_what_is_no_histogram_is_refused(buckets: list[tuple[str, str, str]]) -> None:
    with pytest.raises(ValueError):
        histogram_of(Native("1", "1", [(0, *bucket) for bucket in buckets]))


def test_a_tenant_and_parameters_go_with_each_query(serve: Any) -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Answer:
        seen.append(asked)
        return vector(({}, "1"))

    config = {"tenant": "a|b", "params": {"dedup": "true"}, "headers": {"THANOS-TENANT": "c"}}
    assert ask([prometheus(serve(answer).url, **config)], [question("up")]).one.state == "ok"
    (asked,) = [one for one in seen if one.path.endswith("/query")]
    assert (asked.headers["x-scope-orgid"], asked.headers["thanos-tenant"]) == ("a|b", "c")
    assert asked.form["dedup"] == "true"


def rule(name: str = "Slow", ago: float = 10, **more: Any) -> dict[str, Any]:
    at = (AT - timedelta(seconds=ago)).isoformat()
    return {
        "type": "alerting", "name": name, "health": "ok", "lastEvaluation": at, "labels": {"severity": "page"}, "alerts": [],
    } | more  # fmt: skip


def counted(
    *rules: dict[str, Any], at: datetime = AT, wanted: dict[str, str] | None = None, **more: Any
) -> Found:
    answer = {"status": "success", "data": {"groups": [{"rules": list(rules), "interval": 30}]}, **more}
    return count_firing(msgspec.json.decode(json.dumps(answer), type=RulesAnswer), wanted or {}, at)


FIRING = [
    {"state": "firing", "labels": {}},
    {"state": "pending", "labels": {}},
    {"state": "firing", "labels": {}},
]


def test_alerts_that_fire_are_counted_and_their_rules_named() -> None:
    found = counted(rule(alerts=FIRING), rule("Down"), {"type": "recording", "name": "x"})
    assert (found.state, found.value, found.facts) == ("ok", Decimal(2), {"rules": 2, "firing": "Slow"})
    assert found.measured_at == AT - timedelta(seconds=10)
    assert counted(rule(), warnings=["a ruler is gone"]).partial == "a ruler is gone"


@pytest.mark.parametrize(
    ("rules", "wanted", "state", "words"),
    [
        ([], {}, "missing", "no alerting rules"),
        ([{"type": "recording", "name": "x"}], {}, "missing", "no alerting rules"),
        ([rule()], {"severity": "ticket"}, "missing", "severity=ticket"),
        ([rule(lastEvaluation="0001-01-01T00:00:00Z")], {}, "missing", "has not evaluated Slow yet"),
        ([rule(health="unknown", lastEvaluation="")], {}, "missing", "has not evaluated Slow yet"),
        (
            [rule(health="err", lastError="many-to-many")],
            {},
            "error",
            "could not evaluate Slow: many-to-many",
        ),
        ([rule(ago=3600)], {}, "error", "no longer evaluates Slow"),
    ],
)
def test_silence_is_no_number_where_nobody_looks(
    rules: list[dict[str, Any]], wanted: dict[str, str], state: str, words: str
) -> None:
    found = counted(*rules, wanted=wanted)
    assert (found.state, found.value) == (state, None) and words in found.why


def test_alerts_are_asked_of_the_list_of_rules(serve: Any) -> None:
    def answer(asked: Asked) -> Answer:
        groups = [{"rules": [rule(labels={"env": "staging"}, alerts=FIRING)], "interval": 30}]
        return body(
            {"status": "success", "data": {"groups": groups if asked.path.endswith("/rules") else []}}
        )

    asked = msgspec.structs.replace(
        question("up", environment="staging"), ask=PrometheusMeasure(alerts={"env": "$environment"})
    )
    reading: Reading = ask([prometheus(serve(answer).url)], [asked]).one
    assert (reading.state, reading.value) == ("ok", Decimal(2)) and reading.evidence


@pytest.mark.parametrize("asked_for", ["samples", "histogram", "slices"])
def test_what_stands_behind_a_value_may_be_partial_too(serve: Any, asked_for: str) -> None:
    points = [[AT.timestamp() - 60 * n, "1"] for n in range(3)]
    matrix = {"resultType": "matrix", "result": [{"metric": {}, "values": points}]}
    warned = {"status": "success", "warnings": ["store-2 is gone"]}

    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/query_range"):
            return body({**warned, "data": matrix})
        if asked.form.get("query") == "behind":
            return vector(({"le": "1"}, "2"), ({"le": "+Inf"}, "3"), warnings=["store-2 is gone"])
        return (
            vector(({}, "1"), warnings=["store-2 is gone"])
            if asked.form.get("query") == "n"
            else vector(({}, "1"))
        )

    url = serve(answer).url
    more = {"samples": "n", "histogram": "behind", "slices": "1min"}[asked_for]

    def reading(**others: str) -> Reading:
        measure = {asked_for: more, **others}
        return ask([prometheus(url)], [question("up", window=timedelta(minutes=3), **measure)]).one

    assert (reading().state, reading().partial) == ("ok", "store-2 is gone")
    assert reading(partial="refuse").state == "error"


def test_variables_of_grafana_are_told_apart(serve: Any) -> None:
    reading = ask([prometheus(serve(lambda _: vector()).url)], [question("rate(x[$__rate_interval])")]).one
    assert reading.state == "error" and "variable of Grafana's: write $window" in reading.why
