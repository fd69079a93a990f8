"""What others say of a mailbox beside this desk's own log, and the faults that are kept."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.mailbox import heads, heard, keeping, log
from workbench.mailbox.heard import Dates, Heard, How, Kept, Past, Trouble
from workbench.record import merkle

AT = datetime(2026, 9, 15, 10, tzinfo=UTC)
PACKS = [hashlib.sha256(bytes([number])).digest() for number in range(12)]
OTHERS = [hashlib.sha256(b"other" + bytes([number])).digest() for number in range(12)]


def seen(digests: list[bytes], number: int, desk: str = "desk-b", **more: object) -> Heard:
    said = {"chain": log.chain_of(digests[:number]).hex(), "how": How.PACK, "desk": desk, "number": number}
    return Heard(**{**said, **more})  # type: ignore[arg-type]


def head(digests: list[bytes], number: int, **more: object) -> Heard:
    return Heard(number=number, root=merkle.root(digests[:number]).hex(), how=How.HEAD, desk="desk-c", **more)  # type: ignore[arg-type]


@given(st.integers(0, 12), st.integers(0, 12))
def test_who_saw_the_same_packs_contradicts_nothing(mine: int, theirs: int) -> None:
    past = Past(PACKS[:mine])
    for one in (seen(PACKS, theirs), head(PACKS, theirs)):
        assert past.agrees(one) is (True if theirs <= mine else None)
        assert not list(heard.contradictions(past, [one]))
        assert heard.expected(past, [one]) == ([one] if theirs > mine else [])


@given(st.integers(0, 11), st.data())
def test_who_saw_one_other_pack_contradicts_from_there_on(place: int, data: st.DataObject) -> None:
    theirs = [*PACKS[:place], OTHERS[place], *PACKS[place + 1 :]]
    past = Past(PACKS)
    number = data.draw(st.integers(0, 12))
    for one in (seen(theirs, number), head(theirs, number)):
        found = list(heard.contradictions(past, [one]))
        assert found == ([(Trouble.HISTORY, one)] if number > place else [])


def test_more_packs_than_were_shown_are_withheld_once_the_mailbox_was_read_to_its_end() -> None:
    past, one = Past(PACKS[:5]), seen(PACKS, 8)
    assert heard.expected(past, [one]) == [one]
    (read,) = heard.as_read([one])
    assert list(heard.contradictions(past, [read])) == [(Trouble.WITHHELD, read)]
    assert heard.expected(past, [read]) == []
    assert not list(heard.contradictions(Past(PACKS[:8]), [read]))


def test_what_fits_the_packs_noted_before_a_server_was_restored_contradicts_nothing() -> None:
    now = [*PACKS[:4], *OTHERS[4:6]]
    old = seen(PACKS, 9, read=True)
    assert [trouble for trouble, _ in heard.contradictions(Past(now), [old])] == [Trouble.WITHHELD]
    assert not list(heard.contradictions(Past(now, [PACKS]), [old, head(PACKS, 6)]))
    assert list(heard.contradictions(Past(now, [PACKS[:8]]), [old]))


def test_of_what_fits_the_last_ones_are_kept_and_of_what_does_not_all() -> None:
    past = Past(PACKS)
    wrong = [seen(OTHERS, number, desk="desk-x") for number in range(1, 9)]
    right = [seen(PACKS, number) for number in range(1, 9)]
    kept = heard.joined((), [*right, *wrong], past)
    assert [one for one in kept if one.desk == "desk-x"] == wrong
    assert [one.fits for one in kept if one.desk == "desk-b"] == [True] * 3
    assert [one.number for one in kept if one.desk == "desk-b"] == [6, 7, 8]
    assert set(heard.joined(kept, kept, past)) == set(kept)


def test_signatures_under_one_head_are_joined() -> None:
    past = Past(PACKS)
    kept = heard.joined([head(PACKS, 3, by=("ada",))], [head(PACKS, 3, by=("robin",))], past)
    assert [one.by for one in kept] == [("ada", "robin")]


def test_the_fault_of_a_restored_server_has_one_name_at_every_desk_that_had_seen_what_is_gone() -> None:
    found = []
    for mine, there in ((9, 4), (7, 6), (5, 4)):
        server = [*PACKS[:4], *OTHERS[4:there]]
        differs = heads.compare(PACKS[:mine], server)
        assert differs is not None and differs.common == 4
        found.append(heard.fault_of("mailbox", differs, PACKS[:mine], AT).id)
    assert len(set(found)) == 1
    again = heads.compare([*PACKS[:4], *OTHERS[4:6]], PACKS[:4])
    assert again is not None
    assert heard.fault_of("mailbox", again, [*PACKS[:4], *OTHERS[4:6]], AT).id not in found


def test_notes_come_back_as_they_were_written_and_an_edited_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mailboxes" / "record.heard"
    assert heard.read(path, "record", "box") == Kept(record="record", mailbox="box")
    differs = heads.compare(PACKS, PACKS[:3])
    assert differs is not None
    fault = heard.fault_of("box", differs, PACKS, AT)
    kept = keeping.with_faults(Kept(record="record", mailbox="box", heard=(head(PACKS, 3),)), [fault])
    assert keeping.with_faults(kept, [fault]) == kept
    heard.write(path, kept)
    assert heard.read(path, "record", "box") == kept.sealed()
    assert heard.read(path, "record", "another box").faults == ()
    text = path.read_bytes()
    for place in range(0, len(text) - 1, 7):
        path.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        with pytest.raises(heard.NotesDamaged):
            heard.read(path, "record", "box")
    path.unlink()
    path.mkdir()
    with pytest.raises(heard.NotesDamaged):
        heard.read(path, "record", "box")


def test_dates_are_kept_by_number_and_forgotten_beyond_an_end(tmp_path: Path) -> None:
    dates = Dates(tmp_path / "mailboxes" / "record.dates")
    assert dates.read() == []
    moments = [(number, AT + timedelta(seconds=number)) for number in (1, 2, 4)]
    dates.cut(2)
    dates.note(moments)
    assert dates.read() == [
        heard.micros(AT + timedelta(seconds=number)) if number != 3 else 0 for number in (1, 2, 3, 4)
    ]
    dates.cut(1)
    dates.note([(2, AT)])
    assert dates.read() == [heard.micros(AT + timedelta(seconds=1)), heard.micros(AT)]
    assert heard.date_text(heard.micros(AT)) == "2026-09-15T10:00:00.000000Z"


def test_of_two_processes_of_a_desk_the_slower_one_forgets_no_date_that_the_other_noted(
    tmp_path: Path,
) -> None:
    faster, slower = (Dates(tmp_path / "record.dates") for _ in range(2))
    faster.note([(number, AT) for number in (1, 2, 3)])
    slower.note([(1, AT), (2, AT - timedelta(days=1))])
    assert faster.read() == [heard.micros(AT)] * 3, "and the first date that was told counts"


def test_two_processes_of_a_desk_may_begin_the_dates_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one makes the file right after this one saw that there is none."""
    path = tmp_path / "record.dates"
    Dates(path).note([(1, AT)])
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self: self != path and real(self))
    Dates(path).note([(2, AT)])
    assert Dates(path).read() == [heard.micros(AT)] * 2


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=10), st.data())
def test_a_date_that_was_changed_is_found_by_who_had_noted_it(steps: list[int], data: st.DataObject) -> None:
    noted, at = [], heard.micros(AT)
    for step in steps:
        at += step
        noted.append(at)
    told = list(enumerate(noted, 1))
    assert heard.first_back_dated(told, noted) is None and heard.first_back_dated(told, []) is None
    place = data.draw(st.integers(0, len(noted) - 1))
    told[place] = (place + 1, noted[place] - data.draw(st.integers(1, 10**9)))
    assert heard.first_back_dated(told, noted) == (place + 1, noted[place])


