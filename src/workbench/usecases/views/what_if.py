"""What another limit would have said of the builds that were measured: which releases it turns, and what it catches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench import criteria
from workbench.benchmarks.baselines import BASELINES, PRODUCTION, baseline_of
from workbench.benchmarks.judge import Judged
from workbench.benchmarks.resolve import Resolved
from workbench.definitions.shapes import Benchmark
from workbench.gates.judging import resolve_one
from workbench.gates.replaying import Replayed
from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.model.times import to_text
from workbench.releases import model as releases
from workbench.releases.model import Held, Outcome, ReleaseKind
from workbench.usecases.context import Context
from workbench.usecases.looking_back import look_back
from workbench.usecases.views.benchmark import numbers
from workbench.usecases.views.explaining import require_benchmark
from workbench.usecases.views.what_if_incidents import (
    IncidentLine,
    caused_by_releases,
    document_of,
    lines_of,
    said_of,
    trouble_of,
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A build that was measured, by the rule of today and by the other one.

    ``outcome`` is what became of its release, ``trouble`` what went wrong with it in production, as far
    as the record knows, "" where nothing did; ``stood`` that it was shipped and watched to the end without
    any.  ``last`` says that it is the last build of its release that was measured.
    ``now`` and ``then`` are the two verdicts with their arithmetic; ``flips`` that only one lets it through.
    """

    build: str
    release: str
    at: datetime
    ref: str
    value: str
    outcome: str
    trouble: str
    stood: bool
    last: bool
    now: Judged
    then: Judged

    @property
    def flips(self) -> bool:
        return self.now.through != self.then.through


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """Another rule on stored measurements; ``lines`` are the builds, the newest first.

    The others are versions: ``stopped`` and ``let_go`` only by the other rule, ``caught`` and ``missed``
    those that had trouble in production, ``false_alarms`` those that stood and would be stopped.
    ``incidents`` are those in production that a release that was measured caused.
    """

    key: str
    title: str
    rule: str
    instead: Mapping[str, str]
    lines: tuple[Line, ...]
    stopped: tuple[str, ...]
    let_go: tuple[str, ...]
    caught: tuple[str, ...]
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]
    incidents: tuple[IncidentLine, ...] = ()

    @property
    def said(self) -> str:
        """What it comes to, in a sentence or two."""
        measured = sum(line.last for line in self.lines)
        if not measured:
            return "no build of a release was measured, so nothing can be said of another rule"
        turned = [_turned(self.stopped, "be stopped"), _turned(self.let_go, "go on")]
        turns = " and ".join(filter(None, turned)) or "none would turn"
        words = f"of {number_of(measured, 'release')} measured, {turns}"
        known = len(self.caught) + len(self.missed)
        if known:
            words += f"; it stops {len(self.caught)} of {known} that had trouble in production"
        if of_incidents := said_of(self.incidents):
            words += f"; {of_incidents}"
        if self.false_alarms:
            words += f"; {len(self.false_alarms)} that it stops stood in production without trouble"
        return words


def _turned(versions: Sequence[str], what: str) -> str:
    if not versions:
        return ""
    *most, last = versions
    return f"{', '.join(most)} and {last} would {what}" if most else f"{last} would {what}"


def what_if(context: Context, key: str, instead: Mapping[str, Any]) -> WhatIf:
    """What ``instead``, fields of the benchmark by name, would have said of every build that was measured.

    ``UsageError`` for an unknown benchmark or where nothing is other than today, ``CriterionError``
    for a rule that cannot be read or does not fit.  Nothing is written.
    """
    require_benchmark(context.definitions, key)
    benchmark = context.definitions.benchmark(key)
    assert benchmark is not None
    other = _changed(benchmark, instead)
    now, then = (_resolved(context, one) for one in (benchmark, other))
    pairs = zip(
        look_back(context, now, context.now, last_of_each=True),
        look_back(context, then, context.now, last_of_each=True),
        strict=True,
    )
    known = releases.all_releases(context.record)
    caused = caused_by_releases(context)
    trouble = {**trouble_of(caused), **_known_trouble(context, known)}
    good = releases.good_releases(known, context.now, None)
    stood = frozenset(held.id for held in good if held.id not in trouble)
    lines = tuple(_lines(pairs, trouble, stood))
    last = [line for line in lines if line.last]
    ids = {held.release.version: held.id for held in known}
    verdicts = {
        ids[line.release]: (line.release, not line.now.through, not line.then.through) for line in last
    }
    return WhatIf(
        key=key,
        title=benchmark.title or key,
        rule=str(now.pass_ or ""),
        instead={name: str(value) for name, value in instead.items()},
        lines=lines,
        stopped=_named(line for line in last if line.flips and not line.then.through),
        let_go=_named(line for line in last if line.flips and line.then.through),
        caught=_named(line for line in last if line.trouble and not line.then.through),
        missed=_named(line for line in last if line.trouble and line.then.through),
        false_alarms=_named(line for line in last if line.stood and not line.then.through),
        incidents=tuple(lines_of(caused, benchmark.flow, verdicts)),
    )


