"""What was purged from the record is blanked at the server by a keeper, and nothing else changes there."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.building import who
from tests.sharing.team import Team, sync_all
from tests.tui.driving import driven, in_panel, press

from workbench.mailbox.mail import read_mail
from workbench.mailbox.server import ServerPack
from workbench.model.errors import NotAllowed
from workbench.parity import model as parity
from workbench.record.large import LARGE
from workbench.usecases import mapping, purging
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.sharing import purging as at_server
from workbench.usecases.sharing.syncing import sync

SECRET = "hunter2 is what we log in with"
WHY = "the word we log in with stands in it"


@pytest.fixture
def kim(team: Team) -> Context:
    context = team.first_desk()
    with team.connect("kim") as server:
        server.add_member(context.record.info.record_id, team.role("kim"), "jo", "signer")
    build.answer(context, "notes", note=f"How we log in\n{SECRET}\n{random.Random(7).randbytes(2000).hex()}")
    sync(context)
    return context


def evidence(context: Context) -> str:
    (piece,) = evaluate(context).checklists["ready"][0].evidence
    assert piece.digest is not None
    return piece.digest


def purge(context: Context, digest: str) -> None:
    """Kim proposes it, Jo approves."""
    for person in ("kim", "jo"):
        here = who(context, person)
        done = purging.purge(here, evaluate(here), digest, WHY)
    assert done.done


def packs(team: Team, context: Context) -> list[ServerPack]:
    with team.connect("kim") as server:
        return server.packs(context.record.info.record_id, 0)


def holds(found: list[ServerPack], secret: str = SECRET) -> list[int]:
    """The numbers of the packs that hold the words."""
    return [
        pack.number
        for pack in found
        for mail in [read_mail(pack.content)]
        if any(secret.encode() in line for line in (*mail.entries, *mail.blob_lines))
    ]


def pieces(pack: ServerPack) -> list[bytes]:
    """Bytes of a pack that nobody could have by chance, from all over it."""
    return [pack.content[at : at + 48] for at in range(64, len(pack.content) - 48, 200)]


def test_a_keeper_blanks_it_in_every_table_and_in_every_file_of_the_database(
    team: Team, kim: Context
) -> None:
    before = packs(team, kim)
    (number,) = holds(before)
    (old,) = [pack for pack in before if pack.number == number]
    team.execute("CHECKPOINT")
    assert team.server.found_in_files(team.database, pieces(old)) == set(pieces(old))
    purge(kim, evidence(kim))
    done = at_server.blank(kim)
    assert (done.packs, done.blanked) == ((number,), True)
    assert holds(packs(team, kim)) == []
    team.execute("VACUUM FULL workbench.pack")
    team.execute("CHECKPOINT")
    assert not team.server.found_in_files(team.database, pieces(old))


def test_the_app_blanks_it_and_says_what_the_command_says(team: Team, kim: Context) -> None:
    purge(kim, evidence(kim))

    async def drive(*keys: str) -> str:
        async with driven(kim.root, size=(120, 30), person="kim") as pilot:
            await press(
                pilot, "ctrl+p", *"sharing ", "enter", "ctrl+p", *"purge at the server ", "enter", *keys
            )
            return " ".join(in_panel(pilot).split())

    (number,) = holds(packs(team, kim))
    told = asyncio.run(drive())
    assert f"blanked at the server: 1 pack ({number})" in told and "backups of the server" in told
    assert holds(packs(team, kim)) == []
    assert "the server holds nothing of what was purged" in asyncio.run(drive())


def test_the_app_says_who_may_blank_it_where_the_role_is_no_keepers(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    purge(kim, evidence(kim))
    sync_all(kim, sam)

    async def drive() -> str:
        async with driven(sam.root, size=(120, 30), person="sam") as pilot:
            await press(pilot, "ctrl+p", *"sharing ", "enter", "ctrl+p", *"purge at the server ", "enter")
            return " ".join(in_panel(pilot).split())

    told = asyncio.run(drive())
    assert "is no keeper's" in told and "workbench purge --server" in told
    assert holds(packs(team, kim))


def test_the_pack_keeps_its_number_digest_and_chain_and_says_that_it_was_purged(
    team: Team, kim: Context
) -> None:
    before = packs(team, kim)
    purge(kim, evidence(kim))
    at_server.blank(kim)
    after = packs(team, kim)
    for old, new in zip(before, after, strict=False):
        assert (old.number, old.digest, old.chain, old.sent_at) == (
            new.number,
            new.digest,
            new.chain,
            new.sent_at,
        )
    assert [pack.number for pack in after if pack.purged] == holds(before)


def test_a_desk_that_joins_afterwards_gets_the_purge_and_never_the_content(team: Team, kim: Context) -> None:
    digest = evidence(kim)
    purge(kim, digest)
    at_server.blank(kim)
    sam = team.join("sam")
    blob = sam.record.blob(digest)
    assert blob is not None and blob.purged
    assert sam.record.verify().problem is None
    assert not sam.record.aside()
    assert all(SECRET.encode() not in path.read_bytes() for path in sam.record.path.parent.glob("record.db*"))


def test_a_desk_that_had_it_loses_it_and_goes_on(team: Team, kim: Context) -> None:
    sam, digest = team.join("sam"), evidence(kim)
    held = sam.record.blob(digest)
    assert held is not None and SECRET.encode() in held.data
    purge(kim, digest)
    at_server.blank(kim)
    sync_all(sam, kim)
    blob = sam.record.blob(digest)
    assert blob is not None and blob.purged
    assert [sync(desk).refused for desk in (sam, kim)] == [(), ()]


def test_the_value_of_a_replaced_entry_goes_too(team: Team, kim: Context) -> None:
    build.add_difference(kim, "cache size", staging=SECRET, production="2", flows=("checkout",))
    sync(kim)
    stored, value = parity.find(kim.record, "cache size")
    mapping.edit_difference(kim, stored, msgspec.structs.replace(value, staging="1"))
    sync(kim)
    assert len(holds(packs(team, kim))) == 2
    purge(kim, stored.base)
    assert at_server.blank(kim).packs == (holds_in_entries(team, kim, stored.base),)
    left = holds(packs(team, kim))
    assert len(left) == 1  # the note, which nobody has purged
    sam = team.join("sam")
    assert parity.find(sam.record, "cache size")[1].staging == "1"
    assert sam.record.verify().problem is None and not sam.record.aside()


def holds_in_entries(team: Team, context: Context, digest: str) -> int:
    """The pack in which an entry was sent, by what it says now."""
    (found,) = [
        pack.number for pack in packs(team, context)
        if any(digest.encode() in line and b'"purged":true' in line for line in read_mail(pack.content).entries)
    ]  # fmt: skip
    return found


def test_large_evidence_at_the_server_is_emptied(team: Team, kim: Context, tmp_path: Path) -> None:
    from tests.sharing.test_evidence import attach, data_of

    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    data = data_of(LARGE + 1, seed=77)  # of no other database of this server
    digest = attach(kim, tmp_path, data)
    sync(kim)
    team.execute("CHECKPOINT")
    parts = [data[at : at + 48] for at in range(0, len(data) - 48, 5000)]
    assert team.server.found_in_files(team.database, parts)
    purge(kim, digest)
    assert at_server.blank(kim).evidence == (digest,)
    team.execute("VACUUM FULL workbench.evidence")
    team.execute("CHECKPOINT")
    assert not team.server.found_in_files(team.database, parts)
    sam = team.join("sam")
    blob = sam.record.blob(digest)
    assert blob is not None and blob.purged and not sam.record.absent()


def test_who_is_no_keeper_is_told_what_is_left_and_who_can_do_it(team: Team, kim: Context) -> None:
    sam, digest = team.join("sam"), evidence(kim)
    purge(kim, digest)
    sync_all(kim, sam)
    with team.connect("sam") as server:
        left = at_server.remains(sam, server)
    assert left.words == f"1 pack ({holds(packs(team, kim))[0]})" and not left.keeper
    with pytest.raises(NotAllowed, match="no keeper's") as caught:
        at_server.blank(sam)
    assert "workbench purge --server" in (caught.value.hint or "")
    assert at_server.after(sam).endswith("at a keeper's desk, run workbench purge --server")
    assert holds(packs(team, kim))


def test_at_a_keepers_desk_the_server_is_blanked_with_the_purge(team: Team, kim: Context) -> None:
    purge(kim, evidence(kim))
    assert at_server.after(kim).startswith("blanked at the server: 1 pack")
    assert holds(packs(team, kim)) == []
    assert at_server.after(kim) == "the server holds none of it"


def test_off_line_it_is_said_that_the_server_may_still_hold_it(team: Team, kim: Context) -> None:
    purge(kim, evidence(kim))
    team.execute(f"ALTER ROLE {team.role('kim')} NOLOGIN")
    said = at_server.after(kim)
    assert said.startswith("the server may still hold it (") and "workbench purge --server" in said


@pytest.mark.parametrize("heard", [True, False])
def test_what_another_desk_wrote_off_line_does_not_stay_at_the_server(
    team: Team, kim: Context, heard: bool
) -> None:
    """Kim had Sam's entry by a pack and purged it; Sam's desk sends it before or after it has heard of that."""
    sam = team.join("sam")
    build.add_difference(sam, "cache size", staging=SECRET, production="2", flows=("checkout",))
    stored, value = parity.find(sam.record, "cache size")
    mapping.edit_difference(sam, stored, msgspec.structs.replace(value, staging="1"))
    kim.record.take_in(sam.record.pack(), author=kim.author(), clock=kim.clock)
    purge(kim, stored.base)
    for desk in (kim, sam) if heard else (sam, kim):
        sync(desk)
    assert len(holds(packs(team, kim))) == (1 if heard else 2)  # the note, and Sam's entry
    assert bool(at_server.blank(kim).packs) is not heard
    assert len(holds(packs(team, kim))) == 1
