"""The parity statement counts and names, and claims nothing else."""

from __future__ import annotations

import msgspec
from tests.notes.sample import at, parity

from workbench.definitions.shapes import Severity
from workbench.notes.model import Count, Parity
from workbench.notes.moments import Moments
from workbench.notes.statement import EMPTY, UNJUDGED, statement
from workbench.parity.decisions import Decision

UTC = Moments("UTC")


def test_an_empty_map_is_not_taken_for_parity() -> None:
    assert statement(Parity(), (), UTC) == (EMPTY, "The map has not been reviewed for this release.")


def test_a_decision_that_has_ended_is_undecided_again() -> None:
    said = statement(parity(), parity().gaps, UTC)
    assert said[1].startswith("High severity, undecided: payment gateway")
    assert "load balancer (none in staging), undecided again: “accepted” ended on 10 Sep 2026" in said[1]
    assert not [text for text in said if text.startswith("Grave and decided")]


def test_a_decided_difference_is_named_with_its_end() -> None:
    balancer = msgspec.structs.replace(parity().gaps[1], ended=False, until=at(30))
    said = statement(parity(), (balancer,), UTC)
    assert said[1] == "High severity, decided: load balancer (none in staging), accepted until 30 Sep 2026."


def test_without_a_high_difference_it_says_so() -> None:
    figures = Parity(
        total=1, by_severity=(Count(of="low", number=1),), by_category=(Count(of="data", number=1),)
    )
    small = msgspec.structs.replace(parity().gaps[2], severity=Severity.LOW, decision=Decision.UNDECIDED)
    assert statement(figures, (small,), UTC) == (
        "Staging differs from production in 1 known way (1 low); by area: data 1.",
        "None of them is high severity.",
        "The map has not been reviewed for this release.",
        UNJUDGED,
    )


def test_many_high_differences_are_counted_after_the_twelfth() -> None:
    gateway = parity().gaps[0]
    many = tuple(msgspec.structs.replace(gateway, title=f"gap {n}") for n in range(15))
    said = statement(parity(), many, UTC)[1]
    assert "gap 11 (" in said
    assert "gap 12 (" not in said
    assert said.endswith("; and 3 more.")


def test_the_review_says_what_changed_since() -> None:
    assert (
        "reviewed the map for this release on 14 Sep 2026; 1 difference is new"
        in statement(parity(), (), UTC)[-2]
    )
