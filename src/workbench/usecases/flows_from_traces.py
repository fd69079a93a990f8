"""FI-4: flows that traces show, proposed for the inventory and taken one by one; nothing enters it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions import Definitions
from workbench.definitions.shapes import EnvironmentKind, Source
from workbench.definitions.variables import variables_of
from workbench.flows import model as flows
from workbench.flows.model import Flow, FlowKind, Measuring, TriggerKind
from workbench.flows.steps import Instrument, Reality, Step, write_step
from workbench.model.errors import SourceError, UsageError
from workbench.model.files import open_regular
from workbench.model.keys import nearest, new_key
from workbench.model.tables import match_name
from workbench.model.text import number_of, safe_text
from workbench.model.times import Clock
from workbench.record import Change, Commit, Stored
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question
from workbench.sources.secrets import Secrets
from workbench.sources.traces.documents import LARGEST, read_traces
from workbench.sources.traces.flows import SeenFlow, SeenFlows, SeenStep, flows_of
from workbench.sources.traces.model import Spans, together
from workbench.usecases.context import Context, commit, elsewhen, fresh_id
from workbench.usecases.fetching import RECORDINGS, keep_figures_out_of
from workbench.usecases.trusting import require_trust, trusts

EVERYTHING = "all"
WINDOW = timedelta(days=1)
_SHOWN = 5  # steps in a sentence
_LONGEST_KEY = 50


class TracesQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What looking takes, without the record: it can be done in any thread.

    ``stubs`` are the attributes of a stub's spans where they are said here, and not by the sources.
    """

    root: Path
    definitions: Definitions
    clock: Clock
    at: datetime
    replay: Path | None = None
    files: tuple[Path, ...] = ()
    sources: tuple[str, ...] = ()
    window: timedelta = WINDOW
    stubs: Mapping[str, str] | None = None


def sources_of_traces(definitions: Definitions) -> list[Source]:
    """The project's sources that hand out traces."""
    return [one for one in definitions.project.sources if KINDS[one.kind].traces]


def traces_question(
    context: Context,
    refs: Sequence[str] = (),
    *,
    window: timedelta = WINDOW,
    stubs: Mapping[str, str] | None = None,
) -> TracesQuestion:
    """The question for some files and sources by their keys; for every source of traces where nothing is named.

    ``UsageError`` where there is no such file or source, or none at all.
    """
    known = {one.key: one for one in sources_of_traces(context.definitions) if one.key}
    chosen = [ref for ref in refs if ref in known]
    files = [Path(ref) for ref in refs if ref not in known]
    for file in files:
        if not file.is_file():
            meant = nearest(str(file), list(known))
            raise UsageError(
                f"there is no file and no source of traces “{file}”",
                hint=f"did you mean {meant}?" if meant else _none_hint(known),
            )
    if not refs and not known:
        raise UsageError("this project has no source of traces", hint=_none_hint(known))
    if elsewhen(context) and (chosen or not refs) and context.demonstration is None:
        raise UsageError("only traces of now can be asked for", hint="leave out --at, or name a file")
    return TracesQuestion(
        root=context.root,
        definitions=context.definitions,
        clock=context.clock,
        at=context.now,
        replay=context.root / RECORDINGS if context.demonstration is not None else None,
        files=tuple(files),
        sources=tuple(chosen if refs else known),
        window=window,
        stubs=stubs,
    )


