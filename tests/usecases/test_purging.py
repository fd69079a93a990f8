"""What slipped into the record goes for good, once two people have wanted it; what it was stays told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.building import who

from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases import approving, purging, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.history import read_page, sentence

SECRET = b"hunter2 is what we log in with"
WHY = "the word we log in with stands in it"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.answer(context, "notes", note=f"How we log in\n{SECRET.decode()}")
        yield context


def evidence(context: Context) -> str:
    (piece,) = evaluate(context).checklists["ready"][0].evidence
    assert piece.digest is not None
    return piece.digest


def purge(context: Context, ref: str, person: str = "kim", reason: str = WHY) -> Any:
    here = who(context, person)
    return purging.purge(here, evaluate(here), ref, reason)


def holds(context: Context, secret: bytes = SECRET) -> bool:
    return any(secret in path.read_bytes() for path in context.record.path.parent.glob("record.db*"))


@pytest.mark.parametrize("by_approve", [False, True])
def test_evidence_goes_when_a_second_person_has_acted(shop: Context, by_approve: bool) -> None:
    digest = evidence(shop)
    asked = purge(shop, digest[:10])
    assert not asked.done and asked.waits_for == "robin, sam or jo"
    blob = shop.record.blob(digest)
    assert blob is not None and SECRET in blob.data
    with pytest.raises(NotAllowed, match="you proposed it"):
        purge(shop, digest)
    if by_approve:
        here = who(shop, "jo")
        approving.approve(here, evaluate(here), digest[:8])
    else:
        assert purge(shop, digest, "jo").done
    blob = shop.record.blob(digest)
    assert blob is not None and blob.purged and not blob.data
    assert not evaluate(shop).proposals
    report = safekeeping.verify(shop)
    assert report.ok and any(digest[:12] in note or "purged" in note for note in report.notes)
    shop.record.close()
    assert not holds(shop)


def test_history_says_who_wanted_it_and_who_approved(shop: Context) -> None:
    digest = evidence(shop)
    purge(shop, digest)
    purge(shop, digest, "jo")
    page = read_page(shop, limit=3)
    said = [(entry.actor, sentence(entry, page.names)) for entry in page.entries]
    assert [actor for actor, _ in said] == ["jo", "jo", "kim"]
    assert said[0][1] == f"purged what had the digest {digest[:12]}"
    assert said[1][1].startswith("approved the purge of evidence")
    assert said[2][1].startswith("proposed the purge of evidence")
    assert page.entries[0].reason == WHY


def test_an_entry_that_was_replaced_can_be_purged_and_what_is_current_cannot(shop: Context) -> None:
    build.answer(shop, "notes", note="", comment="the word is hunter3")
    row = shop.record.all("answer")[0]
    with pytest.raises(UsageError, match="is what the answer is now"):
        purge(shop, row.base)
    build.answer(shop, "notes", note="", comment="clean")
    assert not purge(shop, row.base).done
    assert purge(shop, row.base, "robin").done
    assert safekeeping.verify(shop).ok
    shop.record.close()
    assert not holds(shop, b"hunter3")


@pytest.mark.parametrize(
    ("ref", "words"),
    [("abc", "not a digest"), ("kim/../x", "not a digest"), ("0" * 12, "there is no evidence")],
)
def test_what_names_nothing(shop: Context, ref: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        purge(shop, ref)


def test_it_needs_a_reason_and_is_done_once(shop: Context) -> None:
    digest = evidence(shop)
    with pytest.raises(UsageError, match="a purge needs a reason"):
        purge(shop, digest, reason="TBD")
    purge(shop, digest)
    purge(shop, digest, "jo")
    with pytest.raises(UsageError, match="has been purged already"):
        purge(shop, digest)


def test_a_rejected_purge_is_not_carried_out(shop: Context) -> None:
    digest = evidence(shop)
    purge(shop, digest)
    here = who(shop, "sam")
    approving.approve(here, evaluate(here), digest[:8], reject=True, words="it is the evidence of 2.0.0")
    assert evaluate(shop).proposals[0].why == "purge, rejected by sam: it is the evidence of 2.0.0"
    with pytest.raises(NotAllowed, match="rejected by sam"):
        purge(shop, digest, "jo")
    blob = shop.record.blob(digest)
    assert blob is not None and blob.data


def test_copies_that_hold_the_bytes_still_are_named(shop: Context) -> None:
    safekeeping.backup(shop)
    assert purge(shop, evidence(shop)).copies == shop.data_folder / "backups"
