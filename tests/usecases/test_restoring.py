"""A record goes on elsewhere: from a pack, a copy or a handover, as a new desk that follows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.usecases.two_desks import copy_project, send, two_desks

from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.parity import model as parity
from workbench.record import Record
from workbench.usecases import exchanging, handing_over, nouns, restoring, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.deciding import freeze
from workbench.usecases.doctoring import examine
from workbench.usecases.project import Options
from workbench.usecases.restoring import NotOlder, restore
from workbench.usecases.views.exchange import difference_lines, restored_lines


@pytest.fixture
def kim(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "kim") as context:
        build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
        yield context


def empty_place(context: Context, name: str) -> Path:
    place = context.root.parent / name
    copy_project(context.root, place)
    return place


def pack_of(context: Context, name: str = "whole.pack") -> Path:
    path = context.root / name
    exchanging.write_pack(context, path)
    return path


def rows(record: Record) -> dict[str, list[tuple[object, ...]]]:
    return {
        kind.name: sorted((s.id, s.base, s.value) for s in record.all(kind.name)) for kind in record.kinds
    }


@pytest.mark.parametrize("what", ["pack", "backup"])
def test_a_copy_goes_on_as_a_new_desk_that_follows(kim: Context, what: str) -> None:
    file = pack_of(kim) if what == "pack" else safekeeping.backup(kim, kim.root / "copy.db")
    before, head, desk = rows(kim.record), kim.record.head, kim.record.info.desk
    place = empty_place(kim, "sam")
    done = restore(Options(project=place, as_person="sam"), file)
    assert (done.what, done.kept, done.fork) == (what, None, None)
    assert (done.follows.desk, done.follows.digest) == (desk, head.digest)
    assert "follows entry" in next(restored_lines(done))
    with build.opened(place, "sam") as sam:
        assert rows(sam.record) == before and sam.record.info.desk == done.desk != desk
        assert safekeeping.verify(sam).ok
        began = sam.record.history("desk")[0]
        assert (began.actor, began.reason) == ("sam", f"restored from {file.name}")
        # The ledger is the same up to there, so every head that was noted of it can be found in it.
        assert sam.record.contradicted([head]) == []
        build.add_difference(sam, "sam's", severity="low")
        assert len(send(sam, kim).taken.taken) == 2
        assert safekeeping.verify(kim).ok


def test_a_pack_that_came_through_others_is_laid_as_it_was(tmp_path: Path) -> None:
    with two_desks(tmp_path) as (kim, sam):
        build.add_difference(sam, "sam's", severity="low")
        send(sam, kim)
        build.add_difference(kim, "kim's", severity="low")
        place = empty_place(kim, "robin")
        restore(Options(project=place, as_person="sam"), pack_of(kim))
        with build.opened(place, "sam") as robin:
            assert robin.record.contradicted([kim.record.head]) == []
            assert rows(robin.record) == rows(kim.record)
            assert safekeeping.verify(robin).ok


def test_an_older_record_that_is_here_is_replaced_and_kept(kim: Context) -> None:
    old = safekeeping.backup(kim, kim.root / "old.db")
    build.add_difference(kim, "later", severity="low")
    place = empty_place(kim, "sam")
    shutil.copy(old, place / ".workbench" / "record.db")
    done = restore(Options(project=place, as_person="sam"), pack_of(kim))
    assert done.kept is not None and done.kept.exists() and done.fork is not None
    assert (done.fork.count_here, done.fork.count_there) == (0, 1)
    with build.opened(place, "sam") as sam:
        assert parity.find(sam.record, "later")
        assert safekeeping.verify(sam).ok
    with Record.open(done.kept, nouns.NOUNS) as kept:
        assert kept.verify().ok


def test_a_record_that_went_on_is_not_replaced_unless_that_is_said(kim: Context) -> None:
    old = safekeeping.backup(kim, kim.root / "old.db")
    build.add_difference(kim, "the newest one", severity="low")
    options = Options(project=kim.root, as_person="kim")
    head = kim.record.head
    kim.record.close()
    with pytest.raises(
        NotOlder, match=r"holds 1 entry that .* it is the newer one; nothing was changed"
    ) as told:
        restore(options, old)
    said = "\n".join(difference_lines(told.value.fork))
    assert "only here: 1 entry" in said and "“the newest one”, by kim" in said
    done = restore(options, old, replace=True)
    assert done.kept is not None and done.set_aside is not None
    with build.opened(kim.root) as again:
        assert again.record.head.seq == head.seq
        report = safekeeping.verify(again)
        assert report.ok, report.problem
        assert any("was seen to reach entry" in note for note in report.notes)
        # What was left out comes back from the record that was kept.
        from workbench.usecases import repairing

        done_again = repairing.bring(again, done.kept)
        assert len(done_again.taken.taken) == 1 and parity.find(again.record, "the newest one")
        assert not any("was seen to reach entry" in note for note in safekeeping.verify(again).notes)


def test_two_copies_that_both_went_on_are_told_with_what_differs_and_joined_by_a_pack(tmp_path: Path) -> None:
    with two_desks(tmp_path) as (kim, sam):
        build.add_difference(kim, "kim's own", severity="low")
        build.add_difference(sam, "sam's own", severity="low")
        file = pack_of(kim)
        with pytest.raises(NotOlder, match="both went on") as told:
            restore(Options(project=sam.root, as_person="sam"), file)
        said = "\n".join(difference_lines(told.value.fork))
        assert "“sam's own”, by sam" in said and "“kim's own”, by kim" in said
        assert "only in the file: 1 entry, from entry" in said
        assert "workbench import" in str(told.value.hint)
        assert len(exchanging.take(sam, file).taken.taken) == 1


def test_a_folder_that_was_copied_goes_on_as_a_desk_of_its_own(kim: Context) -> None:
    place = empty_place(kim, "copied")
    record = place / ".workbench" / "record.db"
    safekeeping.backup(kim, kim.root / "x.db")
    shutil.copy(kim.root / "x.db", record)
    build.add_difference(kim, "meanwhile", severity="low")
    with build.opened(place, "sam") as sam, pytest.raises(RecordError, match="older copy"):
        build.add_difference(sam, "refused", severity="low")
    done = restore(Options(project=place, as_person="sam"), record)
    assert done.what == restoring.ITSELF
    with build.opened(place, "sam") as sam:
        build.add_difference(sam, "fine now", severity="low")
        assert safekeeping.verify(sam).ok
    assert safekeeping.verify(kim).ok


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: b"", "no record, no pack and no handover"),
        (lambda data: b"SQLite format 3\0" + b"x" * 5000, "not a release record"),
        (lambda data: data[:-10], "was changed or cut"),
        (lambda data: data.replace(b'"cache size"', b'"cache Size"'), "was changed or cut"),
    ],
)
def test_what_is_no_whole_record_changes_nothing(kim: Context, spoil: object, says: str) -> None:
    file = pack_of(kim)
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    place = empty_place(kim, "sam")
    with pytest.raises((UsageError, RecordError), match=says):
        restore(Options(project=place, as_person="sam"), file)
    assert list((place / ".workbench").iterdir()) in ([], [place / ".workbench" / ".gitignore"])


def test_a_pack_for_one_desk_is_not_begun_with(tmp_path: Path) -> None:
    with two_desks(tmp_path) as (kim, sam):
        send(sam, kim)
        file = kim.root / "some.pack"
        exchanging.write_pack(kim, file, for_desk="sam")
        place = empty_place(kim, "robin")
        with pytest.raises(UsageError, match="does not hold the whole record"):
            restore(Options(project=place, as_person="sam"), file)


def test_another_record_is_never_replaced(kim: Context, tmp_path: Path) -> None:
    with build.shop(tmp_path / "other") as other:
        file = pack_of(other)
    kim.record.close()
    with pytest.raises(NotAllowed, match="there is another record here"):
        restore(Options(project=kim.root, as_person="kim"), file, replace=True)


# --- handing over ---------------------------------------------------------------------------


def test_a_desk_that_handed_over_writes_no_more(kim: Context) -> None:
    file = kim.root / "shop.handover"
    done = handing_over.hand_over(kim, "sam", file)
    page = done.page.read_text(encoding="utf-8")
    assert "handed over to sam: 1 open release" in page and "## What falls due" in page
    assert "cache size" in page and "## Drills" in page
    head = kim.record.head
    for act in (
        lambda: build.add_difference(kim, "too late", severity="low"),
        lambda: freeze(kim, "an incident in staging"),
        lambda: kim.record.undo(None, kim.author(), kim.clock),
    ):
        with pytest.raises(NotAllowed, match="was handed over to sam on"):
            act()
    assert kim.record.head == head and safekeeping.verify(kim).ok
    (told,) = (one for one in examine(Options(project=kim.root)) if one.what == "handover")
    assert told.state == "warn" and "handed over to sam" in told.why
    kim.record.close()
    with build.opened(kim.root) as again, pytest.raises(NotAllowed, match="was handed over to sam on"):
        build.add_difference(again, "too late", severity="low")


def test_who_takes_over_goes_on_and_the_one_before_follows_by_packs(kim: Context) -> None:
    file = kim.root / "shop.handover"
    handing_over.hand_over(kim, "sam", file)
    place = empty_place(kim, "sam")
    restore(Options(project=place, as_person="sam"), file)
    with build.opened(place, "sam") as sam:
        value, page = handing_over.last_handover(sam) or (None, "")
        assert value is not None and value.to == "sam" and "handed over to sam" in page
        build.add_difference(sam, "sam's first", severity="low")
        assert len(send(sam, kim).taken.taken) == 2
    assert parity.find(kim.record, "sam's first")
    with pytest.raises(NotAllowed, match=r"cannot be cancelled: the desk .* has begun with it"):
        handing_over.cancel(kim, "sam fell ill today")


def test_a_handover_is_cancelled_while_nobody_is_known_to_have_begun(kim: Context) -> None:
    file = kim.root / "shop.handover"
    handing_over.hand_over(kim, "sam", file)
    with pytest.raises(UsageError, match="needs a reason"):
        handing_over.cancel(kim, "x")
    assert handing_over.cancel(kim, "sam fell ill today") == ()
    build.add_difference(kim, "kim goes on", severity="low")
    # Sam had begun all the same: both went on, and a pack joins them.
    place = empty_place(kim, "sam")
    restore(Options(project=place, as_person="sam"), file)
    with build.opened(place, "sam") as sam:
        build.add_difference(sam, "sam goes on", severity="low")
        send(sam, kim)
        send(kim, sam)
        assert rows(kim.record) == rows(sam.record)
        build.add_difference(sam, "sam still goes on", severity="low")
    handing_over.hand_over(kim, "robin", kim.root / "again.handover")


def test_a_copy_that_is_handed_over_is_closed_as_the_one_desk_that_it_began(kim: Context) -> None:
    copy = kim.root / "copy.db"
    kim.record.backup(copy)
    with build.opened(kim.root, "kim", record=copy) as context:
        handing_over.hand_over(context, "sam", kim.root / "copy.handover")
    with build.opened(kim.root, "kim", record=copy) as context:
        assert context.record.handover() is not None
        assert len([one for one in context.record.desks_seen() if one.follows is not None]) == 1
        handing_over.cancel(context, "sam is ill this week")
        assert context.record.handover() is None


def test_nobody_else_closes_a_desk(tmp_path: Path) -> None:
    """A handover of one desk that another one wrote down does not count."""
    from workbench.record import Change
    from workbench.record.handovers import HANDOVER, Handover
    from workbench.usecases.context import commit

    with two_desks(tmp_path) as (kim, sam):
        value = Handover(to="eve", by="sam", at=sam.now)
        commit(sam, [Change(HANDOVER, kim.record.info.desk, "handed over", value)])
        send(sam, kim)
        build.add_difference(kim, "kim still writes", severity="low")


@pytest.mark.parametrize("there", ["shop.handover", "shop.handover.md"])
def test_a_handover_replaces_no_file(kim: Context, there: str) -> None:
    (kim.root / there).write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        handing_over.hand_over(kim, "sam", kim.root / "shop.handover")
    assert kim.record.handover() is None


def test_the_file_of_a_handover_is_written_again(kim: Context) -> None:
    handing_over.hand_over(kim, "sam", kim.root / "one.handover")
    again = handing_over.write_again(kim, kim.root / "two.handover")
    assert again.page.read_text() == (kim.root / "one.handover.md").read_text()
    assert (kim.root / "one.handover").read_bytes() == again.file.read_bytes()
