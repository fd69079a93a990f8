"""``doctor``: is everything here as the workbench needs it, and what to do where it is not?"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from workbench.definitions import Definitions, load
from workbench.definitions.trust import trust_request
from workbench.model.errors import DefinitionError, WorkbenchError
from workbench.model.text import number_of
from workbench.model.times import age_text
from workbench.record import Record, heads
from workbench.signoff.ssh_signatures import signers_of
from workbench.sources.kinds import KINDS as SOURCE_KINDS
from workbench.usecases import nouns
from workbench.usecases.checks import Check, State, worst
from workbench.usecases.context import Context
from workbench.usecases.git import tracked_among
from workbench.usecases.opening import has_record, with_record
from workbench.usecases.project import (
    NoDataFolder,
    Options,
    data_folder,
    kinds,
    project_folder,
    record_path,
)
from workbench.usecases.safekeeping import BACKUPS
from workbench.usecases.sharing import SHARED
from workbench.usecases.ssh_signing import git_key, public_half
from workbench.usecases.trusting import is_trusted

_PYTHON = (3, 11)
_SQLITE = (3, 37)  # STRICT tables
_LITTLE_ROOM = 100_000_000
_FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)


def examine(options: Options, *, ask: bool = False, now: datetime | None = None) -> tuple[Check, ...]:
    """Look over this machine, this project and its record.

    Nothing is changed, and nobody is asked but the server of a shared record, which is waited for a few seconds; unless
    ``ask``: then each source of a trusted project is asked one question.  ``now`` is what the clock says.
    """
    moment = now or datetime.now(UTC)
    return (*_machine(moment), *_project(options, moment, ask))


# --- the machine -------------------------------------------------------------------------


def _machine(now: datetime) -> Iterator[Check]:
    yield _version("Python", sys.version_info[:3], _PYTHON, "install a newer Python")
    yield _version(
        "SQLite", sqlite3.sqlite_version_info, _SQLITE, "use a Python that comes with a newer SQLite"
    )
    yield from _terminal()
    yield _program("git", "needed to find commits and people", "install git")
    if now < _FIRST_DAY:
        yield Check("fail", "clock", f"it says {now:%Y-%m-%d}", "set the system's clock")
    else:
        yield Check("ok", "clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _version(name: str, found: tuple[int, ...], least: tuple[int, ...], fix: str) -> Check:
    shown, needed = ".".join(map(str, found)), ".".join(map(str, least))
    if found[: len(least)] < least:
        return Check("fail", name, f"{shown}; {needed} or newer is needed", fix)
    return Check("ok", name, shown)


def _program(name: str, why: str, fix: str) -> Check:
    found = shutil.which(name)
    return Check("ok", name, found) if found else Check("warn", name, f"not found; {why}", fix)


def _terminal() -> Iterator[Check]:
    streams = {"stdin": sys.__stdin__, "stdout": sys.__stdout__, "stderr": sys.__stderr__}
    elsewhere = [name for name, stream in streams.items() if not _is_terminal(stream)]
    term = os.environ.get("TERM", "")
    width, height = shutil.get_terminal_size()
    if elsewhere:
        one = "is" if len(elsewhere) == 1 else "are"
        why = f"{', '.join(elsewhere)} {one} no terminal here: commands work, the app does not"
        yield Check("warn", "terminal", why, "start the app in a terminal without redirections")
    elif term.lower() in ("dumb", "unknown"):
        yield Check("warn", "terminal", f"TERM={term}: the app cannot draw here", "set TERM=xterm-256color")
    elif width < 80 or height < 24:
        yield Check("warn", "terminal", f"{width}×{height} is small", "make it 80×24 or larger")
    else:
        yield Check("ok", "terminal", f"{term or 'no TERM'}, {width}×{height}, {_colours(term)}")
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("_", "-")
    if encoding.startswith("utf"):
        yield Check("ok", "encoding", encoding)
    else:
        yield Check(
            "warn", "encoding", f"{encoding}: marks are written as words", "set LANG=C.UTF-8 or PYTHONUTF8=1"
        )


def _is_terminal(stream: object) -> bool:
    with suppress(ValueError):  # closed
        return bool(stream is not None and stream.isatty())  # type: ignore[attr-defined]
    return False


def _colours(term: str) -> str:
    if "NO_COLOR" in os.environ:
        return "no colours (NO_COLOR)"
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "all colours"
    return "256 colours" if "256" in term else "16 colours"


# --- the project -------------------------------------------------------------------------


def _project(options: Options, now: datetime, ask: bool) -> Iterator[Check]:
    try:
        root = project_folder(options)
    except WorkbenchError as error:
        yield _wrong("project", error, state="warn")
        return
    yield Check("ok", "project", str(root))
    definitions: Definitions | None = None
    try:
        definitions = load(root, kinds())
    except DefinitionError as error:
        first = error.problems[0]
        count = len(error.problems)
        why = f"{number_of(count, 'mistake')}, the first at {first.where}: {first.what}"
        yield Check("fail", "definitions", why, "workbench check")
    except WorkbenchError as error:
        yield _wrong("definitions", error)
    else:
        yield _definitions(definitions)
    folder = _own_folder()
    yield _writable("data folder", folder) if isinstance(folder, Path) else _wrong("data folder", folder)
    path = record_path(root, options)
    yield _writable("record's folder", path.parent)
    context: Context | None = None
    if not has_record(root, options):
        yield Check("warn", "record", "there is none yet", "workbench release new VERSION --commit SHA")
    else:
        try:
            record = Record.open(path, nouns.NOUNS, readonly=True)
        except WorkbenchError as error:
            yield _wrong("record", error)
        else:
            try:
                yield from _record(record, folder if isinstance(folder, Path) else None, now)
                if definitions is not None:
                    context = with_record(root, definitions, record, options)
                    yield _who(context)
                    yield from _keys(context)
                    yield from _server(context)
                    yield from _sources(context, ask)
            finally:
                record.close()
    if definitions is not None and context is None:
        yield _trust(root, definitions)
        yield from _variables(definitions)


def _own_folder() -> Path | NoDataFolder:
    try:
        return data_folder()
    except NoDataFolder as error:
        return error


def _wrong(what: str, error: WorkbenchError, state: State = "fail") -> Check:
    why = f"{error.what} ({error.where})" if error.where else error.what
    return Check(state, what, why, error.hint or "")


def _definitions(definitions: Definitions) -> Check:
    count = len(definitions.warnings)
    if count:
        why = f"{number_of(count, 'warning')}, the first: {definitions.warnings[0].what}"
        return Check("warn", "definitions", why, "workbench check")
    files = len(definitions.files)
    return Check("ok", "definitions", f"{number_of(files, 'file')}, no mistakes")


def _writable(what: str, folder: Path) -> Check:
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return Check(
            "fail", what, f"{place} is in the way: it is not a folder", "move it, or choose another folder"
        )
    if not os.access(place, os.W_OK):
        return Check(
            "fail", what, f"{place} cannot be written", "change its permissions, or choose another one"
        )
    with suppress(OSError):
        free = shutil.disk_usage(place).free
        if free < _LITTLE_ROOM:
            return Check(
                "warn", what, f"only {free // 1_000_000} MB are free at {place}", "make room on that disk"
            )
    return Check("ok", what, str(folder))


def _record(record: Record, folder: Path | None, now: datetime) -> Iterator[Check]:
    """The record opens, ends where it was last seen to end, is not from the future, has a copy."""
    yield _end(record, folder)
    try:
        newest = record.history(limit=1)[0].recorded_at
    except WorkbenchError as error:
        yield _wrong("record", error)
        return
    if newest > now:
        why = f"the record's last entry is {age_text(newest - now)} ahead of this clock"
        yield Check("warn", "time", why, "set the system's clock")
    if (given := record.handover()) is not None:
        why = f"handed over to {given.to} on {given.at:%Y-%m-%d}: this desk writes nothing any more"
        yield Check("warn", "handover", why, "workbench handover")
    kept_aside = record.aside()
    if kept_aside:
        bad = sum(one.state == "quarantined" for one in kept_aside)
        why = f"of other desks' entries {bad} are quarantined, {len(kept_aside) - bad} wait"
        yield Check("warn", "other desks", why, "workbench repair")
    if folder is None:
        return
    copies = sorted((folder / BACKUPS).glob(f"{record.info.record_id}-*.db"))
    if copies:
        made = datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC)
        yield Check("ok", "backup", f"{len(copies)}, the last {age_text(now - made)} ago")
    else:
        yield Check("warn", "backup", "no copy of the record outside this folder", "workbench backup")


def _end(record: Record, folder: Path | None) -> Check:
    try:
        kept = heads.of_this(folder, record) if folder is not None else ()
        missing = record.contradicted(kept)
        entries = record.head.seq
    except heads.EndsNotReadable as error:
        return _wrong("record", error, state="warn")
    except WorkbenchError as error:
        return _wrong("record", error)
    if missing:
        why = f"entry {missing[0].seq} was there before and is missing: the record was cut or replaced"
        return Check("fail", "record", why, "workbench verify; then restore a backup")
    seen = "as last seen" if kept else "nothing outside the record to compare it with yet"
    return Check("ok", "record", f"{entries} entries, {seen}")


def _who(context: Context) -> Check:
    author = context.author()
    found = context.definitions.person(author.actor)
    if found is None:
        why = f"“{author.actor}” is not among the people of this project"
        return Check("warn", "person", why, "workbench --as PERSON, or set git's user.email to one of theirs")
    return Check("ok", "person", f"{found.name} ({author.identity})")


def _keys(context: Context) -> Iterator[Check]:
    """With which SSH keys whoever sits here can sign today, where they have one or a gate asks for one."""
    who = context.definitions.person(context.author().actor)
    gates = context.definitions.project.gates
    asked = any(gate.sign is not None and gate.sign.require_signature for gate in gates)
    if who is None or not (who.keys or asked):
        return
    yield _program("ssh-keygen", "needed to sign with SSH keys", "install OpenSSH")
    mine = [each.key for each in signers_of([who]) if each.counts_at(context.now)]
    if not mine:
        why = "none of yours counts today" + (", and a gate asks for the signature of one" if asked else "")
        yield Check("warn", "your key", why, f"list one for {who.key} under people: in workbench.yaml")
        return
    of_git = git_key(context.root)
    half = public_half(of_git) if of_git is not None else None
    words = [
        f"{key.fingerprint}{' (git signs with it)' if half and half.blob == key.blob else ''}" for key in mine
    ]
    yield Check("ok", "your key", ", ".join(words))


def _server(context: Context) -> Iterator[Check]:
    """How the desk stands with the server of a shared record; nothing of it is loaded where the record is not shared."""
    if not context.record.noted(SHARED):
        return
    from workbench.usecases.sharing.doctoring import server_checks

    yield from server_checks(context)


# --- sources -----------------------------------------------------------------------------


def _sources(context: Context, ask: bool) -> Iterator[Check]:
    trust = _trust(context.root, context.definitions)
    yield trust
    yield from _variables(context.definitions)
    if ask and trust.state == "ok":
        yield from _answers(context)
    elif ask:
        yield Check("warn", "sources", "not asked: the project is not trusted", "workbench trust")


def _trust(root: Path, definitions: Definitions) -> Check:
    request = trust_request(definitions)
    if request.empty:
        return Check("ok", "trust", "nothing in the project's files needs it")
    if is_trusted(root, request):
        return Check("ok", "trust", "what the project's files use is trusted")
    return Check("warn", "trust", "not trusted yet, so nothing is fetched", "workbench trust")


def _variables(definitions: Definitions) -> Iterator[Check]:
    """The environment variables that sources name; never what is in them."""
    used = {source.kind for source in definitions.project.sources}
    optional = {name: why for kind in used for name, why in SOURCE_KINDS[kind].optional.items()}
    for name in trust_request(definitions).variables:
        if os.environ.get(name):
            yield Check("ok", f"${name}", "set")
        elif name in optional:
            yield Check("ok", f"${name}", f"not set; {optional[name]}")
        else:
            yield Check("warn", f"${name}", "not set, so its sources cannot be asked", f"export {name}=…")


def _answers(context: Context) -> Iterator[Check]:
    """One question to each source, through the same frame as a fetch; nothing is kept."""
    from workbench.releases import model as releases
    from workbench.sources.asking import fetch
    from workbench.sources.fetch import Fetch
    from workbench.sources.reading import Batch
    from workbench.sources.secrets import Secrets
    from workbench.sources.tuning import Tuning
    from workbench.usecases.fetching import questions

    try:
        asked = questions(context, releases.find(context.record, context.release))
    except WorkbenchError as error:
        yield _wrong("sources", error, state="warn")
        return
    first = {question.source: question for question in reversed(asked)}
    found: list[Batch] = []
    keep: Callable[[Batch], None] = found.append
    fetch(
        Fetch(
            sources=tuple(source for source in context.definitions.project.sources if source.key in first),
            questions=tuple(first.values()),
            root=context.root,
            clock=context.clock,
            secrets=Secrets(allow=True, folder=context.root),
            tracked=tracked_among,
            on_batch=keep,
            tuning=Tuning(attempts=1, patience=2.0),
        )
    )
    for batch in sorted(found, key=lambda batch: batch.source):
        wrong = [reading for reading in batch.readings if reading.state == "error"]
        if wrong:
            yield Check(
                "warn", f"source {batch.source}", wrong[0].why, f"workbench fetch --source {batch.source}"
            )
        else:
            yield Check("ok", f"source {batch.source}", batch.server or "answers")


__all__ = ["Check", "State", "examine", "worst"]
