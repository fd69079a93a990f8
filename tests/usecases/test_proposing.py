"""From a run of a probe to a row of the map, and back to a gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.probes.lines import LINES

from workbench.gates.model import State
from workbench.model.errors import NotAllowed, StaleChange, UsageError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.parity.proposals import Proposal, ProposalKind
from workbench.probes.kinds import KINDS
from workbench.probes.runs import ProbeRun
from workbench.usecases import mapping, probing, proposing, undoing
from workbench.usecases.context import Context
from workbench.usecases.views.probes import run_views

PROBES = """\
probes:
  - {key: settings, kind: lines, staging: staging.env, production: production.env, flows: [checkout], severity: high}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setattr(KINDS, "_names", ("lines",))
    monkeypatch.setitem(KINDS._kinds, "lines", LINES)
    with build.shop(tmp_path / "shop", build.SHOP + PROBES) as context:
        (context.root / "staging.env").write_text("POOL=5\nREGION=eu\nTOKEN=one\n")
        (context.root / "production.env").write_text("POOL=50\nREGION=eu\nTOKEN=two\n")
        yield context


def look(context: Context) -> ProbeRun:
    (run,) = probing.probe(context).runs
    return run


def proposed(context: Context) -> dict[str, str]:
    return {one.path: one.kind.value for one in proposing.read_proposals(context)}


def take(context: Context, *refs: str) -> proposing.Taken:
    found = proposing.read_proposals(context)
    return proposing.take(context, proposing.find_proposals(context, found, refs or ("settings",)))


def row(context: Context, title: str = "POOL") -> Difference:
    return parity.find(context.record, title)[1]


def pool(context: Context, value: str) -> None:
    (context.root / "staging.env").write_text(f"POOL={value}\nREGION=eu\nTOKEN=one\n")


def test_nothing_enters_the_map_until_somebody_takes_it(shop: Context) -> None:
    look(shop)
    assert shop.record.count("difference") == 0
    assert proposed(shop) == {"POOL": "add", "TOKEN": "add"}
    taken = take(shop)
    assert [one.path for one, _ in taken.taken] == ["POOL", "TOKEN"]
    value = row(shop)
    assert (value.staging, value.production, value.probe, value.path) == ("5", "50", "settings", "POOL")
    assert (value.flows, value.severity.value, value.found_at) == (("checkout",), "high", shop.now)
    assert (row(shop, "TOKEN").staging, row(shop, "TOKEN").production) == ("a secret", "another secret")
    assert proposed(shop) == {"POOL": "known", "TOKEN": "known"}


def test_what_the_map_says_already_cannot_be_taken(shop: Context) -> None:
    look(shop)
    take(shop)
    with pytest.raises(UsageError, match="nothing is proposed as “settings”"):
        take(shop)
    with pytest.raises(UsageError, match="the map says already"):
        take(shop, "settings:POOL")
    with pytest.raises(UsageError, match="nothing is proposed as “settings:POL”") as said:
        take(shop, "settings:POL")
    assert "settings:POOL" in str(said.value.hint)
    with pytest.raises(UsageError, match="nothing is proposed"):
        proposing.take(shop, [])


def test_a_row_of_that_name_is_linked_and_two_of_one_name_are_told_apart(shop: Context) -> None:
    ident = build.add_difference(shop, "pool", staging="5", production="fifty", severity="low")
    look(shop)
    take(shop, "settings:POOL")
    value = row(shop, "pool")
    assert (value.probe, value.production, value.severity.value) == ("settings", "50", "low")
    assert parity.find(shop.record, "pool")[0].id == ident
    twins = [
        Proposal(kind=ProposalKind.ADD, probe="settings", path=path, title="same", staging="1", production="2", words="")
        for path in ("a", "b", "c")
    ]  # fmt: skip
    proposing.take(shop, twins)
    titles = {value.title for _, value in parity.all_differences(shop.record)}
    assert {"same", "same (settings)", "same (settings:c)"} <= titles


