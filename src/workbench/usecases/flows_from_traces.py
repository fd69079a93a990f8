"""FI-4: flows that traces show, proposed for the inventory and taken one by one; nothing enters it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from workbench.flows import model as flows
from workbench.flows.model import Flow, FlowKind, Measuring, TriggerKind
from workbench.flows.steps import Instrument, Reality, Step, write_step
from workbench.model.errors import UsageError
from workbench.model.keys import nearest, new_key
from workbench.model.tables import match_name
from workbench.model.text import number_of, some_of
from workbench.record import Change, Commit, Stored
from workbench.sources.traces.flows import SeenFlow, SeenStep
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.fetching import keep_figures_out_of
from workbench.usecases.looking_at_traces import Looked

EVERYTHING = "all"
_SHOWN = 5  # steps in a sentence
_LONGEST_KEY = 50


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
        said.append(f"new: {some_of(fresh, _SHOWN)}")
    if other:
        said.append(f"changed: {some_of(other, _SHOWN)}")
    more = [name for name in flow.services if name not in row.services]
    if more:
        said.append(f"{number_of(len(more), 'service')} more: {some_of(more, _SHOWN)}")
    return "; ".join(said) or "changed in details"


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
