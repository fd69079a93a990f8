"""Release notes: written from a whole report, and on their way to a file."""

from __future__ import annotations

from pathlib import Path

from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.notes import FORMATS as FORMATS
from workbench.notes import NotesDocument, render
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.output_files import form_by_ending, name_part, write_new
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.showing import shown_report


def written(context: Context, evaluation: Evaluation, form: str) -> str:
    """The notes of an evaluated release in one of :data:`FORMATS`; another is a ``UsageError``."""
    return render(document(context, evaluation), form)


def document(context: Context, evaluation: Evaluation) -> NotesDocument:
    """The notes of an evaluated release: the same record, clock and definitions give the same notes."""
    return notes_of(shown_report(context, evaluation))


def form_of(path: Path) -> str:
    """The form that a file's ending asks for, ``md`` where it has none; another ending is a ``UsageError``."""
    return form_by_ending(path, {form: form for form in FORMATS}, "md")


def default_name(version: str, format: str) -> str:
    """``release-notes-VERSION.FORMAT``; what a file name cannot hold becomes ``-``."""
    return f"release-notes-{name_part(version)}.{format}"


def export(
    context: Context,
    evaluation: Evaluation,
    format: str,
    path: Path | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Write the notes to ``path``; returns the file.

    A folder, or no path (the current folder), takes :func:`default_name`.  A file that is
    there already is left alone unless ``overwrite``; what cannot be written raises
    ``UsageError`` and leaves nothing behind.
    """
    text = render(document(context, evaluation), format)
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
