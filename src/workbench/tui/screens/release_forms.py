"""The forms of Releases: planning, editing, proposing a build."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from workbench.model import noun_fields as nouns
from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import ADD, EDIT, PROPOSE, asked_by, field_of, in_order
from workbench.releases.fields import CANDIDATE_FIELDS, FIELDS
from workbench.releases.model import (
    Held,
    Release,
)
from workbench.tui.screens.form_fields import form_field, form_fields
from workbench.tui.screens.saving import touched
from workbench.tui.theme import Mark
from workbench.tui.widgets.form import FormScreen, Values
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.working import Working
from workbench.usecases import builds, filling, releasing
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
    commit = form_field(COMMIT, hints={"commit": "of the first candidate, if there is one yet"})
    fields = (
        *form_fields(in_order(asked_by(FIELDS, ADD), "version", "kind", "planned_at"), empty, screen.zone()),
        msgspec.structs.replace(commit, required=False),
    )

    async def submit(values: Values) -> None:
        await screen.submit(_plan, values)
        screen.say(f"{values['version'].strip()} planned · P to propose a build")

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
        in_order(asked_by(FIELDS, EDIT), "summary", "kind", "planned_at"),
        release,
        screen.zone(),
        people=screen.view.definitions.project.people,
    )

    async def submit(values: Values) -> None:
        await screen.submit(_edit, held, touched(fields, values))
        screen.say(f"{release.version} saved")

    screen.app.push_screen(
        FormScreen(f"Edit {release.version}", fields, check=_check(FIELDS, screen), submit=submit)
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
            screen.say(f"{held.title}: author saved")
        else:
            screen.say(f"{held.release.version} rc{number} proposed · f to fetch its measurements")

    intro: list[Block] = [Pair("Release", held.title)]
    intro += [Pair("Suggested", offered.known)] if offered.known else []
    if held.candidates:
        intro.append(Pair("Resets", f"measurements and answers for rc{number - 1}", Mark.WARNS))
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
