"""How a desk stands to its server: the same facts on the command line, without asking, as in the app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.usecases.context import Context
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.sharing.shared import Shared, note_of
from workbench.usecases.sharing.standing import NotedStanding
from workbench.usecases.sharing.synced import Refused
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.sharing.needs import SharingLine, read_needs
from workbench.usecases.views.sharing.standing import standing_advice, standing_facts, standing_lines

URL = "postgresql://ada@db.example/team"
FOUND = NotedStanding(
    project="shop", desk="0194f000-0000-7000-8000-00000000beef", shared=Shared(url=URL, mailbox="m", role="ada", number=128),
    entries=240, at=datetime(2026, 9, 15, 10, tzinfo=UTC),
    unsent=12, desks=3, waiting=0, quarantined=1, contested=2, absent=1, closed=False,
)  # fmt: skip
CHANGED = SharingLine(
    key="fault/7", what="the server changed", who="pack 7 is gone", mark=Mark.WARNS, step="find out what happened there",
    command="workbench share --reconnect --reason WHY",
)  # fmt: skip
CHOICES = [
    SharingLine(key=f"contested/{one}", what="production of cache", who="you and Sam", mark=Mark.WARNS, chooses=one)
    for one in "ab"
]  # fmt: skip


@pytest.fixture
def kim(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path) as context:
        yield context


def test_it_says_what_is_to_be_sent_and_when_the_server_was_last_asked(kim: Context) -> None:
    lines = list(standing_lines(kim, FOUND, []))
    assert lines[0] == f"“shop” is shared at {URL}, as ada"
    assert lines[1] == "this desk     00000000beef; 240 entries of 3 desks are here"
    assert lines[2].startswith("received      up to pack 128; the server was last asked Tue 15 Sep 2026")
    assert lines[3:] == [
        "to send       12 entries",
        "kept aside    1 entry quarantined, 2 things contested",
        "evidence      1 piece of evidence not here: at the server, or at other desks",
    ]
    fresh = msgspec.structs.replace(FOUND, at=None, unsent=None)
    assert "to send       not known: the server was not asked yet" in list(standing_lines(kim, fresh, []))


def test_what_needs_a_person_stands_below_and_comes_first_among_what_to_do(kim: Context) -> None:
    needs = [CHANGED, *CHOICES]
    assert "▲ the server changed: pack 7 is gone" in list(standing_lines(kim, FOUND, needs))
    assert list(standing_advice(FOUND, needs)) == [
        "workbench share --reconnect --reason WHY",
        "workbench contested: the versions side by side",
        "workbench sync",
    ]
    sent = msgspec.structs.replace(FOUND, unsent=0)
    assert list(standing_advice(sent, [])) == [
        "workbench sync sends and receives; share --check looks at the server"
    ]


def test_the_app_says_the_same_and_what_only_it_knows(kim: Context) -> None:
    live = Standing(phase=Phase.OFF_LINE, to_send=13, what="nothing answers", hint="it is tried again")
    without, within = (
        {fact.label: fact.text for fact in standing_facts(kim, FOUND, one)} for one in (None, live)
    )
    assert within.items() >= (without.items() - {("To send", "12 entries")})
    assert within["To send"] == "13 entries" and within["Because"] == "nothing answers. it is tried again"


def test_a_refused_pack_is_told_without_the_server(kim: Context) -> None:
    refused = Refused(number=7, desk="desk-of-sam", why="it is not what it says")
    kim.record.keep_note(*note_of(Shared(url=URL, mailbox="m" * 36, role="ada", refused=(refused,))))
    (line,) = read_needs(kim, Shared(url=URL, mailbox="m" * 36, role="ada", refused=(refused,)))
    assert line.what == "pack 7 was refused" and line.mark is Mark.WARNS
