"""Attacks by files that come from elsewhere: packs that were edited, forged, too large, or are not what they say."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.usecases.two_desks import copy_project, send, two_desks

from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.times import Clock, to_text
from workbench.parity import model as parity
from workbench.record import heads
from workbench.record.packs import Pack, encode_pack
from workbench.usecases import exchanging, handing_over, mapping, repairing, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.project import Options
from workbench.usecases.restoring import restore
from workbench.usecases.views import exchange as views

Desks = tuple[Context, Context]


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with two_desks(tmp_path) as both:
        yield both


def edit(context: Context, production: str) -> None:
    stored, value = parity.find(context.record, "cache size")
    mapping.edit_difference(context, stored, msgspec.structs.replace(value, production=production))


def production(context: Context) -> str:
    return parity.find(context.record, "cache size")[1].production


def written(pack: Pack, path: Path, **fields: Any) -> Path:
    path.write_bytes(encode_pack(msgspec.structs.replace(pack, **fields)))
    return path


def without_number(line: bytes, number: int, desk: str) -> bool:
    body = msgspec.json.decode(line)
    return not (body["desk"] == desk and body["desk_seq"] == number)


def test_a_pack_that_was_edited_on_its_way(desks: Desks) -> None:
    """Somebody edits one value in a pack that lies in a shared folder.

    The digest in the pack's head covers every byte: the pack is refused whole, and nothing of it is imported.
    """
    kim, sam = desks
    edit(kim, "4")
    path = kim.root / "kim.pack"
    exchanging.write_pack(kim, path)
    head = sam.record.head
    text = path.read_bytes()
    for place in range(0, len(text), max(1, len(text) // 60)):
        path.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        with pytest.raises(UsageError):
            exchanging.take(sam, path)
    assert sam.record.head == head and sam.record.aside() == ()


def test_an_edited_pack_whose_digest_was_made_to_fit(desks: Desks) -> None:
    """Somebody edits an entry and computes the digests of the pack anew, so that the pack looks whole.

    The desk's own pack contradicts it: two entries have one number, which is told as a fork with both, and no later entry of
    that desk is imported until the record is restored from the desk's own pack; what one wrote oneself is taken along.
    """
    kim, sam = desks
    edit(kim, "4")
    pack = kim.record.pack()
    forged = tuple(line.replace(b'"production":"4"', b'"production":"1"') for line in pack.entries)
    exchanging.take(sam, written(pack, kim.root / "forged.pack", entries=forged))
    assert production(sam) == "1"
    build.add_difference(sam, "sam's own", severity="low")
    build.add_difference(kim, "kim goes on", severity="low")
    done = send(kim, sam)
    assert (len(done.taken.new), len(done.taken.waiting), done.taken.taken) == (1, 1, ())
    said = "\n".join(views.imported_lines(done, Path("x")))
    assert "fork: two copies went on as the desk" in said and "each with an entry 7 of its own" in said
    assert safekeeping.verify(sam).ok
    sam.record.close()
    file = kim.root / "whole.pack"
    exchanging.write_pack(kim, file)
    restored = restore(Options(project=sam.root, as_person="sam"), file, replace=True)
    assert restored.kept is not None and restored.fork is not None and restored.fork.count_here == 3
    with build.opened(sam.root, "sam") as again:
        repairing.bring(again, restored.kept)
        assert production(again) == "4" and parity.find(again.record, "sam's own")
        assert parity.find(again.record, "kim goes on")
        (bad,) = exchanging.read_overview(again).quarantined
        assert "two copies went on as one" in bad.why


def test_an_older_pack_is_sent_again(desks: Desks) -> None:
    """A pack from before a freeze is sent again, to bring back the time before it.

    Entries are a set: what is held already changes nothing, and what replaced it stays.
    """
    kim, sam = desks
    old = kim.root / "old.pack"
    exchanging.write_pack(kim, old)
    edit(kim, "4")
    send(kim, sam)
    frontier = exchanging.known_desks(sam)
    done = exchanging.take(sam, old)
    assert done.taken.taken == () and done.taken.touched == () and production(sam) == "4"
    assert exchanging.known_desks(sam) == frontier, "what is known of a desk does not go back either"


def test_a_pack_of_another_record_of_the_same_project(desks: Desks, tmp_path: Path) -> None:
    """A record that was begun anew for the same project, without its blockers, is offered as a pack.

    A pack names its record, every desk's first entry names it too, and only the same record is imported.
    """
    kim, _ = desks
    with build.shop(tmp_path / "anew") as anew:
        build.add_difference(anew, "cache size", staging="2", production="2")
        pack = anew.record.pack()
        with pytest.raises(UsageError, match="a pack of another record"):
            exchanging.take(kim, written(pack, kim.root / "other.pack"))
        # With the record's id written over, its entries still begin another one.
        head = kim.record.head
        renamed = written(pack, kim.root / "renamed.pack", record=kim.record.info.record_id)
        done = exchanging.take(kim, renamed)
        assert done.taken.taken == () and kim.record.head == head
        assert all("begins a desk" in one.why or "quarantined" in one.why or "not here" in one.why
                   for one in (*done.taken.quarantined, *done.taken.waiting))  # fmt: skip


def test_an_entry_under_another_desks_name(desks: Desks) -> None:
    """Somebody puts an entry into a pack that says that this desk wrote it.

    This desk knows what it wrote: the entry is quarantined by name, and from then on this copy writes as a new desk, so that the
    two can be told apart.
    """
    kim, sam = desks
    send(kim, sam)
    edit(sam, "9")
    own = kim.record.info.desk
    pack = kim.record.pack()
    last = msgspec.json.decode(pack.entries[-1])
    forged = encode(
        last
        | {
            "desk_seq": last["desk_seq"] + 1,
            "desk_prev": hashlib.sha256(b"wb.entry.1\0" + pack.entries[-1]).hexdigest(),
            "base": hashlib.sha256(b"wb.entry.1\0" + pack.entries[-1]).hexdigest(),
            "value": last["value"] | {"production": "1"},
            "verb": "edited",
        }
    )
    path = written(sam.record.pack(), kim.root / "as-kim.pack", entries=(*sam.record.pack().entries, forged))
    before = production(kim)
    done = exchanging.take(kim, path)
    assert len(done.taken.new) == 1 and "in the name of this desk" in done.taken.quarantined[0].why
    assert production(kim) != "1" and before == "2"
    assert done.taken.new_desk and done.taken.new_desk != own
    assert "another copy writes as this desk did" in "\n".join(views.imported_lines(done, path))
    build.add_difference(kim, "as the new desk", severity="low")
    assert kim.record.info.desk == done.taken.new_desk and safekeeping.verify(kim).ok


def test_a_desk_cloned_with_its_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole machine is cloned: two copies of the record go on as one desk, and nothing in the file shows it.

    When they meet, each entry number that both used is told as a fork, with what each wrote; the copy that sees it begins a new desk,
    and what the other one wrote is entered by a person who vouches for it.
    """
    with build.shop(tmp_path / "kim") as kim:
        build.add_difference(kim, "cache size", staging="1", production="2")
        copy_project(kim.root, tmp_path / "clone")
        kim.record.backup(tmp_path / "clone" / ".workbench" / "record.db")
        with monkeypatch.context() as patch, build.opened(tmp_path / "clone", "sam") as clone:
            # As on a cloned disk: host, number and path of the file are the same, and what is noted outside, too.
            patch.setenv("WORKBENCH_DATA", str(tmp_path / "clone-data"))
            patch.setattr(heads, "are_missing", lambda *_: False)
            clone.record._at_home = True
            build.add_difference(clone, "only the clone has it", severity="low")
            path = clone.root / "clone.pack"
            clone.record.write_pack(path)
            desk = clone.record.info.desk
        build.add_difference(kim, "only kim has it", severity="low")
        assert kim.record.info.desk == desk
        done = exchanging.take(kim, path)
        (fork,) = done.forks
        assert "only kim has it" in fork.here[0].title and "only the clone has it" in fork.there[0].title
        assert done.taken.new_desk and kim.record.info.desk == done.taken.new_desk
        assert any("two copies went on as the desk" in note for note in safekeeping.verify(kim).notes)
        repairing.enter(kim, fork.there[0].digest, "written on the cloned machine")
        assert parity.find(kim.record, "only the clone has it") and exchanging.read_overview(kim).forks == ()
        assert safekeeping.verify(kim).ok


