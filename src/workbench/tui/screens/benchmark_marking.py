"""``M`` on a benchmark: quarantined until a date, or back from it; ``r``: reviewed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.model.text import number_of
from workbench.tui.screens.deciding import alone, approver_field
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import filling, quarantining
from workbench.usecases.benchmark_reviews import read_review, review
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

Do = Callable[[Context, str, Values], str]


class Way(msgspec.Struct, frozen=True):
    """Something that a benchmark can be marked as; ``do`` does it and gives the words for that."""

    key: str
    says: str
    fields: tuple[Field, ...]
    do: Do


def ways(screen: Working, judged: Judged) -> list[Way]:
    """What this benchmark can be marked as now."""
    part = f"benchmark/{judged.key}"
    aside = any(one.part == part and one.until > judged.evaluated_at for one in screen.require().quarantines)
    if aside:
        reason = Field("reason", "Reason", required=True, hint="why it counts again")
        return [_way("counting", "counting again: its quarantine ends", (reason,), _lift)]
    fields = (
        Field("reason", "Reason", required=True, hint="what makes it flaky, and who mends it"),
        approver_field(screen),
        Field("until", "Until", "date", required=True, hint="it counts again after this date"),
    )
    return [_way("quarantined", "quarantined: flaky, blocks nothing until a date", fields, _quarantine)]


def _way(key: str, says: str, fields: tuple[Field, ...], do: Do) -> Way:
    """Its fields are asked for only where it is chosen."""
    own = tuple(
        msgspec.structs.replace(field, name=f"{key}-{field.name}", only_if=("as", key)) for field in fields
    )
    return Way(key, says, own, do)


def open_marking(screen: Working, judged: Judged) -> None:
    """Ask as what, and what that needs."""
    found = {way.key: way for way in ways(screen, judged)}
    options = tuple(Option(way.key, way.says) for way in found.values())

    async def submit(values: Values) -> None:
        way = found[values["as"]]
        own = {name.removeprefix(f"{way.key}-"): text for name, text in values.items()}
        screen.say(f"{judged.title}: {await screen.submit(way.do, judged.key, own)}")

    screen.app.push_screen(
        FormScreen(
            f"Mark {judged.title} as …",
            (
                Field("as", "Mark as", "choice", options[0].value, options=options),
                *(field for way in found.values() for field in way.fields),
            ),
            intro=[
                Pair("Now", judged.why),
                *alone(screen.view.definitions.project.people, screen.view.person),
            ],
            submit=submit,
            save_label="mark as",
        )
    )


async def open_review(screen: Working, judged: Judged) -> None:
    """Show what there is to see since the last review, and ask for what was found."""
    line = await screen.work.desk.call(read_review, screen.require(), judged.key)

    async def submit(values: Values) -> None:
        await screen.submit(_review, judged.key, values["note"])
        screen.say(f"{judged.title}: reviewed")

    failed = f"{line.failed} of {number_of(line.judged, 'value')} failed since the last review"
    screen.app.push_screen(
        FormScreen(
            f"{judged.title} reviewed?",
            (Field("note", "Found", hint="what you found; optional"),),
            intro=[
                Pair("Due", line.due.words, Mark.WARNS if line.due.overdue else None),
                Pair("Seen", failed if line.judged else "no value was judged since the last review"),
                *([Pair("Note", line.hint, Mark.WARNS)] if line.hint else []),
                Pair("Look at", "its limit, its false alarms, and what it missed"),
            ],
            submit=submit,
            save_label="reviewed",
        )
    )


def _review(context: Context, key: str, note: str) -> None:
    review(context, evaluate(context), (key,), note=note)


def _quarantine(context: Context, key: str, values: Values) -> str:
    until = filling.end(values["until"], context.now, context.zone)
    assert until is not None  # the form asks for it
    approver = values["approver"].strip()
    quarantining.quarantine(
        context,
        evaluate(context),
        f"benchmark/{key}",
        reason=values["reason"],
        until=until,
        approver=approver,
    )
    return f"quarantine waits for approval by {approver or 'somebody else'}"


def _lift(context: Context, key: str, values: Values) -> str:
    quarantining.lift(context, f"benchmark/{key}", values["reason"])
    return "counts again"
