"""What stands behind a value of Prometheus: slices of a range, and histograms."""

from __future__ import annotations

from array import array
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from workbench.model.histograms import Histogram
from workbench.model.kinds import Asked, Place
from workbench.sources.prometheus import KIND, PrometheusMeasure
from workbench.sources.prometheus.behind import percentile_in
from workbench.sources.reading import Reading

from .support import AT, ask, body, buildinfo_or, prometheus, question, vector

HOUR = timedelta(hours=1)
BUCKETS = 'sum by (le) (increase(request_seconds_bucket{env="$environment"}[$window]))'
SOME = (({"le": "0.1"}, "10"), ({"le": "0.5"}, "40.5"), ({"le": "+Inf"}, "42"))


def matrix(values: list[list[Any]]) -> Any:
    series = [{"metric": {}, "values": values}]
    return body({"status": "success", "data": {"resultType": "matrix", "result": series}})


def found(serve: Any, behind: Any, **more: Any) -> Reading:
    """The answer where ``1`` is the value and ``behind`` answers what is asked beside it."""
    asked: list[dict[str, str]] = []

    def answer(request: Any) -> Any:
        asked.append(request.form)
        if len(asked) == 1:
            return vector(({}, "1"))
        return behind(request) if callable(behind) else behind

    server = serve(buildinfo_or(answer))
    more = {"window": HOUR, "environment": "staging", "unit": "s"} | more
    return ask([prometheus(server.url)], [question("f[$window]", **more)]).one


def test_each_slice_of_the_window_is_one_sample(serve):
    forms = []

    def behind(request):
        forms.append(request.form)
        start, step = float(request.form["start"]), float(request.form["step"])
        return matrix([[start, "0.5"], [start + step, "NaN"], [start + 2 * step, "0.25"]])

    reading = found(serve, behind, slices="20min")
    assert (reading.state, reading.basis, reading.samples) == ("ok", "averaged", 2)
    assert reading.data == array("d", [0.5, 0.25]).tobytes()
    assert reading.facts["slices"] == "2 of 3 slices had data"
    (form,) = forms
    assert (form["query"], form["step"]) == ("f[20m]", "1200")
    # The first slice begins where the window does: none overlaps another, and none lies outside.
    assert float(form["end"]) == AT.timestamp() and float(form["start"]) == AT.timestamp() - 2400


def test_observations_that_are_counted_go_before_the_number_of_slices(serve):
    reading = found(
        serve, lambda request: vector(({}, "480")) if "count" in request.form["query"] else matrix([[1, "2"]]),
        samples="count", slices="1min",
    )  # fmt: skip
    assert (reading.samples, reading.data) == (480, array("d", [2.0]).tobytes())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"slices": "2h"}, "no usable number of slices"),
        ({"slices": "1min", "window": None}, "needs a window"),
    ],
)
def test_slices_that_do_not_fit(serve, more, words):
    reading = found(serve, matrix([]), **more)
    assert reading.data is None
    if more.get("window", HOUR) is None:
        assert reading.state == "error"  # the query itself needs the window
    else:
        assert (reading.state, reading.basis) == ("ok", "") and words in reading.facts["slices"]


def test_the_buckets_of_a_histogram(serve):
    reading = found(serve, vector(*SOME), histogram=BUCKETS)
    assert (reading.basis, reading.samples) == ("buckets", 42)
    assert msgspec.json.decode(reading.data or b"", type=Histogram) == Histogram((0.1, 0.5), (10, 30.5, 1.5))


def test_the_bounds_are_in_the_unit_of_the_value(serve):
    reading = found(serve, vector(*SOME), histogram=BUCKETS, unit="ms")
    assert msgspec.json.decode(reading.data or b"", type=Histogram).bounds == (100, 500)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (vector(), "gives no series"),
        (vector(({"le": "0.1"}, "1")), "none up to +Inf"),
        (vector(({"le": "x"}, "1")), "something else than one number for each bucket"),
        (vector(({"le": "1"}, "NaN"), ({"le": "+Inf"}, "1")), "something else"),
        (vector(({"le": "1", "pod": "a"}, "1"), ({"le": "1", "pod": "b"}, "1")), "something else"),
        (vector(({}, "1")), "something else"),
        (vector(({"le": "+Inf"}, "1")), "no histogram"),
        (matrix([[1, "2"]]), "gives no buckets"),
        ((500, {}, b"no"), "status 500"),
    ],
)
def test_what_is_no_histogram_leaves_the_value_and_says_so(serve, answer, words):
    reading = found(serve, answer, histogram=BUCKETS)
    assert (reading.state, reading.value, reading.data, reading.basis) == ("ok", 1, None, "")
    assert words in str(reading.facts["histogram"])


def test_the_selection_is_told(serve):
    reading = found(serve, vector(*SOME), histogram=BUCKETS, selection="$environment, 10 % of requests")
    assert reading.facts["selection"] == "staging, 10 % of requests"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("histogram_quantile(0.95, x)", "p95 of a histogram, as the server computes it"),
        ("1000 * histogram_quantile( .999 , x)", "p99.9 of a histogram, as the server computes it"),
        ("histogram_quantile(1, x)", "p100 of a histogram, as the server computes it"),
        ("max(x) # histogram_quantile(0.5, x)", ""),
        ("avg(x)", ""),
    ],
)
def test_which_percentile_it_is(query, words):
    assert percentile_in(query) == words


def doubts(**measure: Any) -> list[str]:
    places = tuple(Place(key, {"environment": key, "window": "1h"}) for key in ("staging", "production"))
    return [doubt.what for doubt in KIND.question_doubts(PrometheusMeasure(**measure), Asked("s", places))]


def test_what_check_proves():
    query = 'x_seconds{env="$environment"}[$window]'
    assert doubts(query=query, slices="1min") == doubts(query=query, histogram=BUCKETS) == []
    assert "not both" in doubts(query=query, slices="1min", histogram=BUCKETS)[0]
    assert "overlap or leave gaps" in doubts(query='rate(x{env="$environment"}[5m])', slices="1min")[0]
    assert "gives the same" in doubts(query=query, histogram="sum by (le) (x_bucket)")[0]
