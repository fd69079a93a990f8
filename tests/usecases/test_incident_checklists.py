"""Each incident walks a checklist of its own, and the record answers what it knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.test_incidents import HOUR, declare

from workbench.checklists.model import ItemState, ItemView
from workbench.gates.model import Part, State
from workbench.incidents import timeline
from workbench.incidents.reviews import Addition, IncidentReview, answered, of_incident
from workbench.incidents.timeline import LineKind
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate
from workbench.usecases import answering, deciding, incident_corrections, incidents, releasing
from workbench.usecases.blockers import blockers
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.incident_checklists import walk_of

GATES = """\
checklists: [incident]
gates:
  - key: go
    title: Go
    requires:
      - checklist: incident
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", build.HEAD + build.PEOPLE + GATES) as context:
        yield context


def item(context: Context, key: str, ref: str = "checkout") -> ItemView:
    return answering.find_item(walk_of(context, ref), key)


def tick(context: Context, key: str, ref: str = "checkout", state: ItemState = ItemState.DONE) -> None:
    walked = walk_of(context, ref)
    view = answering.find_item(walked, key)
    evidence = None
    if view.item.needs_evidence:
        subject = answering.subject_of(walked, view)
        evidence = answering.evidence_for(context, subject, link="https://logs.example/7")
    answering.answer(context, walked, view, state, reason="it concerns only staging", evidence=evidence)


def gate_lines(context: Context) -> list[Part]:
    (requirement,) = (one for one in evaluate(context).gates[0].requirements if one.kind == "checklist")
    return list(requirement.parts)


def review(context: Context, ident: str, **said: object) -> None:
    value = IncidentReview(subject=of_incident(ident), by="kim", at=context.now)
    commit(context, [answered(None, msgspec.structs.replace(value, **said))])


def test_its_list_is_open_since_it_was_declared_and_not_since_the_build(shop: Context) -> None:
    later = build.later(shop, hours=5)
    ident = declare(later)
    (one,) = (
        each for each in blockers(later, evaluate(later)) if ident in each.part and "freeze" not in each.part
    )
    assert (one.since, one.since_what) == (later.now, "declared")


def test_the_record_answers_its_own_items(shop: Context) -> None:
    ident = declare(shop)
    assert item(shop, "promotion-frozen").state is ItemState.DONE
    assert "frozen since today 12:00" in item(shop, "promotion-frozen").why
    deciding.lift_freeze(shop, "checkout answers again")
    assert "lifted by kim" in item(shop, "promotion-frozen").why
    assert item(shop, "owners-told").state is ItemState.OPEN
    stored, value = incidents.find_incident(shop, ident)
    incidents.note(shop, stored, value, "everybody, in the channel", what=LineKind.TOLD)
    assert item(shop, "owners-told").why == "told by kim today 12:00: everybody, in the channel"
    incidents.note(shop, stored, value, "gateway failover, it worked", what=LineKind.RUNBOOK)
    assert item(shop, "runbook-executed").state is ItemState.DONE
    said = {"add_kind": Addition.PROBE, "add_words": "that both sides retry"}
    review(shop, ident, cause="retries were not configured", **said)
    assert item(shop, "cause-understood").why == "reviewed by kim: retries were not configured"
    assert item(shop, "learnt").why == "to add: probe; 0 actions"


def test_what_is_to_be_added_says_what_it_has_to_show(shop: Context) -> None:
    review(shop, declare(shop), add_kind=Addition.PROBE)
    assert item(shop, "learnt").why == "its review does not say yet what is to be added"


def test_what_the_record_does_not_know_is_not_ticked_and_says_what_to_do(shop: Context) -> None:
    ident = declare(shop)
    with pytest.raises(UsageError, match="nobody has written down who was told") as error:
        tick(shop, "owners-told")
    assert error.value.hint == f"workbench incident told {ident[-12:]} WHOM"


def test_each_incident_has_answers_of_its_own_and_a_new_build_reopens_none(shop: Context) -> None:
    declare(shop)
    declare(shop, "search is down")
    tick(shop, "isolated")
    assert item(shop, "isolated").state is ItemState.DONE
    assert item(shop, "isolated", "search").state is ItemState.OPEN
    releasing.propose(shop, releasing.find(shop), Candidate(release="", number=0, commit=build.SHA_2))
    assert item(shop, "isolated").state is ItemState.DONE


