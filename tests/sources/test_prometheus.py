"""Prometheus over real sockets: every shape that a server may answer with."""

from __future__ import annotations

import gzip
import json
from array import array
from datetime import timedelta
from decimal import Decimal

import pytest

from workbench.sources.prometheus import api, value
from workbench.sources.prometheus.answer import decode

from .support import (
    AT,
    ask,
    body,
    buildinfo_or,
    prometheus,
    question,
    vector,
)


def asked_for(serve, answer, *, config=None, tuning=None, **more):
    server = serve(buildinfo_or(answer if callable(answer) else lambda _: answer))
    return ask([prometheus(server.url, **(config or {}))], [question(**more)], tuning=tuning)


def test_a_number_arrives_as_the_server_wrote_it(serve):
    fetched = asked_for(serve, vector(({}, "0.1234567890123456789")), unit="s")
    assert fetched.one.state == "ok"
    assert fetched.one.value == Decimal("0.1234567890123456789")
    assert fetched.one.measured_at == AT
    assert fetched.one.unit == "s"
    assert fetched.batches[0].server == "Prometheus 2.42.0"
    (blob,) = fetched.batches[0].blobs
    assert fetched.one.evidence == (blob.digest,)
    assert b"0.1234567890123456789" in blob.data
    assert (fetched.summary.asked, fetched.summary.ok) == (1, 1)


def test_the_query_goes_as_a_form_with_the_moment_and_the_headers(serve):
    seen = []

    def answer(asked):
        seen.append(asked)
        return vector(({}, "1"))

    asked_for(
        serve,
        answer,
        config={"tenant": "team-a"},
        query='x{env="$environment"}[$window]',
        environment="staging",
        window=timedelta(minutes=90),
    )
    (asked,) = seen
    assert (asked.method, asked.path) == ("POST", "/api/v1/query")
    assert asked.form == {"query": 'x{env="staging"}[1h30m]', "time": f"{AT.timestamp():.3f}"}
    assert asked.headers["x-scope-orgid"] == "team-a"


@pytest.mark.parametrize(("text", "why"), [("NaN", "NaN"), ("+Inf", "+Inf"), ("-Inf", "-Inf")])
def test_what_is_no_number_is_missing(serve, text, why):
    reading = asked_for(serve, vector(({}, text))).one
    assert (reading.state, reading.value) == ("missing", None)
    assert why in reading.why


def test_an_empty_result_is_missing_and_never_zero(serve):
    reading = asked_for(serve, vector()).one
    assert (reading.state, reading.value) == ("missing", None)
    assert "no series" in reading.why


def test_several_series_name_the_labels_that_differ(serve):
    series = [({"env": "staging", "pod": f"p{i}"}, "1") for i in range(5)]
    reading = asked_for(serve, vector(*series)).one
    assert reading.state == "error"
    assert "5 series" in reading.why
    assert "pod (p0, p1, p2, …)" in reading.why
    assert "sum by (env)" in reading.why


def test_scalar_string_range_and_native_histogram(serve):
    def of(kind, result):
        return body({"status": "success", "data": {"resultType": kind, "result": result}})

    t = AT.timestamp()
    assert asked_for(serve, of("scalar", [t, "7"])).one.value == Decimal(7)
    assert "a text" in asked_for(serve, of("string", [t, "7"])).one.why
    ranged = of("matrix", [{"metric": {}, "values": [[t, "1"], [t, "+Inf"]]}])
    assert "avg_over_time" in asked_for(serve, ranged).one.why
    native = of("vector", [{"metric": {}, "histogram": [t, {"count": "3", "sum": "1", "buckets": []}]}])
    assert "native histogram" in asked_for(serve, native).one.why


def test_warnings_make_a_partial_answer_and_infos_a_note(serve):
    warned = asked_for(serve, vector(({}, "1"), warnings=["store gone"], infos=["not a counter?"])).one
    assert (warned.state, warned.partial) == ("ok", "store gone")
    assert warned.facts["note"] == "not a counter?"
    noted = asked_for(serve, vector(({}, "1"), infos=["not a counter?"])).one
    assert (noted.state, noted.partial, noted.facts["note"]) == ("ok", None, "not a counter?")


