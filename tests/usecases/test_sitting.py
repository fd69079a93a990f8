"""Where somebody was is kept beside the record, for each person, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build
from tests.building import who

from workbench.model.text import safe_text
from workbench.usecases import sitting
from workbench.usecases.context import Context
from workbench.usecases.sitting import DAMAGED, Draft, Place, Sitting, keep_sitting, read_sitting

LEFT = Sitting(
    "parity",
    {"parity": Place("d1", "cache", "severity", True)},
    Draft("add_difference", "d1", "A difference", {"title": "half a ti"}),
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "shop") as context:
        yield context


def kept(context: Context) -> list[Path]:
    return sorted((context.data_folder / sitting.SITTINGS).glob("*.json"))


def test_it_comes_back_as_it_was_left_and_the_record_knows_nothing_of_it(shop: Context) -> None:
    assert read_sitting(shop) == (None, "")
    head = shop.record.head
    keep_sitting(shop, LEFT)
    assert read_sitting(shop) == (LEFT, "")
    assert shop.record.head == head
    (path,) = kept(shop)
    assert path.stat().st_mode & 0o077 == 0


def test_everybody_has_their_own(shop: Context) -> None:
    keep_sitting(shop, LEFT)
    assert read_sitting(who(shop, "robin")) == (None, "")
    keep_sitting(who(shop, "robin"), Sitting("flows"))
    assert read_sitting(shop) == (LEFT, "")
    assert len(kept(shop)) == 2


def test_what_is_plainly_a_secret_is_not_kept(shop: Context) -> None:
    draft = Draft("a", "", "t", {"note": "password: hunter2hunter2", "long": "x" * 9_000})
    keep_sitting(shop, Sitting("parity", {}, draft))
    (path,) = kept(shop)
    assert b"hunter2" not in path.read_bytes()
    found, _ = read_sitting(shop)
    assert found is not None and found.draft is not None and set(found.draft.words) == {"note"}


def test_it_is_bounded(shop: Context) -> None:
    words = {f"f{n}": "y" * 7_000 for n in range(20)}
    keep_sitting(shop, Sitting("parity", {}, Draft("a", "", "t", words)))
    assert read_sitting(shop) == (Sitting("parity"), "")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"mode": 7}', b'{"mode": "parity", "schema": "other.1"}', b"\xff" * 99],
)
def test_a_file_that_is_none_is_left_out_and_told(shop: Context, data: bytes) -> None:
    keep_sitting(shop, LEFT)
    kept(shop)[0].write_bytes(data)
    assert read_sitting(shop) == (None, DAMAGED)


def test_without_a_folder_nothing_is_kept(shop: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", "not/from/the/root")
    keep_sitting(shop, LEFT)
    assert read_sitting(shop) == (None, "")


@given(st.text(), st.text(), st.booleans())
def test_any_text_stays_one_line_without_control_codes(row: str, text: str, descending: bool) -> None:
    cleaned = sitting._cleaned(Place(row, text, text, descending))
    assert all(safe_text(part, 300) == part for part in (cleaned.row, cleaned.filter, cleaned.sorted_by))
