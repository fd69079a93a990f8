"""Answering items: evidence, reasons, facts that answer by themselves, and what opens an item again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.checklists.model import ItemState, ItemView
from workbench.gates.model import State
from workbench.model.errors import UsageError
from workbench.parity import reviews
from workbench.releases.model import Candidate
from workbench.usecases import answering, releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate

LIST = """\
checklist: ready
title: Ready
items:
  - {key: notes, title: Notes are written, why: w, check: c}
  - {key: rehearsed, title: Rehearsed, why: w, check: c, needs_evidence: true}
  - {key: kept, title: Kept, why: w, check: c, carry: true, needs_evidence: true}
  - {key: looked, title: Map reviewed, why: w, check: c, automatic: parity_reviewed}
  - {key: decided, title: Differences decided, why: w, check: c, automatic: differences_decided}
  - {key: green, title: Tests are green, why: w, check: c, automatic: tests_green}
  - {key: through, title: Benchmarks are through, why: w, check: c, automatic: benchmarks_met}
  - {key: back, title: A way back, why: w, check: c, automatic: rollback_planned}
  - {key: watch, title: Things to watch, why: w, check: c, automatic: watch_planned}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", ready=LIST, stated=False) as context:
        yield context


def view(context: Context, item: str) -> ItemView:
    return answering.find_item(evaluate(context), item)


def state(context: Context, item: str) -> ItemState:
    return view(context, item).state


def test_done_failed_and_not_applicable(shop: Context) -> None:
    build.answer(shop, "notes", note="")
    assert (state(shop, "notes"), view(shop, "notes").why) == (ItemState.DONE, "by kim")
    with pytest.raises(UsageError, match="what was found"):
        build.answer(shop, "notes", "failed")
    build.answer(shop, "notes", "failed", comment="two are missing")
    part = next(p for p in build.requirement(shop, "ready", "checklist").parts if p.key == "item/ready/notes")
    assert (part.state, part.why, part.weight) == (State.NOT_MET, "failed: two are missing", "blocks")
    with pytest.raises(UsageError, match="needs a reason"):
        build.answer(shop, "notes", "not_applicable", reason=" ")
    build.answer(shop, "notes", "not_applicable", reason="nothing changed for users")
    part = next(p for p in build.requirement(shop, "ready", "checklist").parts if p.key == "item/ready/notes")
    assert part.state is State.NOT_APPLICABLE and part.why == "nothing changed for users"
    build.answer(shop, "notes", "open")
    assert state(shop, "notes") is ItemState.OPEN
    with pytest.raises(UsageError, match="open already"):
        build.answer(shop, "kept", "open", note="")


def test_evidence_is_needed_where_the_list_says_so(shop: Context) -> None:
    build.answer(shop, "rehearsed", note="")
    found = view(shop, "rehearsed")
    assert (found.state, found.why, found.lacks_evidence) == (
        ItemState.OPEN, "done, but its evidence is missing", True,
    )  # fmt: skip
    evaluation = evaluate(shop)
    evidence = answering.evidence_for(
        shop, answering.subject_of(evaluation, found), link="https://ci.example/7"
    )
    answering.attach(shop, evaluation, found, evidence)
    assert state(shop, "rehearsed") is ItemState.DONE


def test_a_file_is_copied_and_a_link_is_kept(shop: Context, tmp_path: Path) -> None:
    file = tmp_path / "shot.png"
    file.write_bytes(b"\x89PNG\r\n\xff")
    copied = answering.evidence_for(shop, "answer:x", file=file)
    assert copied.blobs[0].data == file.read_bytes() and copied.blobs[0].media == "image/png"
    assert copied.link is None
    linked = answering.evidence_for(shop, "answer:x", link="https://ci.example/7", title="the run")
    assert linked.change.value and linked.change.value["link"] == "https://ci.example/7"  # type: ignore[index]
    assert (linked.link, linked.blobs) == ("https://ci.example/7", ())
    for more in ({}, {"note": " "}, {"file": tmp_path / "none"}):
        with pytest.raises(UsageError):
            answering.evidence_for(shop, "answer:x", **more)  # type: ignore[arg-type]
    big = tmp_path / "big.log"
    with big.open("wb") as stream:
        stream.truncate(answering.MAX_FILE + 1)
    with pytest.raises(UsageError, match="larger than 20 MB"):
        answering.evidence_for(shop, "answer:x", file=big)


def test_a_new_candidate_opens_what_does_not_carry(shop: Context) -> None:
    for item in ("notes", "rehearsed", "kept"):
        build.answer(shop, item)
    held = evaluate(shop).held
    releasing.propose(shop, held, Candidate(release="", number=0, commit=build.SHA_2))
    assert [state(shop, item) for item in ("notes", "rehearsed", "kept")] == [
        ItemState.OPEN, ItemState.OPEN, ItemState.DONE,
    ]  # fmt: skip
    assert view(shop, "notes").why == "answered for an earlier candidate"
    build.answer(shop, "rehearsed", note="")
    assert view(shop, "rehearsed").why == "done, but its evidence is missing"  # that was the old build's


def test_an_edited_wording_is_another_question(shop: Context) -> None:
    build.answer(shop, "kept")
    context = build.rewrite(shop, "title: Kept, why: w", "title: Kept, why: for the audit", "ready.yaml")
    assert view(context, "kept").why == "its wording has changed since it was answered"
    context = build.rewrite(shop, "title: Ready", "title: Ready at last", "ready.yaml")
    build.answer(context, "kept")
    assert state(context, "kept") is ItemState.DONE


