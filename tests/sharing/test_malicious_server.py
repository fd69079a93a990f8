"""A server that rewrites, reorders, deletes, withholds or dates back: which desk finds it, and when.

A real PostgreSQL, whose owner disables every rule.  Kim keeps the shared record; sam and robin have joined.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.sharing.malice import Malice, Row, back_dated, chain_of, led_to, rewritten, saying_seen
from tests.sharing.team import Team, sync_all
from tests.ssh import make_key, public_line
from tests.usecases.two_desks import send

from workbench.mailbox import heads
from workbench.usecases import checkpoints
from workbench.usecases.context import Context
from workbench.usecases.sharing import heads as sharing_heads
from workbench.usecases.sharing import noted, trusting
from workbench.usecases.sharing.shared import connected, log_of, require_shared
from workbench.usecases.sharing.trusting import Trust
from workbench.usecases.ssh_signing import SigningKey

SAM = "{key: sam, name: Sam, roles: [product-owner]}"
KIM = "{key: kim, name: Kim, roles: [release-owner]}"


class Desks(msgspec.Struct):
    team: Team
    server: Malice
    kim: Context
    sam: Context


@pytest.fixture
def desks(team: Team) -> Desks:
    """Two desks that hold the same, of packs of both."""
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync_all(kim)
    sam = team.join("sam")
    for number in range(3):
        build.add_difference(sam, f"queue depth {number}", staging="1", production="2", flows=("checkout",))
        sync_all(sam)
        build.add_difference(kim, f"threads {number}", staging="1", production="2", flows=("checkout",))
        sync_all(kim)
    sync_all(sam, kim)
    return Desks(team, Malice(team), kim, sam)


def trust(context: Context, *, ask: bool = False) -> Trust:
    found = trusting.judge(context, ask=ask)
    assert found is not None
    return found


def test_an_honest_server_is_found_to_be_one(desks: Desks) -> None:
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert found.faults == () and found.compared > 0
        assert found.asked is not None and found.asked.packs == len(desks.server.rows())
        assert found.asked.lacks == () and found.asked.unread == 0


def _swap(rows: list[Row]) -> list[Row]:
    """Two neighbours of different desks change places."""
    place = next(p for p in range(2, len(rows) - 2) if rows[p].writer != rows[p + 1].writer)
    return [*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]]


def _rewrite(rows: list[Row]) -> list[Row]:
    place = next(p for p, row in enumerate(rows) if b"threads 1" in _text(row))
    return [*rows[:place], rewritten(rows[place], b"threads 1", b"threads 9"), *rows[place + 1 :]]


def _text(row: Row) -> bytes:
    import zlib

    return zlib.decompress(row.content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_rewrite, "was rewritten"),
        (_swap, "were put into another order"),
        (
            lambda rows: rows[:-1],
            "not on the server any more: it was restored to an earlier state, or its end was deleted",
        ),
        (lambda rows: [*rows[:4], *rows[5:]], "those after it were numbered anew: they were deleted"),
        (lambda rows: [*rows[:4], *rows[6:]], "those after it were numbered anew: they were deleted"),
    ],
    ids=["rewritten", "swapped", "newest deleted", "middle one deleted", "two deleted"],
)
def test_every_desk_that_had_read_it_finds_a_change_when_it_compares(
    desks: Desks, change: Callable[[list[Row]], list[Row]], words: str
) -> None:
    before = desks.server.rows()
    desks.server.change(change)
    first = next(
        p for p, row in enumerate(before, 1)
        if desks.server.rows()[p - 1 : p] == [] or desks.server.rows()[p - 1].digest != row.digest
    )  # fmt: skip
    for desk in (desks.kim, desks.sam):
        assert trust(desk).ok  # off-line there is nothing that contradicts it yet
        found = trust(desk, ask=True)
        assert words in found.problem and (
            f"pack {first} " in found.problem or f"packs {first} to" in found.problem
        )
        assert found.contradicted_by == "this desk's own log"
        assert trust(desk).problem == found.problem  # it stays noted, also off-line


def test_bytes_that_were_changed_under_their_digest_are_found_by_reading_them_again(desks: Desks) -> None:
    desks.server.change(_rewrite, consistent=False)
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert "holds other bytes than those of its digest" in found.problem
        assert found.contradicted_by == "the pack itself"


def test_a_server_that_says_it_still_holds_what_it_deleted_is_found(desks: Desks) -> None:
    """Otherwise nobody would send it again."""
    writer = desks.server.rows()[-1].writer
    desks.server.change(lambda rows: rows[:-1])
    desks.team.execute(f"UPDATE workbench.reached SET last = last + 1 WHERE writer = '{writer}'")
    robin = desks.team.join("robin")
    found = trust(robin, ask=True)
    assert (
        f"of the desk {writer[-12:]}" in found.problem
        and "the server says that it holds entry" in found.problem
    )


def test_a_date_that_was_changed_is_found_by_every_desk_that_had_received_the_pack(desks: Desks) -> None:
    desks.server.change(lambda rows: [*rows[:4], back_dated(rows[4], seconds=30), *rows[5:]])
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert "pack 5 is dated" in found.problem and found.contradicted_by == "this desk's own log"


def test_a_pack_that_is_dated_before_the_one_before_is_found_by_everybody(desks: Desks) -> None:
    desks.server.change(lambda rows: [*rows[:4], back_dated(rows[4], hours=3), *rows[5:]])
    robin = desks.team.join("robin")
    found = trust(robin, ask=True)
    assert "pack 5 is dated" in found.problem


# --- two desks that are shown different things -------------------------------------------------------


def edit(context: Context, title: str) -> None:
    build.add_difference(context, title, staging="1", production="2", flows=("checkout",))
    sync_all(context)


def new_rows(server: Malice, than: list[Row]) -> list[Row]:
    """The packs of a server that came after others were looked at."""
    return server.rows()[len(than) :]


@pytest.fixture
def two_histories(desks: Desks) -> tuple[Desks, Malice]:
    """Kim and sam are led to two databases that were one, and both go on."""
    desks.server.forget_heads()
    other = desks.server.clone(f"{desks.team.database}_two")
    led_to(desks.sam, desks.team, other.database)
    for number in range(2):
        edit(desks.kim, f"of kim {number}")
        edit(desks.sam, f"of sam {number}")
    return desks, other


def test_two_histories_are_found_as_soon_as_a_pack_of_one_is_shown_in_the_other(
    two_histories: tuple[Desks, Malice],
) -> None:
    desks, other = two_histories
    assert trust(desks.kim, ask=True).ok and trust(desks.sam, ask=True).ok  # alone, neither can tell
    common = heads.common([row.digest for row in other.rows()], [row.digest for row in desks.server.rows()])
    desks.server.change(lambda rows: [*rows, *other.rows()[common:]])
    sync_all(desks.kim)
    found = trust(desks.kim)
    assert "shows two histories" in found.problem or "withholds packs" in found.problem
    assert "(sam)" in found.contradicted_by and found.contradicted_by.startswith("pack ")
    assert trust(desks.sam).ok


def test_a_desk_that_is_led_back_finds_that_it_was_shown_another_history(
    two_histories: tuple[Desks, Malice],
) -> None:
    desks, _ = two_histories
    led_to(desks.sam, desks.team, desks.server.database)
    found = trust(desks.sam, ask=True)
    assert "holds other packs than this desk has read" in found.problem or "was rewritten" in found.problem
    assert found.contradicted_by == "this desk's own log"


def test_a_pack_that_travels_as_a_file_says_what_its_desk_was_shown(
    two_histories: tuple[Desks, Malice],
) -> None:
    desks, _ = two_histories
    send(desks.sam, desks.kim)
    found = trust(desks.kim)
    assert "shows two histories" in found.problem
    assert "the file with a pack of the desk" in found.contradicted_by and "(sam)" in found.contradicted_by
    assert any("shows two histories" in remark for remark in desks.kim.remarks)


def test_a_head_that_came_by_mail_is_compared_with_what_this_desk_was_shown(
    two_histories: tuple[Desks, Malice], tmp_path: Path
) -> None:
    desks, _ = two_histories
    note = sharing_heads.server_note(desks.sam)
    (tmp_path / "keys").mkdir()
    key = make_key(tmp_path / "keys", "sam")
    root = desks.kim.root
    file = root / "workbench.yaml"
    file.write_text(file.read_text().replace(SAM, SAM[:-1] + f', keys: [{{key: "{public_line(key)}"}}]}}'))
    with build.opened(root, "kim") as kim:
        assert checkpoints.add(kim, checkpoints.cosign(note, SigningKey(key), name="sam", asks=False)).by == (
            "sam",
        )
        found = trust(kim)
        assert found.contradicted_by == "the head that sam signed" and "two histories" in found.problem
        assert any("two histories" in remark for remark in kim.remarks)


@pytest.fixture
def robin_withheld(desks: Desks) -> tuple[Desks, Context, Malice]:
    """From sam the packs of robin's desk are withheld; sam gets what kim sends, numbered to fit."""
    robin = desks.team.join("robin")
    edit(robin, "of robin")
    sync_all(desks.kim)
    theirs = robin.record.info.desk
    other = desks.server.clone(f"{desks.team.database}_sam")
    other.forget_heads()
    other.change(lambda rows: [row for row in rows if row.writer != theirs])
    led_to(desks.sam, desks.team, other.database)
    sync_all(desks.sam)
    assert trust(desks.sam, ask=True).ok  # nothing that came to sam so far knew of it
    return desks, robin, other


