"""What the last runs of probes propose for the map."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.parity.seeing import NOW, change, row, run

from workbench.definitions.shapes import Category, Severity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, decided_now
from workbench.parity.proposals import Looked, Proposal, ProposalKind, intended, proposals
from workbench.probes.runs import ProbeRun, Seen

SAYS = {"staging": "5", "production": "50"}


def proposed(rows: Any, ran: ProbeRun, *, waiting: tuple[str, ...] = (), **looked: Any) -> list[Proposal]:
    one = Looked(run=ran, **{"changes": ran.changes, **looked})
    return list(proposals(rows, [one], NOW, waiting=waiting))


def kinds(rows: Any, ran: ProbeRun, **looked: Any) -> list[str]:
    return [one.kind.value for one in proposed(rows, ran, **looked)]


def accepted(**fields: Any) -> dict[str, Any]:
    """The fields of a row that is accepted as it stands."""
    wanted = {
        "decision": Decision.ACCEPT,
        "reason": "wanted so",
        "owner": "kim",
        "until": NOW + timedelta(days=9),
    }
    value = decided_now(Difference(title="POOL", **{**SAYS, **wanted, **fields}))
    return {
        name: getattr(value, name)
        for name in value.__struct_fields__
        if name not in ("title", "probe", "path")
    }


def test_a_change_that_no_row_covers_is_added() -> None:
    (one,) = proposed(
        [],
        run(change("app.env/POOL", gap=Decimal(45)), region="eu"),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        flows=("checkout",),
    )
    assert one == Proposal(
        kind=ProposalKind.ADD,
        probe="settings",
        path="app.env/POOL",
        title="app.env: POOL",
        staging="5",
        production="50",
        words="not on the map",
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        region="eu",
        flows=("checkout",),
        gap=Decimal(45),
        at=NOW,
    )
    assert one.key == "settings:app.env/POOL" and one.open


def test_what_a_change_says_of_itself_counts_more_than_what_its_probe_says() -> None:
    found = change("POOL", category=Category.DATA, severity=Severity.LOW, title="fewer connections")
    (one,) = proposed([], run(found), severity=Severity.HIGH)
    assert (one.category, one.severity, one.title) == (Category.DATA, Severity.LOW, "fewer connections")


def test_a_row_of_the_same_name_without_a_probe_is_linked() -> None:
    (one,) = proposed([row("pool", probe="", path="")], run(change("POOL")))
    assert (one.kind, one.difference) == (ProposalKind.ADD, "id-1")
    assert "linked" in one.words
    (other,) = proposed([row("POOL", probe="another")], run(change("POOL")))
    assert (other.title, other.difference) == ("POOL (settings)", "")


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        (SAYS, "known", "undecided"),
        ({"staging": "5", "production": "40"}, "widened", "the map says 5 and 40"),
        ({**SAYS, "verb": "widened"}, "widened", "wider than"),
        (accepted(), "intended", "until 10 Dec"),
        (accepted(decision=Decision.IRRELEVANT), "known", "decided"),
        (accepted(owner=None), "known", "decided"),
        (accepted(until=NOW), "known", "undecided"),
        (accepted(decision=Decision.CLOSE), "known", "decided"),
        ({**accepted(), "production": "40"}, "widened", "the map says"),
        ({**accepted(production="40"), "production": "50"}, "widened", "values were different"),
        ({**accepted(up_to="45"), "verb": "widened"}, "intended", "until"),
    ],
)
def test_a_row_that_covers_a_change(fields: dict[str, Any], kind: str, words: str) -> None:
    verb = fields.get("verb", "found")
    rows = [row("POOL", **{**fields, "verb": verb})]
    (one,) = proposed(rows, run(change("POOL")))
    assert (one.kind.value, one.difference) == (kind, "id-1")
    assert words in one.words


def test_what_a_second_person_has_not_approved_is_not_intended_yet() -> None:
    (one,) = proposed([row("POOL", **accepted())], run(change("POOL")), waiting=("id-1",))
    assert one.kind is ProposalKind.KNOWN and "second person" in one.words


def test_an_intended_difference_comes_back_on_the_day_it_ends() -> None:
    value = row("POOL", **accepted(until=datetime(2026, 12, 5, tzinfo=UTC)))[1]
    assert intended(value, datetime(2026, 12, 4, 23, 59, tzinfo=UTC))
    assert not intended(value, datetime(2026, 12, 5, tzinfo=UTC))


def test_what_is_found_no_more_is_proposed_for_closing() -> None:
    (one,) = proposed([row("POOL", **SAYS)], run(), passing_since=datetime(2026, 11, 3, tzinfo=UTC))
    assert (one.kind, one.difference) == (ProposalKind.CLOSE, "id-1")
    assert one.words == "the probe finds it no more since 3 Nov: remove it?"
    assert kinds([row("A", 1, **SAYS), row("B", 2, **SAYS)], run(change("A"))) == ["known", "close"]


@pytest.mark.parametrize(
    ("ran", "looked"),
    [
        (run(state="error"), {}),
        (run(noise=("POOL",)), {}),
        (run(), {"ignore": ("PO*",)}),
        (run(change("OTHER"), differing=2), {}),
        (run(region="us"), {}),
    ],
)
def test_what_was_not_seen_has_not_gone(ran: ProbeRun, looked: dict[str, Any]) -> None:
    assert "close" not in kinds([row("POOL", region="eu", **SAYS)], ran, **looked)


def test_a_probe_that_could_not_look_proposes_nothing() -> None:
    assert kinds([row("POOL", **SAYS)], run(change("POOL"), state="error")) == []


def test_each_probe_has_its_own_rows() -> None:
    other = [Looked(run=run(change("A"), probe=key), changes=(change("A"),)) for key in ("one", "two")]
    found = proposals([row("A", probe="two", **SAYS)], other, NOW)
    assert [(one.probe, one.kind.value) for one in found] == [("one", "add"), ("two", "known")]


def test_ten_thousand_rows_and_changes() -> None:
    rows = [row(f"P{number}", number, **SAYS) for number in range(5000)]
    changes: list[Seen] = [change(f"P{number}") for number in range(2500, 7500)]
    found = kinds(rows, run(*changes))
    assert (found.count("known"), found.count("add"), found.count("close")) == (2500, 2500, 2500)
