"""The forms of the parity map: add, edit, decide, take off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.definitions.shapes import Severity
from workbench.model.cells import CellError, read_list, read_moment, write_list, write_moment
from workbench.model.errors import StaleChange, UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import parse_duration
from workbench.parity.model import DECISION_WORDS, Category, Decision, Difference, expired
from workbench.parity.table import FIELDS
from workbench.record import Stored
from workbench.tui.screens.saving import OVERTAKEN, Edited, differences, open_edit_form, touched
from workbench.tui.widgets.dialog import Conflict
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import WorkingTable
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.parity_map import flow_keys, read_difference, read_differences

Chosen = list[tuple[Stored, Difference]]
_TEXTS = ("title", "staging", "production", "impact", "region", "mitigation", "closing_cost")
_SEVERITIES = tuple(Option(each.value) for each in reversed(Severity))
_CATEGORIES = tuple(Option(each.value) for each in Category)
_DECISIONS = (
    Option(Decision.CLOSE.value, "close it"),
    Option(Decision.MITIGATE.value, "mitigate"),
    Option(Decision.ACCEPT.value, "accept"),
    Option(Decision.NO_MATTER.value, "no matter"),
    Option(Decision.UNDECIDED.value, "undecided"),
)
WHEN = "2026-12-01, or 30d for in 30 days"


def fields_of(value: Difference, zone: tzinfo, flows: str) -> tuple[Field, ...]:
    """The form's fields, filled in with a difference."""
    return (
        Field("title", "What differs", value=value.title, required=True),
        Field("severity", "Severity", "choice", value.severity.value, options=_SEVERITIES),
        Field("staging", "In staging", value=value.staging),
        Field("production", "In production", value=value.production),
        Field("flows", "Flows it touches", value=write_list(value.flows), hint=flows),
        Field("impact", "What can happen", "lines", value.impact),
        Field("category", "Category", "choice", value.category.value, options=_CATEGORIES),
        Field("mitigation", "Mitigation", value=value.mitigation),
        Field("owner", "Owner", value=value.owner or ""),
        Field("region", "Region", value=value.region),
        Field("closing_cost", "Closing it costs", value=value.closing_cost),
        Field("review_by", "Look again by", value=write_moment(value.review_by, zone), hint=WHEN),
    )


def changed(
    context: Context, fields: Sequence[Field], values: Values, before: Difference, zone: tzinfo
) -> Difference:
    """The difference that a form makes of the one it was opened with; a job for the desk."""
    filled: dict[str, Any] = dict(touched(fields, values))
    if "severity" in filled:
        filled["severity"] = Severity(filled["severity"])
    if "category" in filled:
        filled["category"] = Category(filled["category"])
    if "flows" in filled:
        filled["flows"] = flow_keys(context, read_list(filled["flows"]), before.flows)
    if "owner" in filled:
        filled["owner"] = filled["owner"] or None
    if "review_by" in filled:
        filled["review_by"] = until(filled["review_by"], context.now, zone)
    return msgspec.structs.replace(before, **filled)


