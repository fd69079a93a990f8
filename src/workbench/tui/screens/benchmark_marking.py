"""``M`` on a benchmark: a pinned baseline, an invalid one, a new phase, quarantined or not; ``r``: reviewed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.incidents.alarms import AlarmRuling
from workbench.tui.screens.deciding import alone, approver_field
from workbench.tui.screens.ruling import HOURS, REASON, rule
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import baselines, filling, quarantining
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


def ways(screen: Working, judged: Judged, ref: str = "") -> list[Way]:
    """What this benchmark can be marked as now; ``ref`` is the measurement under the cursor."""
    part = f"benchmark/{judged.key}"
    aside = any(one.part == part and one.until > judged.evaluated_at for one in screen.require().quarantines)
    ruled = [_ruled(each) for each in AlarmRuling] if judged.verdict is Verdict.FAIL else []
    return [_counting() if aside else _quarantined(screen), *_baselines(judged, ref), _phase(judged), *ruled]


def _ruled(ruling: AlarmRuling) -> Way:
    """What it was worth that it fails; it fails all the same."""

    def do(context: Context, key: str, values: Values) -> str:
        rule(context, f"benchmark/{key}", ruling, values["reason"], values["hours"])
        return f"a {ruling.words}"

    says = {AlarmRuling.FALSE_ALARM: "although nothing was wrong", AlarmRuling.CATCH: "and was right to"}
    return _way(ruling.value, f"a {ruling.words}: it stopped the build, {says[ruling]}", (REASON, HOURS), do)


def _reason(hint: str) -> Field:
    return Field("reason", "Reason", required=True, hint=hint)


def _quarantined(screen: Working) -> Way:
    fields = (
        _reason("what makes it flaky, and who mends it"),
        approver_field(screen),
        Field("until", "Until", "date", required=True, hint="it counts again after this date"),
    )
    return _way("quarantined", "quarantined: flaky, blocks nothing until a date", fields, _quarantine)


def _counting() -> Way:
    fields = (_reason("why it counts again"),)
    return _way("counting", "counting again: its quarantine ends", fields, _lift)


def _baselines(judged: Judged, ref: str) -> list[Way]:
    """A measurement can always be pinned; only what is compared with can be invalid."""
    which = "this measurement" if ref else "what it is compared with" if judged.baseline else "its last value"
    fields = (
        _reason("why this one"),
        Field("name", "Name", hint="under which its file asks for it: baseline: pinned NAME; optional"),
    )

    def pin(context: Context, key: str, values: Values) -> str:
        name = values["name"].strip() or None
        found = baselines.pin(context, evaluate(context), key, reason=values["reason"], name=name, ref=ref)
        if found.value.second:
            return "the pinned baseline waits for approval by somebody else"
        asked = f"pinned {found.value.name}".strip()
        return "pinned as baseline" if found.used else f"pinned; used once its file says baseline: {asked}"

    found = [_way("pinned", f"a pinned baseline: {which}", fields, pin)]
    if judged.baseline is not None:
        wrong = (_reason("what is wrong with it"),)
        found.append(_way("invalid", "an invalid baseline: it counts no more", wrong, _invalidate_baseline))
    return found


def _phase(judged: Judged) -> Way:
    fields = (
        Field("from", "From", "date", required=True, hint="earlier values count no more; it learns again"),
        _reason("what is different since then, and why that is accepted"),
    )
    return _way("phase", "a new phase: its history begins anew", fields, _begin_phase)


def _way(key: str, says: str, fields: tuple[Field, ...], do: Do) -> Way:
    """Its fields are asked for only where it is chosen."""
    own = tuple(
        msgspec.structs.replace(field, name=f"{key}-{field.name}", only_if=("as", key)) for field in fields
    )
    return Way(key, says, own, do)


def open_marking(screen: Working, judged: Judged, ref: str = "") -> None:
    """Ask as what, and what that needs; ``ref`` is the measurement under the cursor."""
    found = {way.key: way for way in ways(screen, judged, ref)}
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

    screen.app.push_screen(
        FormScreen(
            f"{judged.title} reviewed?",
            (Field("note", "Found", hint="what you found; optional"),),
            intro=[
                Pair("Due", line.due.said(screen.zone()), Mark.WARNS if line.due.overdue else None),
                Pair("Seen", f"{line.seen or 'no value was judged'} since the last review"),
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


def _invalidate_baseline(context: Context, key: str, values: Values) -> str:
    baselines.invalidate(context, evaluate(context), key, reason=values["reason"])
    return "its baseline is marked invalid"


def _begin_phase(context: Context, key: str, values: Values) -> str:
    begins = filling.moment(values["from"], context.now, context.zone)
    assert begins is not None  # the form asks for it
    value, _ = baselines.begin_phase(context, evaluate(context), key, begins, values["reason"])
    return "the new phase waits for approval by somebody else" if value.second else "a new phase begins"


def _lift(context: Context, key: str, values: Values) -> str:
    quarantining.lift(context, f"benchmark/{key}", values["reason"])
    return "counts again"
