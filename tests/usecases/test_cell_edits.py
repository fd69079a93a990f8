"""Many cells as one change: nothing is saved while one is wrong, and nothing of anybody's is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.usecases.projects import opened

from workbench.definitions.shapes import Severity, Tier
from workbench.flows import model as flows
from workbench.flows.model import Flow
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.usecases import mapping
from workbench.usecases.cell_edits import prepare, save, settled
from workbench.usecases.cell_reading import look_up
from workbench.usecases.cell_sheet import Edits, Overtaken, WrongCells
from workbench.usecases.context import Context
from workbench.usecases.undoing import undo

D, F = "differences", "flows"
BROKER = Difference(title="message broker", staging="none", production="3 nodes", severity=Severity.LOW)
CACHE = Difference(title="cache", severity=Severity.HIGH, owner="kim")


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with opened(tmp_path / "shop") as found:
        mapping.add_flow(found, Flow(key="checkout", name="Checkout"))
        yield found


def on_map(context: Context) -> dict[str, Difference]:
    return {value.title: value for _, value in parity.all_differences(context.record)}


def edits_of(context: Context, changed: dict[str, dict[str, str]], *added: dict[str, str]) -> Edits:
    """Cells by the row's title, as typed now."""
    ids = {value.title: stored.id for stored, value in parity.all_differences(context.record)}
    rows = {ids[title]: texts for title, texts in changed.items()}
    new = {f"new {place}": texts for place, texts in enumerate(added)}
    return Edits(kind=D, changed=rows, added=new, seen=look_up(context, D, rows))


def wrong(context: Context, edits: Edits) -> list[tuple[str, str, str]]:
    with pytest.raises(WrongCells) as caught:
        save(context, edits)
    return [(each.title, each.column, each.what) for each in caught.value.problems]


def test_cells_and_new_rows_are_one_act_with_one_reason_and_one_undo(context: Context) -> None:
    for value in (BROKER, CACHE):
        mapping.add_difference(context, value)
    before = on_map(context)
    edits = edits_of(
        context,
        {"message broker": {"staging": "1 node", "owner": "Kim"}, "cache": {"flows": "checkout"}},
        {"title": "load balancer", "production": "2 × layer 7", "severity": "h"},
        {"title": "  ", "staging": ""},
    )
    saved = save(context, edits, " from the review ")
    after = on_map(context)
    assert after["message broker"] == replace(BROKER, staging="1 node", owner="kim", found_at=context.now)
    assert after["cache"].flows == ("checkout",)
    assert after["load balancer"].severity is Severity.HIGH
    assert saved.commit is not None
    assert len(saved.commit.entries) == 3
    history = context.record.history("difference", saved.rows["new 0"])
    assert [(entry.reason, entry.parts) for entry in history] == [("from the review", 3)]
    undo(context)
    assert on_map(context) == before


def test_a_sheet_says_what_saving_would_do(context: Context) -> None:
    mapping.add_difference(context, BROKER)
    sheet = prepare(
        context,
        edits_of(context, {"message broker": {"staging": "1 node", "title": "broker"}}, {"title": "x"}),
    )
    assert [step.title for step in sheet.new] == ["x"]
    assert sheet.changed[0].fields == (
        ("What differs", "message broker", "broker"),
        ("Staging", "none", "1 node"),
    )
    assert list(on_map(context)) == ["message broker"]


def test_what_was_typed_as_it_stood_changes_nothing(context: Context) -> None:
    ident = mapping.add_difference(context, replace(BROKER, flows=("checkout",), severity_written="grau"))
    stored = look_up(context, D, [ident])[ident]
    texts = {"title": "message broker", "severity": "grau", "flows": "checkout", "review_by": ""}
    assert save(context, Edits(kind=D, changed={ident: texts}, seen={ident: stored})).commit is None


def test_every_wrong_cell_is_told_and_nothing_is_saved(context: Context) -> None:
    for value in (BROKER, CACHE):
        mapping.add_difference(context, value)
    before = on_map(context)
    edits = edits_of(
        context,
        {
            "message broker": {"severity": "terrible", "flows": "chekout", "title": " "},
            "cache": {"severity": "low", "decision": "accept"},
        },
        {"staging": "none"},
        {"title": "fine", "review_by": "soonish"},
        {"title": "Message  Broker"},
        {"title": "twice"},
        {"title": "twice"},
    )
    found = wrong(context, edits)
    assert ("message broker", "Severity", "“terrible” is no severity") in found
    assert ("message broker", "Flows", "there is no flow “chekout”") in found
    assert ("message broker", "What differs", "“What differs” is empty") in found
    assert ("cache", "Decision", "decisions are not typed into cells") in found
    assert ("", "What differs", "“What differs” is empty") in found
    assert ("fine", "Review by") in [each[:2] for each in found]
    assert ("Message  Broker", "What differs", "“Message  Broker” is in the parity map already") in found
    assert [each for each in found if each[0] == "twice"] == [
        ("twice", "What differs", "“twice” is in the parity map already")
    ]
    assert on_map(context) == before


