"""The level of each topic follows from one rule, and a sentence from each row."""

from __future__ import annotations

import pytest

from workbench.definitions.shapes import Category, Severity
from workbench.parity.claims import Topic
from workbench.parity.drafting import MOST, Level, Row, Speaks, draft, level_of, topic_of_category

AGAINST, SOMEWHAT, UNMEASURED, FOR, NEITHER = Speaks


def row(ref: str = "probe/settings", speaks: Speaks = FOR, severity: Severity = Severity.MEDIUM) -> Row:
    return Row(
        ref=ref, title=ref, topic=Topic.DATA_FIDELITY, speaks=speaks, figures={"result": "holds"},
        sentence=f"{ref} holds.", named=ref.rpartition("/")[2], severity=severity,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ((), "not known"),
        ((NEITHER,), "not known"),
        ((UNMEASURED,), "not known"),
        ((FOR,), "high"),
        ((FOR, NEITHER), "high"),
        ((FOR, UNMEASURED), "medium"),
        ((SOMEWHAT,), "medium"),
        ((FOR, SOMEWHAT), "medium"),
        ((FOR, SOMEWHAT, AGAINST), "low"),
    ],
)
def test_what_was_not_measured_is_never_high(said: tuple[Speaks, ...], word: str) -> None:
    assert level_of(Topic.TEST_RELIABILITY, said).word == word


def test_much_friction_is_what_speaks_against_deployments() -> None:
    assert level_of(Topic.DEPLOYMENT_FRICTION, [AGAINST]).word == "high"
    assert level_of(Topic.DEPLOYMENT_FRICTION, [FOR]).word == "low"


def test_every_category_belongs_to_a_topic() -> None:
    assert {topic_of_category(each) for each in Category} == set(Topic)


def test_the_level_comes_first_then_what_speaks_against_the_topic() -> None:
    rows = [row("probe/good"), row("difference/1", AGAINST), row("probe/bad", SOMEWHAT)]
    claims = draft("r", rows, {Topic.DATA_FIDELITY: Level("low")}, {})
    assert [claim.key for claim in claims] == [
        "data-fidelity", "data-fidelity/1", "data-fidelity/bad", "data-fidelity/good",
    ]  # fmt: skip
    assert claims[0].text == "Data fidelity is low."
    assert [claim.figures[0].row for claim in claims[1:]] == ["difference/1", "probe/bad", "probe/good"]


def test_a_topic_that_is_not_judged_says_nothing() -> None:
    assert draft("r", [row()], {}, {}) == ()


def test_what_has_no_sentence_of_its_own_is_counted() -> None:
    rows = [row(f"difference/{n}", SOMEWHAT) for n in range(MOST + 1)]
    claims = draft("r", rows, {Topic.DATA_FIDELITY: Level("medium")}, {Topic.DATA_FIDELITY: 2})
    assert len(claims) == MOST + 2
    assert claims[-1].text == "3 further differences of this kind are on the map."


def test_a_level_that_is_not_known_says_why() -> None:
    (claim,) = draft("r", [], {Topic.SECURITY: Level("not known")}, {})
    assert claim.text == "Security parity is not known: nothing that was measured speaks of it."