def accept(context: Context, up_to: str = "", title: str = "POOL") -> None:
    mapping.decide(
        context,
        [parity.find(context.record, title)],
        Decision.MITIGATE,
        mitigation="a load test with the pool of production",
        owner="kim",
        until=context.now + timedelta(days=20),
        up_to=up_to,
    )


def test_a_run_widens_the_row_and_opens_its_decision_again_in_the_gate(shop: Context) -> None:
    look(shop)
    take(shop, "settings:POOL")
    accept(shop)
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET
    pool(shop, "2")
    run = look(shop)
    assert row(shop).staging == "2"
    (part,) = build.requirement(shop, "ready", "differences_decided").parts
    assert part.state is State.NOT_MET and "staging was 5, is now 2" in part.why
    assert proposed(shop)["POOL"] == "widened"
    (view,) = run_views(shop, [run], {})
    assert [(one.path, one.proposal) for one in view.changes] == [("POOL", "widened"), ("TOKEN", "add")]
    with pytest.raises(UsageError, match="says already"):
        take(shop, "settings:POOL")


def test_a_bound_covers_what_a_run_sees_up_to_its_value(shop: Context) -> None:
    look(shop)
    take(shop, "settings:POOL")
    accept(shop, up_to="46")
    pool(shop, "4")
    look(shop)
    assert row(shop).staging == "4"
    assert build.requirement(shop, "ready", "differences_decided").state is State.MET
    pool(shop, "3")
    look(shop)
    (part,) = build.requirement(shop, "ready", "differences_decided").parts
    assert part.state is State.NOT_MET and "the decision holds up to 46" in part.why


def test_looking_twice_changes_the_map_once(shop: Context) -> None:
    look(shop)
    take(shop)
    pool(shop, "2")
    look(shop)
    count = len(shop.record.history("difference", parity.find(shop.record, "POOL")[0].id))
    look(shop)
    assert len(shop.record.history("difference", parity.find(shop.record, "POOL")[0].id)) == count


def test_what_passes_again_is_proposed_for_closing_and_a_high_one_needs_its_decision(shop: Context) -> None:
    look(shop)
    take(shop)
    (shop.root / "production.env").write_text((shop.root / "staging.env").read_text())
    run = look(shop)
    assert run.state == "pass"
    assert proposed(shop) == {"POOL": "close", "TOKEN": "close"}
    (view,) = run_views(shop, [run], {})
    assert view.gone == 2 and view.open == 0
    with pytest.raises(NotAllowed, match="decided to close"):
        take(shop)
    for title in ("POOL", "TOKEN"):
        chosen = [parity.find(shop.record, title)]
        mapping.decide(shop, chosen, Decision.CLOSE, owner="kim", until=shop.now + timedelta(days=3))
    take(shop)
    assert shop.record.count("difference") == 0


def test_undo_takes_back_what_was_taken_in(shop: Context) -> None:
    look(shop)
    take(shop)
    undoing.undo(shop)
    assert shop.record.count("difference") == 0
    assert proposed(shop) == {"POOL": "add", "TOKEN": "add"}


def test_what_a_run_saw_is_not_undone(shop: Context) -> None:
    look(shop)
    take(shop, "settings:POOL")
    pool(shop, "2")
    look(shop)
    assert row(shop).staging == "2"
    with pytest.raises(StaleChange):
        undoing.undo(shop)  # it would take the row away that the run has widened since
    assert row(shop).staging == "2"


def test_a_probe_that_is_no_longer_defined_proposes_nothing(shop: Context) -> None:
    look(shop)
    context = build.rewrite(shop, PROBES, "probes: []\n")
    assert proposing.read_proposals(context) == ()
    assert proposing.proposals_of(context, [ProbeRun(**_header())]) == {}


def _header() -> dict[str, Any]:
    return {
        "probe": "gone",
        "kind": "lines",
        "state": "pass",
        "at": build.NOW,
        "environment": "s",
        "against": "p",
    }
