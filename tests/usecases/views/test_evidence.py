"""A piece of evidence as people read it, and where it is when it is not here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.record import Blob, Record, laying
from workbench.record.incoming import read_line
from workbench.record.laying import Laid
from workbench.record.ledger import unhex
from workbench.record.packs import Selection
from workbench.record.projection import tables_of
from workbench.usecases import nouns
from workbench.usecases.context import Context, commit
from workbench.usecases.sharing.evidence import Absent, Brought
from workbench.usecases.views.evidence import SHOWN, absent_lines, brought_lines, read_piece


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def kept(context: Context, data: bytes, media: str = "text/plain") -> str:
    blob = Blob.of(data, media)
    commit(context, [], blobs=[blob])
    return blob.digest


def test_no_evidence_steers_a_terminal_and_its_lines_stay(shop: Context) -> None:
    piece = read_piece(shop, kept(shop, b"a \x1b[31mred\r\n\x1b]0;title\x07 [bold]b[/bold]\n"))
    assert piece.text == "a ·[31mred\n·]0;title· [bold]b[/bold]\n"


def test_where_nothing_was_to_be_fetched_that_is_said() -> None:
    assert list(brought_lines(Brought(came=(), missing={}))) == ["all evidence that the record names is here"]


def test_text_is_shown_and_what_it_is_said(shop: Context) -> None:
    piece = read_piece(shop, kept(shop, b"one line\n"))
    assert (piece.text, piece.what, piece.stays) == ("one line\n", "text/plain, 9 bytes", False)


def test_of_a_long_text_the_beginning_is_shown(shop: Context) -> None:
    piece = read_piece(shop, kept(shop, b"x" * (SHOWN + 1)))
    assert len(piece.text) == SHOWN and piece.what.endswith("the first 20,000 characters are shown")


def test_what_is_not_in_the_record_is_said(shop: Context) -> None:
    assert read_piece(shop, "0" * 64).what == "it is not in the record"


def test_what_stayed_at_another_desk_is_said(shop: Context, tmp_path: Path) -> None:
    digest = kept(shop, b"a trace")
    whole = shop.record.pack(Selection())
    entries = [Laid(unhex(came.digest), came.body, came.data) for came in map(read_line, whole.entries)]
    place = tmp_path / "laid.db"
    laying.lay(place, tables_of(nouns.NOUNS), entries, lambda: (), shop.record.info.desk)
    with Record.open(place, nouns.NOUNS) as record:
        piece = read_piece(msgspec.structs.replace(shop, record=record), digest)
    assert (piece.text, piece.what, piece.stays) == ("", "it is only at the desk that it came from", False)


def test_what_is_not_here_is_listed_with_where_it_is() -> None:
    found = [
        Absent(digest="a" * 64, media="application/json", size=3_400_000),
        Absent(digest="b" * 64, why="it was purged at the server"),
    ]
    assert list(absent_lines(found)) == [
        "2 pieces of evidence are not here",
        "  aaaaaaaaaaaa  3.4 MB at the server, application/json",
        "  bbbbbbbbbbbb  it was purged at the server",
    ]
    assert list(absent_lines([])) == ["all evidence that the record names is here"]


def test_what_was_fetched_and_what_was_not() -> None:
    missing = {"b" * 64: "fetching it was stopped", "c" * 64: "it is not at the server"}
    assert list(brought_lines(Brought(came=("a" * 64,), missing=missing))) == [
        "1 piece of evidence fetched",
        "1 piece not fetched: it was ended",
        "  cccccccccccc  it is not at the server",
    ]
