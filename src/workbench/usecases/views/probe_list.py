"""The probes of a project: how each stands, whether it is proven, and how its runs went over time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from workbench.definitions.shapes import Probe
from workbench.gates.model import State, Weight
from workbench.model.text import number_of
from workbench.model.times import from_text, parse_duration, relative_text
from workbench.probes.runs import Trust, latest_proofs, trust_in
from workbench.usecases.context import Context
from workbench.usecases.probing import compared
from workbench.usecases.views.marks import Mark, Phrase
from workbench.usecases.views.parity import Standing, standing
from workbench.usecases.views.pattern import Beat, row_of_marks, trend
from workbench.usecases.views.probe_map import Tally, read_on_map, tally_of

if TYPE_CHECKING:  # judging costs 28 ms before it begins
    from workbench.usecases.evaluate import Evaluation

BLOCKING = 10  # what blocks comes before all else
READ = 60  # runs of a probe that its pattern is made of
_PROBE = "probe/"  # begins what a part of a gate is about


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The last run of a probe, as far as a list shows it; its changes are not even decoded."""

    state: str
    at: datetime
    environment: str
    against: str
    region: str = ""
    why: str = ""
    compared: int = 0
    differing: int = 0
    noise: tuple[str, ...] = ()


class Said(NamedTuple):
    """A sign and what it says; ``place`` sorts, what a person has to do something about first."""

    mark: Mark
    text: str
    place: int


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A probe in the list."""

    key: str
    title: str
    kind: str
    where: str
    said: Said
    proof: Said
    beats: tuple[Beat, ...]
    trend: str
    at: datetime | None
    ran: str
    state: str
    tally: Tally

    @property
    def pattern(self) -> str:
        """The latest runs as marks."""
        return row_of_marks(self.beats)


class Probes(msgspec.Struct, frozen=True, kw_only=True):
    """Every probe of the project, what needs a person first."""

    now: datetime
    lines: tuple[Line, ...]

    def line(self, key: str) -> Line | None:
        """The line of one probe."""
        return next((line for line in self.lines if line.key == key), None)


# --- reading -----------------------------------------------------------------------------


def blocking(found: Evaluation | None) -> frozenset[str]:
    """The probes that block the release in hand."""
    parts = [part for gate in found.gates for part in gate.parts] if found else []
    return frozenset(
        part.about.removeprefix(_PROBE)
        for part in parts
        if part.about.startswith(_PROBE) and part.state is State.NOT_MET and part.weight is Weight.BLOCKS
    )


class Bearing(msgspec.Struct, frozen=True):
    """What the release in hand makes of probes and differences: which probes block it, and how differences stand."""

    blocks: frozenset[str] = frozenset()
    differences: Standing = Standing()


def bearing(found: Evaluation | None) -> Bearing:
    """The same of an evaluation."""
    return Bearing(blocking(found), standing(found))


def read_probes(context: Context, how: Bearing) -> Probes:
    """All probes of the project, as the release in hand bears on them."""
    found = read_on_map(context, how.differences, counted=True)
    proofs = latest_proofs(context.record)
    lines = [
        read_line(
            context,
            probe,
            trust_in(context.record, probe, proofs),
            tally_of(found.get(probe.key, ())),
            probe.key in how.blocks,
        )
        for probe in context.definitions.project.probes
    ]
    lines.sort(key=lambda line: (line.said.place, line.proof.place, line.title.casefold(), line.key))
    return Probes(now=context.now, lines=tuple(lines))


_last_of = msgspec.json.Decoder(Last).decode


def read_line(context: Context, probe: Probe, trust: Trust, tally: Tally, blocks: bool) -> Line:
    """One probe as the list shows it."""
    now, zone = context.now, context.zone
    last, beats = read_last(context, probe.key), read_beats(context, probe.key)
    proof = proof_said(trust)
    return Line(
        key=probe.key,
        title=probe.title or probe.key,
        kind=probe.kind,
        where=where(context, probe),
        said=said(last, tally, proof.mark is Mark.DONE, overdue(last, probe, now), blocks),
        proof=proof,
        beats=tuple(beats),
        trend=trend(beats, now, zone),
        at=last.at if last else None,
        ran=relative_text(last.at, now) if last else "never",
        state=last.state if last else "",
        tally=tally,
    )


def read_beats(context: Context, probe: str) -> list[Beat]:
    """The latest runs of a probe, in order of time."""
    rows = context.record.query(
        f"SELECT state, at FROM e_probe_run WHERE probe = ? ORDER BY id DESC LIMIT {READ}", (probe,)
    )
    return [Beat(state, from_text(at)) for state, at in reversed(rows)]


def read_last(context: Context, probe: str) -> Last | None:
    """The last run of a probe; ``None`` where it never ran."""
    rows = context.record.query(
        "SELECT value FROM e_probe_run WHERE probe = ? ORDER BY id DESC LIMIT 1", (probe,)
    )
    return _last_of(rows[0][0]) if rows else None


def where(context: Context, probe: Probe) -> str:
    """Which environment a probe looks at, and where: ``staging · eu-west``."""
    environment, _ = compared(context, probe)
    return " · ".join(filter(None, (environment.key, probe.region)))


# --- in words ----------------------------------------------------------------------------


def overdue(last: Last | None, probe: Probe, now: datetime) -> bool:
    """Whether its last run is older than the probe says that it may be."""
    return last is not None and bool(probe.every) and now - last.at > parse_duration(probe.every or "")


def said(last: Last | None, tally: Tally, proven: bool, late: bool, blocks: bool) -> Said:
    """How a probe stands.  It passes only where it was run in time, is proven, and found nothing."""
    found = _said(last, tally, proven, late)
    return Said(Mark.BLOCKS, found.text, found.place - BLOCKING) if blocks else found


def _said(last: Last | None, tally: Tally, proven: bool, late: bool) -> Said:
    if last is None:
        return Said(Mark.OPEN, "never run", 3)
    if last.state == "error":
        return Said(Mark.WARNS, f"could not look: {last.why}", 2)
    if last.state == "fail":
        return _failed(last, tally)
    return Said(Mark.OPEN, "passed, but too long ago", 3) if late else _passed(tally, proven)


def _failed(last: Last, tally: Tally) -> Said:
    count = last.differing
    if count and tally == Tally(new=count):
        return Said(Mark.WARNS, f"{count:,} new {'difference' if count == 1 else 'differences'}", 1)
    parts = ((tally.new, "new"), (tally.wider, "wider"), (tally.undecided, "undecided"), (tally.gone, "gone"))
    open = [f"{number:,} {word}" for number, word in parts if number]
    mark, place = (Mark.WARNS, 1) if open else (Mark.EXCEPTED, 5)
    return Said(mark, ", ".join([number_of(count, "difference"), *(open or ["decided"])]), place)


def _passed(tally: Tally, proven: bool) -> Said:
    if tally.gone:
        return Said(Mark.OPEN, f"passes: {number_of(tally.gone, 'row')} to close", 4)
    return Said(Mark.DONE, "passes", 7) if proven else Said(Mark.LEARNING, "passes, unproven", 6)


def proof_said(trust: Trust) -> Said:
    """Whether a probe is known to find what it is there to find, in a word or two."""
    proof = trust.proof
    if proof is None:
        return Said(Mark.DONE, "proven", 2) if trust.proven else Said(Mark.WARNS, "unproven", 1)
    if not proof.planted:
        return Said(Mark.WARNS, "unproven", 1)
    found = f"{proof.found} of {len(proof.planted)}"
    return Said(Mark.DONE, found, 2) if trust.proven else Said(Mark.WARNS, found, 0)


def summary(found: Probes) -> list[Phrase]:
    """How the probes stand, in one line."""
    lines = found.lines
    if not lines:
        return [Phrase("No probes")]
    states = [line.state for line in lines]
    proposals = sum(line.tally.proposals for line in lines)
    unproven = sum(line.proof.mark is not Mark.DONE for line in lines)
    parts = (
        _counted(states.count("fail"), "fail" if states.count("fail") != 1 else "fails", Mark.WARNS),
        _counted(states.count("error"), "could not look", Mark.WARNS),
        _counted(unproven, "unproven", Mark.WARNS),
        _counted(proposals, "proposal" if proposals == 1 else "proposals", Mark.OPEN),
        _counted(states.count(""), "never run", None),
        _counted(states.count("pass"), "pass" if states.count("pass") != 1 else "passes", None),
    )
    return [Phrase(number_of(len(lines), "probe")), *(part for part in parts if part is not None)]


def _counted(count: int, words: str, mark: Mark | None) -> Phrase | None:
    if not count:
        return None
    return Phrase(f"{mark.symbol} {count:,} {words}" if mark else f"{count:,} {words}", mark)
