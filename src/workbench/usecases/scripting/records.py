"""What was done since some moment, as a script, as minutes, and as the files that a script needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from workbench.model import floats
from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.times import moment_text, parse_duration
from workbench.record import Blob, EntryView
from workbench.usecases.context import Context
from workbench.usecases.people import key_or_text
from workbench.usecases.scripting.acts import tell, tell_entry
from workbench.usecases.scripting.minutes import minutes
from workbench.usecases.scripting.model import KeptFile, ToldAct
from workbench.usecases.scripting.reading import Since
from workbench.usecases.scripting.shell import kept_files, script, typed
from workbench.usecases.sharing.evidence import bring


class Written(msgspec.Struct, frozen=True):
    """A script: its text, the acts that it is made of, and the files that it names."""

    text: str
    told: tuple[ToldAct, ...]
    files: tuple[KeptFile, ...]


def since(context: Context, moment: str = "", entry: int = 0, person: str | None = None) -> Since:
    """From where on, as a person says it: ``2h ago``, ``yesterday``, a day or a time."""
    whom = key_or_text(context.definitions.project.people, person) if person else None
    return Since(_moment(context, moment), entry, whom)


def _moment(context: Context, text: str) -> datetime | None:
    said = " ".join(text.split())
    if not said:
        return None
    now = context.now
    length = said.removesuffix(" ago").removesuffix("ago")
    try:
        return now - parse_duration(length.strip())
    except ValueError:
        return read_moment(said, context.zone, now)
    except OverflowError:
        raise UsageError(f"“{said}” is too long ago", hint="leave --since out for everything") from None


def script_of(context: Context, start: Since) -> Written:
    """What was done since then, as a script."""
    told = tuple(tell(context, start))
    people = {person.key: person.name for person in context.definitions.project.people}
    text = script(told, _title(context, "What was done in"), context.zone, people)
    return Written(text, told, tuple(kept_files(told)))


def commands_of(context: Context, entry: EntryView) -> tuple[str, ...]:
    """The commands that do what an entry's act did, each in one line."""
    told = tell_entry(context, entry)
    return tuple(typed(command) for command in told.commands) if told is not None else ()


def files_of(context: Context, written: Written) -> Mapping[str, bytes]:
    """The bytes of the files that a script names, by their place beside it.

    What stays at the server of a shared record is fetched; what cannot be is told among the remarks.
    """
    missing = bring(context, [file.digest for file in written.files]).missing
    context.remarks.extend(
        f"{file.path} is not beside the script: {missing[file.digest]}"
        for file in written.files
        if file.digest in missing
    )
    blobs = ((file, context.record.blob(file.digest)) for file in written.files)
    return {
        file.path: _readable(blob)
        for file, blob in blobs
        if blob is not None and not blob.purged and not blob.absent
    }


def _readable(blob: Blob) -> bytes:
    """A blob as a command reads it: samples are one number a line."""
    if blob.media != floats.MEDIA:
        return blob.data
    return "".join(f"{number!r}\n" for number in floats.from_bytes(blob.data)).encode()


def minutes_of(context: Context, start: Since) -> str:
    """What was done since then, as minutes."""
    return minutes(context, tell(context, start), _title(context, "Minutes of"))


def _title(context: Context, words: str) -> str:
    project = context.definitions.project
    return f"{words} {project.title or project.project}, {moment_text(context.now, context.zone)}"
