"""The forms of an incident: declaring it, what is known of it, how it ends, lifting its freeze."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from workbench.definitions import Definitions
from workbench.definitions.shapes import EnvironmentKind
from workbench.incidents.fields import FIELDS
from workbench.incidents.model import Incident, IncidentEnd, IncidentSeverity, IncidentState
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.model.cells import write_moment
from workbench.model.errors import WorkbenchError
from workbench.model.noun_fields import EDIT, asked_by, field_of
from workbench.model.past import WHEN
from workbench.model.text import number_of
from workbench.record import Stored
from workbench.tui.screens.form_fields import form_field, form_fields
from workbench.tui.screens.saving import touched
from workbench.tui.theme import Role
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Gap, Pair, Paragraph, Verbatim
from workbench.tui.working import Working
from workbench.usecases import deciding, drills, filling, incident_corrections, incidents
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names
from workbench.usecases.views.incident_documents import find_line
from workbench.usecases.views.incident_text import told_text

_ASKED_AT_ONCE = ("title", "environment", "severity", "flows", "commander", "started_at")
_FREEZES = "one in staging freezes promotion at once, until somebody lifts that freeze"
FLOWS = 4  # so many are named below the field
MITIGATED, REOPEN, SPLIT = IncidentState.MITIGATED.value, "reopen", "split"
IN_WORDS = "in-words"
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


async def open_new(screen: Working, then: Callable[[str], None]) -> None:
    """Declare an incident; ``then`` opens it."""
    try:
        flows = list((await screen.work.desk.call(flow_names)).values())
    except WorkbenchError as error:
        screen.work.tell(error)
        return
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
    hints = {"title": "what is seen, in a few words", "environment": _FREEZES, "flows": _named(flows)}
    fields = incident_fields(screen, empty, _ASKED_AT_ONCE, hints)
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


def _named(flows: Sequence[str]) -> str:
    """The flows that one can name, as far as a line holds them."""
    more = f" and {len(flows) - FLOWS} more" if len(flows) > FLOWS else ""
    return ", ".join(flows[:FLOWS]) + more


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


def open_mark(screen: Working, stored: Stored, value: Incident, lines: Sequence[str] = ()) -> None:
    """Say how it goes on: mitigated, closed, a mistake, part of another one; or open again.

    Of marked ``lines`` an incident of its own can be made.
    """
    choices = _marks_of(value)
    if lines:
        choices = (*choices, Option(SPLIT, f"two incidents: {number_of(len(lines), 'marked line')} apart"))
    moment = form_field(field_of(FIELDS, "mitigated_at"))
    fields = (
        Field("mark", "It is", "choice", choices[0].value, options=choices, required=True),
        Field("at", "When", "past", hint=moment.hint or "", only_if=("mark", (MITIGATED, CLOSED))),
        Field("into", "Part of", hint="its title, or a part of it", required=True, only_if=("mark", MERGED)),
        Field("title", "The other", hint="what it is called", required=True, only_if=("mark", SPLIT)),
        Field(
            "words",
            "Why",
            hint="in a sentence",
            only_if=("mark", (MITIGATED, CLOSED, MISTAKE, MERGED, REOPEN)),
            required_if=("mark", (MISTAKE, REOPEN)),
        ),
    )

    def check(values: Values) -> dict[str, str]:
        lacks = values["mark"] in (MISTAKE, REOPEN) and not values["words"].strip()
        return {"words": "Required"} if lacks else {}

    async def submit(values: Values) -> None:
        await screen.submit(_mark, stored.id, values, lines)
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
    SPLIT: "two incidents now: the marked lines went along with the new one",
}


def _marks_of(value: Incident) -> tuple[Option, ...]:
    """What can be said of an incident next; the usual one first."""
    ends = (Option(CLOSED), Option(MISTAKE, "declared by mistake"), Option(MERGED, "part of another one"))
    if value.state is IncidentState.OPEN:
        return (Option(MITIGATED), *ends)
    again = Option(REOPEN, "not over: open again")
    if value.state is IncidentState.CLOSED:
        return (again, *ends[1:])
    return (*ends, again) if value.open else (again,)


def _mark(context: Context, id: str, values: Values, lines: Sequence[str]) -> None:
    """The act that was chosen, on the incident as it is now."""
    stored, value = incidents.find_incident(context, id)
    mark, words = values["mark"], values["words"].strip()
    at = filling.past(context, values["at"])
    if mark == MITIGATED:
        incidents.mitigate(context, stored, value, at=at, words=words)
    elif mark == CLOSED:
        incidents.close(context, stored, value, at=at, why=words)
    elif mark == MISTAKE:
        incident_corrections.mistake(context, stored, value, words)
    elif mark == MERGED:
        other = incidents.find_incident(context, values["into"])
        incident_corrections.merge(context, stored, value, other, words)
    elif mark == SPLIT:
        moved = [find_line(context, stored, line) for line in lines]
        incident_corrections.split(context, stored, value, values["title"], moved)
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


async def open_tell(screen: Working, id: str) -> None:
    """A text that is ready to paste, copied; and whom it reached, which the checklist asks."""
    try:
        title, text = await screen.work.desk.call(_text, id)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    screen.app.copy_to_clipboard(text)

    async def submit(values: Values) -> None:
        await screen.submit(_told, id, values["whom"])
        screen.say(f"written down: {values['whom'].strip()}")

    screen.app.push_screen(
        FormScreen(
            f"Tell people: {title}",
            (Field("whom", "Told", required=True, hint="whom, and how: #releases; Kim by phone"),),
            intro=[Verbatim(text), Gap(), Paragraph("It is copied: paste it where people read.", Role.MUTED)],
            submit=submit,
            save_label="write it down",
        )
    )


def _text(context: Context, id: str) -> tuple[str, str]:
    stored, value = incidents.find_incident(context, id)
    return value.title, told_text(context, stored, value)


def _told(context: Context, id: str, whom: str) -> None:
    incidents.note(context, *incidents.find_incident(context, id), whom, what=LineKind.TOLD)


async def open_correct(screen: Working, id: str, line: str) -> None:
    """Put other words or another time in a line's place; the earlier version stays in the history."""
    try:
        stored, value = await screen.work.desk.call(_line, id, line)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    fields = (
        Field("words", "What", value=value.words),
        Field("at", "When", "past", value=write_moment(value.at, screen.zone()), hint=WHEN),
        Field(
            "reason",
            "Reason",
            required=True,
            hint="why it is corrected; the earlier version stays in the history",
        ),
    )

    async def submit(values: Values) -> None:
        await screen.submit(_correct, stored, value, touched(fields, values))
        screen.say("corrected")

    screen.app.push_screen(FormScreen("Correct this line?", fields, submit=submit, save_label="correct"))


