"""Files of samples: whatever stands in them, they go with a value or are refused in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop

SMALL = b"# selection: half\n0.25\n0.5\n\n1e-3\n-0\n0.125\n"


@SOME
@given(odd.bytes_of([SMALL]), st.sampled_from(("p95", "mean", "share above 1", "0.4", "p50")))
def test_samples(data: bytes, value: str) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "own.txt").write_bytes(data)
    file = str(place.root / "own.txt")
    place.survives("benchmark", "enter", "checkout-p95", value, "--samples-file", file, "--note", "seen")
    place.survives(
        "try",
        "not worse than baseline",
        "--better",
        "lower",
        "--value",
        "1",
        "--samples",
        file,
        "--baseline-samples",
        file,
    )
    place.survives("benchmark", "show", "checkout-p95")