def until(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """A day, a moment, or how long from now; ``UsageError`` when it is none of them."""
    if not text.strip():
        return None
    try:
        return now + parse_duration(text)
    except ValueError:
        pass
    except OverflowError:
        raise UsageError(f"“{safe_text(text, 40)}” is too far off", hint=f"write {WHEN}") from None
    try:
        return read_moment(text.strip(), zone)
    except CellError as error:
        raise UsageError(error.what, hint=f"write {WHEN}") from None


def _flows_hint(screen: WorkingTable) -> str:
    found = screen.evaluation
    keys = list(found.facts.flows) if found else []
    shown = ", ".join(keys[:3]) + (" …" if len(keys) > 3 else "")
    return f"{shown}, by name or key" if keys else "by name, separated by commas"


def open_add(screen: WorkingTable) -> None:
    """A new difference: it needs no more than what differs."""
    empty, zone = Difference(title=""), screen.zone()
    fields = fields_of(empty, zone, _flows_hint(screen))

    async def submit(values: Values) -> None:
        value = await screen.work.desk.call(changed, fields, values, empty, zone)
        screen.stand_on(await screen.work.change(mapping.add_difference, value))
        screen.say("on the map; d decides about it")

    screen.app.push_screen(FormScreen("Add a difference", fields, submit=submit, save_label="add"))


async def _read(screen: WorkingTable, ids: Sequence[str]) -> Chosen:
    """The differences as they are now; what went wrong is told."""
    try:
        found = await screen.work.desk.call(read_differences, ids)
        if not found:
            raise UsageError("it is not on the map any more", hint="somebody took it off meanwhile")
    except WorkbenchError as error:
        screen.work.tell(error)
        return []
    return found


async def open_edit(screen: WorkingTable, id: str) -> None:
    """The fields of a difference; what is decided about it has a form of its own."""
    found = await _read(screen, [id])
    if not found:
        return
    value, zone = found[0][1], screen.zone()
    fields = fields_of(value, zone, _flows_hint(screen))

    async def make(values: Values) -> Difference:
        return await screen.work.desk.call(changed, fields, values, value, zone)

    edited = Edited(
        seen=found[0], make=make, save=mapping.edit_difference, reread=read_difference, columns=FIELDS
    )
    open_edit_form(screen, "Edit the difference", fields, edited, "saved")


# --- deciding ----------------------------------------------------------------------------


def _decision_fields(chosen: Chosen, now: datetime, zone: tzinfo) -> tuple[Field, ...]:
    value = chosen[0][1] if len(chosen) == 1 else Difference(title="")
    decided = "" if value.decision is Decision.UNDECIDED else value.decision.value
    end = "" if expired(value, now) else write_moment(value.until, zone)
    return (
        Field("decision", "Decision", "choice", decided, options=_DECISIONS, required=True),
        Field(
            "reason", "Reason", value=value.reason, hint="needed to accept: why can a release live with it?"
        ),
        Field(
            "mitigation",
            "Mitigation",
            value=value.mitigation,
            hint="a test, a throttle, a watch in production …",
        ),
        Field("until", "Until", value=end, hint=f"needed to accept; {WHEN}"),
    )


def check_decision(values: Values) -> dict[str, str]:
    """PM-3 in the form: what a decision needs, below the field that lacks it."""
    if not values["decision"]:
        return {}
    return mapping.lacks(
        Decision(values["decision"]),
        reason=values["reason"],
        mitigation=values["mitigation"],
        ends=bool(values["until"].strip()),
    )


async def open_decide(screen: WorkingTable, ids: Sequence[str]) -> None:
    """One decision about one or several differences, in one act."""
    chosen = await _read(screen, ids)
    if not chosen:
        return
    now = await screen.work.desk.call(lambda context: context.now)
    fields = _decision_fields(chosen, now, screen.zone())

    async def submit(values: Values) -> None:
        try:
            await _decide(screen, chosen, fields, values)
        except StaleChange as stale:
            _overtaken(screen, form, chosen, fields, values, stale)
            raise

    form = FormScreen(
        "Decide about it" if len(chosen) == 1 else "Decide about all of them",
        fields,
        intro=[Pair("What", _titles(chosen))],
        check=check_decision,
        submit=submit,
        save_label="decide",
    )
    screen.app.push_screen(form)


def _titles(chosen: Chosen) -> str:
    if len(chosen) == 1:
        return chosen[0][1].title
    shown = "; ".join(value.title for _, value in chosen[:4])
    return f"{len(chosen)}: {shown}" + (f" and {len(chosen) - 4} more" if len(chosen) > 4 else "")


async def _decide(screen: WorkingTable, chosen: Chosen, fields: Sequence[Field], values: Values) -> None:
    decision = Decision(values["decision"])
    texts = {field.name: field.value for field in fields} | touched(fields, values)
    open_ = decision is Decision.UNDECIDED
    now = await screen.work.desk.call(lambda context: context.now)
    await screen.submit(
        mapping.decide,
        chosen,
        decision,
        reason=texts["reason"],
        mitigation=texts["mitigation"],
        until=None if open_ else until(texts["until"], now, screen.zone()),
    )
    word = DECISION_WORDS[decision]
    what = chosen[0][1].title if len(chosen) == 1 else f"{len(chosen)} differences"
    screen.say(f"{safe_text(what, 60)}: {word}")
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
    screen.app.push_screen(Conflict("Somebody else was faster", OVERTAKEN, sides), answered)


async def open_remove(screen: WorkingTable, id: str) -> None:
    """Take a difference off the map."""
    found = await _read(screen, [id])
    if not found:
        return
    stored, value = found[0]

    async def submit(values: Values) -> None:
        await screen.submit(mapping.remove_difference, stored, values["reason"].strip())
        screen.say("off the map; u takes that back")

    screen.app.push_screen(
        FormScreen(
            "Is it gone?",
            (Field("reason", "Why it is gone", required=True, hint="closed with which change, say"),),
            intro=[Pair("What", value.title)],
            submit=submit,
            save_label="take it off",
        )
    )