def test_a_gate_waits_for_the_lists_of_open_incidents_of_its_release(shop: Context) -> None:
    (met,) = gate_lines(shop)
    assert met.state is State.MET
    declare(shop, "cart is slow", environment="production")
    assert gate_lines(shop) == [met], "it belongs to no release of this record"
    ident = declare(shop)
    (line,) = gate_lines(shop)
    assert (line.state, line.title) == (State.NOT_MET, "checkout answers 503")
    assert line.why == "7 of 8 items open; first: Traffic and resources isolated"
    incidents.close(shop, *incidents.find_incident(shop, ident))
    assert gate_lines(shop) == [met]


def test_the_list_of_an_incident_is_not_walked_for_a_release(shop: Context) -> None:
    assert evaluate(shop).checklists == {}


def test_a_project_without_a_list_walks_the_one_that_is_built_in(tmp_path: Path) -> None:
    with build.shop(tmp_path / "other", build.HEAD + build.PEOPLE) as context:
        declare(context)
        assert list(walk_of(context, "checkout").checklists) == ["incident"]
        tick(context, "telemetry-captured")
        assert item(context, "telemetry-captured").state is ItemState.DONE


def test_nothing_is_answered_for_one_that_was_declared_by_mistake(shop: Context) -> None:
    declare(shop)
    incident_corrections.mistake(
        shop, *incidents.find_incident(shop, "checkout"), "it was the load test of the search"
    )
    with pytest.raises(NotAllowed, match="counts in nothing"):
        tick(shop, "isolated")


def test_only_people_of_the_project_say_that_what_froze_it_was_a_mistake(shop: Context) -> None:
    pipeline = build.who(shop, "pipeline")
    declare(pipeline)
    with pytest.raises(NotAllowed, match="not among the people"):
        incident_corrections.mistake(
            pipeline, *incidents.find_incident(pipeline, "checkout"), "it was the load test of the search"
        )
    assert evaluate(shop).freezes


def test_a_mistake_frees_promotion_and_counts_in_nothing(shop: Context) -> None:
    declare(shop)
    incident_corrections.mistake(
        shop, *incidents.find_incident(shop, "checkout"), "it was the load test of the search"
    )
    assert not evaluate(shop).freezes
    _, value = incidents.find_incident(shop, "checkout")
    assert (value.state.value, value.counts) == ("mistake", False)


def test_a_merged_one_hands_on_its_lines_its_flows_and_its_freeze(shop: Context) -> None:
    first = declare(shop, flows=("checkout",))
    second = declare(shop, "the gateway is down", environment="production")
    incidents.note(shop, *incidents.find_incident(shop, first), "first page", at=shop.now - HOUR)
    incident_corrections.merge(
        shop,
        *incidents.find_incident(shop, first),
        incidents.find_incident(shop, second),
        "the same gateway",
    )
    assert [one.incident for one in evaluate(shop).freezes] == [second], "nothing is freed by that"
    assert timeline.lines_of(shop.record, second)[0][1].words == "first page"
    assert incidents.find_incident(shop, second)[1].flows == ("checkout",)
    assert not incidents.find_incident(shop, first)[1].counts


def test_one_that_is_split_off_takes_lines_along_and_freezes_by_its_own(shop: Context) -> None:
    ident = declare(shop)
    incidents.note(shop, *incidents.find_incident(shop, ident), "mails are late")
    stored, value = incidents.find_incident(shop, ident)
    chosen = [timeline.find_line(shop.record, ident, "mails")]
    other = incident_corrections.split(shop, stored, value, "mails are late", chosen)
    assert [line.words for _, line in timeline.lines_of(shop.record, other)] == [
        "mails are late",
        "",
        "split from: checkout answers 503",
    ]
    assert "mails are late" not in [line.words for _, line in timeline.lines_of(shop.record, ident)]
    assert len(evaluate(shop).freezes) == 2


def test_a_line_is_corrected_with_a_reason_and_never_removed(shop: Context) -> None:
    ident = declare(shop)
    incidents.note(shop, *incidents.find_incident(shop, ident), "vendor called")
    row, line = timeline.find_line(shop.record, ident, "vendor")
    incident_corrections.correct_line(
        shop, row, line, words="the vendor was called", reason="it was the other way round"
    )
    row, line = timeline.find_line(shop.record, ident, "vendor")
    assert (line.words, row.verb) == ("the vendor was called", "corrected")
    said = [entry.value["words"] for entry in shop.record.history("timeline_line", row.id) if entry.value]
    assert said == ["the vendor was called", "vendor called"]
    with pytest.raises(UsageError, match="nothing to change"):
        incident_corrections.correct_line(shop, row, line, reason="it was the other way round")
