"""What entries of the ledger are called."""

from __future__ import annotations

from datetime import UTC

import msgspec
import pytest

from workbench.record import Change
from workbench.releases.model import Candidate, Release
from workbench.usecases import answering, deciding, fetching, releasing, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.views.history import (
    Page,
    act,
    act_words,
    field_changes,
    read_page,
    readable,
    sentence,
    subject,
    value_words,
)


@pytest.fixture
def page(shop: Context) -> Page:
    return read_page(shop, limit=500)


@pytest.mark.parametrize(
    ("entity", "value"), [("opening", {"gate": "go"}), ("request", {"gate": "go", "person": "sam"})]
)
def test_a_version_that_was_chosen_is_told_with_one_of(
    page: Page, entity: str, value: dict[str, str]
) -> None:
    chosen = msgspec.structs.replace(
        page.entries[0], entity=entity, value=value, verb="chose a version of", undoes=None
    )
    assert subject(chosen, page.names).startswith(("of ", "for "))
    words = sentence(chosen, page.names)
    assert words.startswith("chose a version of ") and " of of " not in words and " of for " not in words


def test_every_entry_of_a_demonstration_has_words_without_ids(page: Page) -> None:
    assert not page.more and page.entries
    for entry in page.entries:
        words = sentence(entry, page.names)
        assert len(words.split()) >= 2 and entry.id not in words and "01a" not in words


@pytest.mark.parametrize(
    "words",
    [
        "proposed candidate rc2 of 2.14.0, commit a1b2c3d",
        "proposed to override Refund p95",
        "approved the override of Refund p95",
        "ticked item Scanners have cleared these artifacts",
        "reviewed the parity map for 2.13.0",
        "measured 16 values of Prometheus",
        "planned release 2.14.0",
        "began the record",
    ],
)
def test_a_thing_is_called_by_its_title(page: Page, words: str) -> None:
    assert words in [sentence(entry, page.names) for entry in page.entries]


def test_the_newest_comes_first(page: Page) -> None:
    words = [sentence(entry, page.names) for entry in page.entries]
    assert words.index("approved the override of Refund p95") < words.index("proposed to override Refund p95")
    assert words.index("proposed to override Refund p95") < words.index("planned release 2.14.0")


def undone_words(context: Context) -> str:
    """Undoes the last act; what is said of it."""
    done = context.record.act(undoing.undo(context).change_id)
    assert done is not None
    return act_words(context, done)


def test_an_undo_is_told_as_such(small: Context) -> None:
    deciding.freeze(small, "wait for the vendor")
    undoing.undo(small)
    found = read_page(small, limit=1)
    assert sentence(found.entries[0], found.names) == "undid: promotion"


def test_what_an_undo_took_back_is_told_in_plain_words(small: Context) -> None:
    evidence = answering.evidence_for(small, "benchmark:p95", note="read off the wall")
    fetching.enter(small, "p95", "0.4", evidence=evidence)
    words = undone_words(small)
    assert (
        words == "measured 0.4 s for Checkout p95, typed, attached evidence read off the wall to Checkout p95"
    )
    releasing.plan(small, Release(version="3.0.0"), Candidate(release="", number=0, commit="a" * 40))
    words = undone_words(small)
    assert words == "planned release 3.0.0, proposed candidate rc1 of 3.0.0, commit aaaaaaa"


def test_many_things_of_one_kind_are_counted(small: Context) -> None:
    changes = [
        Change("difference", f"{n:08x}-0000-7000-8000-000000000000", "found", {"title": f"d{n}"})
        for n in range(12)
    ]
    commit(small, changes)
    assert undone_words(small) == "found 12 differences"


def test_changed_fields_come_first(small: Context) -> None:
    held = releasing.find(small)
    releasing.edit(small, held, msgspec.structs.replace(held.release, summary="Faster!"))
    found = read_page(small, limit=1)
    first, *others = field_changes(found.entries[0])
    assert (first.name, first.after) == ("summary", "Faster!") and first.changed
    assert not any(field.changed for field in others)
    assert sentence(found.entries[0], found.names) == "edited release 2.0.0"


def test_the_act_and_its_subject_make_the_sentence(page: Page) -> None:
    for entry in page.entries:
        assert sentence(entry, page.names) == f"{act(entry)} {subject(entry, page.names)}"


def test_a_page_says_whether_the_ledger_goes_on(shop: Context) -> None:
    first = read_page(shop, limit=2)
    assert first.more and len(first.entries) == 2
    following = read_page(shop, limit=2, before_seq=first.entries[-1].seq)
    assert following.entries[0].seq == first.entries[-1].seq - 1
    assert {entry.entity for entry in read_page(shop, entity="difference", limit=5).entries} == {"difference"}


def test_values_are_told_shortly() -> None:
    assert value_words(["a", "b"]) == "a; b"
    assert value_words([{"subject": "p95", "state": "ok", "value": "0.6", "unit": "s"}]) == "p95 0.6 s"
    assert (
        value_words([{"subject": "p95", "state": "error", "environment": "staging"}])
        == "p95 in staging error"
    )
    assert (value_words(True), value_words(None), value_words(3)) == ("yes", "", "3")


def test_ids_and_moments_are_read_as_people_say_them(page: Page) -> None:
    ident, version = next(iter(page.names.releases.items()))
    assert readable(ident, page.names, UTC) == version
    assert readable("2026-09-15T10:00:00.000000Z", page.names, UTC) == "Tue 15 Sep 2026 10:00 UTC"
    assert readable("01a0a482-5500-7735-8a8e-37d3bec8e799", page.names, UTC) == "…37d3bec8e799"
    assert readable("plain words", page.names, UTC) == "plain words"
