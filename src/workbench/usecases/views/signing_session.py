"""The signing session: what stands between a gate and its signatures, and what whoever signs should know.

The same on screen, in the terminal and with ``--plain``.  Each part has a summary in one line, so that all of it fits a
small window, and says more when it is unfolded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.gates.model import Part
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.model.times import moment_text, relative_text
from workbench.model.width import wrap
from workbench.parity.decisions import Decision
from workbench.signoff.conclude import Concluded
from workbench.usecases import signing
from workbench.usecases.answer_times import AnswerTimes, read_answer_times
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.looks import Look, changes_since, last_look
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.making import (
    judgement_of_lines,
    overrides,
    probes,
    quarantines,
)
from workbench.usecases.signing_sheet import (
    cannot_tell,
    open_until,
    overridden_parts,
    seen,
    statement_lines,
    uncovered,
)
from workbench.usecases.views.gates import gate_mark, gate_words
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.next_step import Next, NextSteps, open_of
from workbench.usecases.views.readiness import GateStep, step
from workbench.usecases.views.signers import ALL_IN, seat_facts, seat_line, seats

_NAMED = 3  # so many things are named in a summary
_BESIDE = 17  # cells of the labels in a terminal


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the sheet: its title, all of it in one line, and what it says unfolded.

    ``first`` orders what is unfolded first where there is room for some: 1 before 2.
    """

    key: str
    title: str
    summary: str
    facts: tuple[Fact, ...] = ()
    mark: Mark | None = None
    first: int = 5


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What lies before somebody who signs a gate.

    ``into`` is the environment that the gate leads into, "" for the release as a whole.  ``blocker`` is the line to
    clear next before anybody can approve, with what comes ``next`` for it; ``None`` where nothing is in the way.
    """

    gate: str
    gate_title: str
    into: str
    steps: tuple[GateStep, ...]
    folds: tuple[Fold, ...]
    blocker: Part | None
    next: Next | None
    meaning: str

    def fold(self, key: str) -> Fold:
        """The part of that name."""
        return next(fold for fold in self.folds if fold.key == key)


def read_session(context: Context, evaluation: Evaluation, concluded: Concluded, person: str) -> Session:
    """The session of one gate for one person; what they saw the last time comes from outside the record."""
    look = last_look(context, evaluation, concluded.key)
    return session_of(evaluation, concluded, person, context.zone, look, read_answer_times(context))


def session_of(
    evaluation: Evaluation,
    concluded: Concluded,
    person: str,
    zone: tzinfo,
    look: Look | None = None,
    times: AnswerTimes | None = None,
) -> Session:
    """The same from what was read."""
    found = judgement_of_lines(evaluation)
    blocker, next_ = _blocker(found, concluded, person)
    folds = (
        _gates(evaluation, found, concluded),
        _blocks(concluded, blocker, next_),
        _since(evaluation, concluded, person, look, zone),
        _seen(evaluation, concluded),
        _exceptions(evaluation, concluded, zone),
        _probes(evaluation),
        _unknown(evaluation, concluded, zone),
        _still(evaluation, concluded, person, times),
        _terms(evaluation, concluded, zone),
    )
    return Session(
        gate=concluded.key,
        gate_title=concluded.gate.title,
        into=_into(evaluation, concluded.gate.into),
        steps=tuple(step(gate) for gate in found.gates),
        folds=folds,
        blocker=blocker,
        next=next_,
        meaning=signing.policy_of(concluded).meaning,
    )


# --- the parts of the sheet ----------------------------------------------------------------------------


def _into(evaluation: Evaluation, key: str | None) -> str:
    place = evaluation.facts.definitions.environment(key) if key else None
    return (place.title or place.key) if place else key or ""


def _gates(evaluation: Evaluation, found: Judgement, concluded: Concluded) -> Fold:
    facts, passed = [], 0
    for gate, own in zip(found.gates, evaluation.gates, strict=True):
        into = _into(evaluation, own.gate.into)
        here = " (this one)" if own is concluded else ""
        words = f"{gate.title}{here}{f', into {into}' if into else ''}: {gate_words(gate)}"
        facts.append(Fact("", words, gate_mark(gate)))
        passed += own.through
    into = _into(evaluation, concluded.gate.into)
    summary = f"{passed} of {len(found.gates)} passed{f'; this one leads into {into}' if into else ''}"
    return Fold(key="gates", title="Gates", summary=summary, facts=tuple(facts), first=8)


def _blocker(found: Judgement, concluded: Concluded, person: str) -> tuple[Part | None, Next | None]:
    """The line to clear next before this gate can be approved, and what comes next for it."""
    if not concluded.unmet:
        return None, None
    keys = [gate.key for gate in found.gates]
    gates = found.gates[: keys.index(concluded.key) + 1]
    waits = [part for part in open_of(gates) if not part.key.startswith("sign/") and not part.folded]
    if not waits:
        return None, None
    steps = NextSteps(found, person)
    best = min(waits, key=steps.rank)
    return best, steps.of(best)


def _blocks(concluded: Concluded, blocker: Part | None, next_: Next | None) -> Fold:
    title = "Next blocker"
    if blocker is None or next_ is None:
        words = "none: only signatures are missing" if concluded.ready else concluded.unmet[0].why
        mark = Mark.DONE if concluded.ready else Mark.BLOCKS
        return Fold(key="blocker", title=title, summary=words, mark=mark, first=9)
    facts = [Fact("", f"{blocker.title}: {blocker.why}", Mark.BLOCKS), Fact("", next_.words, aside=True)]
    facts += [Fact("", f"{item.title}: {item.why}", Mark.BLOCKS) for item in concluded.unmet[1:4]]
    summary = f"{blocker.title}: {blocker.why}"
    return Fold(key="blocker", title=title, summary=summary, facts=tuple(facts), mark=Mark.BLOCKS, first=2)


def _since(
    evaluation: Evaluation, concluded: Concluded, person: str, look: Look | None, zone: tzinfo
) -> Fold:
    """What changed since this person last signed this gate, or last looked, whichever was later."""
    mine = [view for view in concluded.signoffs if view.signoff.person == person]
    signed = mine[-1].signoff.at if mine else None
    if look is not None and (signed is None or look.at >= signed):
        title, when, changes = "Since you looked", look.at, changes_since(evaluation, concluded, look)
    elif signed is not None:
        title, when, changes = "Since you signed", signed, [change.words for change in mine[-1].changes]
    else:
        return Fold(
            key="since", title="Since you looked", summary="you have not seen this sheet before", first=9
        )
    if not changes:
        words = f"nothing changed since {moment_text(when, zone)}"
        return Fold(key="since", title=title, summary=words, mark=Mark.DONE, first=9)
    summary = _first_of(
        changes, f" (since {relative_text(when, evaluation.now)})" if len(changes) == 1 else ""
    )
    facts = tuple(Fact("", text, Mark.WARNS) for text in changes)
    return Fold(key="since", title=title, summary=summary, facts=facts, mark=Mark.WARNS, first=1)


def _first_of(texts: Sequence[str], end: str = "") -> str:
    more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
    return f"{texts[0]}{more}{end}"


def _seen(evaluation: Evaluation, concluded: Concluded) -> Fold:
    found = seen(evaluation, concluded)
    facts = tuple(Fact("", text) for text in found)
    return Fold(key="seen", title="You see", summary="; ".join(found[:2]) or "nothing", facts=facts, first=3)


def _exceptions(evaluation: Evaluation, concluded: Concluded, zone: tzinfo) -> Fold:
    """What is let past, each up to where and until when."""
    here = {part.key for part in overridden_parts(evaluation, concluded)}
    facts, ends = [], []
    for one in overrides(evaluation):
        if one.part in here:
            bound = one.bound.words if one.bound is not None else "however it stands"
            words = f"{one.title}: overridden {bound}, until {end_text(one.until, zone)}: {one.reason}"
            facts.append(Fact("", words, Mark.EXCEPTED))
            ends.append(one.until)
            facts += [Fact("", f"  {one.standing}", Mark.WARNS)] if one.standing else []
    known = {one.part for one in overrides(evaluation)}
    rest = [part for part in overridden_parts(evaluation, concluded) if part.key not in known]
    facts += [Fact("", f"{part.title}: {part.why}", Mark.EXCEPTED) for part in rest]
    for item in quarantines(evaluation):
        words = f"{item.title}: quarantined until {end_text(item.until, zone)}: {item.reason}"
        facts.append(Fact("", words, Mark.EXCEPTED))
        ends.append(item.until)
    accepted = list(_accepted(evaluation, zone))
    facts += [fact for fact, _ in accepted]
    ends += [until for _, until in accepted if until is not None]
    counted = [
        (len(known & here) + len(rest), "overridden"),
        (len(quarantines(evaluation)), "quarantined"),
        (len(accepted), "accepted or mitigated"),
    ]
    words = ", ".join(f"{number} {what}" for number, what in counted if number) or "none"
    words += f"; the first ends {end_text(min(ends), zone)}" if ends else ""
    mark = Mark.EXCEPTED if facts else None
    return Fold(
        key="exceptions",
        title="Exceptions",
        summary=words,
        facts=tuple(facts),
        mark=mark,
        first=4 if facts else 9,
    )


def _accepted(evaluation: Evaluation, zone: tzinfo) -> Iterator[tuple[Fact, datetime | None]]:
    for _, value in evaluation.differences:
        if value.decision not in (Decision.ACCEPT, Decision.MITIGATE, Decision.IRRELEVANT):
            continue
        up_to = f" up to {value.up_to}" if value.up_to else ""
        until = f", until {end_text(value.until, zone)}" if value.until else ", without an end"
        words = f"{value.title}: {_DECIDED[value.decision]}{up_to}{until}"
        yield Fact("", words, Mark.EXCEPTED), value.until


_DECIDED = {
    Decision.ACCEPT: "accepted",
    Decision.MITIGATE: "mitigated",
    Decision.IRRELEVANT: "called irrelevant",
}


def _probes(evaluation: Evaluation) -> Fold:
    """How much each probe was seen to find, and those of which nobody knows that they can fail."""
    found = probes(evaluation)
    unproven = [each for each in found if not each.proven]
    if not found:
        return Fold(key="probes", title="Probes", summary="none", first=9)
    count = number_of(len(found), "probe")
    words = f"{count}: all proven"
    if unproven:
        names = [each.title for each in unproven]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        words = f"{count}: {len(names)} unproven, never seen to fail: {', '.join(names[:_NAMED])}{more}"
    ordered = sorted(found, key=lambda each: each.proven)
    mark = Mark.WARNS if unproven else None
    facts = [Fact("", words, mark)]
    facts += [
        Fact("", f"  {each.title}: {each.words}", Mark.DONE if each.proven else Mark.WARNS)
        for each in ordered
    ]
    return Fold(key="probes", title="Probes", summary=words, facts=tuple(facts), mark=mark, first=7)


def _unknown(evaluation: Evaluation, concluded: Concluded, zone: tzinfo) -> Fold:
    """What staging cannot tell: what is in doubt, what is not covered, and what the parity statement says."""
    doubts = cannot_tell(evaluation, concluded, zone)
    gaps = uncovered(evaluation)
    said = statement_lines(evaluation)
    facts = [
        *(Fact("In doubt", text, Mark.WARNS) for text in doubts),
        *(Fact("Not covered", text, Mark.WARNS) for text in gaps),
        *(Fact("Statement", text) for text in said),
    ]
    counted = [
        f"{number_of(len(doubts), 'doubt')} about benchmarks" if doubts else "",
        f"{number_of(len(gaps), 'gap')} in coverage" if gaps else "",
    ]
    words = ", ".join(filter(None, counted)) or "nothing known"
    return Fold(
        key="unknown",
        title="Cannot tell",
        summary=f"{words}{f'; {said[0]}' if said else ''}",
        facts=tuple(facts),
        mark=Mark.WARNS if doubts or gaps else None,
        first=5 if facts else 9,
    )


def _still(evaluation: Evaluation, concluded: Concluded, person: str, times: AnswerTimes | None) -> Fold:
    found = seats(evaluation, concluded)
    if not found:
        return Fold(key="still", title="Still to sign", summary=ALL_IN, mark=Mark.DONE, first=9)
    facts = tuple(fact for seat in found for fact in seat_facts(seat, person))
    missing = [role.role for role in concluded.roles if role.missing]
    typical = [times.roles[role].words for role in missing if times and role in times.roles]
    facts += tuple(Fact("Until now", words) for words in typical)
    blocks = any(fact.mark is Mark.BLOCKS for fact in facts)
    summary = ", ".join(seat_line(seat, person) for seat in found)
    mark = Mark.BLOCKS if blocks else None
    return Fold(
        key="still", title="Still to sign", summary=summary, facts=facts, mark=mark, first=2 if blocks else 6
    )


def _terms(evaluation: Evaluation, concluded: Concluded, zone: tzinfo) -> Fold:
    until = moment_text(open_until(evaluation, concluded), zone)
    meaning = signing.policy_of(concluded).meaning
    facts = (Fact("Open until", until), Fact("Meaning", meaning))
    return Fold(key="terms", title="Meaning", summary=meaning, facts=facts, first=6)


# --- in lines ------------------------------------------------------------------------------------------


class Line(msgspec.Struct, frozen=True):
    """A label and what there is to say."""

    label: str
    text: str
    mark: Mark | None = None


def lines_of(session: Session) -> list[Line]:
    """All of it unfolded, for a terminal: a label stands once, and the lines below it go without."""
    found: list[Line] = []
    last = ""
    for fold in session.folds:
        for fact in fold.facts or (Fact("", fold.summary, fold.mark),):
            label = fact.label or fold.title
            found.append(Line("" if label == last else label, fact.text, fact.mark))
            last = label
    return found


def told(session: Session, width: int | None = None) -> Iterable[str]:
    """The same as text, labels at the left; what is longer than ``width`` cells goes on below its beginning."""
    for line in lines_of(session):
        text = line.text.lstrip()
        lead = " " * (len(line.text) - len(text)) + (f"{line.mark.symbol} " if line.mark else "")
        room = max(20, (width or 0) - _BESIDE - len(lead))
        first, *rest = wrap(text, room) if width else [text]
        yield f"{line.label:<{_BESIDE}}{lead}{first}"
        yield from (" " * (_BESIDE + len(lead)) + more for more in rest)


def told_plainly(session: Session) -> Iterable[str]:
    """The same for a screen reader: nothing is lined up, each line says what it is about."""
    label = ""
    for line in lines_of(session):
        label = line.label or label
        word = f"{line.mark.word}: " if line.mark in (Mark.BLOCKS, Mark.WARNS) else ""
        yield f"{label}: {word}{line.text.strip()}"
