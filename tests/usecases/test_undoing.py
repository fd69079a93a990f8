"""Undo and redo as a person means them: named, one's own, never a fetch, refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.building import later, who

from workbench.model.errors import NotAllowed, StaleChange
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.record import Change
from workbench.releases import model as releases
from workbench.signoff.model import SignOff
from workbench.usecases import answering, fetching, mapping, undoing
from workbench.usecases.context import Context, commit


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def words(context: Context) -> tuple[str, str]:
    """What undo and redo would do now."""
    back, forth = undoing.coming_undo(context), undoing.coming_redo(context)
    return back.words if back else "", forth.words if forth else ""


def test_what_comes_is_named_before_it_is_done(shop: Context) -> None:
    build.add_difference(shop, "smaller database")
    build.add_difference(shop, "older cache")
    assert words(shop) == ("found difference older cache", "")
    undoing.undo(shop)
    assert words(shop) == ("found difference smaller database", "found difference older cache")
    undoing.redo(shop)
    assert words(shop) == ("found difference older cache", "")
    coming = undoing.coming_undo(shop)
    assert coming is not None and coming.told == "found difference older cache, just now"
    assert coming.recent and coming.seq == shop.record.head.seq


def test_several_at_once_are_counted_and_undone_as_one(shop: Context) -> None:
    for title in ("one", "two", "three"):
        build.add_difference(shop, title)
    changes = [
        Change("difference", row.id, "edited", {**row.decode(dict), "severity": "low"}, row.base)
        for row in shop.record.all("difference")
    ]
    commit(shop, changes)
    assert words(shop)[0] == "edited 3 differences"
    undoing.undo(shop)
    assert words(shop) == ("found difference three", "edited 3 differences")
    assert {row.decode(dict)["severity"] for row in shop.record.all("difference")} != {"low"}


def test_a_fetch_is_passed_over_and_refused_by_its_id(shop: Context) -> None:
    build.add_difference(shop, "smaller database")
    undoing.undo(shop)
    build.measured(shop, "p95", "0.46")
    fetched = shop.record.history("batch", limit=1)[0]
    assert words(shop) == ("reviewed the parity map for 2.0.0", "found difference smaller database")
    undoing.redo(shop)
    assert shop.record.count("difference") == 1 and shop.record.count("batch")
    with pytest.raises(NotAllowed, match="what a source answered cannot be undone") as caught:
        undoing.undo(shop, fetched.change_id)
    assert "invalid" in (caught.value.hint or "")


def test_a_typed_value_is_ones_own_act(shop: Context) -> None:
    evidence = answering.evidence_for(shop, "benchmark:p95", note="read off the wall")
    fetching.enter(shop, "p95", "0.4", evidence=evidence)
    undoing.undo(shop)
    assert shop.record.count("batch") == 0


def test_each_person_has_acts_of_their_own(shop: Context) -> None:
    build.add_difference(shop, "kim's")
    build.add_difference(who(shop, "robin"), "robin's")
    assert words(shop)[0] == "found difference kim's"
    undoing.undo(shop)
    assert words(who(shop, "robin")) == ("found difference robin's", "")


def test_what_somebody_changed_since_is_refused_with_who_did_what(shop: Context) -> None:
    ident = build.add_difference(shop, "smaller database")
    robin = who(shop, "robin")
    stored = shop.record.get("difference", ident)
    assert stored is not None
    value = {**stored.decode(dict), "title": "much smaller database"}
    commit(robin, [Change("difference", ident, "edited", value, stored.base)])
    with pytest.raises(StaleChange) as caught:
        undoing.undo(shop)
    assert caught.value.what == (
        "difference much smaller database was changed since: "
        "robin edited difference much smaller database, just now"
    )
    assert parity.find(shop.record, ident)[1].title == "much smaller database"


def test_a_redo_that_was_overtaken_is_refused(shop: Context) -> None:
    build.add_difference(shop, "one")
    undoing.undo(shop)
    seen = undoing.coming_redo(shop)
    build.add_difference(shop, "two")
    assert seen is not None
    with pytest.raises(NotAllowed, match="has changed in the meantime"):
        undoing.redo(shop, seen.change_id)
    with pytest.raises(NotAllowed, match="nothing of yours to redo"):
        undoing.redo(shop)


def test_what_is_old_is_said_to_be(shop: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    build.add_difference(shop, "one")
    monkeypatch.setattr(undoing, "RECENT", timedelta(0))
    coming = undoing.coming_undo(later(shop, hours=5))
    assert coming is not None and not coming.recent


def test_a_signature_is_revoked_and_put_back_as_it_was(shop: Context) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    robin = who(shop, "robin")
    before = shop.record.all("signoff")[-1].decode(SignOff)
    openings = shop.record.count("opening")
    undoing.undo(robin)
    revoked = shop.record.all("signoff")[-1].decode(SignOff)
    assert revoked.revoked_at is not None and revoked.revoked_why == "undone by the person who signed"
    assert shop.record.count("opening") == openings
    assert words(robin)[1] == "approved gate Benchmarks met as staging owner"
    undoing.redo(robin)
    assert shop.record.all("signoff")[-1].decode(SignOff) == before


def test_a_map_that_is_as_it_was_reviewed_has_no_changes(shop: Context) -> None:
    ident = build.add_difference(shop, "smaller database")
    mapping.mark_reviewed(shop, releases.find(shop.record), "all of it")
    build.decide(shop, ident, "accept", alone=True, reason="it is small enough")
    assert reviews.changed_since(shop.record, reviews.last_review(shop.record)) == 1
    undoing.undo(shop)
    assert reviews.changed_since(shop.record, reviews.last_review(shop.record)) == 0
