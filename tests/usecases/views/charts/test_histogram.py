"""Two histograms in one drawing: by shape alone one sees what they share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.benchmarks.charted import Histograms
from workbench.usecases.views.charts.histogram import LEAST_HEIGHT, LEAST_WIDTH, histogram_lines
from workbench.usecases.views.pieces import plain, width_of


def two(staging: tuple[int, ...], production: tuple[int, ...]) -> Histograms:
    """Buckets of 0.1 s, their medians and tails at round places."""
    return Histograms(
        unit="s",
        edges=tuple(number / 10 for number in range(len(staging) + 1)),
        staging=staging,
        production=production,
        staging_p50=0.25,
        staging_p99=0.38,
        production_p50=0.15,
        production_p99=0.33,
        overlap=0.6,
    )


def test_what_both_have_is_solid_and_the_rest_is_told_apart() -> None:
    lines = plain(histogram_lines(two((0, 10, 10, 0), (0, 10, 0, 10)), 70, 10)).splitlines()
    bottom = lines[6][12:]
    each = 14  # cells of a bucket
    assert set(bottom[each + 1 : 2 * each - 1]) == {"⣿"}  # both
    assert not set(bottom[2 * each + 1 : 3 * each - 1]) & {"⣿", " "}  # only staging: every other dot
    assert bottom[3 * each + 2 : 4 * each - 4].strip("⠀ ") == ""  # only production: an outline


def test_percentiles_stand_under_their_places() -> None:
    lines = plain(histogram_lines(two((1, 4, 5, 2), (3, 5, 1, 0)), 92, 12)).splitlines()
    staging, production = lines[-2:]
    assert staging.strip().startswith("staging") and "╵p50 0.25 s" in staging and "p99 0.38 s" in staging
    assert production.strip().startswith("production") and "p99 0.33 s" in production
    assert production.index("╵p50") < staging.index("╵p50")
    assert "0 s" in lines[-3] and "0.2" in lines[-3]


def test_unequal_numbers_of_samples_are_drawn_by_their_shares() -> None:
    few, many = two((1, 2, 1, 0), (1, 2, 1, 0)), two((1, 2, 1, 0), (100, 200, 100, 0))
    assert plain(histogram_lines(few, 80, 12)) == plain(histogram_lines(many, 80, 12))


def test_nothing_is_drawn_of_nothing_or_without_room() -> None:
    assert histogram_lines(two((0, 0), (0, 0)), 80, 20) == []
    assert histogram_lines(two((1, 2), (2, 1)), LEAST_WIDTH - 1, 20) == []
    assert histogram_lines(two((1, 2), (2, 1)), 80, LEAST_HEIGHT - 1) == []


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=60),
    st.integers(LEAST_WIDTH, 200),
    st.integers(LEAST_HEIGHT, 60),
)
def test_any_counts_fit_into_any_room(counts: list[tuple[int, int]], width: int, height: int) -> None:
    staging, production = zip(*counts, strict=True)
    lines = histogram_lines(two(staging, production), width, height)
    assert len(lines) == (height if any(staging) or any(production) else 0)
    assert all(width_of(line) <= width for line in lines)
