"""A small shop with a record, and quick hands to put things into it.

The machine's clock says :data:`NOW` throughout, also while the record is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from workbench.benchmarks import measurements
from workbench.checklists.model import ItemState
from workbench.flows import model as flows
from workbench.flows.model import Flow
from workbench.gates.fixed_questions import Answers
from workbench.model.canonical import encode
from workbench.model.times import Clock
from workbench.parity import decisions, reviews
from workbench.parity import model as parity
from workbench.parity.model import Difference
from workbench.record import Author, Commit
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Release
from workbench.signoff.model import Decision
from workbench.sources.reading import Batch, Reading
from workbench.usecases import answering, approving, deciding, opening, releasing, signing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation, evaluate, verdict_of
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
SHA = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
SHA_2 = "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a"

PEOPLE = """\
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: robin, name: Robin, roles: [release-owner, staging-owner]}
  - {key: sam, name: Sam, roles: [product-owner]}
  - {key: jo, name: Jo, roles: [developer]}
"""
HEAD = """\
project: shop
timezone: Europe/Amsterdam
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
"""
# All questions of the shop: benchmarks, a checklist, differences, tests and two signed gates.
SHOP = (
    HEAD
    + PEOPLE
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
  - {key: reports, kind: junit, files: "reports/*.xml"}
  - {key: hand, kind: manual}
checklists: [ready.yaml]
benchmarks:
  - key: p95
    flow: checkout
    dimension: latency_consistency
    title: Checkout p95
    measure: {source: metrics, query: up_in_$environment, unit: s}
    pass: within 20% of baseline
    warn: within 30% of baseline
    mode: blocking
    max_age: 24h
  - key: errors
    flow: checkout
    title: Checkout errors
    measure: {source: metrics, query: down, unit: "%"}
    pass: <= 1 %
    mode: blocking
    max_age: 24h
gates:
  - key: benchmarks
    title: Benchmarks met
    requires:
      - benchmarks: {}
    sign: {roles: [{role: staging-owner}]}
  - key: ready
    title: Ready
    requires:
      - checklist: ready
      - differences_decided: high
      - tests_green: reports
  - key: go
    title: Go
    requires:
      - not_frozen: {}
    sign: {roles: [{role: release-owner}, {role: product-owner}], own: false}
"""
)
READY = """\
checklist: ready
title: Ready
items:
  - {key: notes, title: Notes are written, why: People read them., check: Read them.}
  - {key: rehearsed, title: The way back was rehearsed, why: It fails otherwise., check: Look., needs_evidence: true}
"""


