"""Approvals with conditions: they end when these are due, unless somebody said before that they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.building import later, who
from tests.usecases.policies import gate, opened, project, sign

from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases.calendar.event import Asked
from workbench.usecases.calendar.releases import tell_sign_off
from workbench.usecases.conditions_kept import conditions_of, keep
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.making import judgement_of_gate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    """Kim has approved on a condition that is due in five days."""
    with opened(tmp_path / "p", project("{roles: [{role: owner}]}")) as context:
        due = later(context, days=5).now
        sign(
            context,
            "one",
            "kim",
            "approve_with_conditions",
            conditions="the queue is drained",
            conditions_due=due,
        )
        yield context


def kept(context: Context, words: str = "drained on Wednesday, nothing is left", **more: object) -> None:
    here = who(context, "jo")
    keep(here, evaluate(here), "one", words, **more)  # type: ignore[arg-type]


def test_an_approval_ends_when_its_condition_is_due_and_nobody_has_kept_it(shop: Context) -> None:
    assert gate(later(shop, days=4), "one").through
    after = later(shop, days=6)
    assert not gate(after, "one").through
    (one,) = conditions_of(evaluate(after))
    assert (one.person, one.kept, one.ended) == ("kim", "", True)


def test_a_condition_that_was_kept_before_lets_the_approval_go_on(shop: Context) -> None:
    kept(later(shop, days=4), link="https://wiki.example/queue")
    after = later(shop, days=6)
    assert gate(after, "one").through
    (one,) = conditions_of(evaluate(after))
    assert (one.kept, one.kept_by, one.ended) == ("drained on Wednesday, nothing is left", "jo", False)
    (word,) = judgement_of_gate(evaluate(after), "one").gate("one").signatures
    assert word.condition_kept == "drained on Wednesday, nothing is left, says jo"
    (attached,) = after.record.all("attachment")
    assert attached.decode(dict)["link"] == "https://wiki.example/queue"


def test_it_is_too_late_once_it_was_due(shop: Context) -> None:
    with pytest.raises(NotAllowed, match="were due, and nobody had said that they were kept"):
        kept(later(shop, days=6))


def test_what_is_kept_is_said_once_and_with_words(shop: Context) -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        kept(shop, "TBD")
    kept(shop)
    with pytest.raises(UsageError, match="marked as kept already"):
        kept(shop)


def test_without_any_condition_there_is_nothing_to_keep(shop: Context) -> None:
    sign(later(shop, hours=1), "one", "kim")
    with pytest.raises(UsageError, match="no approval with conditions stands there"):
        kept(later(shop, hours=2))
    assert conditions_of(evaluate(later(shop, hours=2))) == []


def test_the_calendar_tells_of_it_until_it_is_kept(shop: Context) -> None:
    def told(context: Context) -> list[str]:
        found = tell_sign_off(Asked(context=context))
        return [one.title for one in found if one.key.startswith("condition/")]

    assert told(shop) == ["the conditions of kim are due: the queue is drained"]
    kept(shop)
    assert told(shop) == []
