"""Differences that probes found, in a list: both values, what the map says of each, and what is proposed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from glob import escape

import msgspec

from workbench.parity.proposals import Proposal, ProposalKind
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.parity import Standing, seen_words
from workbench.usecases.views.probe_map import OnMap, read_on_map
from workbench.usecases.watching import read_watch

NOISE = "noise"
# What a person has to look at comes first.
_PLACES = (*(kind.value for kind in ProposalKind if kind is not ProposalKind.INTENDED), "intended", NOISE)


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A difference as it is listed: both values, and shortly what the map says of it.

    ``kind`` is what is proposed, or ``noise``; ``row`` is the difference of the map that it belongs
    to, ``decided`` whether nobody has to look at it.
    """

    probe: str
    path: str
    title: str
    staging: str
    production: str
    kind: str
    said: str
    words: str
    mark: Mark
    row: str | None = None
    proposal: Proposal | None = None

    @property
    def key(self) -> str:
        """What tells it from the others of a list."""
        return f"{self.probe}:{self.path}"

    @property
    def proposed(self) -> bool:
        """Whether there is something to take into the map."""
        return self.proposal is not None and self.proposal.open


def change_line(on_map: OnMap) -> ChangeLine:
    """A difference that was found; or a row whose difference was found no more."""
    proposal = on_map.proposal
    gone = proposal.kind is ProposalKind.CLOSE
    return ChangeLine(
        probe=proposal.probe,
        path=proposal.path,
        title=proposal.title,
        staging="" if gone else proposal.staging,
        production="the same now" if gone else proposal.production,
        kind=proposal.kind.value,
        said=on_map.said,
        words=proposal.words if proposal.open else on_map.said,
        mark=on_map.mark,
        row=proposal.difference or None,
        proposal=proposal,
    )


def noise_line(probe: str, path: str) -> ChangeLine:
    """A path on which two answers of production differed."""
    return ChangeLine(
        probe=probe,
        path=path,
        title=path,
        staging="",
        production="two answers differ",
        kind=NOISE,
        said="noise, left out",
        words="production gave two different answers here, so it is left out",
        mark=Mark.NOT_APPLICABLE,
    )


def in_order(lines: Iterable[ChangeLine]) -> tuple[ChangeLine, ...]:
    """What a person has to look at first, each kind by path."""
    return tuple(sorted(lines, key=lambda line: (_PLACES.index(line.kind), line.path)))


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe proposes for the map."""

    probe: str
    title: str
    changes: tuple[ChangeLine, ...]


def read_proposed(context: Context, stand: Standing, besides: Collection[str] = ()) -> list[Proposed]:
    """What the probes propose for the map, in the order of the files; those that propose nothing are left out.

    ``besides`` are keys of what was taken in already, and is listed all the same.
    """
    found = read_on_map(context, stand)
    each = (
        Proposed(
            probe=probe.key,
            title=probe.title or probe.key,
            changes=in_order(
                change_line(one)
                for one in found.get(probe.key, ())
                if one.proposal.open or one.proposal.key in besides
            ),
        )
        for probe in context.definitions.project.probes
    )
    return [one for one in each if one.changes]


# --- one difference ------------------------------------------------------------------------


def change_facts(line: ChangeLine) -> list[Fact]:
    """Both values whole, and what the map says."""
    sides = [Fact("Staging", line.staging)] if line.staging else []
    return [*sides, Fact("Production", line.production), Fact("On the map", line.words, line.mark)]


def next_words(line: ChangeLine) -> str:
    """Which keys come next; nothing where nobody has to do anything."""
    if line.kind == ProposalKind.ADD:
        return "a to add it to the map, then d to decide on it; i if it is noise"
    if line.kind == ProposalKind.CLOSE:
        return "a to remove its row from the map"
    if line.kind == ProposalKind.WIDENED:
        return "d to decide again"
    return "d to decide on it" if line.kind == ProposalKind.KNOWN and line.mark is not Mark.DONE else ""


def read_seen(context: Context, probe: str, path: str) -> str:
    """What the last runs of the probe saw of it: a row of marks, and what it says."""
    return seen_words(read_watch(context, probe, path), context.now, context.zone)


def ignore_rule(paths: Sequence[str]) -> str:
    """The YAML that makes a probe pass over these paths, to paste below its other fields."""
    lines = [f"  - {json.dumps(escape(path), ensure_ascii=False)}" for path in paths]
    return "\n".join(["ignore:", *lines])
