"""The forms of Releases: planning, editing, proposing a build, saying what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from workbench.model import noun_fields as nouns
from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import ADD, EDIT, PROPOSE, asked_by, field_of, in_order
from workbench.releases.fields import CANDIDATE_FIELDS, FIELDS
from workbench.releases.model import (
    Held,
    Outcome,
    Release,
)
from workbench.tui.screens.form_fields import form_field, form_fields
from workbench.tui.screens.saving import touched
from workbench.tui.theme import Mark
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.working import Working
from workbench.usecases import builds, filling, releasing, shipping
from workbench.usecases.context import Context

COMMIT = field_of(CANDIDATE_FIELDS, "commit")


# --- planning and editing ----------------------------------------------------------------------


async def open_new(screen: Working) -> None:
    """Plan a release; with a commit, its first candidate too."""
    try:
        before = await screen.work.desk.call(releasing.likely_previous)
    except WorkbenchError as error:
        screen.work.tell(error)
        return

    empty = Release(version="", owner=screen.view.person, previous=before, rollback_target=before)
    commit = form_field(COMMIT, hints={"commit": "of the first candidate, if there is one by now"})
    fields = (
        *form_fields(in_order(asked_by(FIELDS, ADD), "version", "kind", "planned_at"), empty, screen.zone()),
        msgspec.structs.replace(commit, required=False),
    )

    async def submit(values: Values) -> None:
        await screen.submit(_plan, values)
        screen.say(f"{values['version'].strip()} is planned")

    screen.app.push_screen(
        FormScreen("Plan a release", fields, check=_check(FIELDS, screen), submit=submit, save_label="plan")
    )


def _plan(context: Context, values: Values) -> None:
    release = filling.change(context, FIELDS, Release(version=""), values)
    commit = values["commit"].strip()
    releasing.plan(context, release, builds.build_of(context, commit, {}) if commit else None)


def open_edit(screen: Working, held: Held) -> None:
    """Edit what a release is described by."""
    release = held.release
    fields = form_fields(
        in_order(asked_by(FIELDS, EDIT), "summary", "kind", "planned_at"), release, screen.zone()
    )

    async def submit(values: Values) -> None:
        await screen.submit(_edit, held, touched(fields, values))
        screen.say(f"{release.version}: saved")

    screen.app.push_screen(
        FormScreen(f"Describe {release.version}", fields, check=_check(FIELDS, screen), submit=submit)
    )


def _edit(context: Context, held: Held, given: Values) -> None:
    releasing.edit(context, held, filling.change(context, FIELDS, held.release, given))


def _check(fields: Iterable[nouns.Field], screen: Working) -> Callable[[Values], dict[str, str]]:
    """What is wrong with texts, below their fields."""
    return lambda values: filling.mistakes(fields, values, screen.zone())


# --- candidates --------------------------------------------------------------------------------


async def open_candidate(screen: Working, held: Held) -> None:
    """Propose the next build."""
    try:
        offered = await screen.work.desk.call(builds.suggest, held)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    number = len(held.candidates) + 1

    async def submit(values: Values) -> None:
        await screen.submit(_propose, held.release.version, values)
        if builds.only_names_author(held, values["commit"], values["author"]):
            screen.say(f"{held.title}: its author is known now")
        else:
            screen.say(f"{held.release.version} rc{number}: f under 3 Benchmarks measures it")

    intro: list[Block] = [Pair("Release", held.title)]
    intro += [Pair("Offered", offered.known)] if offered.known else []
    if held.candidates:
        intro.append(
            Pair("Opens again", "what was measured on, and answered for, the build before", Mark.WARNS)
        )
    screen.app.push_screen(
        FormScreen(
            f"Propose rc{number} of {held.release.version}",
            form_fields(asked_by(CANDIDATE_FIELDS, PROPOSE), offered.build, screen.zone()),
            intro=intro,
            check=_check(CANDIDATE_FIELDS, screen),
            submit=submit,
            save_label="propose",
        )
    )


def _propose(context: Context, version: str, values: Values) -> None:
    said = {name: text.strip() for name, text in values.items() if text.strip()}
    build = builds.build_of(context, said["commit"], said)
    releasing.propose(context, releasing.find(context, version), build)


# --- what became of it -------------------------------------------------------------------------


def open_shipped(screen: Working, held: Held, *, through: bool, open_: str) -> None:
    """Say that a release went out; when not every gate is through, why all the same."""
    version = held.release.version

    async def submit(values: Values) -> None:
        await screen.submit(_ship, version, values)
        screen.say(f"{version} was shipped")

    fields = [Field("confirm", f"Type {version}", required=True, hint="the version, to be sure")]
    fields.append(
        Field(
            "run", "Run", value=held.release.run or "", hint="the run that shipped it, a link; may stay empty"
        )
    )
    fields.append(Field("at", "When", hint="when it went out; empty means now"))
    if not through:
        fields.insert(
            0,
            Field(
                "reason",
                "Why all the same",
                required=True,
                hint="it stands in the record; 8 letters at least",
            ),
        )
    mark = Mark.DONE if through else Mark.BLOCKS
    said = (
        "every gate is through" if through else f"not every gate is through: {open_ or 'gates are missing'}"
    )
    screen.app.push_screen(
        FormScreen(
            f"{held.title} was shipped?",
            fields,
            intro=[
                Pair("Gates", said, mark),
                Pair("From now on", "it is frozen, shown as it is now, and watched for 7 days"),
            ],
            check=lambda values: _check_version(values, version),
            submit=submit,
            save_label="shipped",
        )
    )


def _check_version(values: Values, version: str) -> dict[str, str]:
    return {} if values["confirm"].strip() == version else {"confirm": f"type {version}"}


def open_not_shipped(screen: Working, held: Held) -> None:
    """Say that a release did not go out after all."""
    version = held.release.version

    async def submit(values: Values) -> None:
        await screen.submit(shipping.take_back, version, values["reason"])
        screen.say(f"{version} is open again")

    screen.app.push_screen(
        FormScreen(
            f"{version} was not shipped after all?",
            (Field("reason", "Reason", required=True),),
            intro=[
                Pair("From now on", "it is open again; what was kept of the shipment stays in the record")
            ],
            submit=submit,
            save_label="not shipped",
        )
    )


def open_ended(screen: Working, held: Held) -> None:
    """Say that a shipped release was rolled back, or an open one abandoned."""
    version = held.release.version
    shipped = held.release.outcome is Outcome.SHIPPED
    outcome = Outcome.ROLLED_BACK if shipped else Outcome.ABANDONED
    word = "rolled back" if shipped else "abandoned"

    async def submit(values: Values) -> None:
        await screen.submit(_end, version, outcome, values["reason"])
        screen.say(f"{version} was {word}")

    target = held.release.rollback_target
    intro: list[Block] = [Pair("Back to", target)] if shipped and target else []
    screen.app.push_screen(
        FormScreen(
            f"{version} was {word}?",
            (Field("reason", "Reason", required=True),),
            intro=intro,
            submit=submit,
            save_label=word,
        )
    )


def _ship(context: Context, version: str, values: Values) -> None:
    """What counts is how the gates stand now, not how they stood when the form was opened."""
    at = filling.moment(values["at"].strip() or None, context.now, context.zone)
    shipping.ship(context, version, run=values["run"].strip() or None, reason=values.get("reason", ""), at=at)


def _end(context: Context, version: str, outcome: Outcome, reason: str) -> None:
    releasing.end(context, releasing.find(context, version), outcome, reason=reason)
