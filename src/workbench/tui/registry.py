"""The modes of the app, told once, and what can be done in all of them.

A new screen is a module in ``screens`` and a line in :data:`MODES`.  Its own actions stand
in its module; that no two of them want one key is checked when the module is imported.
"""

from __future__ import annotations

from importlib import import_module

import msgspec

from workbench.gates.model import Part
from workbench.tui.actions import Acting, Action
from workbench.tui.widgets.header import Tab
from workbench.usecases import guide


class Below(msgspec.Struct, frozen=True):
    """A screen that one comes to from a mode; ``title`` as the help names it."""

    id: str
    title: str
    screen: str


class Mode(Tab, frozen=True):
    """A mode: its tab, its screen as ``module.Class`` in ``screens``, and what its key does.

    One without a key is reached from ``0`` and by its name.  ``shows`` are the nouns of lines (``Part.about``) that one goes there for.
    """

    screen: str
    help: str
    below: tuple[Below, ...] = ()
    shows: tuple[str, ...] = ()


MODES = (
    Mode(
        "readiness",
        "1",
        "Readiness",
        "readiness.ReadinessScreen",
        "go to Readiness",
        (Below("poll", "a poll", "polling.PollScreen"),),
    ),
    Mode(
        "parity",
        "2",
        "Parity",
        "parity.ParityScreen",
        "go to the parity map",
        (
            Below("difference", "a difference", "difference_page.DifferenceScreen"),
            Below("proposals", "proposals of probes", "proposals.ProposalsScreen"),
            Below("discovered", "differences in the files", "discovered.DiscoveredScreen"),
        ),
        shows=("difference",),
    ),
    Mode(
        "benchmarks",
        "3",
        "Benchmarks",
        "benchmarks.BenchmarksScreen",
        "go to the benchmarks",
        (
            Below("benchmark", "a benchmark", "benchmark_detail.BenchmarkDetail"),
            Below("matrix", "flows by dimensions", "matrix.MatrixScreen"),
        ),
        shows=("benchmark",),
    ),
    Mode(
        "checklists",
        "4",
        "Checklists",
        "checklists.ChecklistsScreen",
        "go to the checklists",
        (Below("walking", "walking a checklist", "walking.WalkingScreen"),),
        shows=("item",),
    ),
    Mode(
        "incidents",
        "5",
        "Incidents",
        "incidents.IncidentsScreen",
        "go to the incidents: open ones first, and what each taught",
        (
            Below("incident", "an incident", "incident_page.IncidentScreen"),
            Below(
                "incident_walk", "walking the checklist of an incident", "incident_walk.IncidentWalkScreen"
            ),
            Below("review", "a review", "incident_review.ReviewScreen"),
        ),
        shows=("incident",),
    ),
    Mode(
        "actions",
        "",
        "Actions",
        "actions.ActionsScreen",
        "go to the actions of incidents: whose they are, and what is overdue",
        shows=("action",),
    ),
    Mode(
        "releases",
        "6",
        "Releases",
        "releases.ReleasesScreen",
        "go to the releases",
        (Below("comparison", "two releases compared", "comparing.ComparisonScreen"),),
        shows=("candidate", "release"),
    ),
    Mode(
        "flows",
        "7",
        "Flows",
        "flows.FlowsScreen",
        "go to the flow inventory",
        (
            Below("flow", "a flow", "flow_page.FlowScreen"),
            Below("flows_seen", "flows from traces", "flows_seen.FlowsSeenScreen"),
        ),
        shows=("flow",),
    ),
    Mode(
        "probes",
        "",
        "Probes",
        "probes.ProbesScreen",
        "go to the probes, which look for differences",
        (Below("probe", "a probe", "probe_page.ProbeScreen"),),
        shows=("probe",),
    ),
    Mode(
        "environments",
        "",
        "Environments",
        "environments.EnvironmentsScreen",
        "go to the environments: their data, who uses them, what their word is worth",
        (Below("environment", "an environment", "environment_page.EnvironmentScreen"),),
        shows=("environment",),
    ),
    Mode(
        "drift",
        "",
        "Drift",
        "drift.DriftScreen",
        "go to what has drifted from production, and since when",
        shows=("drift",),
    ),
    Mode(
        "scores",
        "",
        "Scores",
        "scores.ScoresScreen",
        "go to the scores over time",
    ),
    Mode(
        "learning",
        "",
        "Learning",
        "learning.LearningScreen",
        "go to what the past teaches: how far staging can be trusted",
        shows=("figure",),
    ),
    Mode(
        "calendar",
        "",
        "Calendar",
        "calendar.CalendarScreen",
        "go to what falls due or ends, and whether the release is ready then",
    ),
    Mode(
        "runbooks",
        "",
        "Runbooks",
        "runbooks.RunbooksScreen",
        "go to the runbooks, to read or to drill one",
        (Below("runbook", "a runbook", "runbook_page.RunbookScreen"),),
        shows=("runbook",),
    ),
    Mode(
        "routines",
        "",
        "Routines",
        "routines.RoutinesScreen",
        "go to what is done again and again, what is due first",
        shows=("routine",),
    ),
    Mode(
        "executive",
        "",
        "Executive",
        "dashboards.ExecutiveScreen",
        "go to the executive dashboard: readiness, deployments, objectives, findings, cost",
    ),
    Mode(
        "on_call",
        "",
        "On call",
        "dashboards.OnCallScreen",
        "go to the on-call dashboard: incidents, alerts, deployments, failing checks, error rates",
    ),
    Mode(
        "stand_up",
        "",
        "Stand-up",
        "dashboards.StandUpScreen",
        "go to the five lines of the morning",
    ),
    Mode(
        "fleet",
        "",
        "Fleet",
        "fleet.FleetScreen",
        "go to all projects on this machine: who is needed first, what falls due, delivery",
    ),
    Mode(
        "blockers",
        "",
        "Blockers",
        "blockers.BlockersScreen",
        "go to what is open by its age: whose it is, and when it is escalated",
    ),
    Mode(
        "sources",
        "",
        "Sources",
        "sources.SourcesScreen",
        "go to what is asked for measurements, and what came of it",
    ),
    Mode(
        "hooks",
        "",
        "Hooks",
        "hooks.HooksScreen",
        "go to what is called when something has happened",
    ),
    Mode(
        "sharing",
        "",
        "Sharing",
        "sharing.SharingScreen",
        "go to the server and the other desks: what is sent, what came, what needs you",
    ),
    Mode("history", "8", "History", "history.HistoryScreen", "go to the history of changes"),
    Mode("notes", "9", "Notes", "notes.NotesScreen", "go to the release notes"),
    Mode(
        "statement",
        "",
        "Parity statement",
        "statement.StatementScreen",
        "go to the parity statement",
        shows=("claim",),
    ),
    Mode(
        "guide",
        "",
        "Guide",
        "guide_screen.GuideScreen",
        "read about staging, with what your record shows of it",
    ),
)
# The page of the guide that one reads where one is.
ABOUT = {
    "parity": "parity", "statement": "parity", "benchmarks": "dimensions", "flows": "dimensions", "releases": "when",
    "checklists": "runbooks", "runbooks": "runbooks", "incidents": "runbooks", "environments": "kinds", "probes": "fidelity", "drift": "fidelity", "readiness": "alerting",
}  # fmt: skip
BY_ID = {mode.id: mode for mode in MODES}
BELOW = {each.id: each for mode in MODES for each in mode.below}
_SHOWING = {noun: mode.id for mode in MODES for noun in mode.shows}
_MORE = Tab("more", "0", "more")