def _none_hint(known: Iterable[str]) -> str:
    named = ", ".join(known)
    return (
        f"known: {named}" if named else "name a file of traces, or add a source of kind otlp, jaeger or tempo"
    )


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What traces show: flows, what should be known of them, and which sources could not be asked and why."""

    found: SeenFlows
    problems: tuple[str, ...] = ()


def look(question: TracesQuestion) -> Looked:
    """Read the files and ask the sources.  Blocks; ``NotTrusted`` where nobody agreed to what would be asked.

    ``SourceError`` for a file that cannot be read.
    """
    parts = [_of_file(file) for file in question.files]
    problems: list[str] = []
    if question.sources:
        handed, problems = _of_sources(question)
        parts += handed
    stubs, called = _said(question)
    return Looked(found=flows_of(together(parts), called, stubs), problems=tuple(problems))


def _of_file(file: Path) -> Spans:
    name = safe_text(file.name, 200)
    try:
        with open_regular(file) as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST:
        raise SourceError(f"{name} is larger than {LARGEST // 2**20} MB, which is the most that is read")
    spans = read_traces(data, name)
    named = [
        msgspec.structs.replace(span, service=safe_text(span.service, 100), name=safe_text(span.name, 200))
        for span in spans.spans
    ]
    return msgspec.structs.replace(spans, spans=tuple(named))


def _of_sources(question: TracesQuestion) -> tuple[list[Spans], list[str]]:
    from workbench.sources.traces.asking import ask_traces  # asyncio and the client, for those who ask

    chosen = [one for one in question.definitions.project.sources if one.key in question.sources]
    if question.replay is None and any(
        one.config is not None and KINDS[one.kind].uses(one.config) for one in chosen
    ):
        require_trust(question.root, question.definitions, {f"sources/{one.key}" for one in chosen})
    allowed = question.replay is None and trusts(question.root, question.definitions)
    fetch = Fetch(
        sources=tuple(chosen),
        questions=(),
        root=question.root,
        clock=question.clock,
        secrets=Secrets(allow=allowed, folder=question.root),
        replay=question.replay,
    )
    definitions = question.definitions
    asked = [
        Question(
            subject="traces",
            source="",
            at=question.at,
            environment=key,
            window=question.window,
            variables=variables_of(None, definitions.environment(key), commit="", version=""),
        )
        for key in _environments(definitions)
    ]
    handed = ask_traces(fetch, asked)
    return [one.spans for one in handed if not one.why], [
        f"{one.source}: {one.why}" for one in handed if one.why
    ]


def _environments(definitions: Definitions) -> list[str]:
    listed = [one.key for one in definitions.project.environments if one.key]
    return listed or [EnvironmentKind.STAGING.value, EnvironmentKind.PRODUCTION.value]


def _said(question: TracesQuestion) -> tuple[Mapping[str, str] | None, Mapping[str, str]]:
    """How stubs are recognised, and which environment is meant by which name, as the sources say it."""
    configs: list[Any] = [one.config for one in sources_of_traces(question.definitions) if one.config]
    called = {key: key for key in _environments(question.definitions)}
    for config in configs:
        called |= {name: key for key, name in config.environments.items() if key in called.values()}
    stubs = question.stubs
    for config in configs:
        if config.stubs is not None and question.stubs is None:
            stubs = {**(stubs or {}), **config.stubs}
    return stubs, called


# --- beside the inventory -------------------------------------------------------------------------


class Standing(StrEnum):
    """What the inventory says of a flow that traces show."""

    NEW = "new"
    DIFFERS = "differs"
    KNOWN = "known"


class ProposedFlow(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that traces show, as it would stand in the inventory; ``words`` say what taking it changes.

    ``ran`` and, shorter, ``runs`` say how often it ran where.
    """

    key: str
    flow: Flow
    standing: Standing
    words: str
    ran: str
    runs: str = ""


def proposed(context: Context, looked: Looked) -> list[ProposedFlow]:
    """The flows that traces show, beside what the inventory says of them."""
    known = flows.all_flows(context.record)
    taken = {flow.key for _, flow in known}
    found = []
    for seen in looked.found.flows:
        row = _row_of(seen, known)
        if row is None:
            key = new_key(seen.begins.operation[:_LONGEST_KEY], taken)
            taken.add(key)
            flow, standing, words = _new(seen, key), Standing.NEW, "not in the inventory"
        else:
            flow = _beside(row, seen)
            key = row.key
            standing = Standing.KNOWN if flow == row else Standing.DIFFERS
            words = "in the inventory" if flow == row else _changes(row, flow)
        runs = " · ".join(f"{count:,} {where}".strip() for where, count in seen.ran.items())
        found.append(
            ProposedFlow(key=key, flow=flow, standing=standing, words=words, ran=ran_words(seen), runs=runs)
        )
    return found


