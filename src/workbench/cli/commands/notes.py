"""``workbench notes``: the release notes, what they tell of the commits, added text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Settings, common, only_one, pass_settings
from workbench.model.errors import UsageError
from workbench.usecases import noting, output_files, own_notes
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.release_changes import listing
from workbench.usecases.views import notes_sections, release_changes

_audience = click.option(
    "--audience",
    type=click.Choice(["team", "everyone"]),
    default="team",
    help="Who they are for; the team is told everything.",
)


@click.group(cls=Family, invoke_without_command=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json", "txt", "github", "gitlab"]),
    help="Default: by the file's ending, else md.",
)
@_audience
@click.option("--output", "to", metavar="FILE", help="A file, or a folder: one that ends in / is made.")
@click.option(
    "--update",
    "again",
    metavar="FILE",
    help="Make the generated parts of a Markdown file anew, and nothing else.",
)
@click.option(
    "--overwrite", is_flag=True, help="Replace the file, or generated parts that were edited by hand."
)
@common("project", "record", "now", "release", "json")
@click.pass_context
def notes(
    ctx: click.Context, form: str | None, audience: str, to: str | None, again: str | None, overwrite: bool
) -> None:
    """Write the release notes.  The same record and clock give the same notes."""
    if ctx.invoked_subcommand is not None:
        return
    settings, who = ctx.ensure_object(Settings), noting.Audience(audience)
    if again is not None:
        if to is not None or form not in (None, "md"):
            raise UsageError("--update makes a Markdown file anew", hint="leave --output and --format away")
        _update(settings, again, who, overwrite)
        return
    if form is None and settings.json:
        form = "json"
    with session.reading(settings) as context:
        if to is None or to == "-":
            output.text(noting.written(context, evaluate(context), form or "md", who))
            return
        place = output_files.place_of(to)
        form = form or noting.form_of(place)
        path = noting.export(context, evaluate(context), form, place, overwrite=overwrite, audience=who)
    output.talk(f"wrote {path}")


def _update(settings: Settings, name: str, audience: noting.Audience, overwrite: bool) -> None:
    with session.reading(settings) as context:
        path = Path(name)
        changed = noting.update(context, evaluate(context), path, overwrite=overwrite, audience=audience)
    output.talk(f"{'updated' if changed else 'nothing changed in'} {name}")


@notes.command("show")
@click.argument("section", required=False, metavar="[SECTION]")
@common("project", "record", "now", "release", "json")
@pass_settings
def show(settings: Settings, section: str | None) -> None:
    """List the sections of the notes and what people wrote into them, or print one of them."""
    with session.reading(settings) as context:
        evaluation = evaluate(context)
        if section is not None and not settings.json:
            output.text(notes_sections.section_text(context, evaluation, section))
            return
        found = notes_sections.read_sections(context, evaluation)
    if settings.json:
        output.emit(notes_sections.document(found))
        return
    output.table(
        ("section", "heading", "for", "shown", "added text"), [*notes_sections.rows(found)], empty=""
    )


@notes.command("edit")
@click.argument("section")
@click.option("--text", metavar="TEXT", help="The words; a line is a paragraph.")
@click.option("--file", "name", metavar="FILE", help="A file with the words; - is standard input.")
@click.option("--remove", is_flag=True, help="Take your words out of the section.")
@common(*WRITING)
@pass_settings
def edit(settings: Settings, section: str, text: str | None, name: str | None, remove: bool) -> None:
    """Write text of your own into a section; without --text and --file your editor opens ($VISUAL, $EDITOR).

    They are kept in the record, with who wrote them and when, and stand in all notes that are made from then on.
    SECTION is one of those that `workbench notes show` lists; introduction stands at the beginning.
    """
    only_one({"text": text is not None, "file": name is not None, "remove": remove})
    words, old = text, None
    if name is not None:
        words = _words_of(output.standard_input() if name == "-" else output.read(Path(name)), name)
    elif words is None and not remove:
        words, old = _edited(settings, section)
    with session.acting(settings) as context:
        if words is None:
            commit = own_notes.remove_words(context, section)
        else:
            commit = own_notes.write_words(context, section, words, made_from=old)
        document = _sections(context)
    output.done(
        settings,
        f"your text is out of the section {section}" if remove else f"your text is in the section {section}",
        {**document, "schema": "workbench.notes-edited.1", "change": commit.change_id},
        hint="workbench notes",
    )


def _sections(context: Context) -> dict[str, Any]:
    """The sections as they stand after an edit."""
    return session.as_it_stands(
        context, lambda: notes_sections.document(notes_sections.read_sections(context, evaluate(context)))
    )


def _words_of(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8", hint="save it as UTF-8") from None


def _edited(settings: Settings, section: str) -> tuple[str, own_notes.Written]:
    """What a person makes of the words in their editor, and from what; ``UsageError`` where there is none, or nothing new."""
    with session.reading(settings) as context:
        old = own_notes.read_words(context, section)
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to open an editor in", hint="give --text TEXT or --file FILE")
    words = click.edit(old.text, extension=".txt")
    if words is None or words.strip() == old.text.strip():
        raise UsageError("nothing was changed in the editor, so nothing is kept")
    return words, old


@notes.command("hide")
@click.argument("line")
@click.option("--reason", default="", metavar="TEXT", help="Why it is left out; that stands in the notes.")
@click.option("--back", is_flag=True, help="Put the change back into the notes.")
@common(*WRITING)
@pass_settings
def hide(settings: Settings, line: str, reason: str, back: bool) -> None:
    """Leave a change out of the notes, with a reason.  What blocks or is overridden cannot be left out.

    LINE is a key that `workbench notes changes` shows: a fragment, or the beginning of a commit.
    """
    with session.acting(settings) as context:
        commit = own_notes.show(context, line) if back else own_notes.hide(context, line, reason)
        document = _sections(context)
    output.done(
        settings,
        f"{line} is {'back in' if back else 'left out of'} the notes",
        {**document, "schema": "workbench.notes-edited.1", "change": commit.change_id},
        hint="workbench notes show commits",
    )


@notes.command("changes")
@click.option("--since", default="", metavar="COMMIT", help="List the commits anew, since this commit.")
@click.option("--again", is_flag=True, help="List the commits anew, since what runs in production.")
@common(*WRITING)
@pass_settings
def changes(settings: Settings, since: str, again: bool) -> None:
    """What the commits and fragments since the release in production tell, and how many tell nothing.

    Git lists them when a build is proposed; what was listed is kept in the record.
    """
    if since or again:
        with session.acting(settings) as context:
            listing.list_commits(context, since)
            found = release_changes.read(context)
    else:
        with session.reading(settings) as context:
            found = release_changes.read(context)
    if settings.json:
        output.emit(release_changes.document(found))
        return
    output.lines(release_changes.lines(found))
