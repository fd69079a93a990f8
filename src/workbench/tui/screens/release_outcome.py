"""``M`` on Releases: what became of a release: shipped, rolled back, abandoned, or not shipped after all."""

from __future__ import annotations

from enum import StrEnum

from workbench.releases.model import Held, Outcome
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.working import Working
from workbench.usecases import breaking_glass, filling, releasing, shipping
from workbench.usecases.context import Context


class Became(StrEnum):
    """What a release can be marked as; the first four while it is open, the others once it was shipped."""

    SHIPPED = "shipped"
    BREAK_GLASS = "break-glass"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"
    ROLLED_BACK = "rolled-back"
    NOT_SHIPPED = "not-shipped"


_SAYS = {
    Became.SHIPPED: "shipped",
    Became.BREAK_GLASS: "break-glass: shipped past its gates",
    Became.WITHDRAWN: "withdrawn, its last build",
    Became.ABANDONED: "abandoned",
    Became.ROLLED_BACK: "rolled back",
    Became.NOT_SHIPPED: "not shipped after all",
}


def open_outcome(screen: Working, held: Held, *, passed: bool, open_: str) -> None:
    """Mark a release as what became of it; ``open_`` says what is open where not every gate passed."""
    version, shipped = held.release.version, held.release.outcome is Outcome.SHIPPED
    choices = (Became.ROLLED_BACK, Became.NOT_SHIPPED) if shipped else _of_open(held, passed)

    async def submit(values: Values) -> None:
        became = Became(values["became"])
        await screen.submit(_DONE[became], version, values)
        screen.say(f"{version} marked as {_SAYS[became]}")

    options = tuple(Option(each.value, _SAYS[each]) for each in choices)
    asked = (Field("reason", "Reason", required=True),) if shipped else _fields(held, passed)
    screen.app.push_screen(
        FormScreen(
            f"Mark {held.title} as …",
            (Field("became", "Mark as", "choice", options[0].value, options=options), *asked),
            intro=_shipped_intro(held) if shipped else _open_intro(passed, open_),
            check=lambda values: _check(values, version),
            submit=submit,
            save_label="mark as",
        )
    )


def _of_open(held: Held, passed: bool) -> tuple[Became, ...]:
    """What an open release can become: what has passed needs no break-glass, what has no build cannot lose one."""
    build = held.candidate is not None and held.candidate.withdrawn_at is None
    return (
        Became.SHIPPED,
        *(() if passed or not build else (Became.BREAK_GLASS,)),
        *((Became.WITHDRAWN,) if build else ()),
        Became.ABANDONED,
    )


def _fields(held: Held, passed: bool) -> tuple[Field, ...]:
    shipped = ("became", Became.SHIPPED.value)
    out = ("became", (Became.SHIPPED.value, Became.BREAK_GLASS.value))
    others = ("became", (Became.BREAK_GLASS.value, Became.WITHDRAWN.value, Became.ABANDONED.value))
    late = Field(
        "overruled",
        "Why mark it anyway",
        required=True,
        hint="appears in the release notes; at least 8 letters",
        only_if=shipped,
    )
    return (
        *(() if passed else (late,)),
        Field("confirm", f"Type {held.release.version}", required=True, hint="to be sure", only_if=out),
        Field(
            "run",
            "Run",
            value=held.release.run or "",
            hint="link to the run that shipped it; optional",
            only_if=out,
        ),
        Field("at", "When", hint="when it shipped; empty means now", only_if=out),
        Field("reason", "Reason", required=True, only_if=others),
    )


def _open_intro(passed: bool, open_: str) -> list[Block]:
    gates = (
        "every gate has passed" if passed else f"not every gate has passed: {open_ or 'gates are missing'}"
    )
    return [
        Pair("Gates", gates, Mark.DONE if passed else Mark.BLOCKS),
        Pair(
            "Break-glass",
            "one person, at night or under a freeze; somebody else reviews it in two working days",
        ),
        Pair("Shipped", "freezes the release as it is shown now, and watches it for 7 days"),
    ]


def _shipped_intro(held: Held) -> list[Block]:
    back = held.release.rollback_target
    return [
        *([Pair("Roll back to", back)] if back else []),
        Pair("Not shipped", "reopens the release; the shipment stays in the record"),
    ]


def _check(values: Values, version: str) -> dict[str, str]:
    out = values["became"] in (Became.SHIPPED, Became.BREAK_GLASS)
    wrong = out and values["confirm"].strip() != version
    return {"confirm": f"type {version}"} if wrong else {}


def _ship(context: Context, version: str, values: Values) -> None:
    """What counts is how the gates stand now, not how they stood when the form was opened."""
    at = filling.moment(values["at"].strip() or None, context.now, context.zone)
    reason = values.get("overruled", "")
    shipping.ship(context, version, run=values["run"].strip() or None, reason=reason, at=at)


def _break_glass(context: Context, version: str, values: Values) -> None:
    at = filling.moment(values["at"].strip() or None, context.now, context.zone)
    run = values["run"].strip() or None
    breaking_glass.break_glass(context, version, reason=values["reason"], at=at, run=run)


def _withdraw(context: Context, version: str, values: Values) -> None:
    releasing.withdraw(context, releasing.find(context, version), values["reason"])


def _abandon(context: Context, version: str, values: Values) -> None:
    releasing.end(context, releasing.find(context, version), Outcome.ABANDONED, reason=values["reason"])


def _roll_back(context: Context, version: str, values: Values) -> None:
    releasing.end(context, releasing.find(context, version), Outcome.ROLLED_BACK, reason=values["reason"])


def _not_shipped(context: Context, version: str, values: Values) -> None:
    shipping.take_back(context, version, values["reason"])


_DONE = {
    Became.SHIPPED: _ship,
    Became.BREAK_GLASS: _break_glass,
    Became.WITHDRAWN: _withdraw,
    Became.ABANDONED: _abandon,
    Became.ROLLED_BACK: _roll_back,
    Became.NOT_SHIPPED: _not_shipped,
}
