"""A difference as a sentence of the parity statement: read aloud, nothing said twice."""

from __future__ import annotations

import pytest

from workbench.usecases.ground_rows import difference_sentence


@pytest.mark.parametrize(
    ("title", "figures", "sentence"),
    [
        (
            "load balancer",
            {"staging": "none", "production": "two", "flows": "Payment", "decision": "accepted until 1 Dec"},
            "Load balancer (none in staging, two in production) touches Payment and is accepted until 1 Dec.",
        ),
        (
            "the column a.b is missing in staging",
            {
                "staging": "not there",
                "production": "TEXT",
                "flows": "Payment, Refund",
                "decision": "undecided",
            },
            "The column a.b is missing in staging (TEXT in production); it touches Payment and Refund, and is undecided.",
        ),
        (
            "a country answers 200 in staging, 422 in production",
            {
                "staging": "200",
                "production": "422",
                "decision": "mitigated",
                "reason": "replayed each night.",
            },
            "A country answers 200 in staging, 422 in production; it is mitigated: replayed each night.",
        ),
    ],
)
def test_a_difference_is_one_sentence(title: str, figures: dict[str, str], sentence: str) -> None:
    assert difference_sentence(title, figures) == sentence