def _changed(benchmark: Benchmark, instead: Mapping[str, Any]) -> Benchmark:
    names = {"pass": "pass_"}
    fields = {names.get(name, name): value for name, value in instead.items()}
    if not fields:
        raise UsageError("what should be otherwise?", hint='--pass "<= 600 ms", for example')
    other = fields.get("baseline") or benchmark.baseline or PRODUCTION.name
    usual = benchmark.baseline or PRODUCTION.name
    if other != usual and baseline_of(other).find is None:
        found = ", ".join(name for name, kind in BASELINES.items() if kind.find is not None)
        raise UsageError(
            f"what “{other}” did was not measured beside the earlier values",
            hint=f"a baseline out of the record can be tried: {found}",
        )
    return msgspec.structs.replace(benchmark, **fields)


def _resolved(context: Context, benchmark: Benchmark) -> Resolved:
    found = resolve_one(context.record, context.definitions, benchmark, context.now)
    for rule in (found.pass_, found.warn):
        if rule is not None:
            criteria.check(rule, found.unit, found.better)
    return found


def _lines(
    pairs: Iterable[tuple[Replayed, Replayed]], trouble: Mapping[str, str], stood: frozenset[str]
) -> Iterator[Line]:
    seen: set[str] = set()
    for now, then in pairs:
        if now.build is None:
            continue
        held = now.build.held
        yield Line(
            build=now.build.name,
            release=held.release.version,
            at=now.at,
            ref=now.ref,
            value=numbers(now.judged).value,
            outcome=held.release.outcome.value.replace("_", " "),
            trouble=trouble.get(held.id, ""),
            stood=held.id in stood,
            last=held.id not in seen,
            now=now.judged,
            then=then.judged,
        )
        seen.add(held.id)


def _named(lines: Iterable[Line]) -> tuple[str, ...]:
    """The versions, the earliest first."""
    return tuple(line.release for line in lines)[::-1]


def _known_trouble(context: Context, known: Sequence[Held]) -> dict[str, str]:
    """What the record knows of releases that failed in production, by their ids: rolled back, or mended by a hotfix."""
    rolled_back = [held for held in known if held.release.outcome is Outcome.ROLLED_BACK]
    found = {held.id: _why_rolled_back(context, held) for held in rolled_back}
    by_version = {held.release.version: held.id for held in known}
    for held in known:
        mended = by_version.get(held.release.previous or "")
        if held.release.kind is ReleaseKind.HOTFIX and mended is not None:
            found.setdefault(mended, f"mended by hotfix {held.release.version}")
    return found


def _why_rolled_back(context: Context, held: Held) -> str:
    entries = context.record.history("release", held.id, limit=20)
    reason = next((entry.reason for entry in entries if entry.verb == Outcome.ROLLED_BACK.value), "")
    return f"rolled back: {reason}" if reason else "rolled back"


def document(found: WhatIf) -> dict[str, Any]:
    """What ``what-if --json`` prints."""
    return {
        "schema": "workbench.what-if.1",
        "benchmark": found.key,
        "title": found.title,
        "rule": found.rule,
        "instead": dict(found.instead),
        "builds": [_line_document(line) for line in found.lines],
        "flips": [line.build for line in found.lines if line.flips],
        "stopped": found.stopped,
        "let_go": found.let_go,
        "caught": found.caught,
        "missed": found.missed,
        "false_alarms": found.false_alarms,
        "incidents": [document_of(line) for line in found.incidents],
        "said": found.said,
    }


def _line_document(line: Line) -> dict[str, Any]:
    return {
        "build": line.build,
        "release": line.release,
        "measured_at": to_text(line.at),
        "measurement": line.ref,
        "value": line.value,
        "outcome": line.outcome,
        "trouble": line.trouble or None,
        "flips": line.flips,
        "now": _verdict_document(line.now),
        "then": _verdict_document(line.then),
    }


def _verdict_document(judged: Judged) -> dict[str, Any]:
    limit = numbers(judged).limit
    return {
        "verdict": judged.verdict.value,
        "through": judged.through,
        "limit": limit or None,
        "why": judged.why,
    }
