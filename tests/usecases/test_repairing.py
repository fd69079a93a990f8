"""Repair with real damage: bytes of the file are changed, and what proves itself makes a sound record."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.two_desks import two_desks

from workbench.model.errors import NotAllowed, RecordError, StaleChange, UsageError
from workbench.parity import model as parity
from workbench.record import Blob, Record
from workbench.record.packs import encode_pack
from workbench.usecases import excerpts, exchanging, mapping, nouns, repairing, safekeeping
from workbench.usecases.context import Context, commit
from workbench.usecases.project import Options, data_folder
from workbench.usecases.repairing import Mended
from workbench.usecases.views.repair import mended_lines


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    with build.shop(tmp_path / "kim") as context:
        build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
        for text in (b"what a server answered", b"and another time"):
            commit(context, [], blobs=[Blob.of(text * 20, "text/plain")])
        for number in range(12):
            build.add_difference(context, f"difference {number}", severity="low")
    yield tmp_path / "kim"


def path_of(place: Path) -> Path:
    return place / ".workbench" / "record.db"


def change(place: Path, sql: str, *args: object) -> None:
    connection = sqlite3.connect(path_of(place))
    connection.execute(sql, args)
    connection.commit()
    connection.close()


def mend(place: Path, *files: Path, want: bool = True) -> tuple[Mended, Mended | None]:
    shown: list[Mended] = []

    def confirm(found: Mended) -> bool:
        shown.append(found)
        return want

    done = repairing.mend(Options(project=place, as_person="kim"), files, confirm)
    return shown[0], done


def digests(path: Path) -> list[bytes]:
    connection = sqlite3.connect(path)
    found = [digest for (digest,) in connection.execute("SELECT digest FROM ledger ORDER BY seq")]
    connection.close()
    return found


def sound(place: Path) -> Context:
    with build.opened(place) as context:
        report = safekeeping.verify(context)
        assert report.ok, report.problem
        return context


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE e_difference SET value = replace(value, 'cache', 'cash')",
        "DELETE FROM e_flow",
        "DROP TABLE e_difference",
        "DROP INDEX e_difference_id",
        "CREATE TRIGGER t AFTER INSERT ON ledger BEGIN DELETE FROM e_flow; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE stray (a)",
        "UPDATE meta SET value = 'x' WHERE key = 'projections'",
        "UPDATE ledger SET verb = 'x' WHERE seq = 3",
        "UPDATE ledger SET chain = zeroblob(32) WHERE seq = 4",
    ],
)
def test_tables_are_made_again_from_a_ledger_that_is_intact(place: Path, sql: str) -> None:
    before = digests(path_of(place))
    change(place, sql)
    assert repairing.problem_of(Options(project=place))
    shown, done = mend(place)
    assert done is not None and done.kept is not None and done.kept.exists()
    assert shown.same_desk and shown.lost == () and shown.entries == len(before)
    assert "the ledger is intact" in "\n".join(mended_lines(shown))
    assert digests(path_of(place)) == before
    with build.opened(place) as context:
        desk = context.record.info.desk
        assert safekeeping.verify(context).ok
        build.add_difference(context, "goes on", severity="low")
        assert context.record.info.desk == desk and len(context.record.desks_seen()) == 1
    assert repairing.problem_of(Options(project=place)) == ""


def test_what_would_be_done_is_said_and_nothing_is_done_without_a_yes(place: Path) -> None:
    change(place, "DELETE FROM e_flow")
    before = path_of(place).read_bytes()
    shown, done = mend(place, want=False)
    assert done is None and shown.entries
    assert path_of(place).read_bytes() == before
    assert sorted(path.name for path in (place / ".workbench").iterdir() if "damaged" in path.name) == []


def test_a_damaged_entry_comes_back_from_the_newest_copy(place: Path) -> None:
    with build.opened(place) as context:
        safekeeping.backup(context)
        build.add_difference(context, "after the copy", severity="low")
        held = digests(path_of(place))
    change(place, "UPDATE ledger SET body = CAST(replace(body, 'difference 3', 'difference X') AS BLOB)")
    shown, done = mend(place)
    assert (
        done is not None and shown.lost == () and shown.base.suffix == ".db" and len(shown.read.damaged) == 1
    )
    assert not shown.same_desk
    assert "as a new desk" in "\n".join(mended_lines(shown))
    with build.opened(place) as context:
        assert parity.find(context.record, "after the copy") and parity.find(context.record, "difference 3")
        assert set(held) <= set(digests(path_of(place)))
        assert safekeeping.verify(context).ok
        build.add_difference(context, "goes on", severity="low")


def test_without_any_copy_all_but_the_damaged_entry_is_there_and_what_hangs_on_it_waits(place: Path) -> None:
    before = digests(path_of(place))
    change(place, "UPDATE ledger SET body = CAST(replace(body, 'difference 3', 'difference X') AS BLOB)")
    shown, done = mend(place)
    assert done is not None and len(shown.lost) == 1
    assert "lost: 1 entry that no file holds at" in "\n".join(mended_lines(shown))
    assert shown.waiting == len(before) - shown.lost[0] and done.kept is not None
    with build.opened(place) as context:
        assert safekeeping.verify(context).ok
        # Its pack, if it is found one day, brings the entry; then all that waited goes on.
    kept = Record.open(done.kept, nouns.NOUNS, readonly=True)
    kept.close()


def test_a_pack_or_an_excerpt_brings_what_the_file_lacks(place: Path) -> None:
    with build.opened(place) as context:
        exchanging.write_pack(context, place / "all.pack")
        (place / "ci.excerpt.jsonl").write_bytes(excerpts.excerpt(context))
        held = digests(path_of(place))
    change(place, "UPDATE ledger SET body = CAST(replace(body, 'difference 3', 'difference X') AS BLOB)")
    by_pack, _ = mend(place, place / "all.pack", want=False)
    assert by_pack.lost == () and by_pack.waiting == 0
    shown, done = mend(place, place / "ci.excerpt.jsonl")
    assert done is not None and shown.lost == () and shown.waiting == 0
    assert set(held) <= set(digests(path_of(place)))
    sound(place)


def test_evidence_that_was_damaged_is_missing_and_said_or_comes_from_a_pack(place: Path) -> None:
    with build.opened(place) as context:
        blobs = context.record.query("SELECT digest FROM blobs")
        exchanging.write_pack(context, place / "all.pack")
    assert blobs
    change(place, "UPDATE blobs SET data = zeroblob(length(data))")
    by_pack, _ = mend(place, place / "all.pack", want=False)
    assert by_pack.evidence_lost == 0 and by_pack.same_desk
    shown, done = mend(place)
    assert done is not None and shown.evidence_lost == len(blobs) and shown.lost == ()
    assert "missing: " in "\n".join(mended_lines(shown))
    sound(place)
    with build.opened(place) as context:
        exchanging.take(context, place / "all.pack")
        assert context.record.count_absent() == 0


def test_bytes_flipped_anywhere_never_make_a_record_that_says_something_else(place: Path) -> None:
    """Whatever was hit: with a copy at hand the record is sound again, and holds what it held."""
    with build.opened(place) as context:
        safekeeping.backup(context)
    whole = path_of(place).read_bytes()
    noted = {path: path.read_bytes() for path in data_folder().glob("*.json")}
    before = set(digests(path_of(place)))
    dice = random.Random(13)
    mended = 0
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(dice.choice((3, 40, 400))):
            data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
        _put(place, bytes(data), noted)
        if not repairing.problem_of(Options(project=place)):
            continue  # the byte lay in free space
        _, done = mend(place)
        mended += 1
        assert done is not None and done.kept is not None
        kept = done.kept.read_bytes()
        assert kept == bytes(data)
        assert repairing.problem_of(Options(project=place)) == ""
        after = set(digests(path_of(place)))
        assert before <= after and len(after - before) <= 1, "nothing is lost, and only a desk began"
        done.kept.unlink()
    assert mended > 5


def _put(place: Path, data: bytes, noted: dict[Path, bytes]) -> None:
    """The file and what is noted of it, as if this were the first time."""
    for path in (*(place / ".workbench").glob("record*"), *data_folder().glob("*.json")):
        path.unlink()
    path_of(place).write_bytes(data)
    for path, text in noted.items():
        path.write_bytes(text)


def test_a_file_of_which_nothing_can_be_read_comes_back_from_the_copy(place: Path) -> None:
    with build.opened(place) as context:
        safekeeping.backup(context)
        held = digests(path_of(place))
    path_of(place).write_bytes(b"\0" * 40_000)
    shown, done = mend(place)
    assert done is not None and shown.read.sound == 0
    assert set(held) <= set(digests(path_of(place)))
    sound(place)


def test_where_nothing_is_left_anywhere_that_is_said(place: Path) -> None:
    path_of(place).write_bytes(b"\0" * 40_000)
    with pytest.raises(RecordError, match="nothing of this record can be read here"):
        mend(place)
    assert path_of(place).read_bytes() == b"\0" * 40_000


# --- the quarantine ---------------------------------------------------------------------------


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Context, Context]]:
    with two_desks(tmp_path) as both:
        yield both


def spoiled(kim: Context, sam: Context, make: Callable[[bytes], bytes]) -> Path:
    """Sam gets a pack of kim's in which one entry was changed; two more follow it."""
    stored, value = parity.find(kim.record, "cache size")
    mapping.edit_difference(kim, stored, msgspec.structs.replace(value, production="4"))
    build.add_difference(kim, "after it", severity="low")
    build.add_difference(kim, "and another", severity="low")
    pack = kim.record.pack()
    path = kim.root / "spoiled.pack"
    path.write_bytes(encode_pack(msgspec.structs.replace(pack, entries=tuple(map(make, pack.entries)))))
    exchanging.take(sam, path)
    return path


