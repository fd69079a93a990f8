"""What is kept about a benchmark, read in one go."""

from __future__ import annotations

import struct

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
