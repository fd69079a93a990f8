"""A difference as a sentence of the parity statement: read aloud, nothing said twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.definitions.shapes import Probe
from workbench.parity.claims import Topic
from workbench.probes.runs import KeptScore
from workbench.usecases.ground_rows import difference_sentence, score_row

PROBE = Probe(key="reference", kind="same_queries")


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


@pytest.mark.parametrize(
    ("value", "limit", "sentence"),
    [
        ("0.94962", "0.95", "Data consistency is 94.9 %, under its limit of 95 %."),
        ("0.99948", "0.9995", "Data consistency is 99.94 %, under its limit of 99.95 %."),
        ("0.95", "0.95", "Data consistency is 95 %, within its limit of 95 %."),
    ],
)
def test_a_score_under_its_limit_never_looks_like_it(value: str, limit: str, sentence: str) -> None:
    score = KeptScore(key="data_consistency", value=Decimal(value), of=100, limit=Decimal(limit))
    assert score_row(PROBE, score, Topic.DATA_FIDELITY).sentence == sentence
