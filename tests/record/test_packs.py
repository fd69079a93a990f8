"""What others send is refused in words, or kept aside; nothing of it stops the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.record.exchanging import FREEZE, NOUNS, SIGNATURE, THING, begin, give, say
from tests.record.support import ADA, Ticking, raw

from workbench.model.canonical import encode
from workbench.model.errors import RecordError, UsageError
from workbench.model.times import Clock
from workbench.record import Blob, Change, Record
from workbench.record.packs import EXCERPT, Pack, Selection, decode_pack, encode_pack


@pytest.fixture
def clock() -> Clock:
    return Clock(real=Ticking())


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Record, Record]]:
    one, two = begin(tmp_path, 2)
    yield one, two
    one.close()
    two.close()


def sealed(header: dict[str, Any], content: bytes = b"") -> bytes:
    digest = hashlib.sha256(encode(header) + b"\n" + content).hexdigest()
    return encode(header | {"digest": digest}) + b"\n" + content


def header(record: Record, **fields: Any) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.json.decode(encode_pack(record.pack()).partition(b"\n")[0])
    del said["digest"]
    return said | fields


def test_a_pack_comes_back_as_it_was(pair: tuple[Record, Record], clock: Clock) -> None:
    one, _ = pair
    blobs = [Blob.of(b"text\n", "text/plain"), Blob.of(bytes(range(256)), "image/png")]
    one.commit([Change("thing", "t", "added", {"title": "Größe\x7f"})], author=ADA, clock=clock, blobs=blobs)
    pack = one.pack()
    text = encode_pack(pack)
    again = decode_pack(text, "x")
    assert msgspec.structs.replace(again, digest="") == pack
    assert sorted(pack.blobs, key=lambda b: b.digest) == sorted(blobs, key=lambda b: b.digest)
    assert pack.log.size == one.head.seq and pack.log.chain == one.head.chain


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\n", b"\xff\n", b"[]\n", b"{}\n", b"null\n", b"[" * 100_000, b'{"a":' * 100_000,
        b'{"schema":"workbench.pack.2"}\n', b'{"schema":"workbench.pack.1"}\n', b'{"schema":"\xff"}\n',
        b'{"schema":"workbench.pack.1","project":"\\ud800"}\n', b'{"schema":1e999999}\n', b"x" * 2**21,
    ],
    ids=lambda text: repr(text[:24]),
)  # fmt: skip
def test_what_is_no_pack_is_refused_in_words(text: bytes) -> None:
    with pytest.raises(UsageError, match=r"file\.pack is no pack that can be read"):
        decode_pack(text, "file.pack")


def test_every_changed_byte_of_a_pack_is_found(pair: tuple[Record, Record], clock: Clock) -> None:
    one, _ = pair
    say(one, clock, "thing", "t", title="x")
    text = encode_pack(one.pack())
    for place in range(0, len(text), 7):
        changed = bytearray(text)
        changed[place] ^= 1 + place % 200
        with pytest.raises(UsageError):
            decode_pack(bytes(changed), "x")
    for end in (10, len(text) // 2, len(text) - 1):
        with pytest.raises(UsageError):
            decode_pack(text[:end], "x")


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        ({"entries": 10**15, "blobs": 0}, b""),
        ({"entries": -1, "blobs": 1}, b""),
        ({"entries": 0, "blobs": 1}, b"{}\n"),
        ({"entries": 0, "blobs": 1}, b"[" * 100_000 + b"\n"),
        ({"entries": 0, "blobs": 1}, b'{"blob":"00","media":"x","text":"y"}\n'),
        ({"entries": 0, "blobs": 1}, b'{"blob":"00","media":"x","base64":"*"}\n'),
        ({"entries": 0, "blobs": 1}, b'{"blob":"00","media":"x","text":"\\ud800"}\n'),
        ({"selection": {"name": "moon"}}, b""),
        ({"frontier": [{"desk": "a", "desk_seq": "1", "digest": ""}]}, b""),
    ],
)
def test_a_pack_that_was_made_wrong_is_refused_in_words(
    pair: tuple[Record, Record], fields: dict[str, Any], content: bytes
) -> None:
    with pytest.raises(UsageError, match="no pack that can be read"):
        decode_pack(sealed(header(pair[0], **fields), content), "x")


def edited(line: bytes, **fields: Any) -> bytes:
    return encode({k: v for k, v in (msgspec.json.decode(line) | fields).items() if v is not None})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda line: b"\xff" + line, "cannot be read as an entry"),
        (lambda line: b"[" * 100_000, "cannot be read as an entry"),
        (lambda line: line.replace(b'"desk_seq":2', b'"desk_seq":1e99'), "cannot be read as an entry"),
        (lambda line: line.replace(b'"title":"x"', b'"title":"\\ud800"'), "cannot be read as an entry"),
        (lambda line: line.replace(b":", b": ", 1), "not written in the canonical form"),
        (lambda line: edited(line, desk_seq=0), "cannot be read as an entry"),
        (lambda line: edited(line, recorded_at="soon"), "its date is none"),
        (lambda line: edited(line, recorded_at="9999-12-31T23:59:59.999999Z"), "its date is none"),
        (lambda line: edited(line, recorded_at="2026-02-31T00:00:00.000000Z"), "its date is none"),
        (lambda line: edited(line, recorded_at="1999-01-01T00:00:00.000000Z"), "dated before its desk's"),
        (lambda line: edited(line, desk_prev="00" * 32), "does not follow its desk's entry before"),
        (lambda line: edited(line, also=["00" * 32]), "does not say what it was made from"),
        (lambda line: edited(line, entity="record", id="r", verb="created"), "begins a desk that has begun"),
        (lambda line: edited(line, entity="purge", id="00"), "does not say what was purged"),
        (lambda line: edited(line, value={"n": 1}), "its value is not that of a thing"),
    ],
)
def test_a_bad_entry_is_quarantined_and_its_desks_later_ones_wait(
    tmp_path: Path, clock: Clock, change: Callable[[bytes], bytes], why: str
) -> None:
    class Thing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        title: str = ""

    nouns = (msgspec.structs.replace(THING, shape=Thing), SIGNATURE, FREEZE)
    one, two, three = begin(tmp_path, 3)
    two.close()
    with one, three, Record.open(tmp_path / "1.db", nouns) as two:
        say(one, clock, "thing", "t", title="x")
        say(one, clock, "thing", "u", title="y")
        say(three, clock, "thing", "v", title="z")
        give(three, one, clock)
        pack = one.pack()
        bad = change(pack.entries[1])
        assert bad != pack.entries[1]
        lines = (pack.entries[0], bad, *pack.entries[2:])
        pack = msgspec.structs.replace(pack, entries=lines)
        for _ in range(2):
            taken = two.take_in(pack, author=ADA, clock=clock)
            assert [why in aside.why for aside in taken.quarantined] == [True], taken
            assert len(taken.waiting) == 1
        assert two.get("thing", "v") is not None and two.get("thing", "u") is None
        report = two.verify()
        assert report.ok and (report.waiting, report.quarantined) == (taken.waiting, taken.quarantined)
        # The entry as it was written comes later: what waited for it goes on.
        if "desk" not in why and "begins" not in why:
            again = two.take_in(one.pack(), author=ADA, clock=clock)
            assert again.waiting == () and two.get("thing", "u") is not None
            assert two.verify().ok


def test_what_a_newer_workbench_wrote_is_kept_and_blocks_only_what_it_is(
    pair: tuple[Record, Record], clock: Clock, tmp_path: Path
) -> None:
    one, two = pair
    say(one, clock, "thing", "t", title="old")
    give(one, two, clock)
    one.close()
    newer = msgspec.structs.replace(THING, version=2)
    extra = msgspec.structs.replace(SIGNATURE, name="rumour")
    with Record.open(tmp_path / "0.db", (newer, SIGNATURE, FREEZE, extra)) as later:
        stored = later.get("thing", "t")
        assert stored is not None
        for change in (
            Change("thing", "t", "edited", {"heading": "new"}, stored.base),
            Change("rumour", "r", "heard", {"by": "kim"}),
            Change("freeze", "f", "frozen", {"frozen": True}),
        ):
            later.commit([change], author=ADA, clock=clock)
        taken = two.take_in(later.pack(), author=ADA, clock=clock)
        assert (len(taken.taken), taken.waiting, taken.quarantined) == (3, (), ())
    assert two.get("freeze", "f") is not None
    stored = two.get("thing", "t")
    assert stored is not None and stored.contested and stored.decode(dict) == {"title": "old"}
    [contested] = two.contested()
    assert [(v.value, v.readable) for v in contested.versions] == [(None, False)]
    with pytest.raises(RecordError, match="changed by a newer workbench"):
        two.commit([Change("thing", "t", "e", {"title": "x"}, stored.base)], author=ADA, clock=clock)
    report = two.verify()
    assert report.ok and "entries about “rumour” come from a newer workbench" in report.notes
    two.close()
    with Record.open(tmp_path / "1.db", (newer, SIGNATURE, FREEZE, extra)) as updated:
        assert updated.contested() == () and updated.verify().ok
        assert [s.decode(dict) for s in updated.all("thing")] == [{"heading": "new"}]


def test_evidence_that_did_not_come_along_is_absent_until_it_comes(
    pair: tuple[Record, Record], clock: Clock
) -> None:
    one, two = pair
    blob = Blob.of(b"an answer", "text/plain")
    one.commit([Change("thing", "t", "added", {"title": "x"})], author=ADA, clock=clock, blobs=[blob])
    pack = one.pack()
    two.take_in(msgspec.structs.replace(pack, blobs=()), author=ADA, clock=clock)
    absent = two.blob(blob.digest)
    assert absent is not None and absent.absent
    report = two.verify()
    assert report.ok and "1 piece of evidence stayed at another desk" in report.notes
    two.commit([Change("thing", "u", "added", {"title": "x"})], author=ADA, clock=clock, blobs=[blob])
    assert two.blob(blob.digest) == blob and two.verify().ok
    other = raw(two.path)
    other.execute("DELETE FROM blobs")
    other.close()
    assert "is missing" in str(two.verify().problem)


# --- purged content -----------------------------------------------------------------------


def test_the_content_of_a_replaced_entry_is_purged_for_good(
    pair: tuple[Record, Record], clock: Clock, tmp_path: Path
) -> None:
    one, two = pair
    change = Change("thing", "t", "added", {"title": "token-4711"}, reason="reason-4711")
    [first] = one.commit([change], author=ADA, clock=clock).entries
    with pytest.raises(UsageError, match="is what the thing is now"):
        one.purge(first, "a token", ADA, clock)
    give(one, two, clock)
    say(one, clock, "thing", "t", title="clean")
    chain = one.head.chain
    one.purge(first, "a token slipped in", ADA, clock)
    for file in tmp_path.glob("0.db*"):
        assert b"4711" not in file.read_bytes()
    report = one.verify()
    assert report.ok and "the content of 1 entry purged, as the ledger says" in report.notes
    assert one.contradicted([]) == [] and chain != one.head.chain
    entry = one.history("thing", "t")[-1]
    assert (entry.digest, entry.purged, entry.value, entry.reason, entry.actor) == (
        first,
        True,
        None,
        None,
        "ada",
    )
    with pytest.raises(UsageError, match="purged already"):
        one.purge(first, "again", ADA, clock)
    with pytest.raises(UsageError, match=r"no evidence .* and no entry"):
        one.purge("00" * 32, "not there", ADA, clock)
    # Who has the entry loses it, who has it not gets what is left of it.
    give(one, two, clock)
    for file in tmp_path.glob("1.db*"):
        assert b"4711" not in file.read_bytes()
    assert two.verify().ok and one.verify().ok
    [three] = (Record.open(path, NOUNS) for path in [one.backup(tmp_path / "3.db")])
    with three:
        assert three.verify().ok


def test_an_emptied_entry_without_a_purge_is_found(pair: tuple[Record, Record], clock: Clock) -> None:
    one, _ = pair
    say(one, clock, "thing", "t", title="x")
    say(one, clock, "thing", "t", title="y")
    other = raw(one.path)
    other.execute("UPDATE ledger SET body = x'' WHERE seq = 2")
    other.close()
    assert "is empty, but no entry says that it was purged" in str(one.verify().problem)


def test_an_entry_without_content_waits_for_the_purge_that_says_so(tmp_path: Path, clock: Clock) -> None:
    one, two = begin(tmp_path, 2)
    with one, two:
        [first] = say(one, clock, "thing", "t", title="secret")
        say(one, clock, "thing", "t", title="clean")
        one.purge(first, "a token", ADA, clock)
        pack = one.pack()
        without = msgspec.structs.replace(pack, entries=pack.entries[:-1])
        taken = two.take_in(without, author=ADA, clock=clock)
        assert taken.taken == () and len(taken.waiting) == 2 and two.verify().ok
        assert two.take_in(pack, author=ADA, clock=clock).waiting == ()
        assert two.verify().ok and two.get("thing", "t") is not None
        assert two.history("thing", "t")[-1].purged


# --- the excerpt --------------------------------------------------------------------------


def excerpt(record: Record) -> Pack:
    return decode_pack(encode_pack(record.pack(Selection(EXCERPT))), "x")


def test_an_excerpt_holds_what_is_present_and_shows_the_same(
    pair: tuple[Record, Record], clock: Clock, tmp_path: Path
) -> None:
    one, two = pair
    say(one, clock, "thing", "t", title="old", tags=["a"])
    say(one, clock, "thing", "gone", title="gone")
    stored = one.get("thing", "gone")
    assert stored is not None
    one.commit([Change("thing", "gone", "removed", None, stored.base)], author=ADA, clock=clock)
    give(one, two, clock)
    say(one, clock, "thing", "t", title="one")
    say(two, clock, "thing", "t", title="two")
    say(two, clock, "freeze", "f", frozen=True)
    give(two, one, clock)
    pack = excerpt(one)
    assert len(pack.entries) == 1 + 3 + 1
    with Record.from_excerpt(tmp_path / "judged.db", NOUNS, pack) as judged:
        judged.check_rows()
        assert judged.info.record_id == one.info.record_id
        for kind in ("thing", "freeze", "signature"):
            here = [(s.id, s.base, s.value, s.contested) for s in one.all(kind)]
            assert [(s.id, s.base, s.value, s.contested) for s in judged.all(kind)] == here
        assert judged.contested() == one.contested()
    with pytest.raises(UsageError, match="serves judging only"):
        two.take_in(pack, author=ADA, clock=clock)
    with pytest.raises(UsageError, match="for another desk"):
        Record.from_excerpt(tmp_path / "no.db", NOUNS, one.pack())