def ran_words(seen: SeenFlow) -> str:
    """``12 runs in production, 12 in staging``."""
    said = [f"{count:,} in {key}" if key else f"{count:,}" for key, count in seen.ran.items()]
    first, *rest = said
    count, _, where = first.partition(" ")
    noun = "run" if count == "1" else "runs"
    return ", ".join([f"{count} {noun}{f' {where}' if where else ''}", *rest])


def _row_of(seen: SeenFlow, known: Iterable[tuple[Stored, Flow]]) -> Flow | None:
    """The flow of the inventory that begins so."""
    begins = _name(seen.begins.service, seen.begins.operation)
    for _, flow in known:
        first = next(iter(flow.every_step), None)
        if first is not None and _name(first.service, first.operation) == begins:
            return flow
    return None


def _name(service: str, operation: str) -> str:
    return match_name(f"{service} {operation}")


def _new(seen: SeenFlow, key: str) -> Flow:
    return Flow(
        key=key,
        name=_plain(seen.begins.operation),
        services=seen.services,
        trigger=f"{_plain(seen.begins.operation)} at {seen.begins.service}" if seen.begins.service else "",
        trigger_kind=TriggerKind(seen.trigger),
        kind=FlowKind(seen.shape),
        steps=tuple(write_step(_step(step)) for step in seen.steps),
        approach=(Measuring.MONITORING,),
    )


def _plain(text: str) -> str:
    """A name without brackets: those hold how a step runs."""
    return text.replace("[", "(").replace("]", ")")


def _step(seen: SeenStep) -> Step:
    return Step(
        service=_plain(seen.service),
        operation=_plain(seen.operation),
        runs={key: Reality(how) for key, how in seen.runs.items()},
        instruments=(Instrument.TRACES,),
    )


def _beside(row: Flow, seen: SeenFlow) -> Flow:
    """A flow of the inventory with what traces show: what a person said and traces cannot tell stays."""
    old = {_name(step.service, step.operation): step for step in row.every_step}
    new = {_name(step.service, step.operation): _step(step) for step in seen.steps}
    order = list(new)
    place = 0
    for name in old:
        if name in new:
            place = order.index(name) + 1
        else:
            order.insert(place, name)
            place += 1
    steps = [_both(old.get(name), new.get(name)) for name in order]
    services = tuple(dict.fromkeys([*row.services, *seen.services]))
    lines = tuple(write_step(step) for step in steps)
    if lines == tuple(write_step(step) for step in row.every_step):
        lines = row.steps
    mocked = () if lines != row.steps else row.mocked_steps
    return msgspec.structs.replace(row, steps=lines, mocked_steps=mocked, services=services)


def _both(old: Step | None, new: Step | None) -> Step:
    if old is None or new is None:
        both = new or old
        assert both is not None
        return both
    runs = dict(old.runs)
    for where, how in new.runs.items():
        if not (
            how is Reality.REAL and runs.get(where) is Reality.SANDBOXED
        ):  # a sandbox leaves the same spans
            runs[where] = how
    recorded = {*(old.instruments or ()), *(new.instruments or ())}
    return msgspec.structs.replace(
        old, runs=runs, instruments=tuple(each for each in Instrument if each in recorded)
    )


def _changes(row: Flow, flow: Flow) -> str:
    old = {_name(step.service, step.operation): step for step in row.every_step}
    fresh, other = [], []
    for step in flow.every_step:
        before = old.get(_name(step.service, step.operation))
        if before is None:
            fresh.append(step.operation)
        elif before != step:
            other.append(step.operation)
    said = []
    if fresh:
        said.append(f"new: {_listed(fresh)}")
    if other:
        said.append(f"otherwise: {_listed(other)}")
    more = [name for name in flow.services if name not in row.services]
    if more:
        said.append(f"{number_of(len(more), 'service')} more: {_listed(more)}")
    return "; ".join(said) or "in other words"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


