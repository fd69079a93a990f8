"""The sheet of a gate: what it says, what changed since one last looked, who can sign, and how it folds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build
from tests.building import add_difference, clear, gate, measured, sign, who

from workbench.model.files import write_whole
from workbench.model.width import cells
from workbench.tui.widgets.fold_sheet import fitting, sheet_lines
from workbench.usecases import looks, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.looks import changes_since, keep_look, last_look, look_of
from workbench.usecases.signing import Answer, Decision
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.receipts import NO_KEY, read_receipt
from workbench.usecases.views.signers import seat_facts, seats
from workbench.usecases.views.signing_session import Fold, Session, read_session, told, told_plainly


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "shop") as context:
        yield context


def session(context: Context, gate_: str = "go", person: str = "kim") -> Session:
    found = evaluate(context)
    return read_session(context, found, found.gate(gate_), person)


def with_people(tmp_path: Path, **said: str) -> str:
    text = build.SHOP
    for person, more in said.items():
        text = text.replace(
            f"key: {person}, name: {person.title()},", f"key: {person}, name: {person.title()}, {more},"
        )
    return text


# --- the parts -------------------------------------------------------------------------------------


def test_the_next_blocker_is_the_readers_own_first_and_nothing_once_only_signatures_are_missing(
    shop: Context,
) -> None:
    before = session(shop)
    assert before.blocker is not None and before.fold("blocker").mark is Mark.BLOCKS
    assert before.next is not None and before.next.words
    clear(shop)
    sign(shop, "benchmarks", "robin")
    after = session(shop)
    assert after.blocker is None and after.fold("blocker").summary == "none: only signatures are missing"


def test_a_gate_says_into_which_environment_it_leads(tmp_path: Path) -> None:
    text = build.SHOP.replace("  - key: go\n", "  - key: go\n    into: production\n")
    assert text != build.SHOP
    with build.shop(tmp_path / "p", text) as context:
        found = session(context)
    assert found.into == "production" and "into production" in " ".join(told(found))


def test_exceptions_are_told_with_their_bound_and_their_end(shop: Context) -> None:
    add_difference(
        shop,
        "smaller cache",
        decision="accept",
        reason="slower is fine here",
        until=build.NOW.replace(month=12),
        up_to="2 s",
        staging="4 s",
        production="3 s",
    )
    said = " ".join(fact.text for fact in session(shop).fold("exceptions").facts)
    assert "smaller cache: accepted up to 2 s, until 15 Dec" in said


def test_the_same_words_go_to_a_terminal_and_to_a_screen_reader(shop: Context) -> None:
    found = session(shop)
    lines, plainly = list(told(found)), list(told_plainly(found))
    assert len(lines) == len(plainly)
    assert all(cells(line) <= 60 for line in told(found, 60))
    assert all(": " in line for line in plainly) and any(
        line.startswith("Still to sign: ") for line in plainly
    )


# --- since one last looked -------------------------------------------------------------------------


def test_what_was_seen_is_kept_outside_the_record_and_compared_the_next_time(shop: Context) -> None:
    clear(shop)
    entries = shop.record.head
    found = evaluate(shop)
    assert session(shop, "benchmarks").fold("since").summary == "you have not seen this sheet before"
    keep_look(shop, found, found.gate("benchmarks"))
    assert shop.record.head == entries
    assert session(shop, "benchmarks").fold("since").summary.startswith("nothing changed since")
    measured(shop, "p95", "9", unit="s")
    since = session(shop, "benchmarks").fold("since")
    assert since.mark is Mark.WARNS and "Checkout p95" in since.facts[0].text


def test_who_signed_and_who_revoked_since_is_told_by_name(shop: Context) -> None:
    clear(shop)
    found = evaluate(shop)
    then = look_of(found, found.gate("benchmarks"))
    sign(shop, "benchmarks", "robin")
    found = evaluate(shop)
    assert changes_since(found, found.gate("benchmarks"), then) == ["robin approved as staging owner"]
    then = look_of(found, found.gate("benchmarks"))
    signing.revoke(who(shop, "robin"), found, "benchmarks", "the wrong release")
    found = evaluate(shop)
    assert changes_since(found, found.gate("benchmarks"), then) == [
        "robin's answer as staging owner no longer stands"
    ]


def test_a_later_signature_counts_instead_of_an_earlier_look(shop: Context) -> None:
    clear(shop)
    found = evaluate(shop)
    robin = who(shop, "robin")
    keep_look(robin, found, found.gate("benchmarks"))
    later = build.later(shop, hours=1)
    sign(later, "benchmarks", "robin")
    robin = who(build.later(shop, hours=2), "robin")
    assert session(robin, "benchmarks", "robin").fold("since").title == "Since you signed"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{}", b'{"looks": 3}', b"[" * 5000])
def test_a_damaged_look_is_no_look(shop: Context, data: bytes) -> None:
    found = evaluate(shop)
    keep_look(shop, found, found.gate("go"))
    (path,) = (shop.data_folder / looks.LOOKS).iterdir()
    write_whole(path, data, private=True)
    assert last_look(shop, found, "go") is None
    keep_look(shop, found, found.gate("go"))
    assert last_look(shop, found, "go") is not None


def test_another_person_has_looks_of_their_own(shop: Context) -> None:
    found = evaluate(shop)
    keep_look(shop, found, found.gate("go"))
    assert last_look(who(shop, "sam"), found, "go") is None


# --- who still has to sign -------------------------------------------------------------------------


def test_who_is_away_or_has_no_key_cannot_sign_and_it_says_why(tmp_path: Path) -> None:
    text = with_people(tmp_path, sam="away: [{from: 2026-09-14, until: 2026-09-16}]")
    with build.shop(tmp_path / "p", text) as context:
        found = evaluate(context)
        by_role = {seat.role: seat for seat in seats(found, found.gate("go"))}
        facts = [fact.text.strip() for fact in seat_facts(by_role["product-owner"], "kim")]
        assert "sam is away until 16 Sep" in facts and facts[0].startswith("product owner (nobody can now")
        assert seat_facts(by_role["product-owner"], "kim")[0].mark is Mark.BLOCKS
        assert by_role["release-owner"].able == ("kim", "robin")


def test_what_time_it_is_where_somebody_is_said_outside_their_hours(tmp_path: Path) -> None:
    text = with_people(tmp_path, sam="timezone: Asia/Tokyo, hours: '09:00-17:00'")
    with build.shop(tmp_path / "p", text) as context:
        found = evaluate(context)
        seat = next(seat for seat in seats(found, found.gate("go")) if seat.role == "product-owner")
    assert [one.minds for one in seat.people] == ["it is 19:00 there"]


# --- folding ---------------------------------------------------------------------------------------


FOLDS = st.lists(
    st.builds(
        Fold,
        key=st.uuids().map(str),
        title=st.text(max_size=30),
        summary=st.text(max_size=300),
        facts=st.lists(
            st.builds(Fact, st.just(""), st.text(max_size=300), st.sampled_from([None, *Mark])), max_size=6
        ).map(tuple),
        mark=st.sampled_from([None, *Mark]),
        first=st.integers(1, 9),
    ),
    max_size=9,
)


@given(folds=FOLDS, room=st.integers(0, 60), width=st.integers(40, 140))
def test_no_line_is_wider_than_the_window_and_what_is_unfolded_fits(
    folds: list[Fold], room: int, width: int
) -> None:
    chosen = fitting(folds, room, width)
    lines = sheet_lines(folds, chosen, None, width)
    folded = sheet_lines(folds, (), None, width)
    assert len(lines) <= max(room, len(folded))
    for line in sheet_lines(folds, {fold.key for fold in folds}, None, width):
        assert sum(cells(piece.text) for piece in line) <= width + 1


# --- the receipt -----------------------------------------------------------------------------------


def test_a_receipt_names_what_was_signed_where_the_record_ended_and_who_is_next(shop: Context) -> None:
    clear(shop)
    sign(shop, "benchmarks", "robin")
    size = shop.record.checkpoint().size
    done = signing.sign(
        shop,
        signing.prepare(shop, evaluate(shop), "go"),
        Answer(
            decision=Decision.CONDITIONS,
            conditions="watch refunds",
            conditions_due=build.NOW.replace(month=12),
        ),
    )
    receipt = read_receipt(shop, done)
    told = {fact.label: fact.text for fact in receipt.facts}["Bundle"]
    assert told.endswith(f" {evaluate(shop).project_key}-{evaluate(shop).held.release.version}-bundle.zip")
    said = {fact.label: fact.text for fact in receipt.facts}
    assert said["By"] == "kim as release owner" and said["Key"] == NO_KEY
    assert said["Conditions"].startswith("watch refunds, due")
    assert said["Record"].startswith(f"{size:,} entries, root {shop.record.checkpoint(size).root[:16]}")
    assert said["Next"] == "product owner (sam)" and said["The gate is"] == "ready"
    assert receipt.text.startswith("signed: Go of") and said["Statement"] in receipt.text
    assert gate(shop, "go").signoffs[0].signoff.statement == said["Statement"]
