"""Two desks review one incident and do one action at once: what agrees is merged, what does not waits for a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests import building as build
from tests.incidents.recording import happened

from workbench.incidents import reviews
from workbench.incidents.alarms import AlarmRuling
from workbench.incidents.reviews import Known
from workbench.record.packs import decode_pack, encode_pack
from workbench.usecases import actions, soundness
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.incident_reviews import review, subject_of
from workbench.usecases.rulings import rule
from workbench.usecases.settling import read_contested

Desks = tuple[Context, Context]


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """Kim's and sam's desks: copies of one record that hold an incident whose review has begun, and an action."""
    # Each would be a machine with its own noted ends; here they share a user data folder.
    monkeypatch.setattr(soundness, "check_end", lambda *_, **__: None)
    with ExitStack() as stack:
        kim = stack.enter_context(build.shop(tmp_path / "kim"))
        build.figures(kim, errors="1.5")
        happened(kim)
        review(kim, subject_of(kim, incident="payments"), {"form": "full"})
        actions.add_action(kim, {"title": "add a probe", "owner": "kim", "due": "2026-09-10"})
        shutil.copytree(tmp_path / "kim", tmp_path / "sam", ignore=shutil.ignore_patterns(".workbench"))
        (tmp_path / "sam" / ".workbench").mkdir()
        kim.record.backup(tmp_path / "sam" / ".workbench" / "record.db")
        yield kim, stack.enter_context(build.opened(tmp_path / "sam", "sam"))


def exchange(desks: Desks) -> None:
    packs = [decode_pack(encode_pack(desk.record.pack()), "a pack") for desk in desks]
    for desk, pack in zip(desks, reversed(packs), strict=True):
        desk.record.take_in(pack, author=desk.author(), clock=desk.clock)


def answers(context: Context) -> reviews.IncidentReview:
    found = reviews.review_of(context.record, subject_of(context, incident="payments"))
    assert found is not None
    return found[1]


def test_answers_to_different_questions_are_merged(desks: Desks) -> None:
    kim, sam = desks
    review(kim, subject_of(kim, incident="payments"), {"contributed": "no"})
    review(sam, subject_of(sam, incident="payments"), {"cause": "the gateway's certificate had ended"})
    exchange(desks)
    for desk in desks:
        assert (answers(desk).contributed, answers(desk).cause[:11]) == (Known.NO, "the gateway")
        assert not read_contested(desk)


def test_two_answers_to_one_question_wait_for_a_person(desks: Desks) -> None:
    kim, sam = desks
    review(kim, subject_of(kim, incident="payments"), {"contributed": "no"})
    review(sam, subject_of(sam, incident="payments"), {"contributed": "yes"})
    exchange(desks)
    for desk in desks:
        (found,) = read_contested(desk)
        assert found.name.startswith("incident review") and found.fields == ("contributed",)


def test_an_action_that_one_desk_has_done_and_another_gave_away_is_done(desks: Desks) -> None:
    kim, sam = desks
    actions.finish_action(kim, *actions.find_action(kim, "add a probe"))
    actions.edit_action(sam, *actions.find_action(sam, "add a probe"), {"owner": "robin"})
    exchange(desks)
    for desk in desks:
        _, value = actions.find_action(desk, "add a probe")
        assert not value.open and value.owner == "robin"


def test_what_one_desk_did_and_another_dropped_waits_for_a_person(desks: Desks) -> None:
    kim, sam = desks
    actions.finish_action(kim, *actions.find_action(kim, "add a probe"))
    actions.drop_action(sam, *actions.find_action(sam, "add a probe"), "the gateway is replaced in May")
    exchange(desks)
    assert [found.name for found in read_contested(kim)] == ["action “add a probe”"]


def test_two_rulings_on_one_stop_are_one_thing_of_which_a_person_chooses(desks: Desks) -> None:
    kim, sam = desks
    why = "the load generator ran on the same machine"
    rule(kim, evaluate(kim), "errors", AlarmRuling.FALSE_ALARM, reason=why)
    rule(sam, evaluate(sam), "errors", AlarmRuling.CATCH, reason="the retry really was missing")
    exchange(desks)
    assert len(read_contested(kim)) == 1 and kim.record.count("alarm") == 1
