"""Release notes: written from a whole report, and on their way to a file."""

from __future__ import annotations

from pathlib import Path

from workbench.model.errors import UsageError
from workbench.model.files import open_regular, write_whole
from workbench.model.text import safe_text
from workbench.notes import FORMATS as FORMATS
from workbench.notes import Audience as Audience
from workbench.notes import NotesDocument, parts_of, render
from workbench.notes.marked import marked
from workbench.notes.marked import update as update_marked
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.output_files import form_by_ending, name_part, write_new
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.showing import shown_report

_ENDINGS = tuple(form for form in FORMATS if form not in ("github", "gitlab"))
_LARGEST = 4 * 1024 * 1024  # bytes of a file that is updated


def written(context: Context, evaluation: Evaluation, form: str, audience: Audience = Audience.TEAM) -> str:
    """The notes of an evaluated release in one of :data:`FORMATS`; another is a ``UsageError``."""
    return render(document(context, evaluation), form, audience)


def in_file(context: Context, evaluation: Evaluation, form: str, audience: Audience = Audience.TEAM) -> str:
    """The same as it is written to a file: in Markdown what is generated stands between markers, so that it can be updated."""
    if form != "md":
        return written(context, evaluation, form, audience)
    return marked(parts_of(document(context, evaluation), audience))


def document(context: Context, evaluation: Evaluation) -> NotesDocument:
    """The notes of an evaluated release: the same record, clock and definitions give the same notes."""
    return notes_of(shown_report(context, evaluation))


def form_of(path: Path) -> str:
    """The form that a file's ending asks for, ``md`` where it has none; another ending is a ``UsageError``."""
    return form_by_ending(path, {form: form for form in _ENDINGS}, "md")


def default_name(version: str, format: str) -> str:
    """``release-notes-VERSION.FORMAT``; what a file name cannot hold becomes ``-``.  Bodies of releases end in ``.md``."""
    return f"release-notes-{name_part(version)}.{format if format in _ENDINGS else f'{format}.md'}"


def export(
    context: Context,
    evaluation: Evaluation,
    format: str,
    path: Path | None = None,
    *,
    overwrite: bool = False,
    audience: Audience = Audience.TEAM,
) -> Path:
    """Write the notes to ``path``; returns the file.

    A folder, or no path (the current folder), takes :func:`default_name`.  A file that is
    there already is left alone unless ``overwrite``; what cannot be written raises
    ``UsageError`` and leaves nothing behind.
    """
    text = in_file(context, evaluation, format, audience)
    target = path or Path()
    try:
        if target.is_dir():
            target = target / default_name(evaluation.held.release.version, format)
        write_new(target, text.encode("utf-8"), overwrite=overwrite)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"the notes cannot be written there: {why}",
            where=safe_text(target),
            hint="choose a folder that you may write to and that has room",
        ) from error
    return target


def update(
    context: Context,
    evaluation: Evaluation,
    path: Path,
    *,
    overwrite: bool = False,
    audience: Audience = Audience.TEAM,
) -> bool:
    """Make the generated parts of a Markdown file anew and leave everything else in it to the byte; whether it changed.

    ``UsageError`` where the file cannot be read or written, has no generated part, or somebody edited one,
    unless ``overwrite``; the file is then as it was.
    """
    where = safe_text(path)
    try:
        with open_regular(path) as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UsageError(f"the file is larger than {_LARGEST // 1024 // 1024} MB", where=where)
        old = data.decode("utf-8")
        new = update_marked(old, parts_of(document(context, evaluation), audience), overwrite=overwrite)
        if new == old:
            return False
        write_whole(path, new.encode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError("the file is not UTF-8", where=where, hint="save it as UTF-8") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        hint = "name a Markdown file that workbench notes has written"
        raise UsageError(f"the file cannot be updated: {why}", where=where, hint=hint) from error
    except UsageError as error:
        raise UsageError(
            error.what, where=f"{where}: {error.where}" if error.where else where, hint=error.hint
        ) from error
    return True
