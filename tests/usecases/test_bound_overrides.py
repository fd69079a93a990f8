"""An override is bound to what was seen, answers the fixed questions, and is reported once nothing needs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.building import ANSWERS, gate, requirement

from workbench.gates.model import Part, State
from workbench.gates.overrides import Override
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity import model as parity
from workbench.record import Change, Stored
from workbench.releases.model import Candidate
from workbench.signoff.holding import Currency
from workbench.usecases import approving, deciding, releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.exceptions import ExceptionStanding, read_exceptions
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate

REASON = "one noisy client, muted tomorrow"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        yield context


def let_past(context: Context, ref: str = "errors", days: int = 5, **said: Any) -> None:
    until = context.now + timedelta(days=days)
    evaluation = evaluate(context)
    build.propose_override(
        context, evaluation, ref, **{"reason": REASON, "approver": "robin", "until": until, **said}
    )
    here = build.who(context, "robin")
    approving.approve(here, evaluate(here), ref)


def edit(context: Context, entity: str, stored: Stored, value: Any) -> None:
    commit(context, [Change(entity, stored.id, "edited", plain(value), stored.base)])


def line(context: Context, key: str = "benchmark/errors") -> Part:
    (found,) = {
        part.key: part for each in evaluate(context).gates for part in each.result.parts if part.key == key
    }.values()
    return found


def standing(context: Context) -> ExceptionStanding:
    (found,) = read_exceptions(evaluate(context))
    return found


# --- the bound -----------------------------------------------------------------------------


def test_a_worse_value_opens_the_line_again_and_names_both(shop: Context) -> None:
    let_past(shop)
    assert line(shop).state is State.OVERRIDDEN
    assert "up to 1.5 %" in line(shop).why
    build.measured(shop, "errors", "1.4", ago=timedelta(minutes=3))
    assert line(shop).state is State.OVERRIDDEN
    build.measured(shop, "errors", "1.6", ago=timedelta(minutes=2))
    found = line(shop)
    assert found.state is State.NOT_MET
    assert "the override by kim does not cover this: it holds up to 1.5 %, and now it is 1.6 %" in found.why
    assert not standing(shop).covers
    build.measured(shop, "errors", "1.5", ago=timedelta(minutes=1))
    assert line(shop).state is State.OVERRIDDEN


def test_a_worse_value_puts_a_signature_out_of_date_naming_both(shop: Context) -> None:
    let_past(shop)
    build.sign(shop, "benchmarks", "robin")
    assert build.signature(shop, "benchmarks").counts
    build.measured(shop, "errors", "1.6", ago=timedelta(minutes=2))
    view = build.signature(shop, "benchmarks")
    assert (view.counts, view.currency) == (False, Currency.OUT_OF_DATE)
    assert "holds up to 1.5 %, and now it is 1.6 %" in view.why
    build.measured(shop, "errors", "1.5", ago=timedelta(minutes=1))
    assert build.signature(shop, "benchmarks").counts


def test_a_signature_still_holds_while_the_value_is_no_worse(shop: Context) -> None:
    let_past(shop)
    build.sign(shop, "benchmarks", "robin")
    build.measured(shop, "errors", "1.3", ago=timedelta(minutes=2))
    assert build.signature(shop, "benchmarks").counts


def test_another_test_that_fails_is_not_covered(shop: Context) -> None:
    def red(*names: str, ago: int) -> None:
        facts = {"failed": len(names), "all_failing": msgspec.json.encode(names).decode()}
        build.measured(
            shop, "tests/reports", "0", role="tests", why="red", facts=facts, ago=timedelta(minutes=ago)
        )

    red("cart.adds", "cart.pays", ago=4)
    let_past(shop, "tests/reports")
    assert line(shop, "tests/reports").state is State.OVERRIDDEN
    red("cart.adds", ago=3)
    assert line(shop, "tests/reports").state is State.OVERRIDDEN
    red("cart.adds", "cart.empties", ago=2)
    found = line(shop, "tests/reports")
    assert found.state is State.NOT_MET
    assert "this is another: cart.empties" in found.why


def test_an_item_that_failed_is_not_what_was_let_past_while_it_was_open(shop: Context) -> None:
    let_past(shop, "item/ready/notes")
    assert line(shop, "item/ready/notes").state is State.OVERRIDDEN
    build.answer(shop, "notes", "failed", comment="nobody wrote them")
    found = line(shop, "item/ready/notes")
    assert found.state is State.NOT_MET
    assert "it was given for “open”, and now it is “failed”" in found.why


def test_another_value_of_a_difference_is_another_difference(shop: Context) -> None:
    ident = build.add_difference(shop, staging="2", production="4")
    let_past(shop, f"difference/{ident}")
    assert line(shop, f"difference/{ident}").state is State.OVERRIDDEN
    stored, value = parity.find(shop.record, ident)
    edit(shop, "difference", stored, msgspec.structs.replace(value, production="16"))
    found = line(shop, f"difference/{ident}")
    assert found.state is State.NOT_MET
    assert "“2 in staging, 4 in production, high”" in found.why
    assert "“2 in staging, 16 in production, high”" in found.why


def test_it_may_hold_up_to_less_and_never_to_more(shop: Context) -> None:
    with pytest.raises(UsageError, match=r"no more than what was seen: up to 1.5 %, not 2 %"):
        let_past(shop, up_to="2 %")
    let_past(shop, up_to="1.2 %")
    assert line(shop).state is State.NOT_MET
    assert "holds up to 1.2 %, and now it is 1.5 %" in line(shop).why
    build.measured(shop, "errors", "1.1", ago=timedelta(minutes=2))
    assert line(shop).state is State.OVERRIDDEN


def test_what_the_automatic_item_and_the_figures_say_follows_the_bound(shop: Context) -> None:
    let_past(shop)
    (row,) = [
        item for item in judgement_of_gate(evaluate(shop), "benchmarks").verdicts if item.key == "errors"
    ]
    assert row.overridden_until is not None
    build.measured(shop, "errors", "9", ago=timedelta(minutes=1))
    (row,) = [
        item for item in judgement_of_gate(evaluate(shop), "benchmarks").verdicts if item.key == "errors"
    ]
    assert row.overridden_until is None


def test_an_override_of_before_holds_as_it_did(shop: Context) -> None:
    let_past(shop)
    (row,) = shop.record.all("override")
    value = msgspec.structs.replace(row.decode(Override), bound=None, seen=None, answers=None)
    edit(shop, "override", row, value)
    here = build.who(shop, "robin")
    approving.approve(here, evaluate(here), "errors")
    build.measured(shop, "errors", "9", ago=timedelta(minutes=1))
    assert line(shop).state is State.OVERRIDDEN


# --- what nobody measured ------------------------------------------------------------------


def test_what_was_never_measured_is_let_past_only_where_its_text_says_so(shop: Context) -> None:
    releasing.propose(
        shop, evaluate(shop).held, Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    with pytest.raises(NotAllowed, match="was not measured") as caught:
        let_past(shop, unmeasured=False)
    assert "--unmeasured" in str(caught.value.hint)
    let_past(shop, unmeasured=True)
    found = line(shop)
    assert found.state is State.OVERRIDDEN
    assert found.why.endswith(f"while it is not measured: not measured: {REASON}")
    build.measured(shop, "errors", "1.5", ago=timedelta(minutes=1))
    assert "it was given for “not measured”, and now there is a measured value: 1.5 %" in line(shop).why
    assert line(shop).state is State.NOT_MET


def test_what_still_runs_is_let_past_only_where_its_text_says_so(shop: Context) -> None:
    build.measured(
        shop, "tests/reports", None, role="tests", state="missing", why="still running: CI", facts={"running": 1},
        ago=timedelta(minutes=1),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="still runs"):
        let_past(shop, "tests/reports", unmeasured=False)
    let_past(shop, "tests/reports", unmeasured=True)
    assert "still running: one noisy client" in line(shop, "tests/reports").why


def test_what_was_measured_is_not_said_to_be_unmeasured(shop: Context) -> None:
    with pytest.raises(UsageError, match="was measured"):
        let_past(shop, unmeasured=True)


# --- the fixed questions -------------------------------------------------------------------


@pytest.mark.parametrize("field", ["affects", "from_version", "happens", "recovery"])
@pytest.mark.parametrize(
    "text",
    ["", "  ", "none", "None.", "TBD", "n/a", "N/A", "na", "no risk", "No risks!", "nothing", "-", "no"],
)
def test_an_answer_that_says_nothing_is_refused(shop: Context, field: str, text: str) -> None:
    with pytest.raises(UsageError):
        let_past(shop, answers=msgspec.structs.replace(ANSWERS, **{field: text}))
    assert not shop.record.count("override")


def test_every_question_that_is_not_answered_is_named_at_once(shop: Context) -> None:
    with pytest.raises(UsageError) as caught:
        let_past(shop, answers=None)
    for option in ("--affects", "--from-version", "--happens", "--recovery", "--no-regression"):
        assert option in str(caught.value.hint)
    with pytest.raises(UsageError, match="same few questions"):
        let_past(shop, answers=msgspec.structs.replace(ANSWERS, regression=None))


def test_the_approver_and_the_report_see_bound_and_answers(shop: Context) -> None:
    evaluation = evaluate(shop)
    until = shop.now + timedelta(days=1)
    build.propose_override(shop, evaluation, "errors", reason=REASON, until=until)
    (proposal,) = evaluate(shop).proposals
    assert proposal.bound is not None and proposal.bound.words == "up to 1.5 %"
    assert proposal.answers == ANSWERS
    here = build.who(shop, "robin")
    approving.approve(here, evaluate(here), "errors")
    found = judgement_of_gate(evaluate(shop), "benchmarks")
    (told,) = gate_document(found, found.gate("benchmarks"), "")["overrides"]
    assert (told["up_to"], told["needed"], told["covers"], told["standing"]) == (
        "up to 1.5 %",
        True,
        True,
        "",
    )
    assert (told["bound"]["value"], told["bound"]["worse"]) == ("1.5 %", "higher")
    assert {"question": "Affects", "answer": ANSWERS.affects} in told["answers"]


def test_who_approves_is_told_where_the_line_is_worse_by_now(shop: Context) -> None:
    until = shop.now + timedelta(days=1)
    build.propose_override(shop, evaluate(shop), "errors", reason=REASON, until=until)
    build.measured(shop, "errors", "1.6", ago=timedelta(minutes=1))
    here = build.who(shop, "robin")
    approving.approve(here, evaluate(here), "errors")
    assert here.remarks == ["it does not cover what there is now: it holds up to 1.5 %, and now it is 1.6 %"]
    assert line(shop).state is State.NOT_MET


# --- no longer needed ----------------------------------------------------------------------


def test_what_is_no_longer_needed_is_reported_with_its_day(shop: Context) -> None:
    let_past(shop)
    assert standing(shop).words == ""
    build.measured(shop, "errors", "0.4", ago=timedelta(minutes=1), window=None)
    found = standing(shop)
    assert (found.needed, found.to_lift) == (False, True)
    assert found.words == "passes without it since 15 Sep: lift it?"
    text = text_report(
        judgement_of_gate(evaluate(shop), "benchmarks"),
        judgement_of_gate(evaluate(shop), "benchmarks").gate("benchmarks"),
    )
    assert "Overrides to look at:\n  Checkout errors: passes without it since 15 Sep: lift it?" in text


def test_one_that_has_ended_is_reported_and_its_line_is_open_again(shop: Context) -> None:
    let_past(shop, days=1)
    late = build.later(shop, days=2)
    found = standing(late)
    assert found.ended and "its line is open again" in found.words
    assert requirement(late, "benchmarks", "benchmarks").state is State.NOT_MET


def test_one_that_was_given_for_another_build_says_so(shop: Context) -> None:
    let_past(shop)
    releasing.propose(
        shop, evaluate(shop).held, Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    assert not standing(shop).covers  # nothing was measured of the new build
    build.measured(shop, "errors", "1.5", ago=timedelta(minutes=1))
    assert standing(shop).words == "was given for rc1; this is rc2"
    assert gate(shop, "benchmarks")


def test_of_two_only_the_later_one_counts(shop: Context) -> None:
    let_past(shop)
    build.measured(shop, "errors", "1.6", ago=timedelta(minutes=2))
    later = build.later(shop, hours=1)
    let_past(later)
    first, second = read_exceptions(evaluate(later))
    assert (first.needed, second.needed, second.words) == (False, True, "")
    assert "a later override is in its place" in first.words
    deciding.lift_override(later, evaluate(later), "errors", "not needed any more")
