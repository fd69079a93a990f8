"""Sharing, joining, moving and leaving in words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.mailbox.closing import Member
from workbench.usecases.sharing.joining import Joined
from workbench.usecases.sharing.leaving import Left
from workbench.usecases.sharing.moving import Moved
from workbench.usecases.sharing.sharing import SharedNow
from workbench.usecases.sharing.synced import Obstacle, Synced, Unsent
from workbench.usecases.views.sharing import outcomes as views

URL = "postgresql://ada@db.example/team"
DESK = "0194f000-0000-7000-8000-00000000beef"
FULL = Unsent(why=Obstacle.FULL, entries=3)
NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


SHARED = SharedNow(
    project="shop", url=URL, for_others="postgresql://ROLE@db.example/team", role="ada", desk=DESK, made=True, found=False, already=False,
    entries=12, aside=0, absent=0, synced=Synced(sent=12),
)  # fmt: skip


def test_sharing_says_where_who_keeps_it_and_how_others_come_in() -> None:
    assert list(views.shared_lines(SHARED)) == [
        f"“shop” is shared at {URL}, where the tables for it were made; the role ada keeps it",
        "sent 12 entries, received 0",
    ]
    assert list(views.shared_advice(SHARED)) == [
        "workbench member add ROLE --right signer --person KEY: lets somebody in",
        "at their desk: workbench join postgresql://ROLE@db.example/team",
    ]


def test_an_address_that_a_shell_would_split_is_quoted() -> None:
    here = msgspec.structs.replace(SHARED, for_others="postgresql:///team?host=/run&user=x")
    assert list(views.shared_advice(here))[-1] == (
        "at their desk: workbench join 'postgresql:///team?host=/run&user=x'"
    )


def test_sharing_again_and_a_record_that_was_there_read_otherwise() -> None:
    again = msgspec.structs.replace(SHARED, already=True, made=False, synced=Synced())
    assert next(views.shared_lines(again)) == f"“shop” was shared already at {URL}, as ada"
    assert list(views.shared_advice(again)) == []
    found = msgspec.structs.replace(SHARED, found=True, synced=Synced(unsent=FULL), aside=2, absent=1)
    lines = list(views.shared_lines(found))
    assert "this desk joined it" in lines[0]
    assert any("no room for more" in line for line in lines)
    assert any(line.startswith("2 entries that are quarantined or wait stay here") for line in lines)
    assert "once there is room" in next(views.shared_advice(found))


JOINED = Joined(
    project="shop", url=URL, role="ada", desk=DESK, laid=True, entries=100_000, desks=12, synced=Synced(received=99_998, sent=1)
)  # fmt: skip


def test_joining_says_what_is_here_and_as_which_desk() -> None:
    assert next(views.joined_lines(JOINED)) == (
        f"joined “shop” at {URL}, as ada: 100,000 entries of 12 desks; this is the desk 00000000beef"
    )
    assert list(views.joined_advice(JOINED)) == ["workbench status"]


def test_joining_as_a_reader_and_without_files_says_what_that_means() -> None:
    done = msgspec.structs.replace(JOINED, sends=False, has_files=False, synced=Synced(received=5))
    lines = list(views.joined_lines(done))
    assert "this role only reads: what is written here stays here" in lines
    assert lines[-1].startswith("the project's files are not in this folder")
    assert list(views.joined_advice(done))[-1].startswith("clone the project's repository")


def test_joining_again_says_what_became_of_the_record_before() -> None:
    done = msgspec.structs.replace(JOINED, kept=Path("/x/record.before-join-1.db"), only_there=3, aside=2)
    lines = list(views.joined_lines(done))
    assert "the record before is kept as /x/record.before-join-1.db" in lines
    assert "3 entries that only it held are here, too, of which 2 entries are quarantined or wait" in lines
    assert next(views.joined_advice(done)).startswith("workbench repair")
    nothing = msgspec.structs.replace(done, only_there=0, aside=0)
    assert "it held nothing that is not here" in list(views.joined_lines(nothing))


def test_moving_says_who_has_to_be_let_in_and_what_the_others_type() -> None:
    done = Moved(
        project="shop", before=URL, url="postgresql://ada@new.example/team", for_others="postgresql://ROLE@new.example/team", role="ada", closed=True, sent=12, received=1,
        to_admit=(Member("kim", "writer", ""), Member("kim", "signer", "kim")), evidence=1,
    )  # fmt: skip
    lines = list(views.moved_lines(done))
    assert lines[0] == f"“shop” was moved: from {URL} to postgresql://ada@new.example/team, as ada"
    assert "1 piece of evidence went along" in lines
    advice = list(views.moved_advice(done))
    assert advice[:2] == [
        "workbench member add kim --right writer",
        "workbench member add kim --right signer --person kim",
    ]
    assert advice[-1].endswith("workbench share --move postgresql://ROLE@new.example/team")
    followed = msgspec.structs.replace(
        done, closed=False, to_admit=(), named="postgresql://other/x", unreached="gone"
    )
    assert list(views.moved_advice(followed)) == []
    assert any("names another address: postgresql://other/x" in line for line in views.moved_lines(followed))


def test_leaving_says_what_is_here_alone_and_how_one_comes_back() -> None:
    done = Left(project="shop", url=URL, synced=Synced(sent=2), told=True, problem="", unsent=0, absent=0)
    assert list(views.left_advice(done)) == [f"workbench join {URL} joins again"]
    off = msgspec.structs.replace(done, told=False, problem="no answer", unsent=4, synced=Synced())
    lines = list(views.left_lines(off))
    assert "4 entries are here alone" in lines
    assert "the server was not told: it goes on listing this desk" in lines
    unknown = msgspec.structs.replace(off, unsent=None)
    assert "nobody can tell here what the server lacks" in list(views.left_lines(unknown))
    assert "sends the rest" in next(views.left_advice(unknown))


def test_what_a_server_says_is_no_markup_and_no_control_code() -> None:
    evil = msgspec.structs.replace(JOINED, project="a\x1b[31mb\u202e", url="postgresql://x/\x07")
    assert not any(set(line) & {"\x1b", "\u202e", "\x07"} for line in views.joined_lines(evil))