def without_seconds(line: bytes) -> bytes:
    return line.replace(b'"desk_prev":"', b'"desk_prev":"0', 1) if b'"production":"4"' in line else line


def test_what_is_dropped_stays_on_record_and_does_not_come_again(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    path = spoiled(kim, sam, without_seconds)
    kept = exchanging.read_overview(sam)
    assert len(kept.quarantined) == 1 and len(kept.waiting) == 2
    (bad,) = kept.quarantined
    with pytest.raises(UsageError, match="needs a reason"):
        repairing.drop(sam, bad.digest[:12], "x")
    dropped = repairing.drop(sam, bad.digest[:12], "it was spoiled on its way here")
    assert dropped[0].digest == bad.digest and len(dropped) == 3
    assert exchanging.read_overview(sam).quarantined == ()
    entry = sam.record.history("dropped_entry")[0]
    assert entry.reason == "it was spoiled on its way here" and entry.actor == "sam"
    assert any(entry.blobs for entry in sam.record.history("dropped_entry"))
    assert safekeeping.verify(sam).ok
    again = exchanging.take(sam, path)
    assert again.taken.new == () and exchanging.read_overview(sam).quarantined == ()
    # The true entries are not hindered by that.
    exchanging.write_pack(kim, kim.root / "whole.pack")
    assert len(exchanging.take(sam, kim.root / "whole.pack").taken.taken) == 3
    assert parity.find(sam.record, "and another") and safekeeping.verify(sam).ok


def test_what_a_quarantined_entry_says_is_entered_by_a_person(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    spoiled(kim, sam, without_seconds)
    (bad,) = exchanging.read_overview(sam).quarantined
    repairing.enter(sam, bad.digest, "kim told me so by telephone")
    assert parity.find(sam.record, "cache size")[1].production == "4"
    entry = sam.record.history("difference", limit=1)[0]
    assert entry.actor == "sam" and "kim told me so" in str(entry.reason) and "by kim" in str(entry.reason)
    assert exchanging.read_overview(sam).quarantined == () and safekeeping.verify(sam).ok


def test_what_waits_is_entered_with_the_evidence_that_came_for_it(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    blob = Blob.of(b'{"p95": "0.46"}' * 20, "application/json")
    build.add_difference(kim, "before it", severity="low")
    build.measured(kim, "p95", "0.46", blobs=(blob,), evidence=(blob.digest,))
    pack = kim.record.pack()
    missing = next(line for line in pack.entries if b'"title":"before it"' in line)
    path = kim.root / "part.pack"
    kept = tuple(line for line in pack.entries if line != missing)
    path.write_bytes(encode_pack(msgspec.structs.replace(pack, entries=kept)))
    exchanging.take(sam, path)
    (waits,) = exchanging.read_overview(sam).waiting
    repairing.enter(sam, waits.digest, "kim told me so by telephone")
    assert sam.record.history("batch", limit=1)[0].blobs == (blob.digest,)
    found = sam.record.blob(blob.digest)
    assert found is not None and found.data == blob.data
    assert safekeeping.verify(sam).ok


def test_what_was_overtaken_is_not_entered_over_it(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    spoiled(kim, sam, without_seconds)
    stored, value = parity.find(sam.record, "cache size")
    mapping.edit_difference(sam, stored, msgspec.structs.replace(value, production="7"))
    (bad,) = exchanging.read_overview(sam).quarantined
    with pytest.raises(StaleChange):
        repairing.enter(sam, bad.digest, "kim told me so by telephone")
    assert parity.find(sam.record, "cache size")[1].production == "7"
    assert len(exchanging.read_overview(sam).quarantined) == 1


def test_what_belongs_to_the_record_itself_is_not_entered_by_hand(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    spoiled(kim, sam, lambda line: line.replace(b'"entity":"difference"', b'"entity":"desk"') if b'"production":"4"' in line else line)  # fmt: skip
    (bad,) = exchanging.read_overview(sam).quarantined
    with pytest.raises(NotAllowed, match="cannot be entered by hand"):
        repairing.enter(sam, bad.digest, "kim told me so by telephone")


def test_a_desks_corrected_continuation_is_taken(desks: tuple[Context, Context]) -> None:
    """Another entry with the number of the quarantined one follows its desk's entry before: it is the desk's."""
    kim, sam = desks
    spoiled(kim, sam, without_seconds)
    exchanging.write_pack(kim, kim.root / "whole.pack")
    done = exchanging.take(sam, kim.root / "whole.pack")
    assert len(done.taken.taken) == 3 and done.taken.waiting == ()
    assert len(done.taken.quarantined) == 1, "what was wrong stays until somebody drops it"
