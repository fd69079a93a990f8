"""Two desks change the same thing: both versions are shown, nothing rests on it, and a person chooses one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.gates.model import State
from workbench.model.errors import StaleChange, UsageError
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.record.packs import decode_pack, encode_pack
from workbench.usecases import mapping, releasing, soundness
from workbench.usecases.context import Context
from workbench.usecases.parity_map import read_map
from workbench.usecases.settling import find_contested, read_contested, settle


def give(one: Context, other: Context) -> None:
    """What one desk wrote, for another one."""
    text = encode_pack(one.record.pack())
    other.record.take_in(decode_pack(text, "a pack"), author=other.author(), clock=other.clock)


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Context, Context]]:
    """Kim's and sam's desks: copies of one record that hold a high difference, undecided."""
    # Each would be a machine with its own noted ends; here they share a user data folder.
    monkeypatch.setattr(soundness, "check_end", lambda *_, **__: None)
    with ExitStack() as stack:
        kim = stack.enter_context(build.shop(tmp_path / "kim"))
        build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
        shutil.copytree(tmp_path / "kim", tmp_path / "sam", ignore=shutil.ignore_patterns(".workbench"))
        (tmp_path / "sam" / ".workbench").mkdir()
        kim.record.backup(tmp_path / "sam" / ".workbench" / "record.db")
        sam = stack.enter_context(build.opened(tmp_path / "sam", "sam"))
        yield kim, sam


def edit(context: Context, production: str) -> None:
    stored, value = parity.find(context.record, "cache size")
    mapping.edit_difference(context, stored, msgspec.structs.replace(value, production=production))


def contest(desks: tuple[Context, Context]) -> None:
    """Kim closes it, while sam finds that production has another value."""
    kim, sam = desks
    build.decide(kim, parity.find(kim.record, "cache size")[0].id, "close", reason="both get the same")
    edit(sam, "4")
    give(sam, kim)
    give(kim, sam)


def test_a_decision_and_a_value_that_knew_nothing_of_each_other_do_not_merge(
    desks: tuple[Context, Context],
) -> None:
    contest(desks)
    for context in desks:
        (found,) = read_contested(context)
        assert (found.words, found.name) == ("two versions", "difference “cache size”")
        assert {"production", "decision"} <= set(found.fields)


def test_what_rests_on_it_is_not_met_and_says_so(desks: tuple[Context, Context]) -> None:
    contest(desks)
    for context in desks:
        item = build.requirement(context, "ready", "differences_decided")
        part = item.parts[0]
        assert item.state is State.NOT_MET and part.title == "difference “cache size”"
        assert part.why == "two versions: choose one" and part.step is not None
        (line,) = read_map(context).lines
        assert line.contested and line.open


def test_a_contested_thing_of_another_release_is_no_matter_of_this_one(
    desks: tuple[Context, Context],
) -> None:
    kim, sam = desks
    for context, words in ((kim, "one"), (sam, "two")):
        held = releasing.find(context)
        releasing.edit(context, held, msgspec.structs.replace(held.release, summary=words))
    give(sam, kim)
    build.decide(kim, parity.find(kim.record, "cache size")[0].id, "close", reason="both get the same")
    assert build.requirement(kim, "ready", "differences_decided").state is State.MET


@pytest.mark.parametrize("take", ["mine", "digest"])
def test_a_person_chooses_one_and_it_counts_on_every_desk(desks: tuple[Context, Context], take: str) -> None:
    contest(desks)
    kim, sam = desks
    choice = find_contested(kim, "cache size")
    wanted = next(each for each in choice.thing.versions if (each.desk == choice.mine) == (take == "mine"))
    settle(kim, choice, take if take == "mine" else wanted.digest[:10])
    give(kim, sam)
    for context in desks:
        assert read_contested(context) == []
        value = parity.find(context.record, "cache size")[1]
        assert value.production == (wanted.value or {})["production"]


def test_it_is_not_edited_before_somebody_chose(desks: tuple[Context, Context]) -> None:
    contest(desks)
    with pytest.raises(StaleChange, match="choose one first"):
        edit(desks[0], "8")


def test_what_names_no_version_is_told(desks: tuple[Context, Context]) -> None:
    with pytest.raises(UsageError, match="does not have several versions"):
        find_contested(desks[0], "cache size")
    contest(desks)
    with pytest.raises(UsageError, match="names none of its versions"):
        settle(desks[0], find_contested(desks[0], "cache"), "ffff")


def test_what_arrives_later_was_not_known_to_who_looked_the_map_over(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    build.add_difference(sam, "no load balancer", severity="low")  # before kim looks, at another desk
    mapping.mark_reviewed(kim, releasing.find(kim))
    assert reviews.changed_since(kim.record, reviews.last_review(kim.record)) == 0
    give(sam, kim)
    give(kim, sam)
    for context in desks:
        assert reviews.changed_since(context.record, reviews.last_review(context.record)) == 1
        fresh = {line.title: line.fresh for line in read_map(context).lines}
        assert fresh == {"cache size": "", "no load balancer": "new"}
    edit(sam, "4")
    assert reviews.changed_since(sam.record, reviews.last_review(sam.record)) == 2
    give(sam, kim)
    assert {line.title: line.fresh for line in read_map(kim).lines}["cache size"] == "changed"


def test_a_review_of_the_first_version_knows_what_its_desk_had_written(
    desks: tuple[Context, Context],
) -> None:
    kim, _ = desks
    mapping.mark_reviewed(kim, releasing.find(kim))
    found = reviews.last_review(kim.record)
    assert found is not None
    old = (found[0], msgspec.structs.replace(found[1], known=()))
    build.add_difference(kim, "no load balancer", severity="low")
    assert reviews.changed_since(kim.record, old) == reviews.changed_since(kim.record, found) == 1


def test_versions_are_told_apart_by_what_was_said_not_by_who_said_it_and_when(
    desks: tuple[Context, Context],
) -> None:
    kim, sam = desks
    build.answer(kim, "ready/notes")
    build.answer(sam, "ready/notes", "failed", comment="nobody is")
    give(sam, kim)
    (found,) = read_contested(kim)
    assert {"state", "comment"} <= set(found.fields) and not {"at", "by"} & set(found.fields)
