"""What of a shared record needs a person, each with its next step: what the server did, what was refused or quarantined, forks, several versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from workbench.model.text import entries_of, joined_words, safe_text
from workbench.record import Aside
from workbench.record.overview import Fork
from workbench.usecases.context import Context
from workbench.usecases.exchanging import short
from workbench.usecases.settling import Choice, read_contested
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks
from workbench.usecases.sharing.noted import open_faults
from workbench.usecases.sharing.shared import Shared
from workbench.usecases.sharing.synced import AGAIN_LATER, Obstacle, Refused, Unsent
from workbench.usecases.views.exchange import aside_name, fork_lines
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.people import named
from workbench.usecases.views.sharing.sync import obstacle, way_out


class SharingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to see: ``what`` it is, ``who`` it is of, ``at`` when, and the ``step`` that comes next, if there is one.

    ``command`` does that step on the command line.  ``chooses`` is the id of what has several versions.
    """

    key: str
    what: str
    who: str = ""
    at: datetime | None = None
    mark: Mark | None = None
    step: str = ""
    command: str = ""
    chooses: str = ""
    facts: tuple[Fact, ...] = ()


def read_needs(context: Context, shared: Shared) -> tuple[SharingLine, ...]:
    """The same without the server and without reading the whole ledger."""
    quarantined = [one for one in context.record.aside() if one.state == "quarantined"]
    return tuple(needs_you(context, shared, quarantined=quarantined, forks=context.record.forks()))


def needs_you(
    context: Context,
    shared: Shared | None,
    *,
    quarantined: Iterable[Aside],
    forks: Iterable[Fork],
    unsent: Unsent | None = None,
) -> Iterator[SharingLine]:
    """What a person has to look at, the most urgent first, each with its next step; ``unsent`` is what stopped the last exchange."""
    yield from _faults(context, shared) if shared is not None else ()
    if unsent is not None and unsent.why not in {*AGAIN_LATER, Obstacle.STOPPED}:
        why = obstacle(unsent)
        yield SharingLine(
            key="unsent", what=f"{entries_of(unsent.entries)} not sent", who=why, mark=Mark.WARNS,
            step=way_out(unsent), facts=(Fact("Because", why),),
        )  # fmt: skip
    for refused in shared.refused if shared else ():
        yield _refused(refused)
    for one in quarantined:
        yield aside_line(one, "quarantined")
    for fork in forks:
        yield _fork(fork)
    for choice in read_contested(context):
        yield _contested(context, choice)


def _faults(context: Context, shared: Shared) -> Iterator[SharingLine]:
    """What the server did that nobody has accepted yet."""
    faults = open_faults(context, shared)
    desks = names_of_desks(context.record) if faults else {}
    for fault in faults:
        words = fault_words(fault, desks)
        yield SharingLine(
            key=f"fault/{fault.id}",
            what="the server changed",
            who=words,
            at=fault.found_at,
            mark=Mark.WARNS,
            step="find out what happened there, then accept it with a reason",
            command="workbench share --reconnect --reason WHY",
            facts=(
                Fact("Found", words),
                Fact(
                    "Meanwhile",
                    "this desk goes on: it receives what is there, and sends what the server lacks of it",
                ),
            ),
        )


def _refused(refused: Refused) -> SharingLine:
    desk = safe_text(short(refused.desk))
    return SharingLine(
        key=f"refused/{refused.number}",
        what=f"pack {refused.number:,} was refused",
        who=f"from the desk {desk}",
        mark=Mark.WARNS,
        step="ask who writes at that desk; workbench sync asks again for what it holds",
        facts=(Fact("Because", safe_text(refused.why, 300)), Fact("From", f"the desk {desk}")),
    )


def aside_line(one: Aside, word: str) -> SharingLine:
    steps = {
        "waits": "it goes on as soon as the entry is here; ask its desk for a whole pack: workbench exchange --to FILE there",
        "quarantined": "ask its desk for a whole pack, enter it in your own name, or drop it",
    }
    return SharingLine(
        key=f"{word}/{one.digest}",
        what=f"{word}: {safe_text(one.title, 80) or safe_text(one.entity, 40)}",
        who=safe_text(one.actor, 60),
        mark=Mark.WARNS if word == "quarantined" else Mark.OPEN,
        step=steps[word],
        command="workbench repair" if word == "quarantined" else "",
        facts=(Fact("What", aside_name(one)), Fact("Because", safe_text(one.why, 300)), Fact("Digest", one.digest, aside=True)),
    )  # fmt: skip


def _fork(fork: Fork) -> SharingLine:
    first, *rest = fork_lines(fork)
    return SharingLine(
        key=f"fork/{fork.desk}/{fork.number}",
        what="fork: two copies went on as one desk",
        who=f"the desk {safe_text(short(fork.desk))}",
        mark=Mark.WARNS,
        step="ask who went on with a copy; enter what is right of theirs in your own name",
        command="workbench repair",
        facts=(Fact("Fork", first), *(Fact("", line.strip()) for line in rest)),
    )


def _contested(context: Context, choice: Choice) -> SharingLine:
    people = dict.fromkeys(
        named(context.definitions, version.actor, context.author().actor) for version in choice.thing.versions
    )
    return SharingLine(
        key=f"contested/{choice.thing.id}",
        what=f"{choice.words} of {choice.name}",
        who=joined_words(list(people)),
        at=max(version.recorded_at for version in choice.thing.versions),
        mark=Mark.WARNS,
        step="choose one",
        command=f"workbench settle {choice.thing.id[-12:]} --take DIGEST",
        chooses=choice.thing.id,
        facts=tuple(
            Fact(
                field.replace("_", " ").capitalize(),
                "  |  ".join(choice.said(version, field) or "nothing" for version in choice.thing.versions),
            )
            for field in choice.fields
        ),
    )