def test_packs_that_are_withheld_are_found_with_the_first_pack_whose_sender_had_seen_them(
    robin_withheld: tuple[Desks, Context, Malice],
) -> None:
    desks, _, other = robin_withheld
    before = desks.server.rows()
    edit(desks.kim, "of kim")
    other.change(lambda rows: [*rows, *new_rows(desks.server, before)])
    sync_all(desks.sam)
    found = trust(desks.sam)
    assert "withholds packs" in found.problem or "two histories" in found.problem
    assert "(kim)" in found.contradicted_by
    assert trust(desks.kim).ok


def _as_if_seen(rows: list[Row], new: list[Row]) -> list[Row]:
    """Packs that are made to say that their sender had seen just what is shown here."""
    done = list(rows)
    for row in new:
        done.append(saying_seen(row, len(done), chain_of(done, len(done))))
    return done


def test_a_server_that_also_forges_what_senders_saw_is_found_by_a_head_that_somebody_signed(
    robin_withheld: tuple[Desks, Context, Malice], tmp_path: Path
) -> None:
    desks, _, other = robin_withheld
    (tmp_path / "keys").mkdir()
    key = make_key(tmp_path / "keys", "kim")
    for root in (desks.kim.root, desks.sam.root):
        file = root / "workbench.yaml"
        file.write_text(
            file.read_text().replace(KIM, KIM[:-1] + f', keys: [{{key: "{public_line(key)}"}}]}}')
        )
    before = desks.server.rows()
    with build.opened(desks.kim.root, "kim") as kim:
        edit(kim, "of kim")
        other.change(lambda rows: _as_if_seen(rows, new_rows(desks.server, before)))
        sync_all(desks.sam)
        assert trust(desks.sam, ask=True).ok  # forged all through: nothing that is not signed tells
        there = desks.server.rows()
        with connected(require_shared(kim)) as server:
            left = sharing_heads.leave_signed(kim, server, SigningKey(key), asks=False)
        assert left.signed == "kim"
        sync_all(kim)
        other.change(lambda rows: _as_if_seen(rows, new_rows(desks.server, there)))
    with build.opened(desks.sam.root, "sam") as sam:
        sync_all(sam)
        found = trust(sam)
    assert found.contradicted_by == "the head that kim signed"
    assert "withholds packs" in found.problem