# --- taking ---------------------------------------------------------------------------------------


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of proposals: keys of new flows and of changed ones, and how many said what was known."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    known: int = 0
    commit: Commit | None = None


def choose(found: Sequence[ProposedFlow], refs: Sequence[str]) -> list[ProposedFlow]:
    """The proposals of these keys, each once; ``all`` are all.  ``UsageError`` for a key that names none."""
    if EVERYTHING in refs:
        return list(found)
    by_key = {one.key: one for one in found}
    for ref in refs:
        if ref not in by_key:
            meant = nearest(ref, list(by_key))
            raise UsageError(
                f"the traces show no flow “{ref}”",
                hint=f"did you mean {meant}?"
                if meant
                else "workbench flow discover lists those that they show",
            )
    return [by_key[ref] for ref in dict.fromkeys(refs)]


def take(context: Context, chosen: Iterable[ProposedFlow]) -> Taken:
    """Put flows into the inventory, or what traces show of them, in one act; figures of their steps are answered again."""
    changes, added, changed, known = list[Change](), list[str](), list[str](), 0
    for one in chosen:
        if one.standing is Standing.KNOWN:
            known += 1
        elif one.standing is Standing.NEW:
            changes.append(flows.new_flow(context.record, one.flow, context.now, fresh_id(context)))
            added.append(one.key)
        else:
            stored, _ = flows.find(context.record, one.key)
            changes.append(flows.edited(stored, one.flow))
            changed.append(one.key)
    done = commit(context, changes) if changes else None
    for key in changed:
        keep_figures_out_of(context, "steps_real", "mocks_equivalent", flow=key)
    return Taken(added=tuple(added), changed=tuple(changed), known=known, commit=done)


def benchmarks_for(question: TracesQuestion, found: Sequence[ProposedFlow]) -> list[str]:
    """Benchmarks of these flows, as lines of YAML to paste: how long, how often failed, how complete, how long each step.

    They ask the first source of traces that was looked at; of files a source has to be written first.
    """
    key = question.sources[0] if question.sources else "traces"
    source = question.definitions.source(key)
    server = source is not None and bool(KINDS[source.kind].uses(source.config))
    lines = []
    if source is None:
        named = ", ".join(_quoted(file.as_posix()) for file in question.files)
        lines += [
            "sources:",
            f"  - {{key: {key}, kind: otlp, files: [{named}], stubs: {{stub: {_quoted('true')}}}}}",
        ]
    lines.append("benchmarks:")
    keys = {one.key for one in question.definitions.project.benchmarks if one.key}
    for one in found:
        begins, *steps = one.flow.every_step
        asked = f"source: {key}, begins: {_quoted(_line(begins))}{', window: 1h' if server else ''}"
        lines += _benchmark(one.key, "p95", "latency", f"{asked}, unit: s", keys)
        lines += _benchmark(
            one.key, "errors", "error_rate", f"{asked}, read: error_rate, unit: {_quoted('%')}", keys
        )
        if steps:
            named = ", ".join(_quoted(_line(step)) for step in steps)
            told = f"{asked}, read: complete, steps: [{named}], unit: {_quoted('%')}"
            lines += _benchmark(one.key, "complete", "complete_scenarios", told, keys)
        for step in steps:
            told = f"{asked}, step: {_quoted(_line(step))}, unit: s"
            lines += _benchmark(
                one.key, f"{step.operation} p95", "step_latency", told, keys, step=_line(step)
            )
    return lines


def _benchmark(flow: str, what: str, kind: str, measure: str, keys: set[str], *, step: str = "") -> list[str]:
    key = new_key(f"{flow} {what}"[:60], keys)  # a key has 64 characters at most
    keys.add(key)
    named = [f"    step: {_quoted(step)}"] if step else []
    return [
        f"  - key: {key}",
        f"    kind: {kind}",
        f"    flow: {flow}",
        *named,
        f"    measure: {{{measure}}}",
    ]


def _line(step: Step) -> str:
    return f"{step.service}: {step.operation}" if step.service else step.operation


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