def _line(context: Context, id: str, line: str) -> tuple[Stored, TimelineLine]:
    return find_line(context, incidents.find_incident(context, id)[0], line)


def _correct(context: Context, stored: Stored, value: TimelineLine, given: Values) -> None:
    incident_corrections.correct_line(
        context,
        stored,
        value,
        words=given.get("words"),
        at=filling.past(context, given.get("at")),
        reason=given.get("reason", ""),
    )


def open_executed(screen: Working, id: str, then: Callable[[str], object]) -> None:
    """Execute a runbook of the project in earnest, its clock running; or say in words which one was.

    ``then`` goes to the runbook that was begun.
    """
    listed = screen.view.definitions.project.runbooks
    options = (*(Option(one.key, one.title) for one in listed), Option(IN_WORDS, "said in words"))
    asked = Field("runbook", "Runbook", "choice", options[0].value, options=options, required=True)
    words = Field(
        "words",
        "Executed",
        hint="which runbook was executed, and how it went",
        required=True,
        only_if=("runbook", IN_WORDS),
    )

    async def submit(values: Values) -> None:
        chosen = values.get("runbook", IN_WORDS)
        await screen.submit(_executed, id, chosen, values["words"])
        screen.say("begun: its clock runs" if chosen != IN_WORDS else "written down")

    def left(values: Values | None) -> None:
        chosen = (values or {}).get("runbook", IN_WORDS)
        if chosen != IN_WORDS:
            then(chosen)

    fields = (asked, words) if listed else (msgspec.structs.replace(words, only_if=None),)
    form = FormScreen("Execute the runbook", fields, submit=submit, save_label="begin")
    screen.app.push_screen(form, left)


def _executed(context: Context, id: str, runbook: str, words: str) -> None:
    stored, value = incidents.find_incident(context, id)
    if runbook == IN_WORDS:
        incidents.note(context, stored, value, words, what=LineKind.RUNBOOK)
    else:
        drills.start_drill(
            context, drills.Begin(runbook=runbook, environment=value.environment, incident=stored.id)
        )