def test_what_a_signer_knew_and_never_comes_is_told_and_is_a_fault_after_a_week(
    robin_withheld: tuple[Desks, Context, Malice],
) -> None:
    desks, robin, other = robin_withheld
    before = desks.server.rows()
    build.clear(desks.kim)
    build.sign(desks.kim, "go", "kim", "send_back", needed="the release notes")
    sync_all(desks.kim)
    other.change(lambda rows: _as_if_seen(rows, new_rows(desks.server, before)))
    sync_all(desks.sam)
    found = trust(desks.sam)
    (note,) = (text for text in found.notes if robin.record.info.desk[-12:] in text)
    assert found.ok and "is normal until that desk has sent what it wrote, for 7 days at most" in note
    late = trust(build.later(desks.sam, days=8))
    assert not late.ok and "the server withholds it, or that desk never sent it" in late.problem
    assert late.contradicted_by.startswith("the statement of kim")
    assert trust(build.later(desks.kim, days=8)).ok


def test_a_server_that_withholds_everything_from_a_desk_is_not_found_by_that_desk_alone(desks: Desks) -> None:
    """What cannot be found, as the guide says."""
    other = desks.server.clone(f"{desks.team.database}_old")
    led_to(desks.sam, desks.team, other.database)
    edit(desks.kim, "of kim")
    sync_all(desks.sam)
    assert trust(desks.sam, ask=True).ok


# --- this desk's own files -----------------------------------------------------------------------------


def test_notes_that_were_edited_on_this_machine_are_told_and_are_no_pass(desks: Desks) -> None:
    shared = require_shared(desks.kim)
    path = noted.notes_path(desks.kim, shared)
    text = path.read_text()
    assert '"faults":[]' in text
    path.write_text(text.replace('"faults":[]', '"faults":[ ]'))
    found = trust(desks.kim)
    assert "what was noted of the server is not what was written" in found.problem
    assert found.contradicted_by == "this desk's own files"
    path.unlink()
    assert trust(desks.kim).ok  # nothing was heard, which the counts say


def test_a_log_that_was_edited_on_this_machine_is_told(desks: Desks) -> None:
    path = log_of(desks.kim, require_shared(desks.kim)).path
    data = path.read_bytes()
    path.write_bytes(data[:32] + bytes(32) + data[64:-64] + bytes(64))
    assert "one of the two was changed" in trust(desks.kim).problem
    path.unlink()
    found = trust(desks.kim)
    assert found.ok and any("the log of packs outside of the record lacks" in note for note in found.notes)
    sync_all(desks.kim)
    assert not [note for note in trust(desks.kim, ask=True).notes if "lacks" in note]