# Of several screens, each of which names them among its own.
FIND = Action("filter_lines", "slash", "show only lines that contain certain words", shared=True)
FETCH = Action("fetch", "f", "fetch measurements again", 7)


def _going(mode: Mode) -> Action:
    """The action that leads to a mode."""
    label = "" if mode.key else mode.title
    return Action(f"mode_{mode.id}", mode.key, mode.help, does="mode", about=mode.id, own_label=label)


EVERYWHERE = (
    Action("undo", "u", "undo your last change; fetched measurements stay", 1),
    Action("redo", "U", "redo what you undid last"),
    Action("person", "W", "switch to another person from now on"),
    Action("edit_file", "E", "open the line's definition in your editor"),
    Action("next_match", "n", "go to the next row that matches the last filter", does="match", about="next"),
    Action(
        "previous_match",
        "N",
        "go to the previous row that matches the last filter",
        does="match",
        about="previous",
    ),
    Action("command", "colon", "run any workbench command on this record"),
    Action("help", "question_mark", "what the keys do here", 5),
    Action(
        "proposals",
        "",
        "what probes propose for the map, to take or to leave",
        does="below",
        about="proposals",
        own_label="proposals",
    ),
    Action(
        "discover",
        "",
        "what the files of staging and production say differently, to put it on the map",
        does="below",
        about="discovered",
        own_label="discover",
    ),
    Action(
        "flows_from_traces",
        "",
        "the flows that traces show, to put them into the inventory",
        does="below",
        about="flows_seen",
        own_label="flows from traces",
    ),
    Action(
        "poll",
        "",
        "the go/no-go poll of the release: role by role, with minutes",
        does="below",
        about="poll",
        own_label="poll",
    ),
    Action("so_far", "", "this sitting as commands, and as minutes", own_label="commands so far"),
    Action(
        "trust",
        "",
        "what the project's files would run, read and contact, and your answer",
        own_label="trust",
    ),
    Action("messages", "", "messages since the app was opened", own_label="messages"),
    Action("switch_colours", "", "dark, light, or the terminal's own colours", own_label="colours"),
    *(_going(mode) for mode in MODES),
    Action("reload", "ctrl+r", "read the files and the record again"),
    Action("more", "0", "commands that have no key"),
    Action("quit", "q", "quit; nothing is lost"),
)


