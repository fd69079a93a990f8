"""``workbench parity decide --plain``: undecided differences, one question after the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from workbench.cli import output, plain, session
from workbench.cli.options import Settings
from workbench.definitions.shapes import Severity
from workbench.model.noun_fields import others
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference, Wanted
from workbench.record import Stored
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.views.parity import decision_of, decision_words, read_list, short_id, waiting

_ANSWERS = (
    (Decision.CLOSE, "close it: it will be removed"),
    (Decision.MITIGATE, "mitigate it: something is done about it"),
    (Decision.ACCEPT, "accept it: the release can live with it"),
    (Decision.IRRELEVANT, "irrelevant: it does not matter here"),
)
_LEAVE, _STOP = len(_ANSWERS), len(_ANSWERS) + 1
_MOST = 10_000


def decide_plainly(settings: Settings, refs: Sequence[str]) -> int:
    """Ask about these, or about all that is undecided; each decision is saved when it is made."""
    saved: list[str] = []
    with session.acting(settings) as context:
        idents = [stored.id for stored, _ in _asked(context, refs)]
        ended = plain.Ended("", 0)
        try:
            _walk(context, idents, saved)
        except plain.Ended as end:
            ended = end
        left = len(_undecided(context))
    if ended.words:
        output.talk(f"{ended.words}; nothing that was saved is lost")
    output.line(f"{len(saved)} decided, {left} undecided")
    output.lines(f"  {one}" for one in saved)
    return ended.code


def _asked(context: Context, refs: Sequence[str]) -> Sequence[tuple[Stored, Difference]]:
    return [mapping.find_difference(context, ref) for ref in refs] if refs else _undecided(context)


def _undecided(context: Context) -> Sequence[tuple[Stored, Difference]]:
    waits = waiting(context)
    _, found = read_list(context, Wanted(decision=Decision.UNDECIDED), _MOST)
    return [(stored, item) for stored, item in found if stored.id not in waits]


def _walk(context: Context, idents: Sequence[str], saved: list[str]) -> None:
    for number, ident in enumerate(idents, 1):
        stored, item = mapping.find_difference(context, ident)
        output.talk("")
        output.talk(f"Difference {number} of {len(idents)}: {item.title} ({short_id(ident)})")
        output.talk(f"Severity: {item.severity.value}")
        output.talk(f"Decision: {decision_of(item, context.now, context.zone)}")
        told = others(FIELDS, ("title", "severity", "decision"), item, context.zone)
        output.talk_lines(f"{label}: {text}" for label, text in told)
        choices = (*(words for _, words in _ANSWERS), "leave it undecided", "stop")
        while (chosen := plain.choose("What is decided?", choices)) < _LEAVE:
            if plain.fits(partial(_decide, context, stored, item, _ANSWERS[chosen][0])):
                saved.append(f"{decision_words(_ANSWERS[chosen][0])}: {item.title}")
                output.talk(f"Saved: {saved[-1]}")
                break
        if chosen == _STOP:
            return


def _decide(context: Context, stored: Stored, item: Difference, decision: Decision) -> None:
    """Ask what the decision needs, and save it."""
    missing = mapping.lacks(
        decision,
        high=item.severity is Severity.HIGH,
        reason="",
        mitigation=item.mitigation,
        owner=item.owner or "",
        ends=False,
    )

    def ask(name: str, question: str) -> str:
        if name in missing:
            return plain.needed(question, missing[name])
        return plain.line(f"{question}; nothing to leave it")

    mapping.decide(
        context,
        [(stored, item)],
        decision,
        reason=ask("reason", "Reason"),
        mitigation=ask("mitigation", "What is done about it") if decision is Decision.MITIGATE else "",
        owner=ask("owner", f"Owner{f', now {item.owner}' if item.owner else ''}"),
        until=plain.end(context, "Until: 2026-12-01, or 30d", missing.get("until", "")),
    )