def test_a_server_that_says_that_its_answer_is_partial_is_believed(serve):
    reading = asked_for(serve, vector(({}, "3.5"), isPartial=True)).one
    assert (reading.state, reading.value) == ("ok", Decimal("3.5"))
    assert reading.partial == value.IS_PARTIAL
    assert asked_for(serve, vector(({}, "3.5"), isPartial=False)).one.partial is None


@pytest.mark.parametrize("more", [{"isPartial": True}, {"warnings": ["store gone"]}])
def test_a_measure_may_refuse_a_partial_answer(serve, more):
    reading = asked_for(serve, vector(({}, "3.5"), **more), partial="refuse").one
    assert (reading.state, reading.value) == ("error", None)
    assert "partial, which this measure refuses" in reading.why


@pytest.mark.parametrize("status", [403, 405, 501])
def test_where_only_get_is_let_through_the_query_goes_in_the_address(serve, status):
    server = serve(
        buildinfo_or(lambda asked: vector(({}, "3.5")) if asked.method == "GET" else (status, {}, b"no"))
    )
    fetched = ask([prometheus(server.url)], [question(subject=f"b{n}", query="a+b{c='ü'}") for n in range(3)])
    assert [reading.value for reading in fetched.readings] == [Decimal("3.5")] * 3
    queries = [asked.params["query"] for asked in server.asked if asked.method == "GET" and asked.params]
    assert queries == ["a+b{c='ü'}"] * 3


def test_a_refusal_of_both_ways_is_a_refusal(serve):
    assert "refuses us (status 403)" in asked_for(serve, (403, {}, b"no")).one.why


@pytest.mark.parametrize(
    ("query", "words", "wrong"),
    [
        ("histogram_quantile(0.95, sum(rate(x_bucket[5m])))", "sum by (le)", True),
        ("histogram_quantile(0.95, sum by (flow) (rate(x_bucket[5m])))", "sum by (le)", True),
        ("histogram_quantile(0.95, sum without (le, pod) (rate(x_bucket[5m])))", "sum by (le)", True),
        ("histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))", "there is no data", False),
        ("histogram_quantile(0.95, sum(rate(x_bucket[5m])) by (flow, le))", "there is no data", False),
        ("histogram_quantile(0.95, sum without (pod) (rate(x_bucket[5m])))", "there is no data", False),
        ("histogram_quantile(0.95, sum(rate(native[5m])))", "there is no data", False),
        ("histogram_quantile(0.95, rate(x_bucket[5m]))", "there is no data", False),
        ('sum(rate(x{code=~"5.."}[5m])) / sum(rate(x[5m]))', "or vector(0)", True),
        ("(sum(rate(x[5m])) or vector(0)) / sum(rate(x[5m]))", "there is no data", False),
        ('up{path="/a/b"} # a/b', "there is no data", False),
    ],
)
def test_no_series_is_told_with_its_usual_reason(serve, query, words, wrong):
    reading = asked_for(serve, vector(), query=query).one
    assert reading.state == "missing" and "no series" in reading.why and words in reading.why
    assert ("edit" in reading.facts) == wrong


@pytest.mark.parametrize(
    ("answer", "edit"),
    [
        (vector(({"a": "1"}, "1"), ({"a": "2"}, "1")), "query"),
        (body({"status": "error", "errorType": "bad_data", "error": "parse error"}, 400), "query"),
        (body({"status": "error", "errorType": "timeout", "error": "too slow"}, 503), None),
        (body({"status": "error", "errorType": "internal", "error": "disk"}, 500), None),
        ((200, {}, b"<html>"), None),
    ],
)
def test_a_question_that_has_to_be_changed_says_so(serve, answer, edit):
    assert asked_for(serve, answer).one.facts.get("edit") == edit


def test_a_variable_that_nothing_fills_has_to_be_changed(serve):
    assert asked_for(serve, vector(), query="x{e='$enviroment'}").one.facts["edit"] == "query"