def test_a_gap_in_a_desks_numbers(desks: Desks) -> None:
    """One entry, a freeze for example, is left out of a pack, and the digest is computed anew.

    A desk's entries are numbered without a gap: all later ones wait, each is named, and a whole pack brings them.
    """
    kim, sam = desks
    edit(kim, "4")
    build.add_difference(kim, "after the gap", severity="low")
    pack = kim.record.pack()
    left = tuple(line for line in pack.entries if without_number(line, 7, kim.record.info.desk))
    assert len(left) == len(pack.entries) - 1
    done = exchanging.take(sam, written(pack, kim.root / "gap.pack", entries=left))
    assert done.taken.taken == () and [one.why for one in done.taken.waiting] == [
        "entry 7 of its desk is not here"
    ]
    assert any("ask for a whole pack" in text for text in views.advice(done))
    assert len(send(kim, sam).taken.taken) == 2


def test_a_pack_that_claims_to_be_huge(desks: Desks) -> None:
    """A pack of many gigabytes, or one whose head names a million lines that are not there, is to fill memory or disk.

    Its size is looked at first, lines have a longest length, and it is read line by line; what its head says is compared
    before anything is imported.
    """
    kim, sam = desks
    path = kim.root / "huge.pack"
    exchanging.write_pack(kim, path)
    with path.open("r+b") as file:
        file.truncate(10 * 2**30)  # a hole: it takes no room on the disk
    with pytest.raises(UsageError, match=r"larger than a pack can be: 10\.0 GB"):
        exchanging.take(sam, path)
    path.write_bytes(b'{"schema":"workbench.pack.1","x":"' + b"x" * 2**21)
    with pytest.raises(UsageError, match="no pack that can be read"):
        exchanging.take(sam, path)
    exchanging.write_pack(kim, kim.root / "small.pack")
    first, _, rest = (kim.root / "small.pack").read_bytes().partition(b"\n")
    said = msgspec.json.decode(first) | {"entries": 10**6}
    del said["digest"]
    digest = hashlib.sha256(encode(said) + b"\n" + rest).hexdigest()
    path.write_bytes(encode(said | {"digest": digest}) + b"\n" + rest)
    with pytest.raises(UsageError, match="names another number of lines"):
        exchanging.take(sam, path)


