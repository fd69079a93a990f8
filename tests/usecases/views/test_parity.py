"""How differences stand, in marks and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests import building as build

from workbench.definitions.shapes import Severity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, find
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.parity_map import read_detail, read_map
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.parity import (
    Standing,
    about,
    decision_of,
    facts,
    line_decision,
    line_mark,
    mark_of,
    standing,
    summary,
    urgency,
)

SOON = build.NOW + timedelta(days=3)
LATE = Standing("r", "2.0.0", frozenset({"blocks"}), frozenset({"past"}))


@pytest.mark.parametrize(
    ("ident", "severity", "decision", "ended", "mark"),
    [
        ("blocks", Severity.HIGH, Decision.UNDECIDED, False, Mark.BLOCKS),
        ("past", Severity.HIGH, Decision.UNDECIDED, False, Mark.EXCEPTED),
        ("other", Severity.HIGH, Decision.UNDECIDED, False, Mark.WARNS),
        ("other", Severity.LOW, Decision.UNDECIDED, False, Mark.OPEN),
        ("other", Severity.LOW, Decision.ACCEPT, True, Mark.WARNS),
        ("other", Severity.LOW, Decision.ACCEPT, False, Mark.EXCEPTED),
        ("other", Severity.HIGH, Decision.MITIGATE, False, Mark.DONE),
        ("other", Severity.HIGH, Decision.IRRELEVANT, False, Mark.NOT_APPLICABLE),
    ],
)
def test_marks(ident: str, severity: Severity, decision: Decision, ended: bool, mark: Mark) -> None:
    assert mark_of(ident, severity, decision, ended, LATE) is mark


def accepted(context: Context) -> str:
    ident = build.add_difference(context)
    build.decide(context, ident, "accept", reason="not in the path of money", until=SOON)
    return ident


def test_a_decision_is_told_with_its_end_until_it_has_come(small: Context) -> None:
    value = find(small.record, accepted(small))[1]
    assert decision_of(value, build.NOW, UTC) == "accepted until 18 Sep"
    assert decision_of(value, SOON, UTC) == "undecided again: “accepted” ended on 18 Sep"
    stand = standing(evaluate(small))
    (line,) = read_map(small).lines
    assert (line_decision(line, stand, UTC), line_mark(line, stand)) == ("accepted, 18 Sep", Mark.EXCEPTED)


def test_an_ended_decision_blocks_and_comes_first(small: Context) -> None:
    ident = accepted(small)
    later = build.at(small, SOON)
    stand = standing(evaluate(later))
    (line,) = read_map(later).lines
    assert stand.blocking == {ident}
    assert (line_decision(line, stand, UTC), line_mark(line, stand)) == ("ended 18 Sep", Mark.BLOCKS)
    assert urgency(line) < 0
    detail = read_detail(later, ident)
    assert detail is not None
    said = facts(detail, stand, UTC, str.title)
    assert (
        said[0].text == "undecided again: “accepted” ended on 18 Sep, just now; blocks 2.0.0"
        and said[0].mark is Mark.BLOCKS
    )


def test_one_difference_in_full(small: Context) -> None:
    ident = mapping.add_difference(
        small,
        Difference(
            title="smaller database", staging="4 GB", production="64 GB", owner="kim", region="eu",
            review_by=datetime(2027, 1, 1, tzinfo=UTC),
        ),
    )  # fmt: skip
    build.decide(small, ident, "mitigate", mitigation="a load test each week", until=None)
    detail = read_detail(small, ident)
    assert detail is not None
    assert about(detail, str.title) == "medium · unsorted · eu · found just now by Kim"
    assert [(fact.label, fact.text) for fact in facts(detail, Standing(), UTC, str.title)] == [
        ("Decision", "mitigated; Kim decided just now"),
        ("Mitigation", "a load test each week"),
        ("Values", "4 GB in staging, 64 GB in production"),
        ("Owner", "Kim"),
        ("Priority", "6 of 16: medium severity, how often and how badly not said; cost of closing not said"),
        ("Next review", "1 Jan 2027, in 108 days"),
    ]


def test_the_map_is_summed_up(small: Context) -> None:
    assert [phrase.text for phrase in summary(read_map(small), Standing())] == ["The parity map is empty"]
    build.add_difference(small, severity=Severity.HIGH)
    found = evaluate(small)
    said = summary(read_map(small, found.held.id), standing(found))
    assert [(phrase.text, phrase.mark) for phrase in said] == [
        ("1 difference", None),
        ("✗ 1 high undecided", Mark.BLOCKS),
        ("not reviewed yet", Mark.WARNS),
    ]
    mapping.mark_reviewed(small, found.held)
    said = summary(read_map(small, found.held.id), standing(found))
    assert [phrase.text for phrase in said[2:]] == ["reviewed just now", "nothing new"]
    assert all(phrase.aside for phrase in said[2:])
