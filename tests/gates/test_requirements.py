"""Each kind of requirement: met, not met, not applicable, overridden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.probes.lines import LINES
from tests.probes.on_record import know_kinds, ran

from workbench.environments import model as environments
from workbench.environments.model import Finding, Refresh
from workbench.gates.kinds import KINDS
from workbench.gates.model import State
from workbench.parity import reviews
from workbench.probes.runs import KeptScore
from workbench.sources.findings import Listed
from workbench.usecases import actions, deciding, releasing, routines
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.views.clearing import command

FILES = "staging: staging.env, production: production.env"
PROBES = f"""probes:
  - {{key: settings, kind: lines, title: Settings are alike, {FILES}}}
  - {{key: pii, kind: masking, title: Nobody can be told apart, {FILES}}}
  - {{key: same, kind: same_queries, title: Queries agree, {FILES}}}
  - {{key: pairs, kind: compatible, title: Versions fit, {FILES}}}
"""
OBJECTIVES = """objectives:
  - {key: up, flow: checkout, target: 99 %, window: 30d, burn: 1h, indicator: {source: metrics, query: "avg_over_time(good_in_$environment[$window])"}}
"""


SCANS = (
    "  - {key: hand, kind: manual}",
    "  - {key: hand, kind: manual}\n"
    '  - {key: scan, kind: sarif, files: "scans/*.sarif"}\n'
    "  - {key: forge, kind: github_actions, repository: acme/shop}",
)


@pytest.fixture(autouse=True)
def kinds_of_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    know_kinds(monkeypatch, masking=LINES, compatible=LINES, same_queries=LINES)


def one_gate(requirement: str) -> str:
    """The shop with one gate that asks for one thing."""
    objectives = OBJECTIVES if requirement.startswith(("objective_held", "error_budget")) else ""
    head = build.SHOP.partition("gates:\n")[0].replace("checklists:", f"{PROBES}{objectives}checklists:")
    head = head.replace(*SCANS)
    return f"{head}gates:\n  - key: gate\n    title: Gate\n    requires:\n      - {requirement}\n"


def good(context: Context, window: str, hour: str) -> None:
    """The share of good events over the window of the objective, and over its last hour."""
    build.measured(context, "up", window)
    build.measured(context, "up-burn", hour)


class Case:
    """A requirement in YAML, what makes it met, what unmet, and the words for it."""

    def __init__(
        self,
        text: str,
        part: str,
        *,
        met: Callable[[Context], Any] = lambda context: None,
        unmet: Callable[[Context], Any] = lambda context: None,
        why: str,
        met_why: str,
        edit: tuple[str, str] | None = None,
    ) -> None:
        self.text, self.part, self.met, self.unmet, self.edit = text, part, met, unmet, edit
        self.why, self.met_why = why, met_why


def looked_over(context: Context) -> None:
    if not context.record.count("difference"):
        build.add_difference(context, severity="low")
    commit(
        context,
        [
            reviews.review_change(
                reviews.reviewed(context.record, evaluate(context).held.id, by="kim", at=context.now)
            )
        ],
    )


ALIKE = {"POOL": "50"}


def all_ran(context: Context, staging: dict[str, str], production: dict[str, str]) -> None:
    """Every probe has run, and one of them found what differs."""
    ran(context, staging, production)
    for probe in ("pii", "pairs", "same"):
        ran(context, staging, staging, probe=probe)


SOFT = ("    pass: <= 1 %\n    mode: blocking", "    pass: <= 1 %\n    tags: [soft]")


def carries(context: Context, *changes: str) -> None:
    held = releasing.find(context)
    releasing.edit(context, held, msgspec.structs.replace(held.release, changes=changes))


def describe(context: Context, **said: Any) -> None:
    held = releasing.find(context)
    releasing.edit(context, held, msgspec.structs.replace(held.release, **said))


FRESH = "  - {key: staging, kind: staging, fresh_within: 2d}"


def refreshed(context: Context) -> None:
    value = Refresh(
        environment="staging", at=context.now - timedelta(minutes=1), by="kim", rows=Finding.PASSED,
        distributions=Finding.PASSED, plans=Finding.PASSED,
    )  # fmt: skip
    commit(context, [environments.refresh_change(value, "r1", context.now)])


def consistent(context: Context, share: str) -> None:
    score = KeptScore(key="data_consistency", value=Decimal(share), of=40)
    ran(context, {"POOL": "5"}, ALIKE, probe="same", scores=(score,))


SIX_TRIED = KeptScore(key="verified_pairs", value=Decimal(1), of=6)
FROM_AUGUST = ("gates:", "routines:\n  - {key: open-findings, from: 2026-08-03}\ngates:")
FREEZE = ("gates:\n", "change_freezes:\n  - {first: 2026-09-15, last: 2026-09-15, reason: fair}\ngates:\n")


def scanned(context: Context, *found: tuple[str, str], role: str = "findings", secret: bool = False) -> None:
    """What a scanner found, or a tracker lists: severities and words."""
    key = "forge" if role == "issues" else "scan"
    counts = Counter(severity for severity, _ in found)
    facts = {
        **{severity: counts[severity] for severity in ("critical", "high", "medium", "low", "unknown")},
        "listed": msgspec.json.encode([Listed(*one, secret) for one in found]).decode(),
        "secrets": len(found) if secret else 0,
        "looks_for_secrets": "yes",
        "ungraded": counts["unknown"],
    }
    build.measured(
        context, f"{role}/{key}", str(len(found)), role=role, unit="", environment=None, facts=facts
    )


CASES = {
    "findings": Case(
        "findings: {source: scan, at_most: {critical: 0, high: 1}}", "findings/scan",
        met=lambda c: scanned(c, ("high", "B608 in shop/db.py:12")),
        unmet=lambda c: scanned(c, ("critical", "CVE-2026-1 in ssl 1.0"), ("high", "B608 in shop/db.py:12")),
        why="1 critical (at most 0): CVE-2026-1 in ssl 1.0", met_why="1 finding open, within the limits",
    ),
    "no_secrets": Case(
        "no_secrets: scan", "no_secrets/scan",
        met=lambda c: scanned(c, ("high", "B608 in shop/db.py:12")),
        unmet=lambda c: scanned(c, ("low", "aws-key in .env:1"), secret=True),
        why="1 secret found: aws-key in .env:1", met_why="no secret found",
    ),
    "issues": Case(
        "issues: {source: forge, at_most: {high: 0}}", "issues/forge",
        met=lambda c: scanned(c, ("medium", "#7 Slow search"), role="issues"),
        unmet=lambda c: scanned(c, ("critical", "#12 Refunds are booked twice"), role="issues"),
        why="1 high or worse (at most 0): #12 Refunds", met_why="1 issue open, within the limits",
    ),
    "benchmark": Case(
        "benchmark: errors", "benchmark/errors", edit=SOFT,
        met=lambda c: build.measured(c, "errors", "0.4"), unmet=lambda c: build.measured(c, "errors", "1.5"),
        why="over", met_why="passes",
    ),
    "item": Case(
        "item: {checklist: ready, item: notes}", "item/ready/notes",
        met=lambda c: build.answer(c, "notes"), why="", met_why="by kim",
    ),
    "benchmarks": Case(
        "benchmarks: {benchmark: errors}", "benchmark/errors",
        met=lambda c: build.measured(c, "errors", "0.4"), unmet=lambda c: build.measured(c, "errors", "1.5"),
        why="over", met_why="passes",
    ),
    "tests_green": Case(
        "tests_green: reports", "tests/reports",
        met=lambda c: build.measured(c, "tests/reports", "1", role="tests", why="12 passed"),
        unmet=lambda c: build.measured(c, "tests/reports", "0", role="tests", why="1 failed"),
        why="1 failed", met_why="12 passed",
    ),
    "checklist": Case(
        "checklist: ready", "item/ready/notes",
        met=lambda c: [build.answer(c, "notes"), build.answer(c, "rehearsed")],
        unmet=lambda c: [build.answer(c, "notes", "failed", comment="no"), build.answer(c, "rehearsed")],
        why="failed: no", met_why="all 2 met",
    ),
    "parity_reviewed": Case(
        "parity_reviewed: 30d", "parity/reviewed", met=looked_over,
        unmet=lambda c: looked_over(build.later(c, days=-31)), why="31 days ago, the limit is 30", met_why="reviewed",
    ),
    "differences_decided": Case(
        "differences_decided: medium", "",
        met=lambda c: build.decide(c, build.add_difference(c, severity="medium"), "close"),
        unmet=lambda c: build.add_difference(c, severity="medium", flows=("checkout",)),
        why="undecided, medium: checkout", met_why="closing",
    ),
    "not_frozen": Case(
        "not_frozen: {}", "", unmet=lambda c: deciding.freeze(c, "incident"), why="frozen by kim", met_why="not frozen",
    ),
    "outside_change_freeze": Case(
        "outside_change_freeze: {}", "change-freeze", edit=FREEZE,
        why="change freeze until 2026-09-15: fair", met_why="no change freeze today",
    ),
    "inventory": Case(
        "inventory: {flows: 2}", "inventory/listed", met=lambda c: build.add_flow(c, "refund"), why="1 listed",
        met_why="2 listed",
    ),
    "probes_run": Case(
        "probes_run: {probes: [settings]}", "probe/settings", met=lambda c: ran(c, ALIKE, ALIKE),
        unmet=lambda c: ran(c, {"POOL": "5"}, ALIKE), why="1 undecided: POOL", met_why="passes",
    ),
    "data_fresh": Case(
        "data_fresh: staging", "data/fresh/staging", edit=("  - {key: staging, kind: staging}", FRESH),
        met=lambda c: refreshed(c), unmet=lambda c: refreshed(build.later(c, days=-3)),
        why="3 days old, limit 2 days", met_why="old, limit 2 days",
    ),
    "data_consistency": Case(
        "data_consistency: 95", "data/consistency/same", met=lambda c: consistent(c, "0.975"),
        unmet=lambda c: consistent(c, "0.8"), why="80 % of 40 queries, at least 95 %: significant drift (POOL)",
        met_why="97.5 % of 40 queries",
    ),
    "masking": Case(
        "masking: {}", "masking/pii", met=lambda c: ran(c, ALIKE, ALIKE, probe="pii"),
        unmet=lambda c: ran(c, {"POOL": "5"}, ALIKE, probe="pii"), why="readable in staging: POOL",
        met_why="nothing personal is readable",
    ),
    "compatible": Case(
        "compatible: {}", "compatible/pairs", met=lambda c: ran(c, ALIKE, ALIKE, probe="pairs", scores=(SIX_TRIED,)),
        unmet=lambda c: ran(c, {"POOL": "5"}, ALIKE, probe="pairs"), why="not verified: POOL", met_why="6 pairs verified",
    ),
    "objective_held": Case(
        "objective_held: up", "objective/up", met=lambda c: build.measured(c, "up", "99.2"),
        unmet=lambda c: build.measured(c, "up", "98.5"), why="0.5 points under its limit: 98.5 %, limit 99 %",
        met_why="0.2 points to spare: 99.2 %, limit 99 %",
    ),
    "error_budget": Case(
        "error_budget: 50", "budget/up", met=lambda c: good(c, "99.6", "99.1"), unmet=lambda c: good(c, "99.4", "99.1"),
        why="60 % of the error budget is used (99.4 % good of 99 % over 30d), at most 50 %",
        met_why="all 2 met",
    ),
    "drift_budget": Case(
        "drift_budget: 1", "drift", met=lambda c: all_ran(c, {"POOL": "5"}, ALIKE),
        unmet=lambda c: all_ran(c, {"POOL": "5", "TTL": "60"}, ALIKE),
        why="2 of 8 parameters differ, at most 1: POOL, TTL", met_why="1 of 4 parameters differ, at most 1",
    ),
    "reviews_not_overdue": Case(
        "reviews_not_overdue: {whole: false}", "review/errors",
        met=lambda c: build.measured(c, "errors", "0.4"),
        unmet=lambda c: build.measured(c, "errors", "0.4", ago=timedelta(days=8)),
        why="never reviewed, due weekly", met_why="2 reviews not due",
    ),
    "actions_done": Case(
        "actions_done: {}", "", met=lambda c: actions.add_action(c, {"title": "add a probe", "owner": "kim", "due": "2026-09-15"}),
        unmet=lambda c: actions.add_action(c, {"title": "add a probe", "owner": "kim", "due": "2026-09-10"}),
        why="kim, due 10 Sep: 5 days overdue", met_why="1 action not due",
    ),
    "routines_done": Case(
        "routines_done: {only: [open-findings]}", "routine/open-findings", edit=FROM_AUGUST,
        met=lambda c: routines.done(c, routines.find_due(c, "open-findings")),
        why="overdue: was due by 9 Aug, never done", met_why="1 routine not overdue",
    ),
    "advisory_score": Case(
        "advisory_score: {pass: 90, tag: soft}", "score/soft", edit=SOFT, met=lambda c: build.measured(c, "errors", "0.4"),
        unmet=lambda c: build.measured(c, "errors", "9"),
        why="0 of 100 over 1 benchmark (1 fail); 90 passes, 75 warns",
        met_why="100 of 100 over 1 benchmark (1 pass); 90 passes, 75 warns",
    ),
    "release_described": Case(
        "release_described: {}", "release/summary",
        met=lambda c: describe(c, summary="refunds are booked twice", rollback_plan=("deploy 1.9", "purge the cache")),
        unmet=lambda c: describe(c, rollback_target="1.9"), why="it does not say yet what it is for", met_why="all 2 met",
    ),
    "changes_measured": Case(
        "changes_measured: one", "change/CH-1", met=lambda c: (carries(c, "CH-1"), build.figures(c)),
        unmet=lambda c: carries(c, "CH-1"), why="none of these is measured: integration tests, error rate",
        met_why="measured: latency",
    ),
}  # fmt: skip


def test_every_kind_has_its_case() -> None:
    assert set(CASES) == set(KINDS)


def found(context: Context) -> Any:
    return build.gate(context, "gate").requirements[0]


@pytest.mark.parametrize("kind", CASES)
def test_met(tmp_path: Path, kind: str) -> None:
    case = CASES[kind]
    with build.shop(tmp_path / "p", one_gate(case.text), stated=kind != "parity_reviewed") as context:
        case.met(context)
        if case.edit and kind in ("data_fresh", "advisory_score"):
            context = build.rewrite(context, *case.edit)
        assert found(context).state is State.MET and case.met_why in found(context).why
        assert build.gate(context, "gate").through and found(context).step is None


@pytest.mark.parametrize("kind", CASES)
def test_not_met_says_why_and_what_fixes_it(tmp_path: Path, kind: str) -> None:
    case = CASES[kind]
    with build.shop(tmp_path / "p", one_gate(case.text), stated=kind != "parity_reviewed") as context:
        case.unmet(context)
        if case.edit:
            context = build.rewrite(context, *case.edit)
        assert found(context).state is State.NOT_MET and case.why in found(context).why
        assert command(found(context).step) and not build.gate(context, "gate").through


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind != "not_frozen"])
def test_overridden_part_by_part(tmp_path: Path, kind: str) -> None:
    case = CASES[kind]
    with build.shop(tmp_path / "p", one_gate(case.text), stated=kind != "parity_reviewed") as context:
        case.unmet(context)
        if case.edit:
            context = build.rewrite(context, *case.edit)
        part = next(p for p in found(context).parts if p.state is State.NOT_MET)
        assert part.key == case.part or not case.part
        until = context.now + timedelta(hours=6)
        build.override(
            context, evaluate(context), part.key, reason="agreed with all", approver="robin", until=until
        )
        assert found(context).state is State.OVERRIDDEN and "agreed with all" in found(context).why
        assert (
            build.gate(context, "gate").through and not build.gate(build.at(context, until), "gate").through
        )


@pytest.mark.parametrize(
    ("config", "why", "field"),
    [
        ("{tag: mony}", "no benchmark matches {tag: mony}; did you mean money?", "tag: mony"),
        ("{flow: chekout}", "no benchmark matches {flow: chekout}; did you mean checkout?", "flow: chekout"),
        ("{dimension: service_parity}", "no benchmark matches {dimension: service_parity}; known: latency_consistency", "dimension: service"),
        ("{tag: money, dimension: latency_consistency}", "no benchmark matches {dimension: latency_consistency, tag: money}", "{tag"),
    ],
)  # fmt: skip
def test_a_requirement_that_selects_nothing_is_not_met(
    tmp_path: Path, config: str, why: str, field: str
) -> None:
    text = one_gate(f"benchmarks: {config}").replace(
        "    pass: <= 1 %", "    tags: [money]\n    pass: <= 1 %"
    )
    with build.shop(tmp_path / "p", text) as context:
        state = found(context)
        assert (state.state, state.why) == (State.NOT_MET, f"nothing to judge: {why}")
        assert (
            command(state.step).startswith("edit workbench.yaml:") and not build.gate(context, "gate").through
        )
        (warning,) = context.definitions.warnings
        assert warning.what == f"{why.partition(';')[0]}, so the gate can never pass"
        assert text.splitlines()[warning.line - 1][warning.column - 1 :].startswith(field.partition(": ")[2])
        # There is a way out for today, as there is for any other part.
        (part,) = state.parts
        until = context.now + timedelta(hours=6)
        build.override(
            context, evaluate(context), part.key, reason="agreed with all", approver="robin", until=until
        )
        assert found(context).state is State.OVERRIDDEN


def test_a_tier_that_no_benchmark_has_is_not_met(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("benchmarks: {tier: important}")) as context:
        state = found(context)
        why = "nothing to judge: no benchmark matches {tier: important}"
        assert (state.state, state.why) == (State.NOT_MET, why)


def test_a_requirement_of_a_project_without_benchmarks_is_not_met(tmp_path: Path) -> None:
    text = build.HEAD + "gates:\n  - {key: gate, title: Gate, requires: [benchmarks: {}]}\n"
    with build.shop(tmp_path / "p", text) as context:
        state = found(context)
        assert (state.state, state.why) == (State.NOT_MET, "nothing to judge: there are no benchmarks")


def test_benchmarks_that_are_all_advisory_stop_nothing_and_it_is_said(tmp_path: Path) -> None:
    text = one_gate("benchmarks: {benchmark: errors}").replace(
        "    pass: <= 1 %\n    mode: blocking", "    pass: <= 1 %"
    )
    with build.shop(tmp_path / "p", text) as context:
        state = found(context)
        assert (state.state, state.why) == (State.NOT_APPLICABLE, "the one matching benchmark is advisory")
        (warning,) = context.definitions.warnings
        assert warning.what == "this blocks nothing: the one matching benchmark is advisory"


def test_an_empty_checklist_is_not_met(tmp_path: Path) -> None:
    lists = tmp_path / "p" / "checklists"
    lists.mkdir(parents=True)
    (lists / "empty.yaml").write_text("checklist: empty\ntitle: Empty\nitems: []\n")
    text = one_gate("checklist: empty")
    text = (
        text.replace("checklists: [", "checklists: [checklists/empty.yaml, ")
        if "checklists: [" in text
        else text.replace("gates:\n", "checklists: [checklists/empty.yaml]\ngates:\n")
    )
    with build.shop(tmp_path / "p", text) as context:
        state = found(context)
        why = "nothing to judge: the list has no items"
        assert (state.state, state.why) == (State.NOT_MET, why)


@pytest.mark.parametrize(
    ("config", "keys"),
    [
        ("{}", {"p95", "errors"}),
        ("{dimension: latency_consistency}", {"p95"}),
        ("{flow: checkout}", {"p95", "errors"}),
        ("{tier: critical}", {"p95", "errors"}),
        ("{benchmark: errors}", {"errors"}),
        ("{tag: money}", {"errors"}),
    ],
)
def test_benchmarks_are_chosen_by_what_they_are(tmp_path: Path, config: str, keys: set[str]) -> None:
    text = one_gate(f"benchmarks: {config}").replace(
        "    pass: <= 1 %", "    tags: [money]\n    pass: <= 1 %"
    )
    with build.shop(tmp_path / "p", text) as context:
        assert {part.key.removeprefix("benchmark/") for part in found(context).parts} == keys


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"state": "missing", "why": "no run for 7c4e19f"}, "no run for 7c4e19f"),
        ({"state": "error", "why": "no answer"}, "no answer"),
        ({"build": build.SHA_2}, "ran on commit a1b2c3d"),
        ({"partial": "2 of 3 pages"}, "the answer is incomplete"),
        ({"ago": timedelta(hours=30)}, "too old: 30 h, at most 24 h"),
    ],
)
def test_tests_are_green_for_this_commit_or_not_at_all(
    tmp_path: Path, more: dict[str, Any], why: str
) -> None:
    text = one_gate("tests_green: {source: reports, max_age: 24h}")
    with build.shop(tmp_path / "p", text) as context:
        assert found(context).why == "no test run fetched for this candidate"
        build.measured(context, "tests/reports", "1", role="tests", why=more.pop("why", "12 passed"), **more)
        assert found(context).state is State.NOT_MET and why in found(context).why


def test_a_red_run_is_named_before_what_is_incomplete_about_it(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("tests_green: reports")) as context:
        more = {"role": "tests", "why": "1 failed, 2 passed: cart.adds", "partial": "b.xml is no valid XML"}
        build.measured(context, "tests/reports", "0", **more)
        assert found(context).why == "1 failed, 2 passed: cart.adds; b.xml is no valid XML"


def test_two_sources_of_test_runs_are_told_apart_by_their_titles(tmp_path: Path) -> None:
    text = one_gate("tests_green: reports\n      - tests_green: unit").replace(
        "  - {key: reports, kind: junit,",
        "  - {key: unit, kind: junit, files: unit.xml}\n  - {key: reports, kind: junit, title: Contract tests,",
    )
    with build.shop(tmp_path / "p", text) as context:
        titles = [
            part.title for item in evaluate(context).gates for part in item.parts if "tests/" in part.key
        ]
        assert titles == ["Tests green for 7c4e19f, Contract tests", "Tests green for 7c4e19f, unit"]


@pytest.mark.parametrize(("ahead", "holds"), [(timedelta(minutes=2), True), (timedelta(minutes=3), False)])
def test_a_test_run_in_the_future_is_an_error(tmp_path: Path, ahead: timedelta, holds: bool) -> None:
    with build.shop(tmp_path / "p", one_gate("tests_green: reports")) as context:
        build.measured(context, "tests/reports", "1", role="tests", why="12 passed", ago=-ahead)
        assert (found(context).state is State.MET) is holds
        judgement = judgement_of_gate(evaluate(context), "gate")
        assert judgement.exit_code(judgement.gate("gate")) == (0 if holds else 3)
        assert holds or found(context).why == "measured in the future (2026-09-15 10:03 UTC)"


def test_a_replayed_test_run_proves_nothing_outside_a_demonstration(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("tests_green: reports")) as context:
        build.measured(context, "tests/reports", "1", role="tests", why="12 passed", mark="replayed")
        assert found(context).state is State.NOT_MET and "replayed" in found(context).why


@pytest.mark.parametrize(
    ("requirement", "why"),
    [
        ("benchmarks: {benchmark: errors}", "Checkout errors: 50 % over its limit: 1.5 %, limit 1 %"),
        ("differences_decided: high", "smaller database: undecided, high: no flow named"),
        ("inventory: {flows: 9}", "9 flows listed: 1 listed"),
        ("tests_green: reports", "no test run fetched for this candidate"),
        ("parity_reviewed: 30d", "not reviewed for this release yet"),
        (
            "differences_decided: {at_least: high}\n        title: smaller database",
            "undecided, high: no flow named",
        ),
    ],
)
def test_a_list_of_one_names_it(tmp_path: Path, requirement: str, why: str) -> None:
    with build.shop(tmp_path / "p", one_gate(requirement), stated=False) as context:
        build.measured(context, "errors", "1.5")
        build.add_difference(context)
        assert found(context).why.replace("0.5 points over", "50 % over") == why


def test_what_clears_it_depends_on_what_is_missing(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("inventory: {flows: 2, core: 2}")) as context:
        assert command(found(context).step) == "workbench flow add KEY"
        build.add_flow(context, "refund", core=True)
        assert [command(part.step) for part in found(context).parts if part.state is State.NOT_MET] == [
            "workbench flow edit KEY --core", "workbench flow edit refund --owner PERSON",
        ]  # fmt: skip


def test_an_accepted_difference_ends_and_is_undecided_again(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("differences_decided: high")) as context:
        assert found(context).why == "kim stated that nothing differs"
        until = context.now + timedelta(days=3)
        build.decide(context, build.add_difference(context), "accept", reason="small enough", until=until)
        assert found(context).why == "smaller database: accepted until 18 Sep"
        late = found(build.at(context, until))
        assert late.state is State.NOT_MET
        assert late.why == "smaller database: undecided again: “accepted” ended on 18 Sep"


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 9, 14, 21, 59, tzinfo=UTC), State.MET),
        (datetime(2026, 9, 14, 22, 0, tzinfo=UTC), State.NOT_MET),  # midnight in Amsterdam
        (datetime(2026, 9, 15, 21, 59, tzinfo=UTC), State.NOT_MET),
        (datetime(2026, 9, 15, 22, 0, tzinfo=UTC), State.MET),
    ],
)
def test_change_freeze_days_are_the_projects_days(tmp_path: Path, moment: datetime, state: State) -> None:
    with build.shop(tmp_path / "p", one_gate("outside_change_freeze: {}")) as plain:
        context = build.at(build.rewrite(plain, *FREEZE), moment)
        assert found(context).state is state


def test_core_flows_are_counted_and_owned(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("inventory: {core: 1}")) as context:
        assert "0 marked" in found(context).why
        build.add_flow(context, "refund", core=True)
        assert "Refund has an owner: no owner" in found(context).why
        build.add_flow(context, "login", core=True, owner="kim")
        assert found(context).state is State.NOT_MET


def test_earlier_gates_come_first(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p") as context:
        last = build.gate(context, "go").requirements
        assert [r.key for r in last] == ["not_frozen", "earlier-gates", "signatures"]
        assert command(last[1].step) == "workbench gate benchmarks"
        build.clear(context)
        build.sign(context, "benchmarks", "robin")
        assert [r.key for r in build.gate(context, "go").requirements] == ["not_frozen", "signatures"]


def test_an_error_budget_that_burns_too_fast_is_not_kept(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("error_budget: 50")) as context:
        good(context, "99.9", "80")
        (part,) = [one for one in found(context).parts if one.state is State.NOT_MET]
        assert part.key == "burn/up"
        assert part.why == "it burns 20 times as fast as it lasts over 1h, at most 14.4 times"


def test_a_share_that_nobody_measured_keeps_no_budget(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("error_budget: 50")) as context:
        build.measured(context, "up", None, state="missing", why="no data")
        assert {part.why for part in found(context).parts} == {
            "how much is used is not known: no data",
            "how fast it burns is not known: not measured for this candidate",
        }