def held_by(context: Context) -> dict[str, bool]:
    views = evaluate(context).checklists["ready"]
    return {v.item.key: v.fact.holds for v in views if v.fact}


def test_facts_answer_and_unanswer_items(shop: Context) -> None:
    expected = {
        "looked": False,
        "decided": False,
        "green": False,
        "through": False,
        "back": False,
        "watch": False,
    }
    assert held_by(shop) == expected
    build.nothing_differs(shop)
    assert held_by(shop) == expected | {"decided": True, "looked": True}
    held = evaluate(shop).held
    release = msgspec.structs.replace(held.release, rollback_plan=("switch back",), watch=("p95",))
    releasing.edit(shop, held, release)
    build.add_difference(shop, "log level", severity="low")
    commit(shop, [reviews.review_change(reviews.reviewed(shop.record, held.id, by="kim", at=shop.now))])
    build.figures(shop)
    assert held_by(shop) == dict.fromkeys(expected, True)
    assert {state(shop, item) for item in expected} == {ItemState.DONE}
    # … and every one of them is taken back when its fact changes.
    build.add_difference(shop)
    build.measured(shop, "p95", "0.9")
    build.measured(shop, "tests/reports", "0", role="tests", why="1 failed")
    releasing.edit(shop, evaluate(shop).held, held.release)
    late = build.later(shop, days=93)
    assert held_by(late) == dict.fromkeys(expected, False)
    assert {state(late, item) for item in expected} == {ItemState.OPEN}


def test_nobody_ticks_what_the_record_denies(shop: Context) -> None:
    with pytest.raises(UsageError, match="the record contradicts that"):
        build.answer(shop, "green")
    with pytest.raises(UsageError, match="the record contradicts that"):
        build.answer(shop, "green", "not_applicable", reason="documentation only")
    build.answer(shop, "back", "not_applicable", reason="documentation only")
    assert state(shop, "back") is ItemState.NOT_APPLICABLE
    build.figures(shop)
    build.answer(shop, "through")
    build.measured(shop, "p95", "0.9")
    found = view(shop, "through")
    assert found.state is ItemState.OPEN and found.why.startswith("the record contradicts that: not passed")


def test_an_overridden_benchmark_does_not_keep_the_item_open(shop: Context) -> None:
    build.figures(shop, errors="1.5")
    assert not held_by(shop)["through"]
    until = shop.now + timedelta(days=1)
    build.override(shop, evaluate(shop), "errors", reason="one noisy client", approver="robin", until=until)
    assert held_by(shop)["through"] and not held_by(build.at(shop, until))["through"]


def test_tests_are_green_only_if_every_run_that_is_asked_for_is(tmp_path: Path) -> None:
    text = build.SHOP.replace(
        "  - {key: hand, kind: manual}\n",
        '  - {key: hand, kind: manual}\n  - {key: more, kind: junit, files: "more/*.xml"}\n',
    ).replace(
        "      - tests_green: reports\n",
        "      - tests_green: reports\n      - tests_green: {source: more, max_age: 1h}\n",
    )
    with build.shop(tmp_path / "p", text, ready=LIST) as context:
        build.figures(context)
        assert not held_by(context)["green"]  # nobody has fetched “more”
        build.measured(context, "tests/more", "1", role="tests")
        assert held_by(context)["green"]
        assert not held_by(build.later(context, hours=2))["green"]


def test_items_are_found_by_key_or_the_nearest_is_named(shop: Context) -> None:
    assert view(shop, "ready/notes") == view(shop, "notes")
    with pytest.raises(UsageError) as caught:
        view(shop, "ready/note")
    assert caught.value.hint == "did you mean ready/notes?"


# --- secrets in what people hand in ---------------------------------------------------------


def kept(context: Context, **given: object) -> tuple[bytes, list[str]]:
    """The evidence's bytes as they would be kept, and what the person is told."""
    evidence = answering.evidence_for(context, "answer:x/ready/notes", **given)  # type: ignore[arg-type]
    told = list(context.remarks)
    context.remarks.clear()
    return evidence.blobs[0].data, told


def test_of_two_kinds_of_evidence_at_once_none_is_dropped(shop: Context, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("masked", encoding="utf-8")
    with pytest.raises(UsageError, match="one piece of evidence"):
        answering.evidence_for(shop, "answer:x", file=file, note="two columns were left out")


def test_a_secret_in_a_note_is_not_kept_and_the_person_is_told(shop: Context) -> None:
    data, told = kept(shop, note="restored\npassword: hunter2\nX-Api-Key: abc")
    assert data == b"restored\npassword: [redacted]\nX-Api-Key: [redacted]"
    assert told == ["removed before saving: a header with a key, a password"]
    assert kept(shop, note="restored in 31 minutes") == (b"restored in 31 minutes", [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_a_secret_in_a_text_file_is_not_kept_whatever_its_encoding(shop: Context, encoding: str) -> None:
    path = shop.root / "log.txt"
    path.write_bytes("Größe 3\nCookie: sid=abc".encode(encoding))
    data, told = kept(shop, file=path)
    assert data.decode(encoding) == "Größe 3\nCookie: [redacted]"
    assert told == ["removed before saving: a cookie"]


def test_a_picture_stays_as_it_is(shop: Context) -> None:
    path = shop.root / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00password: hunter2")
    assert kept(shop, file=path) == (path.read_bytes(), [])
