"""What is kept about a benchmark, read in one go."""

from __future__ import annotations

import struct
from datetime import timedelta
from pathlib import Path

from tests import building as build

from workbench.environments.model import Occupancy
from workbench.usecases import environments
from workbench.usecases.context import Context
from workbench.usecases.views.material import MOST_POINTS, points_in, read_evidence, read_material


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


def test_evidence_says_what_it_is_and_what_is_missing(shop: Context) -> None:
    digest = read_material(shop, "checkout-p95").history[0][0].evidence[0]
    text, kind = read_evidence(shop, digest)
    assert text and "bytes" in kind
    assert read_evidence(shop, "0" * 64) == ("", "this evidence is not in the record")


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