def test_the_servers_words_for_a_wrong_query_are_made_safe(serve):
    answer = body({"status": "error", "errorType": "bad_data", "error": "parse \x1b[31merror\n at 1:2"}, 400)
    reading = asked_for(serve, answer).one
    assert reading.state == "error"
    assert "parse ·[31merror  at 1:2" in reading.why


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {"Content-Type": "text/plain"}, b"404 page not found\n"), "no Prometheus API"),
        ((200, {"Content-Type": "text/html"}, b"<html>log in</html>"), "a web page came"),
        ((200, {"Content-Type": "application/json"}, b'{"status":"succ'), "garbled"),
        ((200, {"Content-Type": "application/json"}, b"[" * 100_000), "another form"),
        ((200, {"Content-Type": "application/json"}, b""), "answered with nothing"),
        ((200, {"Content-Type": "application/json"}, b"\xff\xfe{}"), "garbled"),
        ((200, {"Content-Encoding": "gzip"}, b"no gzip at all"), "decompressed"),
        (body({"status": "success", "data": {"resultType": "odd", "result": []}}), "another form"),
        (body({"status": "success"}), "no result"),
        (body({"message": "no"}, 401), "refuses us"),
        (vector(({}, "twelve")), "“twelve”"),
        (vector(({}, "1"), at=AT + timedelta(minutes=3)), "after the moment"),
    ],
)
def test_an_unusable_answer_costs_its_own_question_only(serve, answer, words):
    reading = asked_for(serve, answer).one
    assert (reading.state, reading.value) == ("error", None)
    assert words in reading.why


def test_a_clock_two_minutes_ahead_is_accepted(serve):
    assert asked_for(serve, vector(({}, "1"), at=AT + timedelta(minutes=2))).one.state == "ok"


def test_gzip_and_a_wrong_content_type_do_not_matter(serve):
    _, _, data = vector(({}, "3"))
    answer = (200, {"Content-Encoding": "gzip", "Content-Type": "text/plain"}, gzip.compress(data))
    assert asked_for(serve, answer).one.value == Decimal(3)


def test_samples_are_counted_and_nothing_observed_is_none_of_them(serve):
    def answer(asked):
        query = asked.form["query"]
        return (
            vector(({}, "12.7")) if query == "count" else vector() if query == "empty" else vector(({}, "1"))
        )

    assert asked_for(serve, answer, samples="count").one.samples == 12
    assert asked_for(serve, answer, samples="empty").one.samples == 0
    assert asked_for(serve, answer).one.samples is None


def test_the_trend_is_split_where_the_server_would_refuse_it(serve):
    steps = []

    def answer(asked):
        if asked.path.endswith("/query"):
            return vector(({}, "1"))
        start, end, step = (float(asked.form[name]) for name in ("start", "end", "step"))
        steps.append((end - start) / step)
        values = [[start, "1.5"], [start + step, "NaN"], [end, "+Inf"], [end, "2"]]
        return body(
            {
                "status": "success",
                "data": {"resultType": "matrix", "result": [{"metric": {}, "values": values}]},
            }
        )

    reading = asked_for(serve, answer, trend="7d", trend_step="15s").one
    assert len(steps) == 5 and max(steps) < 11_000
    assert reading.trend is not None
    numbers = array("d", reading.trend)
    assert list(numbers[1::2]) == [1.5, 2.0] * 5
    assert list(numbers[::2]) == sorted(numbers[::2])
    assert len(reading.evidence) == 6


def test_ranges_cover_every_step_once():
    start, end = AT - timedelta(seconds=50_000), AT
    pieces = api.ranges(start, end, 1)
    seen = [a + timedelta(seconds=i) for a, b in pieces for i in range(int((b - a).total_seconds()) + 1)]
    assert seen == [start + timedelta(seconds=i) for i in range(50_001)]


def test_the_build_that_runs_is_asked_once_per_environment(serve):
    asked_builds = []

    def answer(asked):
        if asked.form["query"].startswith("build"):
            asked_builds.append(asked.form["query"])
            return vector(({"commit": "abc123"}, "1"))
        return vector(({}, "1"))

    server = serve(buildinfo_or(answer))
    questions = [
        question(subject=f"b{i}", environment="staging", build_query='build_info{env="$environment"}')
        for i in range(5)
    ]
    fetched = ask([prometheus(server.url)], questions)
    assert {reading.build for reading in fetched.readings} == {"abc123"}
    assert asked_builds == ['build_info{env="staging"}']


