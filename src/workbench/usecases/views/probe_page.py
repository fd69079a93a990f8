"""One probe: what its last run found, what the map says of each difference, and what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.definitions.shapes import Mark as Place
from workbench.model.text import number_of
from workbench.model.times import duration_text, parse_duration, relative_text
from workbench.probes.runs import ProbeRun, Trust, runs_of, trust_in
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.probe_changes import ChangeLine, change_line, in_order, noise_line
from workbench.usecases.views.probe_list import Bearing, Line, read_line
from workbench.usecases.views.probe_map import OnMap, read_on_map, tally_of
from workbench.usecases.views.probes import proof_words


class ProbePage(msgspec.Struct, frozen=True, kw_only=True):
    """A probe in full; ``run`` is its last one, ``place`` where it is defined."""

    now: datetime
    line: Line
    trust: Trust
    run: ProbeRun | None
    changes: tuple[ChangeLine, ...]
    flows: tuple[str, ...]
    about: str
    every: str
    place: Place | None


def read_page(context: Context, key: str, how: Bearing) -> ProbePage | None:
    """A probe in full; ``None`` where the project has none of that key any more."""
    probe = context.definitions.probe(key)
    if probe is None:
        return None
    trust = trust_in(context.record, probe)
    runs = runs_of(context.record, key, 1)
    run = runs[0][1] if runs else None
    said = read_on_map(context, how.differences, key).get(key, []) if run else []
    changes = _changes(run, said) if run else ()
    names = flow_names(context)
    return ProbePage(
        now=context.now,
        line=read_line(context, probe, trust, tally_of(said), key in how.blocks),
        trust=trust,
        run=run,
        changes=changes,
        flows=tuple(names.get(flow, flow) for flow in probe.flows),
        about=probe.about or "",
        every=probe.every or "",
        place=context.definitions.mark("probe", key),
    )


def _changes(run: ProbeRun, said: Sequence[OnMap]) -> tuple[ChangeLine, ...]:
    """What a run found, what a person has to look at first; what has gone, and noise, come last."""
    return in_order([*map(change_line, said), *(noise_line(run.probe, path) for path in run.noise)])


# --- in words ----------------------------------------------------------------------------


def about(page: ProbePage) -> str:
    """What kind of probe it is, and where it looks."""
    return f"{page.line.kind.replace('_', ' ')} · {page.line.where}"


def facts(page: ProbePage) -> list[Fact]:
    """How a probe stands: what its last run found, how its runs went, and what proves it."""
    line, run = page.line, page.run
    found = [Fact("State", line.said.text, line.said.mark)]
    if run is not None:
        found.append(Fact("Last run", compared_words(run, page.now)))
    pattern = f"{line.pattern} " if line.beats else ""
    found.append(Fact("Runs", pattern + line.trend))
    found.append(Fact("Proof", proven_words(page), line.proof.mark))
    return found


def nothing_words(page: ProbePage) -> str:
    """What is said where the list of differences is empty."""
    run = page.run
    if run is None:
        return "It never ran. p to run it."
    if run.state == "error":
        return "It could not look. p to try again."
    return f"Nothing differs: {run.environment} is as {run.against} here."


def more_facts(page: ProbePage) -> list[Fact]:
    """What else is known of it."""
    run, flows = page.run, ", ".join(page.flows)
    more = [
        ("In doubt" if run is not None and run.changes else "Watches", flows),
        ("Builds", _builds(run) if run else ""),
        ("Answered", _servers(run) if run else ""),
        ("Remarks", _remarks(run) if run else ""),
        ("Run every", duration_text(parse_duration(page.every)) if page.every else ""),
        ("About", page.about),
    ]
    found = [Fact(label, text) for label, text in more if text]
    return [*found, Fact("Defined", str(page.place or ""), aside=True)]


def compared_words(run: ProbeRun, now: datetime) -> str:
    """When it looked, at what, and how many things it compared; nothing where it could not look."""
    when = f"{relative_text(run.at, now)}, {run.environment} against {run.against}"
    if run.state == "error":
        return when
    beside = [f"{number_of(len(run.noise), 'path')} noise"] if run.noise else []
    beside += [f"{run.ignored:,} ignored"] if run.ignored else []
    return ", ".join([f"{when}: {run.compared:,} compared", f"{run.differing:,} differ", *beside])


def proven_words(page: ProbePage) -> str:
    """Whether the probe is known to be able to fail, how that is known, and since when."""
    words = proof_words(page.trust)
    proof = page.trust.proof
    return f"{words}, {relative_text(proof.at, page.now)}" if proof and proof.planted else words


def missed(page: ProbePage) -> list[str]:
    """The planted differences that it did not find."""
    proof = page.trust.proof
    return [one.title for one in proof.planted if not one.found] if proof else []


def _builds(run: ProbeRun) -> str:
    sides = ((run.staging.build, run.environment), (run.production.build, run.against))
    return ", ".join(f"{build[:12]} in {where}" for build, where in sides if build)


def _servers(run: ProbeRun) -> str:
    return ", ".join(dict.fromkeys(filter(None, (run.staging.server, run.production.server))))


def _remarks(run: ProbeRun) -> str:
    return "; ".join([*run.notes, *([run.mark] if run.mark else [])])
