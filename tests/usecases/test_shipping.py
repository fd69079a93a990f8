"""What went out stays as it went out: kept, shown from what was kept, and frozen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.building import clear, sign, who

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.times import Clock
from workbench.notes import FORMATS, render
from workbench.parity import model as parity
from workbench.releases.model import Candidate, Outcome, Release, ReleaseState
from workbench.releases.shipment import Shipment, find_shipment
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import deciding, releasing, shipping, signing, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.grounds import Ground
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.showing import shown_gate, shown_lines, shown_report
from workbench.usecases.views.readiness import Reader, sections


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.fixture
def signed(shop: Context) -> Context:
    clear(shop)
    for gate, person in (("benchmarks", "robin"), ("go", "kim"), ("go", "sam")):
        sign(shop, gate, person)
    return shop


def shipment(context: Context) -> Shipment:
    found = find_shipment(context.record, evaluate(context, "2.0.0").held.id)
    assert found is not None
    return found[1]


# --- what is kept --------------------------------------------------------------------------


def test_a_shipment_keeps_the_report_its_basis_the_definitions_and_a_statement(signed: Context) -> None:
    before = signed.record.frontier()
    shipping.ship(signed, run="run 7")
    value = shipment(signed)
    assert (value.by, value.run, value.commit, value.through) == ("kim", "run 7", build.SHA, True)
    assert (value.environment, value.frontier) == ("production", before)
    for digest in (value.report, value.basis, value.definitions):
        assert signed.record.blob(digest)
    said = signed.record.blob(value.statement)
    assert said is not None
    statement = read_statement(said.data)
    assert (statement.act, statement.person, statement.shown) == (Act.SHIP, "kim", value.report)
    assert statement.subject != evaluate(signed, "2.0.0").held.stored.base  # the entry before it was shipped


def test_the_time_to_production_ends_when_a_release_went_out_not_when_it_was_rolled_back(
    shop: Context,
) -> None:
    shipping.ship(build.later(shop, hours=10), reason="it had to go out that evening")
    back = build.later(shop, hours=100)
    releasing.end(back, evaluate(back, "2.0.0").held, Outcome.ROLLED_BACK, reason="checkout failed for many")
    after = build.later(shop, hours=101)
    releasing.plan(
        after, Release(version="2.1.0"), Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    row = Ground(evaluate(after, "2.1.0")).row("releases")
    assert row is not None
    assert row.figures == {"went out": "1", "rolled back": "1", "first build to production": "10 h"}


def test_a_release_that_went_out_earlier_is_judged_as_it_is_entered(signed: Context) -> None:
    went = signed.now - timedelta(hours=3)
    with pytest.raises(UsageError, match="in the past"):
        shipping.ship(signed, at=signed.now + timedelta(minutes=1))
    shipping.ship(signed, at=went)
    value = shipment(signed)
    assert (value.at, value.entered_at) == (went, signed.now)
    found = evaluate(build.later(signed, days=6, hours=22))
    assert found.facts.now == signed.now
    assert found.state is ReleaseState.CLOSED  # watched from when it went out


# --- what may not change any more ----------------------------------------------------------


def test_the_last_act_of_a_shipped_release_cannot_be_undone(signed: Context) -> None:
    shipping.ship(who(signed, "robin"))
    with pytest.raises(NotAllowed, match=r"2\.0\.0 is shipped and therefore frozen"):
        undoing.undo(who(signed, "sam"))
    assert all(item.through for item in evaluate(signed).gates)


def test_a_shipment_is_taken_back_by_a_reason_and_never_by_undo(signed: Context) -> None:
    shipping.ship(signed)
    with pytest.raises(NotAllowed) as caught:
        undoing.undo(signed)
    assert "workbench release not-shipped 2.0.0" in (caught.value.hint or "")
    with pytest.raises(UsageError):
        shipping.take_back(signed, "2.0.0", "tbd")
    kept = shipment(signed)
    shipping.take_back(signed, "2.0.0", "the pipeline failed after it said done")
    value = shipment(signed)
    assert not value.stands and value.report == kept.report and signed.record.blob(value.report)
    assert evaluate(signed).state is ReleaseState.SIGNED
    with pytest.raises(NotAllowed, match="nothing to withdraw"):
        shipping.take_back(signed, "2.0.0", "the pipeline failed after it said done")


def test_it_can_go_out_again_afterwards(signed: Context) -> None:
    shipping.ship(signed)
    shipping.take_back(signed, "2.0.0", "the pipeline failed after it said done")
    shipping.ship(build.later(signed, hours=1), run="run 8")
    value = shipment(signed)
    assert value.stands and value.run == "run 8"
    assert len(signed.record.history(entity="shipment")) == 3


@pytest.mark.parametrize("outcome", [Outcome.ABANDONED, Outcome.ROLLED_BACK])
def test_other_ends_are_undone_by_who_said_so(signed: Context, outcome: Outcome) -> None:
    if outcome is Outcome.ROLLED_BACK:
        shipping.ship(signed)
    held = evaluate(signed).held
    releasing.end(signed, held, outcome, reason="it is superseded")
    undoing.undo(signed)
    assert evaluate(signed).held.release.outcome is held.release.outcome


def _freeze(context: Context) -> object:
    return deciding.freeze(context, "the tax tables are being changed")


def _revoke(context: Context) -> object:
    return signing.revoke(context, evaluate(context), "go", "I have changed my mind")


@pytest.mark.parametrize("act", [_freeze, _revoke])
def test_what_belongs_to_the_project_can_still_be_undone(
    signed: Context, act: Callable[[Context], object]
) -> None:
    if act is _freeze:
        shipping.ship(signed)
    act(signed)
    undoing.undo(signed)
    assert all(item.through for item in evaluate(signed).gates)


# --- what is shown of it -------------------------------------------------------------------

Later = Callable[[Context], Context]


def _said(context: Context) -> list[str]:
    """All that is said of 2.0.0, what changed since and the line that says when it was judged left out."""
    found = evaluate(context, "2.0.0")
    whole = msgspec.structs.replace(shown_report(context, found), since=(), kept="")
    texts = [render(notes_of(whole), form) for form in FORMATS]
    for gate in whole.gates:
        judged = msgspec.structs.replace(shown_gate(context, found, gate.key), since=(), kept="")
        texts += [text_report(judged, gate), markdown_report(judged, gate)]
        texts.append(json.dumps(gate_document(judged, gate), default=str))
    lines = msgspec.structs.replace(shown_lines(context, found), since=(), kept="")
    return [*texts, repr(sections(lines, Reader("kim", context.zone, True)))]


def _since(context: Context) -> tuple[str, ...]:
    return shown_gate(context, evaluate(context, "2.0.0"), "go").since


def _done(act: Callable[[Context], object]) -> Later:
    def later(context: Context) -> Context:
        act(context)
        return context

    return later


def _rewritten(old: str, new: str, file: str = "workbench.yaml") -> Later:
    return lambda context: build.rewrite(context, old, new, file)


AFTERWARDS: dict[str, tuple[Later, str]] = {
    "a high difference is found": (_done(build.add_difference), "“smaller database” was added"),
    "promotion is frozen": (_done(_freeze), "Not frozen"),
    "a figure is measured again, and worse": (
        _done(lambda context: build.measured(context, "errors", "7", ago=timedelta(hours=-1))),
        "",
    ),
    "an item is worded otherwise": (
        _rewritten("Notes are written", "Notes were written", "ready.yaml"),
        "the wording of item “Notes are written” was edited",
    ),
    "a limit becomes stricter": (_rewritten("<= 1 %", "<= 0.1 %"), "Checkout errors"),
    "a role is taken away": (
        _rewritten(
            "roles: [product-owner]}\n  - {key: jo, name: Jo, roles: [developer]",
            "roles: []}\n  - {key: jo, name: Jo, roles: [product-owner]",
        ),
        "",
    ),
    "a policy asks for more": (
        _rewritten("[{role: staging-owner}]", "[{role: staging-owner}], own: true"),
        "signing policy",
    ),
    "a requirement is added": (
        _rewritten("- not_frozen: {}", "- not_frozen: {}\n      - inventory: {}"),
        "was added",
    ),
    "a flow is added": (_done(lambda context: build.add_flow(context, "refund")), ""),
    "the project gets another name and zone": (
        _rewritten("timezone: Europe/Amsterdam", "timezone: Asia/Tokyo\ntitle: The shop"),
        "",
    ),
    "somebody is renamed": (_rewritten("name: Kim", "name: Kimberly"), ""),
    "another release is planned": (
        _done(lambda context: releasing.plan(context, Release(version="2.1.0"))),
        "",
    ),
}


@pytest.mark.parametrize("what", AFTERWARDS)
def test_whatever_changes_later_a_shipped_release_says_what_it_said(signed: Context, what: str) -> None:
    shipping.ship(signed)
    before = _said(signed)
    change, words = AFTERWARDS[what]
    later = change(signed)
    assert _said(later) == before
    since = _since(later)
    assert any(words in line for line in since) if words else not since


def test_after_all_of_them_it_still_says_what_it_said(signed: Context) -> None:
    shipping.ship(signed)
    before, later = _said(signed), signed
    for change, _ in AFTERWARDS.values():
        later = change(later)
    assert _said(later) == before and len(_since(later)) >= 4


def test_a_difference_that_no_gate_asks_for_any_more_is_told_by_its_title(shop: Context) -> None:
    ident = build.add_difference(shop, "gateway", production="3.1")
    shipping.ship(shop, reason="the vendor switches off v2 today")
    build.decide(shop, ident, "close")
    commit(shop, [parity.removed(parity.find(shop.record, ident)[0], "closed with the new vendor")])
    (line,) = [line for line in _since(shop) if "gateway" in line]
    assert line.startswith("difference “gateway” is no longer required") and ident not in line


def test_a_clock_that_runs_while_it_is_entered_makes_no_late_entry(shop: Context) -> None:
    running = iter(build.NOW + timedelta(seconds=n) for n in range(1000))
    clock = Clock(real=lambda: next(running))
    shipping.ship(msgspec.structs.replace(shop, clock=clock), reason="the vendor switches off v2 today")
    assert shown_gate(shop, evaluate(shop), "go").kept.startswith("As judged when it was shipped")


def test_the_moment_of_its_shipping_is_told_in_the_zone_of_that_day(signed: Context) -> None:
    shipping.ship(signed)
    before = shown_gate(signed, evaluate(signed), "go").kept
    moved = build.rewrite(signed, "Europe/Amsterdam", "Asia/Tokyo")
    assert shown_gate(moved, evaluate(moved), "go").kept == before


def test_shipping_against_a_gate_keeps_its_reason_and_the_moment_it_was_entered(shop: Context) -> None:
    went = shop.now - timedelta(hours=3)
    shipping.ship(shop, reason="the vendor switches off v2 today", at=went)
    notes = render(notes_of(shown_report(shop, evaluate(shop))), "md")
    assert "although not every gate had passed" in notes
    assert "reason: the vendor switches off v2 today" in notes
    assert "Shipped on Tue 15 Sep 2026 09:00 CEST, entered on Tue 15 Sep 2026 12:00 CEST" in notes


def test_where_the_report_is_not_kept_it_is_judged_anew_and_says_so(signed: Context) -> None:
    shipping.ship(signed)
    signed.record.purge(shipment(signed).report, "it names a customer", signed.author(), signed.clock)
    found = shown_gate(signed, evaluate(signed), "go")
    assert found.kept == "The report of its shipping is not kept here: judged anew"
    assert found.gate("go").through


def test_how_it_ends_is_told_live(signed: Context) -> None:
    shipping.ship(signed)
    late = build.later(signed, days=8)
    assert shown_report(late, evaluate(late)).state is ReleaseState.CLOSED
    releasing.end(signed, evaluate(signed).held, Outcome.ROLLED_BACK, reason="orders were charged twice")
    found = shown_report(signed, evaluate(signed, "2.0.0"))
    assert found.state is ReleaseState.ROLLED_BACK and all(gate.through for gate in found.gates)
