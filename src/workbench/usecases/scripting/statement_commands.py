"""The parity statement as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.parity.claims import Claim
from workbench.record import EntryView
from workbench.usecases.scripting.model import Act, Line
from workbench.usecases.scripting.telling import Telling, command, command_on, said, value_of

_STATEMENT = "parity statement"


def claims(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What was kept, edited, added and left out; what is kept along with that needs no command."""
    pairs = [(entry, value_of(entry, Claim)) for entry in entries if entry.value is not None]
    release = telling.of_release(pairs[0][1].release) if pairs else ()
    single = [(entry, claim) for entry, claim in pairs if entry.verb in ("edited", "added", "left out")]
    for entry, claim in single:
        if entry.verb == "edited":
            yield command_on(_STATEMENT, [_ref(claim)], said(edit=claim.text), release)
        elif entry.verb == "left out":
            yield command_on(_STATEMENT, [_ref(claim)], said(remove=True), release)
        else:
            rows = dict.fromkeys(_named(telling, figure.row) for figure in claim.figures)
            on = [word for name in rows for word in ("--on", name)]
            topic = claim.topic.slug
            yield command(*_STATEMENT.split(), said(add=claim.text, topic=topic), on, release)
    again = [_ref(claim) for entry, claim in pairs if entry.verb == "drafted again"]
    if again:
        yield command_on(_STATEMENT, again, said(redraft=True), release)
    kept = [(entry, claim) for entry, claim in pairs if entry.verb == "kept"]
    if kept and not single and not again:
        confirmed = [_ref(claim) for entry, claim in kept if entry.before is not None]
        yield command_on(_STATEMENT, confirmed, said(keep=True), release)


def _ref(claim: Claim) -> str:
    """What names a sentence: its key or, where that holds the id of a difference, what the difference is called."""
    rows = {figure.row for figure in claim.figures}
    row = rows.pop() if len(rows) == 1 else ""
    return claim.about if row.startswith("difference/") else claim.key


def _named(telling: Telling, row: str) -> str:
    """How a person names a row."""
    kind, _, key = row.partition("/")
    return telling.difference(telling.ever("difference", key)) if kind == "difference" else key
