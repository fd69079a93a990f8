"""The form that decides about one difference or several, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.definitions.shapes import Person, Severity
from workbench.model.errors import StaleChange, WorkbenchError
from workbench.model.noun_fields import DECIDE, asked_by
from workbench.model.text import number_of, safe_text
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference
from workbench.tui.screens.deciding import open_approve
from workbench.tui.screens.form_fields import form_fields
from workbench.tui.screens.parity_forms import Chosen, read_chosen, titles_of
from workbench.tui.screens.saving import OVERTAKEN, differences, touched
from workbench.tui.widgets.conflict import Conflict
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.working import WorkingTable
from workbench.usecases import filling, mapping
from workbench.usecases.parity_map import read_differences
from workbench.usecases.views.parity import (
    Standing,
    changes_since_decided,
    decision_words,
    decisions_that_hold,
    has_ended,
    waits_for_second,
)

HINTS = {
    "mitigation": "a test, a rate limit, a circuit breaker, simulated latency, monitoring in production, "
    "a gradual rollout, more review",
}
WHICH = "which"
UNDECIDED, ALL = "undecided", "all"
NAMED = 6  # so many decisions that hold are named


class Deciding(msgspec.Struct, frozen=True):
    """What is decided about, and the decisions about some of it that hold, in words by id."""

    chosen: Chosen
    hold: Mapping[str, str]

    @property
    def several(self) -> bool:
        """Whether there is more than one difference."""
        return len(self.chosen) > 1

    def picked(self, values: Values) -> Chosen:
        """Those that the form decides about: decisions that hold are replaced only when told to."""
        if not self.several or not self.hold or values.get(WHICH) == ALL:
            return self.chosen
        return [pair for pair in self.chosen if pair[0].id not in self.hold]


async def decide_or_approve(screen: WorkingTable, ids: Sequence[str], stand: Standing) -> None:
    """Approve or reject a decision that waits for whoever sits here; else decide."""
    waits = stand.waiting.get(ids[0]) if len(ids) == 1 else None
    if waits is not None and waits.rejected is None and waits.able.includes(screen.view.person):
        open_approve(screen, waits)
    else:
        await open_decide(screen, ids)


async def open_decide(screen: WorkingTable, ids: Sequence[str]) -> None:
    """One decision about one or several differences, in one act; what it would replace is told first."""
    chosen = await read_chosen(screen, ids)
    if not chosen:
        return
    now, zone = await screen.work.desk.call(lambda context: context.now), screen.zone()
    asked = Deciding(chosen, decisions_that_hold(chosen, now, zone))
    fields = (*_decision_fields(chosen, now, zone, screen.view.definitions.project.people),)
    intro = _intro(asked)
    if not asked.several and (changes := await screen.work.desk.call(changes_since_decided, *chosen[0])):
        intro.append(Pair("Since decided", changes))

    def check(values: Values) -> dict[str, str]:
        return check_decision(values, asked.picked(values))

    async def submit(values: Values) -> None:
        picked = asked.picked(values)
        try:
            await _decide(screen, picked, fields, values)
        except StaleChange as stale:
            _overtaken(screen, form, picked, fields, values, stale)
            raise

    form = FormScreen(
        f"Decide on {len(chosen)} differences" if asked.several else f"Decide: {chosen[0][1].title}",
        (fields[0], *_which(asked), *fields[1:]),
        intro=intro,
        check=check,
        submit=submit,
        save_label="decide",
    )
    screen.app.push_screen(form)


def _intro(asked: Deciding) -> list[Block]:
    """What is decided about, and which decisions about it hold."""
    if not asked.several:
        return [Pair("Decided", said) for said in asked.hold.values()]
    intro: list[Block] = [Pair("What", titles_of(asked.chosen))]
    titles = {stored.id: value.title for stored, value in asked.chosen}
    told = [f"{safe_text(titles[id], 60)}: {said}" for id, said in asked.hold.items()]
    more = [f"and {len(told) - NAMED} more"] if len(told) > NAMED else []
    intro += [Pair("" if number else "Decided", said) for number, said in enumerate((*told[:NAMED], *more))]
    return intro


def _which(asked: Deciding) -> tuple[Field, ...]:
    """The question whether decisions that hold are replaced; nothing is replaced by leaving it alone."""
    if not asked.several or not asked.hold:
        return ()
    held, count = len(asked.hold), len(asked.chosen)
    everything = Option(ALL, f"all {count}, replacing {number_of(held, 'decision')}")
    if held == count:
        return (
            Field(
                WHICH,
                "Replace",
                "choice",
                options=(everything,),
                required=True,
                hint="all of them are decided already",
            ),
        )
    only = Option(UNDECIDED, f"the {count - held} undecided")
    return (Field(WHICH, "Decide on", "choice", UNDECIDED, options=(only, everything)),)


# What a decision needs beside itself, said before anybody saves.
_NEEDED = {
    "reason": ("decision", (Decision.ACCEPT.value,)),
    "until": ("decision", (Decision.ACCEPT.value,)),
    "mitigation": ("decision", (Decision.MITIGATE.value,)),
}


def _decision_fields(
    chosen: Chosen, now: datetime, zone: tzinfo, people: Sequence[Person]
) -> tuple[Field, ...]:
    """What a decision asks for; one that has ended, or that is to be taken, starts without its end."""
    value = chosen[0][1] if len(chosen) == 1 else Difference(title="")
    if has_ended(value, now):
        value = msgspec.structs.replace(value, until=None)
    apart = mapping.how_far_apart(chosen)
    asked = asked_by(FIELDS, DECIDE, *(() if apart is not None else ("up_to",)))
    bound = f"the values are {apart} apart: " if apart else ""
    hints = {**HINTS, "up_to": f"{bound}how far apart may they get? 5 s, 20 %, 10; exactly these unless said"}
    fields = tuple(
        msgspec.structs.replace(field, required_if=_NEEDED.get(field.name))
        for field in form_fields(asked, value, zone, hints, people)
    )
    if value.decision is Decision.UNDECIDED:
        fields = (msgspec.structs.replace(fields[0], value=""), *fields[1:])
    return fields


def check_decision(values: Values, picked: Chosen) -> dict[str, str]:
    """PM-3 in the form: what a decision about these needs, below the field that lacks it."""
    if not values["decision"]:
        return {}
    missing = mapping.lacks(
        Decision(values["decision"]),
        high=any(value.severity is Severity.HIGH for _, value in picked),
        reason=values["reason"],
        mitigation=values["mitigation"],
        owner=values["owner"],
        ends=bool(values["until"].strip()),
    )
    beyond = mapping.lacks_bound(picked, values.get("up_to", ""))
    return {**missing, "up_to": beyond} if beyond else missing


async def _decide(screen: WorkingTable, chosen: Chosen, fields: Sequence[Field], values: Values) -> None:
    texts = {field.name: field.value for field in fields} | touched(fields, values)
    nothing = Difference(title="")
    said = await screen.work.desk.call(filling.change, asked_by(FIELDS, DECIDE), nothing, texts)
    decision = said.decision
    await screen.submit(
        mapping.decide,
        chosen,
        decision,
        reason=said.reason,
        mitigation=said.mitigation,
        owner=said.owner or "",
        until=None if decision is Decision.UNDECIDED else said.until,
        up_to=said.up_to,
    )
    word = decision_words(decision)
    what = chosen[0][1].title if len(chosen) == 1 else f"{len(chosen)} differences"
    waits = any(waits_for_second(value, decision) for _, value in chosen)
    screen.say(f"{safe_text(what, 60)}: {word}{', is waiting for a second person' if waits else ''}")
    screen.clear_marks()


def _overtaken(
    screen: WorkingTable,
    form: FormScreen,
    chosen: Chosen,
    fields: Sequence[Field],
    values: Values,
    stale: StaleChange,
) -> None:
    if not (stale.fields and stale.theirs):
        return
    bases = {stored.id: stored.base for stored, _ in chosen}

    async def answered(side: Any) -> None:
        if side is None:
            return
        try:
            now = await screen.work.desk.call(read_differences, list(bases))
            if side == "theirs":
                now = [pair for pair in now if pair[0].base == bases[pair[0].id]]
            if now:
                await _decide(screen, now, fields, values)
        except WorkbenchError as error:
            form.show_trouble(error)
            return
        form.dismiss(None)

    sides = differences(FIELDS, stale, Difference, screen.zone())
    screen.app.push_screen(Conflict("Somebody saved a change before you", OVERTAKEN, sides), answered)
