"""One probe: what its last run found, what the map says of each difference, and what proves it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from glob import escape

import msgspec

from workbench.definitions.shapes import Mark as Place
from workbench.model.text import number_of
from workbench.model.times import duration_text, parse_duration, relative_text
from workbench.probes.runs import ProbeRun, Seen, Trust, runs_of, trust_in
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.probe_list import READ, Bearing, Line, read_line
from workbench.usecases.views.probe_map import (
    ADD,
    CLOSE,
    INTENDED,
    KNOWN,
    WIDENED,
    OnMap,
    read_on_map,
    tally_of,
)
from workbench.usecases.views.probes import proof_words

NOISE = "noise"
# What a person has to look at comes first.
_PLACES = (ADD, WIDENED, KNOWN, CLOSE, INTENDED, NOISE)


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A difference as the page of its probe lists it: both values, and what the map says of it.

    ``kind`` is what is proposed (``add``, ``widened``, ``close``), or ``known``, ``intended``, ``noise``;
    ``row`` is the difference of the map that it belongs to.
    """

    path: str
    title: str
    staging: str
    production: str
    kind: str
    said: str
    mark: Mark
    row: str | None = None

    @property
    def proposed(self) -> bool:
        """Whether there is something to take into the map."""
        return self.kind in (ADD, WIDENED, CLOSE)


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

    def change(self, path: str | None) -> ChangeLine | None:
        """The difference at a path."""
        return next((change for change in self.changes if change.path == path), None)


def read_page(context: Context, key: str, how: Bearing) -> ProbePage | None:
    """A probe in full; ``None`` where the project has none of that key any more."""
    probe = context.definitions.probe(key)
    if probe is None:
        return None
    trust = trust_in(context.record, probe)
    runs = runs_of(context.record, key, 1)
    run = runs[0][1] if runs else None
    found, said = read_on_map(context, run, how.differences) if run else ((), {})
    changes = _changes(run, found, said) if run else ()
    names = flow_names(context)
    return ProbePage(
        now=context.now,
        line=read_line(context, probe, trust, tally_of(said.values(), context.now), key in how.blocks),
        trust=trust,
        run=run,
        changes=changes,
        flows=tuple(names.get(flow, flow) for flow in probe.flows),
        about=probe.about or "",
        every=probe.every or "",
        place=context.definitions.mark("probe", key),
    )


def _changes(run: ProbeRun, found: Sequence[Seen], said: Mapping[str, OnMap]) -> tuple[ChangeLine, ...]:
    """What a run found, what a person has to look at first; what has gone, and noise, come last."""
    lines = [_change(seen, said[seen.path]) for seen in found]
    here = {seen.path for seen in found}
    lines += [_gone(path, one) for path, one in said.items() if path not in here]
    lines += [_noise(path) for path in run.noise]
    return tuple(sorted(lines, key=lambda line: (_PLACES.index(line.kind), line.path)))


def _change(seen: Seen, on_map: OnMap) -> ChangeLine:
    staging, production = values(seen)
    return ChangeLine(
        path=seen.path,
        title=seen.title or seen.path,
        staging=staging,
        production=production,
        kind=on_map.kind,
        said=on_map.said,
        mark=on_map.mark,
        row=on_map.row.id if on_map.row else None,
    )


def _gone(path: str, on_map: OnMap) -> ChangeLine:
    """A row of the map whose difference was not found any more."""
    title = on_map.value.title if on_map.value else path
    return ChangeLine(
        path=path,
        title=title,
        staging="",
        production="the same now",
        kind=on_map.kind,
        said=on_map.said,
        mark=on_map.mark,
        row=on_map.row.id if on_map.row else None,
    )


def _noise(path: str) -> ChangeLine:
    return ChangeLine(
        path=path,
        title=path,
        staging="",
        production="two answers differ",
        kind=NOISE,
        said="noise, left out",
        mark=Mark.NOT_APPLICABLE,
    )


def values(seen: Seen) -> tuple[str, str]:
    """Both values as they are shown; of a secret only whether it is there."""
    both = seen.staging is not None and seen.production is not None

    def side(text: str | None) -> str:
        if text is None:
            return "not there"
        if not seen.secret:
            return text
        return "secret, differs" if both else "secret"

    return side(seen.staging), side(seen.production)


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
    pattern = f"{line.pattern}  " if line.beats else ""
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


def since_words(context: Context, probe: str, path: str) -> str:
    """Since which run a difference has been found, as far as the last runs tell."""
    found: ProbeRun | None = None
    count = 0
    for _, run in runs_of(context.record, probe, READ):
        if run.state == "error":
            continue
        if path not in {seen.path for seen in run.changes}:
            break
        found, count = run, count + 1
    if found is None:
        return ""
    return f"{relative_text(found.at, context.now)}, {number_of(count, 'run')} in a row"


def ignore_rule(paths: Sequence[str]) -> str:
    """The YAML that makes a probe pass over these paths, to paste below its other fields."""
    lines = [f"  - {json.dumps(escape(path), ensure_ascii=False)}" for path in paths]
    return "\n".join(["ignore:", *lines])