def write(root: Path, text: str = SHOP, **files: str) -> Path:
    """Writes a project's files; ``ready`` is the checklist's text."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "workbench.yaml").write_text(text, encoding="utf-8")
    (root / "ready.yaml").write_text(files.pop("ready", READY), encoding="utf-8")
    for name, content in files.items():
        (root / name).write_text(content, encoding="utf-8")
    return root


def made_at(now: datetime | None) -> AbstractContextManager[object]:
    """What the machine's clock says while a record is made: the project's time, if it has one."""
    clock = partial(Clock, real=lambda: now) if now else Clock
    return patch.object(opening, "Clock", clock)


@contextmanager
def opened(
    root: Path, person: str = "kim", now: datetime | None = NOW, record: Path | None = None
) -> Iterator[Context]:
    """The project in ``root`` as ``person`` sees it; its record, or the one named, is made if it is missing."""
    with made_at(now):
        context = open_context(Options(project=root, as_person=person, record=record), create=True)
    try:
        yield at(context, now) if now else context
    finally:
        context.record.close()


@contextmanager
def shop(
    root: Path,
    text: str = SHOP,
    person: str = "kim",
    now: datetime = NOW,
    *,
    stated: bool = True,
    **files: str,
) -> Iterator[Context]:
    """A fresh project with release 2.0.0, its first candidate and the flow *checkout*.

    Its map is empty; unless not ``stated``, somebody has said that nothing differs.
    """
    write(root, text, **files)
    with opened(root, person, now) as context:
        add_flow(context)
        releasing.plan(
            context, Release(version="2.0.0"), Candidate(release="", number=0, commit=SHA, author="jo")
        )
        if stated:
            nothing_differs(context)
        yield context


def at(context: Context, moment: datetime) -> Context:
    """The same project and person at another moment."""
    return msgspec.structs.replace(context, clock=Clock(real=lambda: moment))


def later(context: Context, **delta: float) -> Context:
    return at(context, context.now + timedelta(**delta))


def who(context: Context, person: str) -> Context:
    """The same project with somebody else at the keys."""
    author = Author(actor=person, identity="asserted by --as", os_user=person)
    return msgspec.structs.replace(context, author=lambda: author)


def add_flow(context: Context, key: str = "checkout", **fields: Any) -> None:
    fields.setdefault("tier", "critical")
    flow = msgspec.convert({"key": key, "name": key.title(), **fields}, Flow)
    commit(context, [flows.new_flow(context.record, flow, context.now)])


def measured(
    context: Context,
    subject: str,
    value: str | None,
    *,
    role: str = "value",
    release: str | None = None,
    state: str = "ok",
    unit: str | None = None,
    ago: timedelta = timedelta(minutes=5),
    **more: Any,
) -> str:
    """Puts one reading straight into the record; returns its ref."""
    held = releases.find(context.record, release or context.release)
    benchmark = context.definitions.benchmark(subject)
    if unit is None:
        unit = benchmark.measure.unit if benchmark else ""
    blobs = tuple(more.pop("blobs", ()))
    environment = None if role == "tests" else {"baseline": "production"}.get(role, "staging")
    reading = Reading(
        subject=subject,
        source=benchmark.measure.source if benchmark else subject.removeprefix("tests/"),
        role=role,  # type: ignore[arg-type]
        state=state,  # type: ignore[arg-type]
        value=Decimal(value) if value is not None else None,
        unit=unit,
        measured_at=context.now - ago,
        environment=more.pop("environment", environment),
        **more,
    )
    batch = Batch(source=reading.source, asked_at=context.now, readings=(reading,), blobs=blobs)
    candidate = more.get("candidate", held.candidate_id)
    change, kept = measurements.batch_change(
        batch, release=held.id, candidate=candidate, now=context.record.moment(context.clock)
    )
    commit(context, [change], blobs=kept)
    return f"{change.id}/0"


def proposed(context: Context, number: int, **said: Any) -> None:
    """The next build of the release in hand; its commit tells its number."""
    said = {"release": "", "number": 0, "commit": f"{number:040x}", **said}
    releasing.propose(context, releasing.find(context, None), Candidate(**said))


def add_difference(context: Context, title: str = "smaller database", **fields: Any) -> str:
    fields.setdefault("severity", "high")
    value = msgspec.convert({"title": title, **fields}, Difference)
    change = parity.new_difference(value, context.now)
    commit(context, [change])
    return change.id


def decide(context: Context, ident: str, decision: str, *, alone: bool = False, **fields: Any) -> None:
    """Decides about a difference, for a year unless another end is given; where that needs a second
    person, one approves it unless ``alone``."""
    stored, value = parity.find(context.record, ident)
    if decision != "undecided":
        fields.setdefault("until", context.now + timedelta(days=365))
        fields.setdefault("owner", "kim")
    change = parity.decide(
        stored, value, decisions.Decision(decision), by=context.author().actor, at=context.now, **fields
    )
    commit(context, [change])
    if decisions.needs_second_person(value.severity, decisions.Decision(decision)) and not alone:
        second_person(context, stored.id)


def nothing_differs(context: Context, release: str | None = None) -> None:
    """Somebody says of the empty map that nothing differs."""
    held = releases.find(context.record, release or context.release)
    review = reviews.reviewed(
        context.record, held.id, by=context.author().actor, at=context.now, nothing_differs=True,
        note="One plan makes both of them",
    )  # fmt: skip
    commit(context, [reviews.review_change(review)])


def second_person(context: Context, ref: str, release: str | None = None) -> None:
    """Somebody else approves what waits under that name."""
    here = who(context, "robin" if context.author().actor != "robin" else "kim")
    approving.approve(here, evaluate(here, release), ref)


def answer(context: Context, ref: str, state: str = "done", note: str = "seen", **fields: Any) -> Commit:
    """Answers an item, with a note as evidence unless ``note`` is empty."""
    evaluation = evaluate(context)
    view = answering.find_item(evaluation, ref)
    subject = answering.subject_of(evaluation, view)
    evidence = answering.evidence_for(context, subject, note=note) if note else None
    return answering.answer(context, evaluation, view, ItemState(state), evidence=evidence, **fields)


ANSWERS = Answers(
    affects="whoever pays by card",
    from_version="1.9.0",
    happens="the page takes a second longer",
    recovery="reload the page",
    regression=False,
)
# The same as options of the command.
ANSWERED = (
    *("--affects", ANSWERS.affects, "--from-version", ANSWERS.from_version, "--happens", ANSWERS.happens),
    *("--recovery", ANSWERS.recovery, "--no-regression"),
)


def propose_override(context: Context, evaluation: Evaluation, ref: str, **said: Any) -> Commit:
    """Asks for an override with the fixed questions answered, and says so where nothing was measured."""
    parts = [part for gate in evaluation.gates for part in gate.result.parts]
    unmeasured = [part for part in parts if part.bound is not None and part.bound.unmeasured]
    told = any(ref in (part.key, part.key.rpartition("/")[2]) for part in unmeasured)
    return deciding.override(context, evaluation, ref, **{"answers": ANSWERS, "unmeasured": told, **said})


def override(
    context: Context, evaluation: Evaluation, ref: str, *, reason: str, approver: str, until: datetime
) -> Commit:
    """Lets one part past: whoever sits here proposes it, and ``approver`` approves it."""
    propose_override(context, evaluation, ref, reason=reason, approver=approver, until=until)
    here = who(context, approver)
    return approving.approve(here, evaluate(here, evaluation.held.release.version), ref)


def figures(context: Context, p95: str = "0.46", baseline: str = "0.45", errors: str = "0.4") -> None:
    """Both benchmarks of the shop and its tests, measured for this candidate."""
    measured(context, "p95", p95)
    measured(context, "p95", baseline, role="baseline")
    measured(context, "errors", errors)
    measured(context, "tests/reports", "1", role="tests", why="12 passed")


def clear(context: Context) -> None:
    """Everything that the shop's gates ask for but signatures."""
    figures(context)
    answer(context, "notes")
    answer(context, "rehearsed")


