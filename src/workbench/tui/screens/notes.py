"""Notes: the release notes as they would go out now, in every format, and on their way to a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

import msgspec
from textual import work
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.screens.base import NO_RELEASE, WorkScreen
from workbench.tui.screens.detail import Summary
from workbench.tui.theme import Role
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Paragraph, Prose, Verbatim
from workbench.usecases import noting, releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.noting import default_name

FORMAT_WORDS = {"md": "Markdown", "txt": "plain text", "html": "HTML", "json": "JSON"}
# What people read comes before what programs read.
ORDER = tuple(FORMAT_WORDS)
SHOWN = 60_000
KEEP, REPLACE = "keep", "replace"


class NotesScreen(WorkScreen):
    """The release notes of the release in hand."""

    MODE: ClassVar[str] = "notes"
    OWN = (
        Action("export_notes", "w", "write the notes to a file", 9),
        Action("next_format", "v", "show the next format", 7),
        Action("own_words", "e", "write your own words for the notes", 8),
        Action("copy_notes", "ctrl+c", "copy the notes as they are shown", 5),
    )
    AUTO_FOCUS = "Prose"
    DEFAULT_CSS = """
    NotesScreen Summary { margin-bottom: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._format = ORDER[0]
        self._text = ""

    def body(self) -> Iterable[Widget]:
        yield Summary()
        yield Prose(id="notes")

    def fill(self) -> None:
        if self.evaluation is None:
            self._text = ""
            self.query_one(Summary).show(())
            self.query_one(Prose).show([Paragraph(f"No notes: {NO_RELEASE}.", Role.MUTED)])
            return
        self._read()

    @work(group="notes", exclusive=True)
    async def _read(self) -> None:
        try:
            text = await self.work.desk.call(_written, self._format)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if self.is_mounted:
            self._show(text)

    def _show(self, text: str) -> None:
        found = self.require()
        self._text = text
        own = "with your own words" if found.held.release.notes.strip() else "a adds your own words"
        size = f"{len(text.splitlines()):,} lines"
        self.query_one(Summary).show(
            [
                Piece(f"Release notes of {found.held.release.version}", Role.STRONG),
                Piece(FORMAT_WORDS[self._format], Role.ACCENT),
                Piece(size, Role.MUTED),
                Piece(own, Role.MUTED),
            ]
        )
        self.query_one(Prose).show(blocks_of(text, self._format), keep_place=True)

    # --- acting ------------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        found = self.evaluation
        if id == "own_words" and found is not None and found.held.release.outcome is not Outcome.OPEN:
            return f"{found.held.release.version} is frozen"
        return None

    def do_next_format(self) -> None:
        """The same notes in the next format."""
        self._format = ORDER[(ORDER.index(self._format) + 1) % len(ORDER)]
        self.query_one(Prose).scroll_home(animate=False)
        self.fill()

    def do_copy_notes(self) -> None:
        """The whole text to the clipboard."""
        self.app.copy_to_clipboard(self._text)
        self.say(f"copied as {FORMAT_WORDS[self._format]}")

    def do_export_notes(self) -> None:
        """Write them to a file."""
        found, form = self.require(), self._format

        async def submit(values: Values) -> None:
            path = Path(values["path"].strip()).expanduser()
            replace = values["exists"] == REPLACE
            written = await self.work.desk.call(_export, form, path, replace)
            self.say(f"written: {written}")

        self.app.push_screen(
            FormScreen(
                f"Save the release notes as {FORMAT_WORDS[form]}",
                (
                    Field(
                        "path",
                        "File",
                        value=default_name(found.held.release.version, form),
                        required=True,
                        hint=f"in {Path.cwd()}, unless a whole path is given",
                    ),
                    Field(
                        "exists",
                        "If it is there",
                        "choice",
                        KEEP,
                        options=(Option(KEEP, "leave it alone"), Option(REPLACE, "replace it")),
                    ),
                ),
                check=lambda values: _check(values, form, found.held.release.version),
                submit=submit,
            )
        )

    def do_own_words(self) -> None:
        """A person's own words, at the beginning of the notes."""
        held = self.require().held

        async def submit(values: Values) -> None:
            release = msgspec.structs.replace(held.release, notes=values["notes"].strip())
            await self.submit(releasing.edit, held, release)
            self.say("your words stand in the notes")

        self.app.push_screen(
            FormScreen(
                f"Your own words for {held.release.version}",
                (
                    Field(
                        "notes", "Words", "lines", held.release.notes, "plain text; they stand near the top"
                    ),
                ),
                submit=submit,
            )
        )


def _written(context: Context, form: str) -> str:
    return noting.written(context, evaluate(context), form)


def _export(context: Context, form: str, path: Path, replace: bool) -> Path:
    return noting.export(context, evaluate(context), form, path, overwrite=replace)


def _check(values: Values, form: str, version: str) -> dict[str, str]:
    path = Path(values["path"].strip()).expanduser()
    try:
        target = path / default_name(version, form) if path.is_dir() else path
        there = target.exists()
    except (OSError, ValueError):
        return {"path": "this is no file name"}
    if there and values["exists"] != REPLACE:
        return {"exists": f"{target.name} is there already: choose “replace it”, or another name above"}
    return {}


def blocks_of(text: str, form: str) -> list[Block]:
    """The text to read; Markdown's headings stand out."""
    cut = text[:SHOWN]
    blocks: list[Block] = []
    for line in cut.splitlines():
        heading = form == "md" and line.startswith("#")
        blocks.append(Verbatim(line, Role.HEADING if heading else Role.TEXT))
    if len(text) > SHOWN:
        blocks.append(Paragraph(f"… {len(text) - SHOWN:,} more characters; s saves all", Role.MUTED))
    return blocks
