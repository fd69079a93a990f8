"""What is kept about a benchmark, read in one go."""

from __future__ import annotations

import struct
from datetime import timedelta
from pathlib import Path

from tests import building as build

from workbench.environments.model import Occupancy
from workbench.usecases import environments
from workbench.usecases.context import Context
from workbench.usecases.views.material import (
    MOST_POINTS,
    points_in,
    read_material,
    read_samples,
)


def test_a_course_leaves_out_what_is_no_number_and_is_thinned_to_its_end() -> None:
    pairs = [(float(n), float(n % 7)) for n in range(5000)]
    data = struct.pack(f"<{len(pairs) * 2}d", *(number for pair in pairs for number in pair))
    points = points_in(data + struct.pack("<2d", 6000.0, float("nan")) + b"cut off")
    assert len(points) <= MOST_POINTS + 1
    assert points[0] == pairs[0] and points[-1] == pairs[-1]
    assert points_in(b"") == () and points_in(b"short") == ()


def test_a_benchmark_comes_with_its_measurements_and_the_names_of_their_candidates(shop: Context) -> None:
    found = read_material(shop, "checkout-p95")
    newest, gone = found.history[0]
    assert gone is None and found.candidates[newest.candidate or ""].startswith("2.14.0 rc")
    assert len(found.staging) > 2 and found.staging == tuple(sorted(found.staging))


def sampled(context: Context, data: bytes, basis: str) -> dict[str, str]:
    ref = build.measured(context, "p95", "0.5", data=data, basis=basis)
    item = next(item for item, _ in read_material(context, "p95").history if item.ref == ref)
    return {fact.label: fact.text for fact in read_samples(context, item)}


def test_samples_are_summed_up_and_the_first_of_them_shown(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        numbers = [float(number) for number in range(1, 502)]
        found = sampled(shop, struct.pack("<501d", *numbers), "raw")
        assert (found["Kind"], found["Count"], found["p50"]) == ("single observations", "501", "251 s")
        assert (found["Least"], found["Greatest"]) == ("1 s", "501 s")
        assert found["As measured"].startswith("1, 2, 3,") and found["As measured"].endswith("and 301 more")
        found = sampled(shop, struct.pack("<2d", 0.25, 0.5), "averaged")
        assert found["Kind"].startswith("averages") and found["As measured"] == "0.25, 0.5"


def test_of_a_histogram_the_buckets_are_shown(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        found = sampled(shop, b'{"bounds":[0.1,0.5],"counts":[3,4000,1]}', "buckets")
        assert list(found.values())[1:] == ["3", "4,000", "1"]
        assert "up to 0.1 s" in found and "above 0.5 s" in found


def test_a_measurement_without_samples_has_none_to_show(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        build.measured(shop, "p95", "0.5")
        item, _ = read_material(shop, "p95").history[0]
        assert read_samples(shop, item) == []


def test_a_measurement_that_overlaps_another_teams_work_is_marked_in_the_history(tmp_path: Path) -> None:
    with build.shop(tmp_path) as context:
        build.figures(context)
        assert not read_material(context, "p95").disturbed
        occupancy = Occupancy(
            environment="staging", who="payments", why="a load test", begins=context.now - timedelta(hours=1), by="kim"
        )  # fmt: skip
        environments.occupy(context, occupancy)
        kept = read_material(context, "p95")
        (ref,) = kept.disturbed
        assert kept.disturbed[ref] == "measured while payments used staging (a load test)"
        assert next(item for item, _ in kept.history if item.ref == ref).role == "value"
