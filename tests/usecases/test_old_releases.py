"""Two releases that an earlier workbench shipped, and one that it left open, stand as they stood then.

``tests/record/data/format-1-two-releases/make.py`` says how they were made; beside it, ``said`` holds
what that workbench said of them.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.building import who

from workbench.gates.model import GateState, Origin
from workbench.releases.model import ReleaseState
from workbench.signoff.conclude import Concluded
from workbench.signoff.holding import Currency
from workbench.usecases import approving, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

TWO_RELEASES = Path(__file__).parents[1] / "record" / "data" / "format-1-two-releases"
# With both shipments, their reports, what these rested on and the definitions, kept on first
# opening by the desk that begins with the copied file.
ENTRIES, EVIDENCE = 173 + 3, 88 + 5
VERSIONS = ("2.14.0", "2.15.0", "2.16.0")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    """The kept project with its record unpacked where a record lies."""
    root = tmp_path / "shop"
    shutil.copytree(TWO_RELEASES, root, ignore=shutil.ignore_patterns("*.py", "*.gz", "said"))
    (root / ".workbench").mkdir()
    packed = (TWO_RELEASES / "record.db.gz").read_bytes()
    (root / ".workbench" / "record.db").write_bytes(gzip.decompress(packed))
    context = open_context(Options(project=root, as_person="robin"))
    try:
        yield context
    finally:
        context.record.close()


def said(version: str, day: str = "at-the-end") -> dict[str, Any]:
    """What ``gate sign-off --json`` said of a release then."""
    text = (TWO_RELEASES / "said" / f"{version}-{day}.gate.sign-off.json").read_text(encoding="utf-8")
    return json.loads(text)


def signatures(context: Context, version: str) -> list[tuple[str, Currency]]:
    """Who signed, in order, and whether it still holds."""
    views = evaluate(context, version).gate("sign-off").signoffs
    return [(view.signoff.person, view.currency) for view in views]


def test_it_opens_and_verifies(shop: Context) -> None:
    report = safekeeping.verify(shop)
    assert (report.ok, report.problem, report.entries, report.blobs) == (True, None, ENTRIES, EVIDENCE)


def approve_what_waits(context: Context, version: str) -> None:
    """Approvers whom the author typed count for what is shipped: for an open release they act now."""
    for item in evaluate(context, version).proposals:
        here = who(context, item.able.keys[0])
        approving.approve(here, evaluate(here, version), item.ref)


def test_only_the_open_release_waits_for_second_persons(shop: Context) -> None:
    assert [bool(evaluate(shop, version).proposals) for version in VERSIONS] == [False, False, True]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_signature_has_the_state_that_it_had(shop: Context, version: str) -> None:
    approve_what_waits(shop, "2.16.0")
    then = [(line["person"], line["state"]) for line in said(version)["signoffs"]]
    assert [(person, currency.value) for person, currency in signatures(shop, version)] == then


def by_itself(gate: Concluded) -> str:
    """A gate's state by what it asks in its file, whatever freeze holds it and the gates before it."""
    own = [item for item in gate.unmet if item.origin is Origin.ASKED]
    return "blocked" if own else "ready"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_gate_has_the_state_that_it_had(shop: Context, version: str) -> None:
    approve_what_waits(shop, "2.16.0")
    then = {line["key"]: line["state"] for line in said(version)["gates"]}
    found = evaluate(shop, version)
    assert {key: by_itself(found.gate(key)) for key in then} == then
    assert found.gate("sign-off").state.value == said(version)["state"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_freeze_that_was_never_lifted_holds_every_gate_also_those_that_do_not_ask(
    shop: Context, version: str
) -> None:
    found = evaluate(shop, version)
    assert [one.reason for one in found.freezes] == ["The autumn sale begins early"]
    assert {gate.state for gate in found.gates} == {GateState.BLOCKED}
    assert all(any(item.kind == "not_frozen" for item in gate.unmet) for gate in found.gates)


def test_the_states_of_the_releases_are_as_they_were(shop: Context) -> None:
    assert [evaluate(shop, version).state for version in ("2.14.0", "2.15.0", "2.16.0")] == [
        ReleaseState.WATCHING,
        ReleaseState.WATCHING,
        ReleaseState.BLOCKED,
    ]


def test_later_days_had_rewritten_what_was_shipped() -> None:
    """This is why a shipped release is kept with its report: here the day's word and the later one differ."""
    on_the_day, later = said("2.14.0", "on-the-day"), said("2.14.0")
    assert (on_the_day["state"], later["state"]) == ("signed", "blocked")


def test_it_holds_every_kind_of_act(shop: Context) -> None:
    acts = {(entry.entity, entry.verb) for entry in shop.record.history(limit=1000)}
    assert acts >= {
        ("difference", "decided"), ("difference", "closed"), ("parity_review", "looked over"),
        ("freeze", "froze"), ("freeze", "lifted"), ("override", "overrode"), ("override", "lifted"),
        ("promise", "promised"), ("request", "asked"), ("attachment", "attached"),
        ("tightening", "made blocking"), ("invalidation", "invalidated"), ("signoff", "rejected"),
        ("signoff", "approved with conditions"), ("signoff", "revoked"), ("signoff", "undid"),
    }  # fmt: skip