def test_a_large_answer_is_decoded_in_pieces(serve, monkeypatch):
    t = AT.timestamp()
    values = [[t - i, "+Inf" if i == 7 else str(i)] for i in range(3000)]
    data = {"resultType": "matrix", "result": [{"metric": {"a": "b"}, "values": values}]}
    whole = json.dumps({"status": "success", "data": data, "warnings": ["w"]}).encode()
    at_once = decode(whole)
    monkeypatch.setattr("workbench.sources.prometheus.answer._PIECE", 1000)
    in_pieces = decode(whole)
    assert at_once == in_pieces
    assert len(array("d", in_pieces.points)) == 6000

    def answer(asked):
        return vector(({}, "5")) if asked.path.endswith("/query") else (200, {}, whole)

    reading = asked_for(serve, answer, trend="1h").one
    assert reading.value == Decimal(5)
    assert reading.trend is not None and len(reading.trend) == 16 * 2999


def test_garbage_is_garbled_not_a_crash():
    assert decode(b"{" * 100_000).garbled


@pytest.mark.parametrize("kind", ["vector", "matrix"])
def test_of_very_many_series_the_first_are_told_apart(kind):
    result = [{"metric": {"n": str(n)}, "value": [1, "2"], "values": [[1, "2"]]} for n in range(5000)]
    found = decode(json.dumps({"status": "success", "data": {"resultType": kind, "result": result}}).encode())
    assert (found.kind, found.total, len(found.samples)) == (kind, 5000, 200)
    assert found.samples[199].labels == {"n": "199"}


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ("[]", []),
        ('[[1,"2"],[3.5,"-4e-3"]]', [1, 2, 3.5, -0.004]),
        ('[ [1, "2"],\n[3, "4"] ]', [1, 2, 3, 4]),
        ('[[1,"-Inf"],[2,"+Inf"]]', [1, float("-inf"), 2, float("inf")]),
        ('[[1,"2",3],["4"]]', None),
        ('[[1,"2","3"],["4"]]', None),
        ('[[1],["2"]]', None),
        ('[[[1],"2"]]', None),
        ('[["1",2]]', [1, 2]),
        ('["1",[2]]', None),
        ('[[1,"x"]]', None),
        ("7", None),
    ],
)
@pytest.mark.parametrize("piece", [1, 2**18])
def test_points_of_a_range(values, numbers, piece, monkeypatch):
    monkeypatch.setattr("workbench.sources.prometheus.answer._PIECE", piece)
    result = f'[{{"metric":{{}},"values":{values}}}]'
    found = decode(f'{{"status":"success","data":{{"resultType":"matrix","result":{result}}}}}'.encode())
    assert bool(found.garbled) == (numbers is None)
    assert list(array("d", found.points)) == (numbers or [])


@pytest.mark.parametrize(
    "text", ["1e999999999", "-1e99999999999", "9" * 5000, "1_0", "١٢", "0." + "1" * 61, "1e-400", "", "0x1p4"]
)
def test_a_number_that_nobody_can_mean_costs_its_own_question_only(serve, text):
    reading = asked_for(serve, vector(({}, text))).one
    assert (reading.state, reading.value) == ("error", None)
    assert "is not a number" in reading.why and len(reading.why) < 300


@pytest.mark.parametrize(
    "text", ["0." + "0" * 90 + "1", "1" + "0" * 90, "1e-7", "1e+21", "123456789012345678901234567890"]
)
def test_numbers_as_servers_write_them_in_full_are_read(serve, text):
    assert asked_for(serve, vector(({}, text))).one.value == Decimal(text)


def test_more_observations_than_a_record_can_count_are_very_many(serve):
    server = serve(buildinfo_or(lambda asked: vector(({}, "1e50" if asked.form["query"] == "n" else "1"))))
    assert ask([prometheus(server.url)], [question(samples="n")]).one.samples == 2**53 - 1
