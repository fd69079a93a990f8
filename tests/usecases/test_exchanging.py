"""Two desks of one machine exchange packs as files: what comes, what is said, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.two_desks import send, two_desks

from workbench.gates.model import State
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.record.packs import decode_pack, encode_pack
from workbench.usecases import deciding, excerpts, exchanging, mapping, repairing, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.doctoring import examine
from workbench.usecases.project import Options
from workbench.usecases.views import exchange as views

Desks = tuple[Context, Context]


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with two_desks(tmp_path) as both:
        yield both


def value(context: Context) -> parity.Difference:
    return parity.find(context.record, "cache size")[1]


def edit(context: Context, **fields: str) -> None:
    stored, found = parity.find(context.record, "cache size")
    mapping.edit_difference(context, stored, msgspec.structs.replace(found, **fields))


def test_two_folders_of_one_machine_are_two_desks_that_both_go_on(desks: Desks) -> None:
    kim, sam = desks
    for _ in range(3):
        build.add_difference(kim, "kim's", severity="low")
        build.add_difference(sam, "sam's", severity="low")
    for context in desks:
        report = safekeeping.verify(context)
        assert report.ok, report.problem
        assert report.ends_compared
    assert kim.record.info.desk != sam.record.info.desk


def test_what_one_desk_wrote_the_other_has_and_again_is_nothing_new(desks: Desks) -> None:
    kim, sam = desks
    edit(kim, production="4")
    first = send(kim, sam)
    assert len(first.taken.taken) == 1 and first.lacking == 1  # sam's desk has begun with it
    assert value(sam).production == "4"
    again = send(kim, sam)
    assert (again.taken.taken, again.taken.touched) == ((), ())
    assert "nothing new" in "\n".join(views.imported_lines(again, Path("desk.pack")))


def test_a_pack_for_a_desk_holds_what_that_lacked_when_its_last_pack_came(desks: Desks) -> None:
    kim, sam = desks
    edit(kim, production="4")
    send(kim, sam)
    edit(sam, staging="3")
    send(sam, kim)
    build.add_difference(kim, "another", severity="low")
    path = kim.root / "for.pack"
    written = exchanging.write_pack(kim, path, for_desk=sam.record.info.desk[-6:])
    assert written.entries == 1
    assert exchanging.write_pack(kim, path, for_desk="sam").entries == 1
    send(kim, sam, for_desk="sam")
    assert {known.desk: known.desk_seq for known in kim.record.frontier()} == {
        known.desk: known.desk_seq for known in sam.record.frontier()
    }
    by_file = exchanging.write_pack(kim, kim.root / "by-file.pack", since=sam.root / "desk.pack")
    assert by_file.entries == 1


def test_the_overview_says_what_each_desk_holds_and_lacked(desks: Desks) -> None:
    kim, sam = desks
    edit(sam, staging="3")
    send(sam, kim)
    build.add_difference(kim, "another", severity="low")
    lines = list(views.overview_lines(exchanging.read_overview(kim), kim.zone))
    assert lines[0].endswith("entries of 2 desks")
    assert "this desk" in lines[1] and "it lacked 1 entry of these" in lines[2]
    assert "no pack of it came here" in "\n".join(
        views.overview_lines(exchanging.read_overview(sam), sam.zone)
    )


def test_a_bad_entry_is_quarantined_by_name_and_the_rest_goes_on(desks: Desks) -> None:
    kim, sam = desks
    edit(kim, production="4")
    build.add_difference(kim, "after it", severity="low")
    pack = kim.record.pack()
    lines = [line.replace(b'"production":"4"', b'"production":4') for line in pack.entries]
    bad = kim.root / "bad.pack"
    bad.write_bytes(encode_pack(msgspec.structs.replace(pack, entries=tuple(lines))))
    done = exchanging.take(sam, bad)
    said = "\n".join(views.imported_lines(done, bad))
    assert (
        "edited difference “cache size”, by kim" in said and "its value is not that of a difference" in said
    )
    assert "difference “after it”" in said and "is quarantined" in said
    assert len(done.taken.new) == 1 and len(done.taken.waiting) == 1
    assert exchanging.take(sam, bad).taken.new == ()
    assert any("workbench repair" in text for text in views.advice(done))
    # The entry as it was written comes later: what waited goes on.
    after = send(kim, sam)
    assert after.taken.waiting == () and value(sam).production == "4"
    assert parity.find(sam.record, "after it")


def test_what_both_changed_is_led_to(desks: Desks) -> None:
    kim, sam = desks
    edit(kim, production="4")
    edit(sam, production="5")
    done = send(sam, kim)
    assert done.contested == 1
    assert any("workbench contested" in text for text in views.advice(done))


def test_what_would_come_is_said_before_it_comes(desks: Desks) -> None:
    kim, sam = desks
    edit(kim, production="4")
    path = kim.root / "kim.pack"
    exchanging.write_pack(kim, path)
    before = sam.record.head
    done = exchanging.take(sam, path, dry_run=True)
    assert len(done.taken.taken) == 1 and sam.record.head == before
    assert "1 entry would be imported" in next(views.imported_lines(done, path))
    assert exchanging.known_desks(sam) == ()
    assert len(exchanging.take(sam, path).taken.taken) == 1


def test_a_pack_of_another_record_is_refused(desks: Desks, tmp_path: Path) -> None:
    kim, _ = desks
    with build.shop(tmp_path / "other") as other:
        path = other.root / "other.pack"
        exchanging.write_pack(other, path)
        with pytest.raises(UsageError, match="a pack of another record, of the project"):
            exchanging.take(kim, path)
        with pytest.raises(UsageError, match="another record"):
            exchanging.write_pack(kim, kim.root / "x.pack", since=path)
        with pytest.raises(UsageError, match="is no pack of this record"):
            exchanging.write_pack(kim, path)


def test_only_a_pack_is_replaced(desks: Desks) -> None:
    kim, _ = desks
    before = (kim.root / "workbench.yaml").read_bytes()
    with pytest.raises(UsageError, match="is there already, and is no pack"):
        exchanging.write_pack(kim, kim.root / "workbench.yaml")
    assert (kim.root / "workbench.yaml").read_bytes() == before
    with pytest.raises(UsageError, match="cannot be written"):
        exchanging.write_pack(kim, kim.root / "nowhere" / "x.pack")


def test_an_excerpt_cannot_be_imported(desks: Desks) -> None:
    kim, sam = desks
    path = kim.root / "ci.excerpt.jsonl"
    path.write_bytes(excerpts.excerpt(kim))
    assert exchanging.is_pack(path)
    with pytest.raises(UsageError, match="serves judging only"):
        exchanging.take(sam, path)


@pytest.mark.parametrize("cut", [0, 1, 300, -1])
def test_a_cut_pack_changes_nothing(desks: Desks, cut: int) -> None:
    kim, sam = desks
    edit(kim, production="4")
    path = kim.root / "kim.pack"
    exchanging.write_pack(kim, path)
    text = path.read_bytes()
    path.write_bytes(text[:cut])
    before = sam.record.head
    with pytest.raises(UsageError):
        exchanging.take(sam, path)
    path.write_bytes(text + b"{}\n")
    with pytest.raises(UsageError, match="was changed or cut"):
        exchanging.take(sam, path)
    assert sam.record.head == before and sam.record.aside() == ()


def test_an_unknown_desk_is_told_with_those_that_are_known(desks: Desks) -> None:
    kim, sam = desks
    edit(sam, staging="3")
    send(sam, kim)
    with pytest.raises(UsageError, match="nobody can tell what it lacks") as caught:
        exchanging.write_pack(kim, kim.root / "x.pack", for_desk="robin")
    assert sam.record.info.desk[-12:] in str(caught.value.hint)


def test_a_note_of_other_desks_that_was_changed_is_not_relied_on(desks: Desks) -> None:
    kim, sam = desks
    edit(sam, staging="3")
    send(sam, kim)
    assert exchanging.known_desks(kim)
    (note,) = (kim.data_folder / exchanging.FOLDER).iterdir()
    note.write_bytes(note.read_bytes().replace(b'"desk_seq":', b'"desk_seq":9', 1))
    assert exchanging.known_desks(kim) == ()


def test_what_is_written_to_a_file_is_the_pack_that_is_held(desks: Desks) -> None:
    kim, _ = desks
    path = kim.root / "kim.pack"
    written = exchanging.write_pack(kim, path)
    assert path.read_bytes() == encode_pack(kim.record.pack())
    pack = decode_pack(path.read_bytes(), "it")
    assert (written.entries, written.blobs, written.digest) == (
        len(pack.entries),
        len(pack.blobs),
        pack.digest,
    )
    assert path.stat().st_mode & 0o077 == 0


# --- what rests on it -----------------------------------------------------------------------


def spoil(kim: Context, sam: Context, old: bytes, new: bytes) -> None:
    pack = kim.record.pack()
    path = kim.root / "bad.pack"
    lines = tuple(line.replace(old, new) for line in pack.entries)
    path.write_bytes(encode_pack(msgspec.structs.replace(pack, entries=lines)))
    exchanging.take(sam, path)


def test_what_rests_on_a_quarantined_entry_is_not_met(desks: Desks) -> None:
    kim, sam = desks
    build.decide(kim, parity.find(kim.record, "cache size")[0].id, "close", reason="both get the same")
    send(kim, sam)
    for context in desks:
        assert build.requirement(context, "ready", "differences_decided").state is State.MET
    build.add_difference(kim, "grave", severity="high")
    spoil(kim, sam, b'"title":"grave"', b'"title":1')
    item = build.requirement(sam, "ready", "differences_decided")
    assert item.state is State.NOT_MET
    (part,) = (part for part in item.parts if part.key == "aside/difference")
    assert (
        part.title.startswith("quarantined: difference")
        and "its value is not that of a difference" in part.why
    )
    assert build.requirement(sam, "go", "not_frozen").state is State.MET, "nothing rests on it there"
    excerpt = sam.root / "ci.excerpt.jsonl"
    excerpt.write_bytes(excerpts.excerpt(sam))
    judged = excerpts.from_excerpt(Options(project=sam.root, now=sam.now, as_person="sam"), excerpt)
    assert "aside/difference" in [
        one.key for one in build.requirement(judged, "ready", "differences_decided").parts
    ]
    judged.record.close()
    repairing.drop(sam, part.about.partition("/")[2], "it was spoiled on its way here")
    assert "aside/difference" not in [
        one.key for one in build.requirement(sam, "ready", "differences_decided").parts
    ]


def test_a_freeze_that_waits_blocks_promotion_and_a_line_that_cannot_be_read_blocks_nothing(
    desks: Desks,
) -> None:
    kim, sam = desks
    build.add_difference(kim, "first", severity="low")
    deciding.freeze(kim, "an incident in production")
    assert build.requirement(sam, "go", "not_frozen").state is State.MET
    spoil(kim, sam, b'"title":"first"', b'"title":1')
    item = build.requirement(sam, "go", "not_frozen")
    assert item.state is State.NOT_MET and "waiting: freeze" in item.parts[0].title
    exchanging.write_pack(kim, kim.root / "whole.pack")
    exchanging.take(sam, kim.root / "whole.pack")
    assert build.requirement(sam, "go", "not_frozen").parts[0].key != "aside/freeze"


def test_doctor_says_what_is_kept_aside(desks: Desks) -> None:
    kim, sam = desks
    build.add_difference(kim, "first", severity="low")
    spoil(kim, sam, b'"title":"first"', b'"title":1')
    (check,) = (
        one for one in examine(Options(project=sam.root, as_person="sam")) if one.what == "other desks"
    )
    assert check.state == "warn" and "1 are quarantined" in check.why and check.fix == "workbench repair"
