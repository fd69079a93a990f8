"""The content of a pack on the server: written, read again, and refused whole where it lies."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.mailbox.mail import (
    SCHEMA,
    Head,
    Lies,
    Mail,
    Seen,
    check_entries,
    head_of,
    read_mail,
    write_mail,
)
from workbench.model.canonical import encode
from workbench.record import Blob
from workbench.record.ledger import entry_digest

DESK = "019f2b60-4c10-7000-8000-000000000002"
OTHER = "019f2b60-4c10-7000-8000-0000000000ff"


def line(number: int, prev: str = "", *, desk: str = DESK, entity: str = "note", actor: str = "ada") -> bytes:
    fields: dict[str, Any] = {
        "desk": desk, "desk_seq": number, "change_id": f"c{number}", "part": 1, "parts": 1, "entity": entity,
        "id": f"n{number}", "verb": "added", "value_version": 1, "value": {"text": f"entry {number}"}, "actor": actor,
        "identity": "git config", "os_user": actor, "recorded_at": "2026-09-15T10:00:00.000000Z",
    }  # fmt: skip
    return encode(fields | ({"desk_prev": prev} if prev else {}))


def chain_of_lines(first: int, count: int, prev: str = "", **said: Any) -> list[bytes]:
    lines = []
    for number in range(first, first + count):
        lines.append(line(number, prev, **said))
        prev = entry_digest(lines[-1]).hex()
    return lines


def head(lines: Sequence[bytes], *, first: int = 1, follows: str = "", blobs: int = 0, **other: Any) -> Head:
    said: dict[str, Any] = {
        "record": "r", "desk": DESK, "writer": DESK, "first": first, "last": first + len(lines) - 1,
        "follows": follows, "tip": entry_digest(lines[-1]).hex(), "signs": (), "seen": Seen(),
        "entries": len(lines), "blobs": blobs,
    }  # fmt: skip
    return Head(**(said | other))


@given(
    count=st.integers(1, 5),
    blobs=st.lists(st.binary(max_size=80), max_size=3),
    number=st.integers(0, 2**40),
    signs=st.lists(st.text(max_size=5), max_size=3),
)
def test_what_was_written_is_read_again_and_the_same_lines_give_the_same_bytes(
    count: int, blobs: list[bytes], number: int, signs: list[str]
) -> None:
    lines = chain_of_lines(1, count)
    pieces = [Blob.of(data, "text/plain") for data in blobs]
    said = head(lines, blobs=len(pieces), seen=Seen(number, "ab" * 32), signs=tuple(signs))
    content = write_mail(said, lines, pieces)
    mail = read_mail(content)
    assert (mail.head, mail.entries, tuple(mail.blobs)) == (said, tuple(lines), tuple(pieces))
    assert write_mail(said, lines, pieces) == content


@given(st.binary(max_size=300))
def test_any_bytes_are_a_pack_or_refused(data: bytes) -> None:
    for content in (data, zlib.compress(data), zlib.compress(data + b"\n")):
        with pytest.raises(Lies):
            read_mail(content)


@given(st.data())
def test_a_pack_that_was_cut_or_changed_anywhere_is_refused_or_reads_as_it_was_written(
    data: st.DataObject,
) -> None:
    lines = chain_of_lines(1, 2)
    content = write_mail(head(lines), lines, [])
    place = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(Lies):
        read_mail(content[:place])
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        mail = read_mail(bytes(changed))
        check_entries(mail, ())
    except Lies:
        return
    assert mail.entries == tuple(lines)  # a byte of zlib's own head that says nothing of the content


def test_a_pack_that_unpacks_to_very_much_is_refused_before_it_is_held() -> None:
    engine = zlib.compressobj(9)
    piece = b"\0" * 2**20
    bomb = b"".join([*(engine.compress(piece) for _ in range(64)), engine.flush()])
    assert len(bomb) < 2**17
    with pytest.raises(Lies, match="larger than a pack can be"):
        read_mail(bomb)


def test_more_bytes_behind_a_pack_are_refused() -> None:
    lines = chain_of_lines(1, 1)
    content = write_mail(head(lines), lines, [])
    for more in (b"x", content):
        with pytest.raises(Lies):
            read_mail(content + more)


def packed(said: Head, lines: Sequence[bytes]) -> Mail:
    return read_mail(write_mail(said, lines, []))


LINES = chain_of_lines(1, 3)
TIP = entry_digest(LINES[-1]).hex()
MORE = chain_of_lines(4, 3, TIP)


@pytest.mark.parametrize(
    ("says", "lines", "why"),
    [
        pytest.param({"last": 9}, LINES, "another number of entries", id="more entries than there are"),
        pytest.param({"entries": 2}, LINES, "another number of entries", id="an entry that it does not count"),
        pytest.param({"entries": -1}, LINES, "head cannot be read", id="fewer entries than none"),
        pytest.param({"blobs": 1}, LINES, "another number of entries", id="evidence that is not there"),
        pytest.param({"writer": OTHER}, LINES, "another desk", id="the entries of another desk"),
        pytest.param({"tip": "ab" * 32}, LINES, "last entry", id="another last entry"),
        pytest.param({"follows": "ab" * 32}, LINES, "does not follow", id="another entry before"),
        pytest.param({}, [LINES[1], LINES[0], LINES[2]], "another order", id="another order"),
        pytest.param({}, [LINES[0], LINES[0], LINES[2]], "another order", id="an entry twice"),
        pytest.param({"first": 4, "last": 6}, MORE, "does not follow", id="entries that follow and do not say so"),
    ],
)  # fmt: skip
def test_a_pack_that_lies_about_its_entries_is_refused(
    says: dict[str, Any], lines: list[bytes], why: str
) -> None:
    with pytest.raises(Lies, match=why):
        check_entries(packed(msgspec.structs.replace(head(lines), **says), lines), ())


def test_entries_that_follow_are_what_they_say() -> None:
    check_entries(packed(head(MORE, first=4, follows=TIP), MORE), ())


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"[]",
        b"{}",
        b'{"schema":"workbench.mail.2"}',
        b'{"schema":"workbench.mail.1"}',
        encode({"schema": SCHEMA, "record": 1}),
        b'{"schema":' + b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_head_that_cannot_be_read_is_refused(first: bytes) -> None:
    with pytest.raises(Lies):
        read_mail(zlib.compress(first + b"\n"))


def test_a_line_that_is_no_entry_is_left_to_whoever_takes_it_in() -> None:
    """A bad entry is quarantined by its name, and the rest of its pack goes on."""
    lines = [LINES[0], b'{"no":"entry"}', LINES[2]]
    check_entries(packed(head(lines), lines), ())


def test_what_a_person_says_for_themselves_counts_only_where_the_server_let_them_say_it() -> None:
    lines = chain_of_lines(1, 2, entity="signoff", actor="kim")
    for signs in ((), ("ada",)):
        with pytest.raises(Lies, match="signed"):
            check_entries(packed(head(lines, signs=signs), lines), {"signoff"})
    check_entries(packed(head(lines, signs=("kim",)), lines), {"signoff"})
    check_entries(packed(head(lines), lines), {"approval"})


def test_evidence_that_cannot_be_read_stays_absent_and_the_rest_comes() -> None:
    good = Blob.of(b"good", "text/plain")
    bad = msgspec.structs.replace(Blob.of(b"what it says", "text/plain"), data=b"something else")
    said = head(LINES, blobs=2)
    assert list(read_mail(write_mail(said, LINES, [bad, good])).blobs) == [good]


def _spoil(change: Callable[[dict[str, Any]], object]) -> bytes:
    fields = msgspec.json.decode(LINES[1])
    change(fields)
    return encode(fields)


def test_an_entry_that_was_changed_in_the_middle_is_found_by_the_one_that_follows_it() -> None:
    """The pack is what it says; its entries do not follow one another, which whoever takes them in finds."""
    changed = _spoil(lambda fields: fields["value"].update(text="other"))
    check_entries(packed(head([LINES[0], changed, LINES[2]]), [LINES[0], changed, LINES[2]]), ())
    assert msgspec.json.decode(LINES[2])["desk_prev"] != entry_digest(changed).hex()


@given(signs=st.lists(st.text(max_size=2000), max_size=12), cut=st.integers(0, 400))
def test_a_head_is_read_alone_whatever_follows_it_and_none_where_it_cannot_be(
    signs: list[str], cut: int
) -> None:
    lines = chain_of_lines(1, 3)
    said = head(lines, signs=tuple(signs))
    content = write_mail(said, lines, ())
    assert head_of(content) == said
    assert head_of(content[:cut]) in (None, said)
    assert head_of(b"") is head_of(b"no pack") is head_of(zlib.compress(b"x" * 10**7)) is None
