"""The forms of an incident: declaring it, what is known of it, how it ends, lifting its freeze."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from workbench.definitions import Definitions
from workbench.definitions.shapes import EnvironmentKind
from workbench.incidents.fields import FIELDS
from workbench.incidents.model import Incident, IncidentEnd, IncidentSeverity, IncidentState
from workbench.model.noun_fields import EDIT, asked_by, field_of
from workbench.record import Stored
from workbench.tui.screens.form_fields import form_field, form_fields
from workbench.tui.screens.saving import touched
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import deciding, filling, incidents
from workbench.usecases.context import Context

_ASKED_AT_ONCE = ("title", "environment", "severity", "flows", "commander", "started_at")
_FREEZES = "one in staging freezes promotion at once, until somebody lifts that freeze"
MITIGATED, REOPEN = IncidentState.MITIGATED.value, "reopen"
CLOSED, MISTAKE, MERGED = IncidentEnd.CLOSED.value, IncidentEnd.MISTAKE.value, IncidentEnd.MERGED.value


def environment_options(definitions: Definitions) -> tuple[Option, ...]:
    """The environments that an incident can be in; one of each kind where a project lists none."""
    listed = definitions.project.environments
    if not listed:
        return tuple(Option(kind.value) for kind in (EnvironmentKind.STAGING, EnvironmentKind.PRODUCTION))
    return tuple(Option(one.key, one.title or one.key) for one in listed)


def incident_fields(
    screen: Working, value: Incident, names: Sequence[str], hints: Mapping[str, str] = {}
) -> tuple[Field, ...]:
    """Fields of an incident, filled in; where it is, is chosen."""
    people, zone = screen.view.definitions.project.people, screen.zone()
    found = []
    for one in form_fields([field_of(FIELDS, name) for name in names], value, zone, hints, people):
        if one.name == "environment":
            options = environment_options(screen.view.definitions)
            one = Field(one.name, one.label, "choice", one.value, one.hint, options, required=True)
        found.append(one)
    return tuple(found)


def open_new(screen: Working, then: Callable[[str], None]) -> None:
    """Declare an incident; ``then`` opens it."""
    options = environment_options(screen.view.definitions)
    staging = screen.view.definitions.staging
    empty = Incident(
        title="",
        environment=staging.key if staging else options[0].value,
        severity=IncidentSeverity.HIGH,
        commander=screen.view.person,
        declared_at=datetime.now(UTC),
        declared_by=screen.view.person,
    )
    fields = incident_fields(screen, empty, _ASKED_AT_ONCE, {"environment": _FREEZES})
    made: list[str] = []

    async def submit(values: Values) -> None:
        made.append(await screen.submit(_declare, values))
        screen.say("declared: a to write down what happens, enter for its checklist")

    def left(values: Values | None) -> None:
        if values is not None and made:
            then(made[0])

    screen.app.push_screen(
        FormScreen("Declare an incident", fields, submit=submit, save_label="declare"), left
    )


def _declare(context: Context, values: Values) -> str:
    value = filling.change(context, FIELDS, incidents.new(context), values)
    return incidents.declare(context, incidents.placed(context, value, None, None))


def open_edit(screen: Working, stored: Stored, value: Incident) -> None:
    """All that is known of it; a corrected time is a line of its timeline."""
    names = [field.name for field in asked_by(FIELDS, EDIT) if field.name != "closed_at" or not value.open]
    fields = incident_fields(screen, value, names)

    async def submit(values: Values) -> None:
        await screen.submit(_edit, stored, value, touched(fields, values))
        screen.say(f"{value.title}: saved")

    screen.app.push_screen(FormScreen(f"Edit: {value.title}", fields, submit=submit))


def _edit(context: Context, stored: Stored, value: Incident, given: Values) -> None:
    incidents.edit(context, stored, value, filling.change(context, FIELDS, value, given))


def open_mark(screen: Working, stored: Stored, value: Incident) -> None:
    """Say how it goes on: mitigated, closed, a mistake, part of another one; or open again."""
    choices = _marks_of(value)
    moment = form_field(field_of(FIELDS, "mitigated_at"))
    fields = (
        Field("mark", "It is", "choice", choices[0].value, options=choices, required=True),
        Field("at", "When", "past", hint=moment.hint or "", only_if=("mark", (MITIGATED, CLOSED))),
        Field("into", "Part of", hint="its title, or a part of it", required=True, only_if=("mark", MERGED)),
        Field(
            "words",
            "Why",
            hint="in a sentence",
            required_if=("mark", (MISTAKE, REOPEN)),
        ),
    )

    def check(values: Values) -> dict[str, str]:
        lacks = values["mark"] in (MISTAKE, REOPEN) and not values["words"].strip()
        return {"words": "Required"} if lacks else {}

    async def submit(values: Values) -> None:
        await screen.submit(_mark, stored.id, values)
        frozen = any(line.id == stored.id and line.frozen for line in screen.view.incidents)
        screen.say(f"{_SAID[values['mark']]}" + ("; its freeze stays: Z lifts it" if frozen else ""))

    screen.app.push_screen(
        FormScreen(f"Mark: {value.title}", fields, check=check, submit=submit, save_label="mark")
    )


_SAID = {
    MITIGATED: "mitigated",
    CLOSED: "closed",
    MISTAKE: "declared by mistake: it stays in the record and counts in nothing",
    MERGED: "merged: it counts as part of the other one",
    REOPEN: "open again",
}


def _marks_of(value: Incident) -> tuple[Option, ...]:
    """What can be said of an incident next; the usual one first."""
    ends = (Option(CLOSED),)
    if value.state is IncidentState.OPEN:
        return (Option(MITIGATED), *ends)
    again = Option(REOPEN, "not over: open again")
    return (*ends, again) if value.open else (again,)


def _mark(context: Context, id: str, values: Values) -> None:
    """The act that was chosen, on the incident as it is now."""
    stored, value = incidents.find_incident(context, id)
    mark, words = values["mark"], values["words"].strip()
    at = filling.past(context, values["at"])
    if mark == MITIGATED:
        incidents.mitigate(context, stored, value, at=at, words=words)
    elif mark == CLOSED:
        incidents.close(context, stored, value, at=at, why=words)
    else:
        incidents.reopen(context, stored, value, words)


def open_lift(screen: Working, stored: Stored, value: Incident) -> None:
    """Lift the freeze of one incident; the others hold on."""

    async def submit(values: Values) -> None:
        await screen.submit(deciding.lift_freeze, values["reason"], stored.id)
        screen.say("lifted: this incident no longer freezes promotion")

    screen.app.push_screen(
        FormScreen(
            "Lift its freeze?",
            (Field("reason", "Reason", required=True, hint="why promotion is safe again"),),
            intro=[Pair("Incident", value.title)],
            submit=submit,
            save_label="lift",
        )
    )
