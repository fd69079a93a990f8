"""How a desk stands to its server, in words: the word of the header, news of others, and what is next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.usecases.two_desks import send, two_desks

from workbench.mailbox.looking import ServerDesk
from workbench.parity import model as parity
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.sharing.keeping_up import Standing
from workbench.usecases.sharing.pacing import Phase
from workbench.usecases.sharing.shared import Shared, note_of
from workbench.usecases.sharing.synced import Obstacle, Refused, Synced, Unsent
from workbench.usecases.views.marks import Mark, Phrase
from workbench.usecases.views.sharing.news import read_news
from workbench.usecases.views.sharing.page import SharingPage, read_sharing
from workbench.usecases.views.sharing.word import header_word, server_words, standing_words

AT = build.NOW
OWN_URL = "postgresql://kim@db.example:5433/releases?sslmode=verify-full"


# --- in a word ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (None, None),
        (Standing(), None),
        (Standing(phase=Phase.LIVE), None),
        (Standing(phase=Phase.LIVE, to_send=1), None),
        (Standing(phase=Phase.OFF_LINE), Phrase("off-line")),
        (Standing(phase=Phase.OFF_LINE, to_send=1200), Phrase("off-line · 1,200 to send")),
        (Standing(phase=Phase.LIVE, to_send=3, what="the server is full"), Phrase("3 to send")),
        (Standing(phase=Phase.LIVE, silent=True), Phrase("server does not answer")),
        (Standing(phase=Phase.OFF_LINE, silent=True), Phrase("off-line")),
        (Standing(phase=Phase.REFUSED, what="no right"), Phrase("needs you", Mark.WARNS)),
        (Standing(phase=Phase.LIVE, synced=Synced(refused=(Refused(7, "d", "it lies"),))), Phrase("needs you", Mark.WARNS)),
        (Standing(phase=Phase.LIVE, synced=Synced(unsent=Unsent(why=Obstacle.TWO_COPIES))), Phrase("needs you", Mark.WARNS)),
        (Standing(phase=Phase.LIVE, synced=Synced(unsent=Unsent(why=Obstacle.LAGS))), None),
        (Standing(phase=Phase.OFF_LINE, synced=Synced(faults=("put back",))), Phrase("server changed", Mark.WARNS)),
    ],
)  # fmt: skip
def test_the_header_says_a_word_only_where_there_is_something_to_say(
    standing: Standing | None, word: Phrase | None
) -> None:
    assert header_word(standing) == word


def test_a_server_that_does_not_answer_is_not_called_live() -> None:
    standing = Standing(phase=Phase.LIVE, since=AT, silent=True)
    assert standing_words(standing, AT, UTC) == "server does not answer"


def test_it_says_since_when() -> None:
    standing = Standing(phase=Phase.OFF_LINE, since=datetime(2026, 9, 15, 7, 5, tzinfo=UTC))
    assert standing_words(standing, AT, UTC) == "off-line since today 07:05"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (OWN_URL, "db.example:5433/releases"),
        ("postgres://db.example/releases", "db.example/releases"),
        ("host=db.example dbname=releases", "host=db.example dbname=releases"),
        ("service=releases", "service=releases"),
        ("postgresql:///releases", "/releases"),
    ],
)
def test_a_server_is_called_by_host_and_database(url: str, words: str) -> None:
    assert server_words(url) == words


# --- what others did ----------------------------------------------------------------------


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Context, Context]]:
    """Kim's and sam's desks, each of which knows of the other."""
    with two_desks(tmp_path) as (kim, sam):
        send(sam, kim, "begin.pack")
        yield kim, sam


def edit(desk: Context, **fields: str) -> None:
    stored, found = parity.find(desk.record, "cache size")
    mapping.edit_difference(desk, stored, msgspec.structs.replace(found, **fields))


def end(desk: Context) -> int:
    return desk.record.head.seq


def test_who_changed_what_is_told_once(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    before = end(kim)
    edit(sam, production="4")
    send(sam, kim)
    assert read_news(kim, before) == "Sam edited difference cache size"
    assert read_news(kim, end(kim)) == ""


def test_what_one_does_oneself_is_no_news(desks: tuple[Context, Context]) -> None:
    kim, _ = desks
    before = end(kim)
    edit(kim, production="4")
    assert read_news(kim, before) == ""


def test_of_several_changes_the_last_is_told_and_how_many_more(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    before = end(kim)
    edit(sam, production="4")
    edit(sam, staging="2")
    send(sam, kim)
    assert read_news(kim, before) == "Sam edited difference cache size · 1 more change"


def test_what_both_changed_comes_first(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    edit(kim, production="4")
    before = end(kim)
    edit(sam, production="8")
    build.add_difference(sam, "session store", staging="1", production="2", flows=("checkout",))
    send(sam, kim)
    assert read_news(kim, before) == (
        "Sam edited difference cache size, too: two versions, choose one · 1 more change"
    )


def test_what_came_is_told_however_much_one_did_oneself_since(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    before = end(kim)
    edit(sam, production="4")
    send(sam, kim)
    for number in range(120):
        edit(kim, production=str(100 + number))
    assert read_news(kim, before) == "Sam edited difference cache size"
    received = next(group for group in read_sharing(kim).groups if group.key == "received")
    assert received.lines[0].what == "Edited difference cache size"


def test_what_is_to_be_sent_is_listed_however_much_came_since(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    kim.record.keep_note(*note_of(Shared(url=OWN_URL, mailbox="m" * 12, role="kim_r")))
    build.add_difference(kim, "own thing", staging="1", production="2", flows=("checkout",))
    for number in range(20):
        edit(sam, production=str(100 + number))
    send(sam, kim)
    page = read_sharing(kim, Standing(phase=Phase.OFF_LINE, since=AT, to_send=1))
    waiting = next(group for group in page.groups if group.key == "send")
    assert waiting.title == "1 entry to send" and "own thing" in waiting.lines[0].what


# --- the whole of it ----------------------------------------------------------------------


def groups(page: SharingPage) -> list[str]:
    return [group.key for group in page.groups]


def test_without_a_server_there_are_the_desks_and_what_came(desks: tuple[Context, Context]) -> None:
    kim, _ = desks
    page = read_sharing(kim)
    assert not page.is_shared and groups(page) == ["desks"]
    assert page.summary[0].text == "not shared: this desk exchanges packs by file"
    assert [line.what for line in page.groups[0].lines] == ["This desk: you", "Sam"]


def test_what_needs_somebody_comes_first_with_its_next_step(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    edit(kim, production="4")
    edit(sam, production="8")
    send(sam, kim)
    kim.record.keep_note(*note_of(Shared(url=OWN_URL, mailbox="m" * 12, role="kim_r", refused=(Refused(7, "desk-of-sam-1", "it lies"),))))  # fmt: skip
    unsent = Unsent(why=Obstacle.NOT_THIS_PERSON, entries=2, desk="d" * 12, number=9, person="robin")
    standing = Standing(phase=Phase.LIVE, since=AT, to_send=2, synced=Synced(unsent=unsent), at=AT)
    page = read_sharing(kim, standing)
    assert page.is_shared and groups(page) == ["you", "server", "send", "received", "desks"]
    you = page.groups[0].lines
    assert [line.key.partition("/")[0] for line in you] == ["unsent", "refused", "contested"]
    assert all(line.mark is Mark.WARNS and line.step for line in you)
    assert "workbench member add ROLE --right signer --person robin" in you[0].step
    assert you[2].chooses and set(you[2].who.split(" and ")) == {"Sam", "you"}


def test_the_server_is_told_with_since_when_and_why_not(desks: tuple[Context, Context]) -> None:
    kim, _ = desks
    kim.record.keep_note(*note_of(Shared(url=OWN_URL, mailbox="m" * 12, role="kim_r", number=1200)))
    standing = Standing(
        phase=Phase.OFF_LINE, since=AT, what="nothing answers", hint="it is tried again", at=AT
    )
    page = read_sharing(kim, standing)
    line = page.line("server")
    assert line is not None and line.what == "db.example:5433/releases" and line.at == AT
    said = {fact.label: fact.text for fact in line.facts}
    assert said["Because"].startswith("nothing answers") and "pack 1,200" in said["Received"]
    assert page.summary[0].text.startswith("off-line since today")


def test_what_the_server_says_of_desks_stands_with_them(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    kim.record.keep_note(*note_of(Shared(url=OWN_URL, mailbox="m" * 12, role="kim_r")))
    known = [
        ServerDesk(desk=sam.record.info.desk, role="sam_r", named="", joined_at=AT, left_at=AT, packs=3, sent_at=AT),
        ServerDesk(desk="nobody-heard", role="noor_r", named="noor at home", joined_at=AT, left_at=None, packs=0, sent_at=None),
    ]  # fmt: skip
    page = read_sharing(kim, Standing(phase=Phase.LIVE, since=AT, desks=tuple(known)))
    of_sam = page.line(f"desk/{sam.record.info.desk}")
    assert of_sam is not None and of_sam.step.endswith("has left")
    assert {fact.label for fact in of_sam.facts} >= {"Role", "Joined", "Last sent", "Left"}
    of_noor = page.line("desk/nobody-heard")
    assert of_noor is not None and of_noor.step == "" and of_noor.who == "noor_r · noor at home"


def test_nothing_that_others_wrote_steers_a_terminal(desks: tuple[Context, Context]) -> None:
    kim, sam = desks
    build.add_difference(sam, "evil \x1b]0;title\x07", staging="1", production="2", flows=("checkout",))
    send(sam, kim)
    kim.record.keep_note(*note_of(Shared(url="postgresql://x@y/\x1b[31m", mailbox="\x07", role="\x1b[1m", refused=(Refused(1, "\x1b", "\x9b"),))))  # fmt: skip
    page = read_sharing(kim, Standing(phase=Phase.REFUSED, what="\x1b[2J", hint="\x07"))
    told = [
        text for group in page.groups for line in group.lines for text in (line.what, line.who, line.step)
    ]
    assert page.line("server") is not None
    assert not {"\x1b", "\x07", "\x9b"} & set("".join(told))