def sign(
    context: Context, gate: str, person: str, decision: str = "approve", comment: str = "", **more: Any
) -> Commit:
    here = who(context, person)
    evaluation = evaluate(here)
    role = more.pop("role", None)
    shown = signing.prepare(here, evaluation, gate, role)
    said = signing.Answer(decision=Decision(decision), comment=comment, **more)
    return signing.sign(here, shown, said)


def gate(context: Context, key: str) -> Any:
    return evaluate(context).gate(key)


def requirement(context: Context, gate_key: str, key: str) -> Any:
    (found,) = [item for item in gate(context, gate_key).requirements if key in (item.key, item.kind)]
    return found


def verdict(context: Context, benchmark: str) -> Any:
    return verdict_of(evaluate(context), benchmark)


def signature(context: Context, gate_key: str, number: int = -1) -> Any:
    return gate(context, gate_key).signoffs[number]


def rewrite(context: Context, old: str, new: str, file: str = "workbench.yaml") -> Context:
    """The project again after an edit of one of its files."""
    from workbench.definitions import load
    from workbench.usecases.project import kinds

    path = context.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return msgspec.structs.replace(context, definitions=load(context.root, kinds()))


def states(evaluation: Evaluation) -> Mapping[str, Any]:
    """What an evaluation says, without the ledger's head: to compare two of them."""
    return {
        item.gate.key: (
            item.state,
            item.through,
            [(r.key, r.state, r.why, [(p.key, p.state, p.why) for p in r.parts]) for r in item.requirements],
            [(v.signoff.person, v.currency, v.why) for v in item.signoffs],
        )
        for item in evaluation.gates
    } | {j.key: (j.verdict, j.why, j.remarks) for j in evaluation.judged}


def resealed(text: bytes) -> bytes:
    """An excerpt that was edited, as somebody who knows the format would: its digest fits again."""
    first, _, content = text.partition(b"\n")
    header = msgspec.json.decode(first)
    del header["digest"]
    digest = hashlib.sha256(encode(header) + b"\n" + content).hexdigest()
    return encode(header | {"digest": digest}) + b"\n" + content