class Destination(msgspec.Struct, frozen=True):
    """A noun, the mode that shows it ("" if none does), and the row to stand on."""

    noun: str
    mode: str
    row: str | None


def places(current: str) -> tuple[Tab, ...]:
    """What stands below the header: the modes with a key, what else there is, and of that where one is."""
    here = (tab for tab in MODES if tab.id == current and not tab.key)
    return (*(tab for tab in MODES if tab.key), _MORE, *here)


def showing(noun: str) -> str:
    """The mode in which a noun of the record is shown; empty if there is none."""
    return _SHOWING.get(noun, "")


def destination(part: Part) -> Destination:
    """Where one goes to clear a part of a gate."""
    noun, _, row = part.about.partition("/")
    return Destination(noun, showing(noun), row or None)


def mode_of(id: str) -> str:
    """The mode that a screen is, or below which it lies."""
    return next((mode.id for mode in MODES if any(id == each.id for each in mode.below)), id)


def title_of(id: str) -> str:
    """What a screen is called in the help."""
    return (BELOW.get(id) or BY_ID[id]).title


def page_about(mode: str) -> guide.Page | None:
    """The page of the guide about a mode, if there is one."""
    return next((page for page in guide.pages() if page.name == ABOUT.get(mode)), None)


def load(screen: str) -> type[Acting]:
    """A screen's class by ``module.Class``; its module is imported now."""
    module, _, name = screen.partition(".")
    found: type[Acting] = getattr(import_module(f"workbench.tui.screens.{module}"), name)
    return found


def open_screen(screen: str) -> Acting:
    """A new screen by ``module.Class``."""
    return load(screen)()


def screens() -> dict[str, type[Acting]]:
    """Every screen there is, by its id; imports them all."""
    places: list[Mode | Below] = [*MODES, *(each for mode in MODES for each in mode.below)]
    return {place.id: load(place.screen) for place in places}
