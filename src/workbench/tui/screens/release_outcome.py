"""``M`` on Releases: what became of a release: shipped, rolled back, abandoned, or not shipped after all."""

from __future__ import annotations

from enum import StrEnum

from workbench.releases.model import Held, Outcome
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.working import Working
from workbench.usecases import filling, releasing, shipping
from workbench.usecases.context import Context


class Became(StrEnum):
    """What a release can be marked as; the first two while it is open, the others once it was shipped."""

    SHIPPED = "shipped"
    ABANDONED = "abandoned"
    ROLLED_BACK = "rolled-back"
    NOT_SHIPPED = "not-shipped"


_SAYS = {
    Became.SHIPPED: "shipped",
    Became.ABANDONED: "abandoned",
    Became.ROLLED_BACK: "rolled back",
    Became.NOT_SHIPPED: "not shipped after all",
}


def open_outcome(screen: Working, held: Held, *, passed: bool, open_: str) -> None:
    """Mark a release as what became of it; ``open_`` says what is open where not every gate passed."""
    version, shipped = held.release.version, held.release.outcome is Outcome.SHIPPED
    choices = (Became.ROLLED_BACK, Became.NOT_SHIPPED) if shipped else (Became.SHIPPED, Became.ABANDONED)

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


def _fields(held: Held, passed: bool) -> tuple[Field, ...]:
    shipped, abandoned = ("became", Became.SHIPPED.value), ("became", Became.ABANDONED.value)
    late = Field(
        "overruled",
        "Why mark it anyway",
        required=True,
        hint="appears in the release notes; at least 8 letters",
        only_if=shipped,
    )
    return (
        *(() if passed else (late,)),
        Field("confirm", f"Type {held.release.version}", required=True, hint="to be sure", only_if=shipped),
        Field(
            "run",
            "Run",
            value=held.release.run or "",
            hint="link to the run that shipped it; optional",
            only_if=shipped,
        ),
        Field("at", "When", hint="when it shipped; empty means now", only_if=shipped),
        Field("reason", "Reason", required=True, only_if=abandoned),
    )


def _open_intro(passed: bool, open_: str) -> list[Block]:
    gates = (
        "every gate has passed" if passed else f"not every gate has passed: {open_ or 'gates are missing'}"
    )
    return [
        Pair("Gates", gates, Mark.DONE if passed else Mark.BLOCKS),
        Pair("Shipped", "freezes the release as it is shown now, and watches it for 7 days"),
    ]


def _shipped_intro(held: Held) -> list[Block]:
    back = held.release.rollback_target
    return [
        *([Pair("Roll back to", back)] if back else []),
        Pair("Not shipped", "reopens the release; the shipment stays in the record"),
    ]


def _check(values: Values, version: str) -> dict[str, str]:
    wrong = values["became"] == Became.SHIPPED and values["confirm"].strip() != version
    return {"confirm": f"type {version}"} if wrong else {}


def _ship(context: Context, version: str, values: Values) -> None:
    """What counts is how the gates stand now, not how they stood when the form was opened."""
    at = filling.moment(values["at"].strip() or None, context.now, context.zone)
    reason = values.get("overruled", "")
    shipping.ship(context, version, run=values["run"].strip() or None, reason=reason, at=at)


def _abandon(context: Context, version: str, values: Values) -> None:
    releasing.end(context, releasing.find(context, version), Outcome.ABANDONED, reason=values["reason"])


def _roll_back(context: Context, version: str, values: Values) -> None:
    releasing.end(context, releasing.find(context, version), Outcome.ROLLED_BACK, reason=values["reason"])


def _not_shipped(context: Context, version: str, values: Values) -> None:
    shipping.take_back(context, version, values["reason"])


_DONE = {
    Became.SHIPPED: _ship,
    Became.ABANDONED: _abandon,
    Became.ROLLED_BACK: _roll_back,
    Became.NOT_SHIPPED: _not_shipped,
}
