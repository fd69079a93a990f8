"""A document in which every part is filled, most of it with texts that mean harm."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

import msgspec

from workbench.criteria import Verdict
from workbench.definitions.shapes import Dimension, Mode, Severity
from workbench.gates.model import GateState, State, Weight
from workbench.notes.layout import USUAL
from workbench.notes.model import (
    Build,
    ChangeFreeze,
    ChangeKind,
    ChecklistLine,
    Cited,
    Count,
    Ending,
    EscalationLine,
    FreezeLine,
    Gap,
    GateLine,
    HiddenLine,
    ItemLine,
    NotesDocument,
    OpenLine,
    OverrideLine,
    OwnLine,
    Parity,
    PredictionLine,
    Proof,
    RequirementLine,
    SignatureLine,
    UnprovenLine,
    VerdictLine,
    Who,
)
from workbench.parity.decisions import Decision as Fate
from workbench.parity.model import Category
from workbench.releases.change_lines import Changes, Coverage, Known, Told
from workbench.releases.conventional import Group
from workbench.releases.model import Artifact, Outcome, ReleaseKind, ReleaseState
from workbench.signoff.holding import Currency
from workbench.signoff.model import Decision, Way

T = TypeVar("T")

ROBIN, KIM = Who(key="robin", name="Robin"), Who(key="kim", name="Kim <kim@team>")
SCRIPT = "</script><script>alert(1)</script>"
MARKUP = "[/x] [@click=app.quit]quit[/] **bold** `code` | cell | <b>bold</b> &lt; $x$"
MENTION = "@team fixes #12, GH-7 and ::error::now"
STEERING = "red \x1b[31malarm\x1b[0m \x9b2J \x07 \u202eesrever\u202c \u200bhidden\u2066"
FORMULA = '=HYPERLINK("http://evil.example","x")'
LONG = "long " * 20_000


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=UTC)


def verdicts() -> tuple[VerdictLine, ...]:
    return (
        VerdictLine(
            benchmark="checkout-p95", title=f"Checkout p95 {SCRIPT}", flow="Checkout",
            dimension=Dimension.LATENCY_CONSISTENCY, mode=Mode.BLOCKING, verdict=Verdict.FAIL, through=False,
            unit="s", value=Decimal("0.69"), baseline=Decimal("0.45"), limit=Decimal("0.54"),
            accepts_from=Decimal("0.36"), accepts_to=Decimal("0.54"), margin=Decimal("-0.15"),
            margin_percent=Decimal("-27.78"), value_text="0.69 s", baseline_text="0.45 s", limit_text="0.54 s",
            margin_text="28 % over its limit", rule="within 20% of baseline", samples=6000, window="1h",
            measured_at=at(15, 9), remarks=("replayed", "partial answer: ::error::shard 3 is gone"),
        ),
        VerdictLine(
            benchmark="refund-p95", title="Refund p95", mode=Mode.BLOCKING, verdict=Verdict.ERROR, through=False,
            margin_text=f"could not ask Prometheus: {STEERING}", rule="<= 600 ms", overridden_until=at(30),
        ),
        VerdictLine(
            benchmark="profit", title="利益の差 💶", mode=Mode.ADVISORY, verdict=Verdict.WARN, through=True, unit="%",
            value=Decimal("-3.5"), limit=Decimal("-3"), accepts_from=Decimal("-3"), margin=Decimal("-0.5"),
            value_text="-3.5 %", limit_text="-3 %", margin_text="0.5 points under its limit", rule=">= -3 %",
        ),
        VerdictLine(
            benchmark="schema", title="Orders fit the schema", mode=Mode.ADVISORY, verdict=Verdict.PASS, through=True,
            unit="%", value=Decimal("99.4"), limit=Decimal("99"), accepts_from=Decimal("99"), margin=Decimal("0.4"),
            value_text="99.4 %", limit_text="99 %", margin_text="0.4 points to spare", rule=">= 99 %",
        ),
        VerdictLine(
            benchmark="jobs", title="Jobs keep their rhythm", mode=Mode.BLOCKING, verdict=Verdict.LEARNING,
            through=True, margin_text="5 of 8 runs",
        ),
    )  # fmt: skip


def parity() -> Parity:
    gaps = (
        Gap(
            id="1", title=f"payment gateway {MARKUP}", severity=Severity.HIGH, category=Category.SERVICES,
            decision=Fate.UNDECIDED, staging="stand-in", production="vendor's API v3", impact=MENTION,
            flows=("Checkout", "返金"), region="eu-west", owner=KIM,
        ),
        Gap(
            id="2", title="load balancer", severity=Severity.HIGH, category=Category.INFRASTRUCTURE,
            decision=Fate.ACCEPT, ended=True, reason="one region first", until=at(10), staging="none",
        ),
        Gap(
            id="3", title="LOG_LEVEL", severity=Severity.LOW, category=Category.CONFIGURATION,
            decision=Fate.MITIGATE, mitigation=FORMULA, until=at(30),
        ),
    )  # fmt: skip
    return Parity(
        total=240,
        by_severity=(Count(of="high", number=2), Count(of="low", number=238)),
        by_category=(Count(of="services", number=240),),
        undecided=2,
        no_matter=1,
        reviewed_by=KIM,
        reviewed_at=at(14),
        changed_since=1,
        statement=("Staging differs in 240 known ways.", f"Grave: payment gateway {MARKUP}."),
        gaps=gaps,
        gaps_left_out=236,
    )


def checklists() -> tuple[ChecklistLine, ...]:
    return (
        ChecklistLine(
            key="pre-production", title="Pre-production", total=6, done=3, by_itself=1,
            failed=(ItemLine(title="Masked", why=f"column email {SCRIPT}", by=KIM),),
            not_applicable=(ItemLine(title="Runbook 🏃", why="nothing to run", by=ROBIN),),
            open=(ItemLine(title="Rehearsed", why="open"),),
        ),
        ChecklistLine(key="production", title="Production", total=2, done=2),
    )  # fmt: skip


def signatures() -> tuple[SignatureLine, ...]:
    return (
        SignatureLine(
            gate="Sign-off", person=ROBIN, role="release-owner", decision=Decision.CONDITIONS, at=at(15),
            identity="asserted identity (asserted by --as)", meaning="I accept the gaps.", comment=MENTION,
            conditions="gateway watched", conditions_due=at(20), currency=Currency.CURRENT, counts=True,
            why="current",
        ),
        SignatureLine(
            gate="Sign-off", person=KIM, role="staging-owner", decision=Decision.APPROVE, at=at(14),
            identity="asserted identity (a message, entered by robin)", currency=Currency.OUT_OF_DATE, counts=False,
            why="out of date: Checkout p95: pass → fail (and 1 more)",
            changes=("Checkout p95: pass → fail", "item “Masked”: done → failed"), way=Way.RECEIVED, entered_by=ROBIN,
        ),
        SignatureLine(
            gate="Sign-off", person=Who(key="sam"), role="product-owner", decision=Decision.REJECT, at=at(15),
            identity="asserted identity", comment="wait for the vendor", currency=Currency.CURRENT, counts=True,
            stops=True, why="current",
        ),
    )  # fmt: skip


def gates() -> tuple[GateLine, ...]:
    return (
        GateLine(
            key="inventory", title="Inventory", set_up=False, state=GateState.READY, through=True,
            mark="–", words="not set up",
        ),
        GateLine(
            key="benchmarks", title="Benchmarks", set_up=True, state=GateState.BLOCKED, through=False,
            mark="✗", words="blocked, 1 blocker",
            requirements=(
                RequirementLine(title="Through", state=State.NOT_MET, why="1 of 3 not met", mark="✗"),
                RequirementLine(title="Refund", state=State.OVERRIDDEN, why="overridden until 30 Sep", mark="⊘"),
            ),
        ),
        GateLine(
            key="parity", title="Parity", set_up=True, state=GateState.READY, through=True,
            mark="✓", words="ready",
        ),
        GateLine(
            key="sign-off", title="Sign-off", set_up=True, state=GateState.READY, through=False,
            mark="◐", words="ready, 1 to sign",
        ),
    )  # fmt: skip


def open_lines() -> tuple[OpenLine, ...]:
    return (
        OpenLine(
            gate="Benchmarks", title=f"Checkout p95 {SCRIPT}", why="28 % over its limit", weight=Weight.BLOCKS,
            owner=KIM, promised_by=at(16, 15), note="a new build is on its way",
        ),
        OpenLine(gate="Pre-production", title="Rehearsed", why="Pre-production", weight=Weight.TO_DO),
        OpenLine(gate="Sign-off", title="Sign-off: on-call", why="on-call has not signed", weight=Weight.TO_SIGN),
    )  # fmt: skip


def told() -> Changes:
    """Changes whose texts mean harm, of every sort."""
    lines = (
        Told(key="1" * 12, group=Group.BREAKING, text=MENTION, breaks=(SCRIPT,), commits=("1" * 40,), people=("Jo @jo",)),
        Told(
            key="12.fix.md", group=Group.FIXES, text=f"The total is right {MARKUP}", fragment="changelog.d/12.fix.md",
            blob="b" * 40, commits=("2" * 40,), refs=("#12",), people=("Kim",),
        ),
        Told(key="4" * 12, group=Group.OTHER, text=f"::error::now {STEERING}", commits=("4" * 40,), problem="it is empty"),
    )  # fmt: skip
    coverage = Coverage(
        known=Known.PART, why=("the checkout was shallow",), since="0" * 40, since_version="2.13.0", until="4" * 40,
        commits=6, conventional=1, by_fragment=1, merges=1, reverted=1, other=2, missing=2,
    )  # fmt: skip
    return Changes(lines=lines, coverage=coverage, missing=(f"{'5' * 12} only in production {MENTION}",))


def rich(**changes: Any) -> NotesDocument:
    """The document; ``changes`` replace fields."""
    document = NotesDocument(
        project="web-shop",
        project_title="Web shop 🛒",
        version="2.14.0",
        kind=ReleaseKind.REGULAR,
        state=ReleaseState.BLOCKED,
        through=False,
        demonstration=at(15),
        made_at=at(15, 11),
        judged_at=at(15),
        timezone="Europe/Amsterdam",
        summary=f"The payment gateway's API v3 {MARKUP}",
        own_words=(
            "Dear team,",
            "- not a list",
            "1. not a list",
            "# no heading",
            MENTION,
            STEERING,
            SCRIPT,
            LONG,
        ),
        changes=(ChangeKind(key="CH-5", title="third-party dependency"),),
        told=told(),
        own=(OwnLine(section="watch", text=("Look at the queue.", MENTION, SCRIPT), by=KIM, at=at(15)),),
        hidden=(HiddenLine(line="3" * 12, reason=f"an inside matter {MARKUP}", by=KIM, at=at(15)),),
        layout=USUAL,
        unproven=(UnprovenLine(title="Probe: settings", why=f"it never found anything {MARKUP}"),),
        watched=("Paid orders per minute",),
        predictions=(
            PredictionLine(
                id="p1", title="Checkout p95", states="<= 0.6 s", until=at(20), by=ROBIN, part="benchmark/x"
            ),
        ),
        escalations=(EscalationLine(gate="Benchmarks", after="4h", to="product-owner"),),
        evidence=(
            Cited(about="benchmark/checkout-p95", kind="measurement", name="0198/1", digest="4f" * 32),
            Cited(about="benchmark/checkout-p95", kind="answer", name="as it was received", digest="5a" * 32),
            Cited(
                about="override/benchmark/refund-p95",
                kind="ledger entry",
                name="“approved”",
                digest="6b" * 32,
            ),
        ),
        owner=ROBIN,
        previous="2.13.0",
        planned_at=at(17, 7),
        candidate=Build(
            name="rc2",
            commit="a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a",
            artifacts=(Artifact("web-shop.oci", "sha256:" + "9c41b7e0" * 8),),
            run="http://127.0.0.1:9180/runs/7342?a=1&b=<2>",
            author=Who(key="jo", name="Jo"),
            why="refunds too",
            built_at=at(14, 7),
        ),
        open=open_lines(),
        gates=gates(),
        benchmarks=verdicts(),
        parity=parity(),
        overrides=(
            OverrideLine(
                title="Refund p95",
                reason=MARKUP,
                author=ROBIN,
                approver=KIM,
                at=at(14),
                until=at(30),
                part="benchmark/refund-p95",
                bound="up to 1.12 s",
                answers=(("Affects", MENTION),),
                standing="it is not needed any more",
            ),
            OverrideLine(
                title="Login", reason="vendor", author=ROBIN, approver=KIM, at=at(1), until=at(12), ended=True
            ),
        ),
        checklists=checklists(),
        signatures=signatures(),
        freeze=FreezeLine(reason=f"payment incident {SCRIPT}", by=KIM, at=at(15, 8)),
        change_freezes=(ChangeFreeze(first="2026-11-23", last="2026-12-01", reason="autumn sales"),),
        watch=("Checkout p95 over 0.54 s for 10 minutes", FORMULA),
        rollback_target="2.13.0",
        rollback_plan=("Switch the flag off", "Deploy 2.13.0"),
        cannot_be_undone=("Cards tokenised by v3",),
        rollback_triggers=("Any order charged twice",),
        proof=Proof(record="0198", entries=55, head="3dcb" * 16, definitions="fbfb" * 16),
    )
    return msgspec.structs.replace(document, **changes)


def bare() -> NotesDocument:
    """A release of which nothing is known but its version."""
    return NotesDocument(
        project="p",
        project_title="p",
        version="1",
        kind=ReleaseKind.REGULAR,
        state=ReleaseState.PLANNED,
        through=False,
        made_at=at(15),
        judged_at=at(15),
        proof=Proof(record="0198", entries=1, head="00", definitions="00"),
    )


def shipped(through: bool) -> NotesDocument:
    """A release that went out."""
    ending = Ending(outcome=Outcome.SHIPPED, at=at(17, 7), by=ROBIN, run="https://ci.example/7")
    return rich(through=through, state=ReleaseState.WATCHING, ending=ending, freeze=None, open=())


def everywhere(value: T, text: str) -> T:
    """``value`` with ``text`` in the place of every text that a person or a source wrote."""
    found: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        found = text
    elif isinstance(value, tuple):
        found = tuple(everywhere(item, text) for item in value)
    elif isinstance(value, msgspec.Struct):
        kept = ("timezone", "schema", "mark")  # nobody wrote these
        names = [name for name in value.__struct_fields__ if name not in kept]
        fields = {name: everywhere(getattr(value, name), text) for name in names}
        found = msgspec.structs.replace(value, **fields)
    result: T = found
    return result