def test_a_pack_with_links_and_paths(desks: Desks, tmp_path: Path) -> None:
    """Ids and names in a pack are paths that lead out of the project, and steer a terminal; the pack itself is a pipe.

    Nothing that stands in a pack ever names a file, all of it is made safe before it is shown, and only a regular file is read.
    """
    kim, sam = desks
    pack = kim.record.pack()
    own = msgspec.json.decode(pack.entries[-1])
    evil = encode(
        own | {"id": "../../../../etc/cron.d/x", "desk": "\x1b[2J../..", "actor": "\x1b]0;owned\x07"}
    )
    before = sorted(path for path in tmp_path.rglob("*") if "record.db" not in path.name)
    path = written(pack, kim.root / "evil.pack", entries=(*pack.entries, evil), project="\x1b[31m../x")
    done = exchanging.take(sam, path)
    said = "\n".join(views.imported_lines(done, path))
    assert "\x1b" not in said and "\x07" not in said and len(done.taken.waiting) == 1
    after = sorted(p for p in tmp_path.rglob("*") if "record.db" not in p.name)
    assert set(after) - set(before) == {path}
    pipe = tmp_path / "pipe.pack"
    os.mkfifo(pipe)
    with pytest.raises(UsageError, match="cannot be read"):
        exchanging.take(sam, pipe)


def test_a_clock_that_is_ahead(desks: Desks) -> None:
    """A desk dates its entries two hours ahead, so that they seem to be the later word.

    What counts is what an entry was made from, never its date; a clock that is ahead is told, and what is written after it is
    dated after it.
    """
    kim, sam = desks
    now = sam.clock.real()
    ahead = msgspec.structs.replace(sam, clock=Clock(real=lambda: now + timedelta(hours=2)))
    edit(ahead, "9")
    edit(kim, "4")
    done = send(sam, kim)
    assert any("ahead of this machine's clock" in note for note in done.taken.notes)
    assert done.contested == 1 and {v.actor for c in kim.record.contested() for v in c.versions} == {
        "kim",
        "sam",
    }
    build.add_difference(kim, "after it", severity="low")
    assert kim.record.history(limit=1)[0].recorded_at > now + timedelta(hours=1)


def test_writing_on_after_handing_over(tmp_path: Path) -> None:
    """Who has handed the record over goes on writing in the old copy, or in a plain copy of its file.

    That desk's last word is the handover: nothing is written there any more, and a copied file is refused in the same way; only
    who restores it goes on, as a desk of its own.
    """
    with build.shop(tmp_path / "kim") as kim:
        build.add_difference(kim, "cache size", staging="1", production="2")
        handing_over.hand_over(kim, "sam", tmp_path / "shop.handover")
        with pytest.raises(NotAllowed, match="was handed over to sam"):
            build.add_difference(kim, "too late", severity="low")
        copy_project(kim.root, tmp_path / "copied")
        kim.record.backup(tmp_path / "copied" / ".workbench" / "record.db")
    with (
        build.opened(tmp_path / "copied", "kim") as copied,
        pytest.raises(NotAllowed, match="was handed over to sam"),
    ):
        build.add_difference(copied, "too late", severity="low")


def test_a_desk_that_lies_about_whom_it_follows(desks: Desks) -> None:
    """Somebody begins a desk that says it follows the last entry of another desk, and names a digest that this entry never had.

    How far a desk is held is told by its entries that are here, not by what others say of them: its next entry is taken as before.
    """
    kim, sam = desks
    edit(kim, "3")
    send(kim, sam)
    send(sam, kim)
    last = next(one for one in kim.record.frontier() if one.desk == kim.record.info.desk)
    mallory = "01a00000-0000-7000-8000-00000000abcd"
    beginning = {
        "actor": "mallory", "change_id": mallory, "desk": mallory, "desk_seq": 1, "entity": "desk", "id": mallory,
        "identity": "asserted by --as", "os_user": "mallory", "part": 1, "parts": 1,
        "recorded_at": to_text(kim.now), "value_version": 1, "verb": "began",
        "value": {
            "follows": {"desk": last.desk, "desk_seq": last.desk_seq, "digest": "ab" * 32},
            "key": None, "record": kim.record.info.record_id,
        },
    }  # fmt: skip
    pack = msgspec.structs.replace(kim.record.pack(), entries=(encode(beginning),), blobs=())
    assert exchanging.take(sam, written(pack, kim.root / "forged.pack")).taken.quarantined == ()
    edit(kim, "4")
    assert send(kim, sam).taken.quarantined == ()
    assert production(sam) == "4"
    assert sam.record.verify().ok
