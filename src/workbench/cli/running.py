"""The root command, and how everything that can go wrong reaches a person."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

import workbench
from workbench.cli import output, streams
from workbench.cli.lazy import Entry, LazyGroup
from workbench.cli.options import Settings, common
from workbench.model.errors import DefinitionError, OurMistake, RecordUnavailable, UsageError, WorkbenchError
from workbench.model.text import safe_text

CANCELLED = 130
BROKEN_PIPE = 141
UNEXPECTED = 70

_START, _LOOK, _KEEP, _DECIDE, _SAFE = (
    "Getting started",
    "Judging a release",
    "Editing the record",
    "Deciding and signing",
    "Keeping the record safe",
)


def _entry(module: str, attribute: str, summary: str, section: str) -> Entry:
    return Entry(f"workbench.cli.commands.{module}", attribute, summary, section)


COMMANDS: dict[str, Entry] = {
    "demo": _entry("demo", "demo", "Try it on a sample project, from recorded answers.", _START),
    "init": _entry("init", "init", "Write a starter project for this folder.", _START),
    "keys": _entry("keys", "keys", "Print every key of the app and what it means.", _START),
    "source": _entry(
        "source", "source", "Sources: their kinds and recipes, what each can measure, trying one.", _START
    ),
    "trust": _entry("trust", "trust", "Show what the project's files would use, and agree to it.", _START),
    "check": _entry("check", "check", "Check the project's files, all mistakes at once.", _START),
    "schema": _entry("schema", "schema", "Print the JSON Schema of the project's files and tables.", _START),
    "doctor": _entry("doctor", "doctor", "Check this machine, this project and its record.", _START),
    "guide": _entry("guide", "guide", "Read a page of the guide about staging, or list the pages.", _START),
    "try": _entry("trying", "try_", "Try a criterion on numbers.", _LOOK),
    "fetch": _entry("fetch", "fetch", "Fetch measurements and test results from the sources.", _LOOK),
    "probe": _entry("probe", "probe", "Look for differences between the environments.", _LOOK),
    "drift": _entry("drift", "drift", "Show how far staging has drifted from production, since when.", _LOOK),
    "scores": _entry("scores", "scores", "Show the scores of environments and flows over time.", _LOOK),
    "why": _entry("why", "why", "Show what lies between a benchmark's last pass and its first fail.", _LOOK),
    "chart": _entry(
        "chart",
        "chart",
        "Draw a benchmark over time: each build's value, the limits, what fired, what happened.",
        _LOOK,
    ),
    "what-if": _entry(
        "what_if",
        "what_if_",
        "Show what another limit would have said of the builds that were measured.",
        _LOOK,
    ),
    "learn": _entry("learn", "learn", "Show what the past teaches: how far staging can be trusted.", _LOOK),
    "review": _entry("review", "review", "Print the quarterly review: what the quarter taught.", _LOOK),
    "status": _entry(
        "status", "status", "Show a release at a glance: its state, its gates, and what is open.", _LOOK
    ),
    "calendar": _entry(
        "calendar", "calendar", "Show what falls due or ends, and whether the release is ready then.", _LOOK
    ),
    "dashboard": _entry(
        "dashboard", "dashboard", "Show the executive, on-call or stand-up dashboard.", _LOOK
    ),
    "fleet": _entry(
        "fleet_folders",
        "fleet",
        "Fleet: the folders whose projects it shows, besides those that were opened on this machine.",
        _LOOK,
    ),
    "gate": _entry("gate", "gate", "Judge a gate; the exit code says whether it passed.", _LOOK),
    "blockers": _entry(
        "blockers", "blockers", "Show what is open with its owner, its age, and when it is escalated.", _LOOK
    ),
    "diff": _entry("comparison", "diff", "Compare two releases, or two candidates of one.", _LOOK),
    "notes": _entry("notes", "notes", "Write the release notes.", _LOOK),
    "release": _entry("release", "release", "Releases and their candidates.", _KEEP),
    "flow": _entry("flow", "flow", "The inventory of integration flows.", _KEEP),
    "parity": _entry("parity", "parity", "The map of what differs between staging and production.", _KEEP),
    "investigation": _entry(
        "investigation", "investigation", "Why a score of an environment fell, and what came of it.", _KEEP
    ),
    "action": _entry("action", "action", "What is done after an incident, by whom and until when.", _KEEP),
    "failed-tests": _entry(
        "incident_review",
        "failed_tests",
        "Failed tests: whether a difference between the environments contributed.",
        _KEEP,
    ),
    "incident": _entry(
        "incident",
        "incident",
        "Incidents in staging and production: their timeline, their freeze, how they ended.",
        _KEEP,
    ),
    "environment": _entry(
        "environment",
        "environment",
        "Environments: data, occupancy, lifetime, and what they can tell.",
        _KEEP,
    ),
    "checklist": _entry("checklist", "checklist", "Checklists: answer items, attach evidence.", _KEEP),
    "routine": _entry(
        "routine",
        "routine",
        "What is done again and again: each week, sprint, month, quarter, after each refresh.",
        _KEEP,
    ),
    "benchmark": _entry("benchmark", "benchmark", "Benchmarks: verdicts, typed values, invalid ones.", _KEEP),
    "baseline": _entry("baseline", "baseline", "Baselines: what each benchmark is compared with.", _KEEP),
    "variants": _entry(
        "variants", "variants", "Show variants side by side, and the cheapest that meets the rules.", _KEEP
    ),
    "fault": _entry("fault", "fault", "Faults that flows are put under, and what came of it.", _KEEP),
    "runbook": _entry("runbook", "runbook", "Runbooks: their steps, and whether they were rehearsed.", _KEEP),
    "drill": _entry("drill", "drill", "Drills: walk a runbook against the clock.", _KEEP),
    "gameday": _entry("gameday", "gameday", "Gamedays: several drills run together.", _KEEP),
    "import": _entry(
        "importing",
        "import_",
        "Import results of tools, flows, differences, an answer to a request, or another desk's pack.",
        _KEEP,
    ),
    "export": _entry(
        "exporting",
        "export",
        "Export flows, differences, any table of the record, its ledger, or a list of result files.",
        _KEEP,
    ),
    "sign": _entry("sign", "sign", "Sign a gate, answer a request, or enter a reply.", _DECIDE),
    "ask": _entry("ask", "ask", "Ask somebody elsewhere to sign: one sheet to read.", _DECIDE),
    "poll": _entry("poll", "poll", "Run a go/no-go poll: role by role, with minutes.", _DECIDE),
    "revoke": _entry("sign", "revoke", "Revoke your own sign-off of a gate.", _DECIDE),
    "condition": _entry(
        "condition", "condition", "List the conditions of approvals, or say that they are kept.", _DECIDE
    ),
    "hand-back": _entry("hand_back", "hand_back", "Hand a gate back to whoever sent it back.", _DECIDE),
    "delegate": _entry(
        "delegate", "delegate", "Let another person sign in one of your roles, until an end.", _DECIDE
    ),
    "override": _entry("override", "override", "Propose an override of one part that is not met.", _DECIDE),
    "quarantine": _entry(
        "quarantine",
        "quarantine",
        "Propose to quarantine a flaky check, or list what is quarantined.",
        _DECIDE,
    ),
    "approve": _entry(
        "approve", "approve", "Approve what someone else proposed, or list what is waiting.", _DECIDE
    ),
    "freeze": _entry("freeze", "freeze", "Freeze promotion, lift a freeze, or list the freezes.", _DECIDE),
    "break-glass": _entry(
        "break_glass",
        "break_glass",
        "Let a release out past its gates in an emergency, or list when that was done.",
        _DECIDE,
    ),
    "prediction": _entry(
        "prediction",
        "prediction",
        "Predictions: what somebody said would hold in production, and whether it did.",
        _DECIDE,
    ),
    "promise": _entry("override", "promise", "Assign an owner to an open part, with a due date.", _DECIDE),
    "hook": _entry(
        "hook", "hook", "Hooks: what is called when something has happened, so that people are told.", _DECIDE
    ),
    "history": _entry("history", "history", "What was done, act by act, newest first.", _SAFE),
    "script": _entry(
        "script", "script", "Print what was done as a shell script that does the same on a copy.", _SAFE
    ),
    "minutes": _entry(
        "script", "minutes", "Print what was done as minutes to read: who did what when, and why.", _SAFE
    ),
    "contested": _entry(
        "settling", "contested", "List what several desks changed at once, with its versions.", _SAFE
    ),
    "settle": _entry("settling", "settle", "Choose one of several versions; it replaces them all.", _SAFE),
    "shown": _entry("shown", "shown", "Show again what was kept when somebody acted, as it was.", _SAFE),
    "undo": _entry("history", "undo", "Undo your own last act, if nobody has changed it since.", _SAFE),
    "redo": _entry("history", "redo", "Redo your own last undo.", _SAFE),
    "purge": _entry(
        "purge", "purge", "Remove a piece of evidence, or the content of a replaced entry, for good.", _SAFE
    ),
    "audit": _entry("audit", "audit", "Tell an auditor what happened over a period, and by control.", _SAFE),
    "verify": _entry("verify", "verify", "Is the record intact, a bundle, or a proof?", _SAFE),
    "head": _entry(
        "proving", "head", "The end of the ledger in three lines, which others can sign and hold.", _SAFE
    ),
    "prove": _entry(
        "proving",
        "prove",
        "Prove that one entry is in the record, or that the record continues an earlier head.",
        _SAFE,
    ),
    "backup": _entry("backup", "backup", "Make a safe copy of the record.", _SAFE),
    "restore": _entry(
        "restore",
        "restore",
        "Go on with a copy, a whole pack or a handover, as a new desk that follows.",
        _SAFE,
    ),
    "handover": _entry(
        "handover", "handover", "Hand the record over to somebody, with a page of what is open.", _SAFE
    ),
    "repair": _entry(
        "repair", "repair", "Show what is quarantined, or make a damaged record sound again.", _SAFE
    ),
    "exchange": _entry(
        "exchange", "exchange", "Exchange entries with another desk through files, without a server.", _SAFE
    ),
    "share": _entry(
        "share",
        "share",
        "Share the record with other desks through a PostgreSQL database, or show how this desk stands to it.",
        _SAFE,
    ),
    "member": _entry(
        "member", "member", "Members: who may see a shared record, write to it, sign in it or keep it.", _SAFE
    ),
    "join": _entry(
        "join",
        "join",
        "Take up the project's record from the server where it is shared, as a desk of one's own.",
        _SAFE,
    ),
    "sync": _entry(
        "sync", "sync", "Send what this desk wrote to the server, and receive what the others wrote.", _SAFE
    ),
    "evidence": _entry(
        "evidence",
        "evidence",
        "Show a piece of evidence, or list what of the record's evidence is not here.",
        _SAFE,
    ),
    "bundle": _entry(
        "bundle",
        "bundle",
        "Write everything that an auditor needs of a release, to be checked anywhere.",
        _SAFE,
    ),
    "excerpt": _entry("backup", "excerpt", "Write what CI and a second machine need.", _SAFE),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine or ready, 1 blocked, 2 usage or definition error, 3 a source could not be "
    "asked, 4 the record cannot be trusted.",
)
@common()
@click.version_option(workbench.__version__, "-V", "--version", message="workbench %(version)s")
@click.pass_context
def root(ctx: click.Context) -> int | None:
    """A release record in the terminal: how far can we trust staging, and are we ready to ship?

    Without a command, the app opens on the project of this folder or of a folder above it.
    """
    return _app(ctx.ensure_object(Settings)) if ctx.invoked_subcommand is None else None


def _app(settings: Settings) -> int:
    from workbench.cli.app import open_app
    from workbench.tui import terminal

    terminal.check()
    return open_app(settings)


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    settings = Settings()
    try:
        _require_text(argv)
        with root.make_context("workbench", list(argv), obj=settings) as ctx:
            code = root.invoke(ctx)
        with streams.writing():
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except (Exception, KeyboardInterrupt) as error:
        # What was misused may stand before the option that asks for JSON.
        settings.json = settings.json or "--json" in argv
        return code_of(error, settings)


def _require_text(argv: Sequence[str]) -> None:
    """Refuse words with bytes that are no text here; the name of a file that is there may have them."""
    for word in argv:
        if not _is_text(word) and not os.path.lexists(word.rpartition("=")[2]):
            raise _no_text(safe_text(word.encode("utf-8", "backslashreplace").decode(), 60))


def _is_text(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _no_text(which: str) -> UsageError:
    return UsageError(f"{which} is not UTF-8 text", hint="write it in UTF-8, or rename the file")


def code_of(error: BaseException, settings: Settings) -> int:
    """Tell what ended a command, and give its exit code."""
    match error:
        case click.ClickException():
            return _misused(error, settings)
        case WorkbenchError():
            return _failed(error, settings)
        case KeyboardInterrupt() | click.Abort():
            output.talk("cancelled")
            return CANCELLED
        case UnicodeEncodeError() if error.reason == "surrogates not allowed":
            # The system hands on the names of files and folders as they are, and they may be no text.
            return _failed(_no_text("the name of a file or folder"), settings)
        case BrokenPipeError():
            streams.abandon_output()
            return BROKEN_PIPE
        case OSError():
            return _refused(error, settings)
    return _unexpected(error)


def _misused(error: click.ClickException, settings: Settings) -> int:
    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        output.talk_lines(error.format_message().splitlines())
        return 2
    _emit_error(UsageError(error.format_message()), settings)
    output.talk(f"workbench: {error.format_message()}")
    if context is not None:
        output.talk(f"  usage: {context.command.get_usage(context).removeprefix('Usage: ')}")
        output.talk(f"  try: {context.command_path} --help")
    return 2


def _failed(error: WorkbenchError, settings: Settings) -> int:
    """What happened, where, and what to do: a line each; all mistakes of definition files."""
    _emit_error(error, settings)
    if isinstance(error, DefinitionError):
        for text in problem_lines(error):
            output.talk(text)
        return error.exit_code
    mark = output.colour("workbench:", "red", sys.stderr)
    output.talk_as_is(f"{mark} {safe_text(error.what)}")
    if error.where:
        output.talk(f"  at: {error.where}")
    if error.hint:
        output.talk(f"  try: {error.hint}")
    return error.exit_code


def _emit_error(error: WorkbenchError, settings: Settings) -> None:
    """The error as a document, where scripts asked for one and it can be printed."""
    if isinstance(error, streams.OutputRefused):
        streams.abandon_output()
    elif settings.json:
        try:
            output.emit(error_document(error))
        except (OSError, streams.OutputRefused):
            streams.abandon_output()


def refuse(error: WorkbenchError) -> int:
    """Tell why nothing is even begun, and give its exit code."""
    return _failed(error, Settings())


def problem_lines(error: DefinitionError) -> list[str]:
    """``file:line:column: what (hint)`` for every mistake."""
    return [f"{p.where}: {p.what}" + (f" ({p.hint})" if p.hint else "") for p in error.problems]


def error_document(error: WorkbenchError) -> dict[str, object]:
    """An error for scripts."""
    document: dict[str, object] = {
        "schema": "workbench.error.1",
        "error": error.what,
        "where": error.where,
        "hint": error.hint,
        "exit_code": error.exit_code,
    }
    document["problems"] = list(error.problems) if isinstance(error, DefinitionError) else []
    return document


def _refused(error: OSError, settings: Settings) -> int:
    """A full disk, a missing permission, a folder that is gone: the system's word, not our mistake."""
    if error.strerror is None:
        return _unexpected(error)
    what = f"the system refused: {error.strerror}"
    where = str(error.filename) if error.filename else None
    return _failed(
        RecordUnavailable(what, where=where, hint="check the permissions and the room there"), settings
    )


def _unexpected(error: BaseException) -> int:
    if os.environ.get("WORKBENCH_DEBUG"):
        import traceback

        traceback.print_exception(error)
    output.talk(f"workbench: {OurMistake.of(error).what}")
    output.talk("  nothing was half-written: a change is recorded whole or not at all")
    output.talk("  please report it, with what you typed; WORKBENCH_DEBUG=1 shows the details")
    return UNEXPECTED