def test_a_high_severity_is_not_lowered_in_a_cell(context: Context) -> None:
    mapping.add_difference(context, CACHE)
    found = wrong(context, edits_of(context, {"cache": {"severity": "low"}}))
    assert found == [("cache", "Severity", "“cache” is high severity; lowering it to low is a decision")]
    assert wrong(context, edits_of(context, {"cache": {"severity": " "}}))[0][:2] == ("cache", "Severity")


def test_a_severity_that_could_not_be_read_is_judged_in_its_cell(context: Context) -> None:
    mapping.add_difference(context, replace(CACHE, severity_written="grau"))
    save(context, edits_of(context, {"cache": {"severity": "high"}}))
    assert (on_map(context)["cache"].severity, on_map(context)["cache"].severity_written) == (
        Severity.HIGH,
        "",
    )


def test_two_rows_exchange_their_titles(context: Context) -> None:
    for value in (BROKER, CACHE):
        mapping.add_difference(context, value)
    save(
        context,
        edits_of(context, {"message broker": {"title": "cache"}, "cache": {"title": "message broker"}}),
    )
    assert on_map(context)["cache"].production == "3 nodes"


def test_the_same_title_in_another_region_is_another_row(context: Context) -> None:
    mapping.add_difference(context, replace(BROKER, region="eu-west"))
    save(context, edits_of(context, {}, {"title": "message broker", "region": "us-east"}))
    assert len(parity.all_differences(context.record)) == 2


@pytest.mark.parametrize(("keep", "staging"), [("mine", "two"), ("theirs", "one")])
def test_the_same_cell_changed_elsewhere_shows_both_and_the_others_are_kept(
    context: Context, keep: str, staging: str
) -> None:
    ident = mapping.add_difference(context, BROKER)
    edits = edits_of(context, {"message broker": {"staging": "two", "owner": "kim"}})
    stored, value = mapping.find_difference(context, ident)
    mapping.edit_difference(context, stored, replace(value, staging="one", production="5 nodes"))
    with pytest.raises(Overtaken) as caught:
        save(context, edits)
    assert caught.value.clashes[0].fields == (("staging", "Staging", "two", "one"),)
    save(context, settled(edits, caught.value, keep))  # type: ignore[arg-type]
    after = on_map(context)["message broker"]
    assert (after.staging, after.production, after.owner) == (staging, "5 nodes", "kim")


def test_other_cells_changed_elsewhere_are_merged(context: Context) -> None:
    ident = mapping.add_difference(context, BROKER)
    edits = edits_of(context, {"message broker": {"staging": "two"}})
    stored, value = mapping.find_difference(context, ident)
    mapping.edit_difference(context, stored, replace(value, production="5 nodes"))
    save(context, edits)
    assert (on_map(context)["message broker"].staging, on_map(context)["message broker"].production) == (
        "two",
        "5 nodes",
    )


def test_a_row_that_was_removed_meanwhile_is_told(context: Context) -> None:
    ident = mapping.add_difference(context, BROKER)
    edits = edits_of(context, {"message broker": {"staging": "two"}}, {"title": "x"})
    mapping.remove_difference(context, mapping.find_difference(context, ident)[0], "it is closed")
    assert wrong(context, edits) == [("message broker", "Staging", "the row was removed in the meantime")]
    assert on_map(context) == {}


def test_a_new_row_decides_only_with_all_that_the_decision_needs(context: Context) -> None:
    row = {"title": "cache", "severity": "high", "decision": "close"}
    assert [each[:2] for each in wrong(context, edits_of(context, {}, row))] == [
        ("cache", "Owner"),
        ("cache", "Until"),
    ]
    assert (
        wrong(context, edits_of(context, {}, row | {"owner": "kim", "until": "2020-01-01"}))[0][1] == "Until"
    )
    save(context, edits_of(context, {}, row | {"owner": "kim", "until": "30d"}))
    after = on_map(context)["cache"]
    assert (after.decision, after.decided_by, after.decided_at) == (Decision.CLOSE, "kim", context.now)
    assert not parity.undecided(after, context.now)


def test_flows_are_saved_the_same_way(context: Context) -> None:
    edits = Edits(
        kind=F,
        changed={"checkout": {"tier": "critical", "steps": "basket; pay", "core": "yes"}},
        added={"a": {"name": "Refund"}, "b": {"name": "Re-fund"}},
        seen=look_up(context, F, ["checkout"]),
    )
    saved = save(context, edits, "the quarterly look")
    assert saved.rows == {"a": "refund", "b": "re-fund"}
    _, after = flows.find(context.record, "checkout")
    assert (after.tier, after.core, after.steps) == (Tier.CRITICAL, True, ("basket", "pay"))
    with pytest.raises(WrongCells, match="is in the inventory of flows already"):
        save(context, Edits(kind=F, added={"a": {"name": "checkout"}}))
    with pytest.raises(WrongCells, match="cannot be changed"):
        save(
            context,
            Edits(kind=F, changed={"checkout": {"key": "other"}}, seen=look_up(context, F, ["checkout"])),
        )
