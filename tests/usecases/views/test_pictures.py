"""Which picture of a benchmark comes first, and what stands above it."""

from __future__ import annotations

from datetime import UTC

import msgspec
from tests.usecases.views.charts.test_control import VALUES, chart_of
from tests.usecases.views.charts.test_histogram import two

from workbench.usecases.views.pictures import builds_title, samples_title


def test_a_control_chart_says_from_how_many_its_limits_are() -> None:
    chart = chart_of(*VALUES, states={2: "invalid"})
    assert builds_title(chart, 0, UTC) == "control chart: 12 measurements since 1 Sep, limits from 10 of them"
    logarithmic = msgspec.structs.replace(chart, scale="log")
    assert builds_title(logarithmic, 0, UTC).startswith("control chart, logarithmic: ")


def test_without_limits_the_measurements_are_counted() -> None:
    chart = msgspec.structs.replace(chart_of(*VALUES), limits=None)
    assert builds_title(chart, 0, UTC) == "12 measurements since 1 Sep"
    assert builds_title(chart, 2, UTC) == "the latest 10 of 12 measurements"


def test_an_overlap_stands_beside_what_two_equal_ones_would_have() -> None:
    found = msgspec.structs.replace(
        two((2000, 4000), (5000, 4000)), overlap=0.777, own_overlap=0.85, basis="raw"
    )
    assert samples_title(found) == "samples: overlap 78 % (two equal ones: 85 %)"


def test_what_is_no_single_observation_says_what_it_is() -> None:
    found = msgspec.structs.replace(two((1, 2), (2, 1)), basis="averaged")
    assert samples_title(found).startswith("averages: overlap 60 %")
    assert samples_title(msgspec.structs.replace(found, basis="raw and buckets")).startswith(
        "raw and buckets: "
    )
