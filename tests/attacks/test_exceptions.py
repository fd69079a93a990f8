"""Attacks on a gate through its exceptions: overrides, their approval, and what lies about a scan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.gates.test_listed import answered, listed, part, project

from workbench.gates.model import State
from workbench.gates.overrides import Override
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Change
from workbench.releases.model import Candidate
from workbench.signoff.holding import Currency
from workbench.usecases import approving, deciding, releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate

REASON = "one noisy client, muted tomorrow"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        build.answer(context, "notes")
        build.answer(context, "rehearsed")
        yield context


def propose(context: Context, ref: str = "errors", **said: Any) -> None:
    until = context.now + timedelta(days=5)
    build.propose_override(context, evaluate(context), ref, **{"reason": REASON, "until": until, **said})


def approve(context: Context, ref: str = "errors") -> None:
    here = build.who(context, "robin")
    approving.approve(here, evaluate(here), ref)


def state(context: Context, key: str = "benchmark/errors") -> State:
    return part(context, key).state


def test_the_value_gets_worse_after_the_override_was_approved(shop: Context) -> None:
    """An override is approved for a small excess, and the value then gets ten times worse behind it.

    An override holds up to what was seen: a worse value opens the line, and puts signatures out of date naming both values.
    """
    propose(shop)
    approve(shop)
    build.sign(shop, "benchmarks", "robin")
    assert build.signature(shop, "benchmarks").counts
    build.measured(shop, "errors", "15", ago=timedelta(minutes=1))
    assert state(shop) is State.NOT_MET
    view = build.signature(shop, "benchmarks")
    assert (view.counts, view.currency) == (False, Currency.OUT_OF_DATE)
    assert "1.5 %" in view.why and "15 %" in view.why


def test_an_override_that_was_approved_is_made_broader(shop: Context) -> None:
    """The author edits an approved override in the record: a later end, or a wider bound.

    An approval names the digest of exactly what was proposed; what was edited waits for approval again.
    """
    propose(shop)
    approve(shop)
    assert state(shop) is State.OVERRIDDEN
    (row,) = shop.record.all("override")
    value = row.decode(Override)
    assert value.bound is not None
    wider = msgspec.structs.replace(value, bound=msgspec.structs.replace(value.bound, value="99 %"))
    commit(shop, [Change("override", row.id, "edited", plain(wider), row.base)])
    assert state(shop) is State.NOT_MET
    assert "waiting for approval" in part(shop, "benchmark/errors").why


def test_the_author_approves_their_own_override(shop: Context) -> None:
    """One person proposes an override and approves it, or names a second person who never acted.

    Four eyes are two acts: only another person's approval counts, entered by that person.
    """
    propose(shop, approver="robin")
    with pytest.raises(NotAllowed, match="you proposed it"):
        approving.approve(shop, evaluate(shop), "errors")
    with pytest.raises(NotAllowed, match="cannot approve your own"):
        propose(shop, "benchmark/errors", approver="kim")
    assert state(shop) is State.NOT_MET


def test_an_override_is_given_before_anybody_has_measured(shop: Context) -> None:
    """An override is proposed while nothing is measured yet, so that any value would pass behind it.

    What was not measured is overridden only where its text says so, and the first value that fails opens the line again.
    """
    releasing.propose(
        shop, evaluate(shop).held, Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    with pytest.raises(NotAllowed, match="was not measured"):
        propose(shop, unmeasured=False)
    propose(shop, unmeasured=True)
    approve(shop)
    assert "not measured: " in part(shop, "benchmark/errors").why
    build.measured(shop, "errors", "15", ago=timedelta(minutes=1))
    assert state(shop) is State.NOT_MET


def test_an_override_of_one_build_lets_the_next_one_past(shop: Context) -> None:
    """An override that was approved for one candidate is carried over to another, whose value is worse.

    A new build has to be measured, and its value has to be no worse than what was seen of the old one.
    """
    propose(shop)
    approve(shop)
    releasing.propose(
        shop, evaluate(shop).held, Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    assert state(shop) is State.NOT_MET
    build.measured(shop, "errors", "1.7", ago=timedelta(minutes=1))
    assert state(shop) is State.NOT_MET


def test_the_risk_is_answered_with_nothing(shop: Context) -> None:
    """The fixed questions are answered with “none”, “n/a”, “TBD” or “no risk” to get it over with.

    Such answers are refused, and so is an override that leaves a question out.
    """
    for words in ("none", "n/a", "TBD", "no risk", "-", ""):
        with pytest.raises(UsageError):
            propose(shop, answers=msgspec.structs.replace(build.ANSWERS, happens=words))
    assert not shop.record.count("override")


def test_a_scanner_that_looks_for_no_secrets_is_shown_for_one_that_does(tmp_path: Path) -> None:
    """A clean report of a scanner that never looks for secrets is handed in where no secret may lie open.

    Only a scanner that is known to look for secrets, or whose rules say so, meets `no_secrets`.
    """
    with build.shop(tmp_path / "shop", project("no_secrets: scan")) as context:
        answered(context, "findings/scan", listed())
        assert part(context, "no_secrets/scan").state is State.NOT_MET


def test_a_clean_scan_of_another_commit_is_handed_in(tmp_path: Path) -> None:
    """The findings of the candidate are covered by a clean report of another commit, or of none.

    A scan counts only for the commit that it names; one that names none is asserted, and does not pass.
    """
    with build.shop(tmp_path / "shop", project("findings: scan")) as context:
        answered(context, "findings/scan", listed(), build="b" * 40)
        assert "scanned commit bbbbbbb" in part(context, "findings/scan").why
        answered(context, "findings/scan", listed(), mark="asserted", ago=timedelta(minutes=1))
        assert part(context, "findings/scan").state is State.NOT_MET


def test_an_override_is_lifted_and_given_again_with_a_later_end(shop: Context) -> None:
    """An override that was approved is lifted and proposed again, so that the old approval stands for the new one.

    The new proposal has another digest: it waits for an approval of its own.
    """
    propose(shop)
    approve(shop)
    deciding.lift_override(shop, evaluate(shop), "errors", "proposed too early")
    propose(shop, until=shop.now + timedelta(days=90))
    assert state(shop) is State.NOT_MET
    assert "waiting for approval" in part(shop, "benchmark/errors").why