def test_a_date_before_that_of_an_earlier_pack_is_found_by_everybody_beyond_what_clocks_differ() -> None:
    at, minute = heard.micros(AT), 60_000_000
    assert heard.first_back_dated([(1, at), (2, at - minute)], []) is None
    assert heard.first_back_dated([(1, at), (2, at - 3 * minute)], []) == (2, at)


def test_what_was_sent_again_to_a_restored_server_may_be_dated_later_and_not_earlier() -> None:
    at, minute = heard.micros(AT), 60_000_000
    noted = [at, at + minute]
    again = [(1, at), (2, at + 30 * minute)]
    assert heard.first_back_dated(again, noted) == (2, at + minute)
    assert heard.first_back_dated(again, noted, 2) is None
    assert heard.first_back_dated([(1, at), (2, at)], noted, 2) == (2, at + minute)
    assert heard.first_back_dated([(1, at + minute), (2, at + minute)], noted, 2) == (1, at)


def test_faults_of_one_pack_are_told_apart_by_what_is_wrong() -> None:
    one, other = (heard.fault_in("box", Trouble.CONTENT, 3, said, AT, 5) for said in ("one", "other"))
    assert one.id != other.id and one.common == 2
    assert msgspec.structs.replace(one, id=other.id, said="other") == other
