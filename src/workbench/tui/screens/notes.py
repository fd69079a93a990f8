"""Notes: the release notes as they would go out now, as a page and in every format, and on their way to a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

import msgspec
from textual import work
from textual.containers import Horizontal
from textual.events import Resize
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.screens.base import NO_RELEASE, WorkScreen
from workbench.tui.screens.detail import BESIDE
from workbench.tui.screens.notes_page import CONTENTS, Contents, PageView, contents
from workbench.tui.theme import Role
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of
from workbench.tui.widgets.prose import Block, Page, Paragraph, Scroller, Verbatim
from workbench.usecases import noting, releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.noting import default_name
from workbench.usecases.views.notes_page import NotesPage, read_notes_page

FORMAT_WORDS = {"md": "Markdown", "txt": "plain text", "html": "HTML", "json": "JSON"}
PAGE = "page"
# What people read comes before what programs read.
VIEWS = {PAGE: "page", **FORMAT_WORDS}
SHOWN = 60_000
KEEP, REPLACE = "keep", "replace"
_ORDER = tuple(VIEWS)


class ViewLine(PieceLines):
    """What is shown, and the views that there are; a click chooses one."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = ("", "", "")

    def show(self, title: str, view: str, note: str) -> None:
        """Say this from now on; no title takes no room."""
        if self._shown != (shown := (safe_text(title, 120), view, note)):
            self._shown = shown
            self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        title, view, note = self._shown
        if not title:
            return []
        pieces = [Piece(f" {title}", Role.STRONG)]
        for name, words in VIEWS.items():
            here = name == view
            pieces += [Piece("   "), Piece(words, Role.ACCENT if here else Role.MUTED, name, bold=here)]
        if note and width_of(pieces) + len(note) + 4 <= width:
            pieces.append(Piece(f"   {note}", Role.MUTED))
        return [crop_line(pieces, width)]


class NotesScreen(WorkScreen):
    """The release notes of the release in hand."""

    MODE: ClassVar[str] = "notes"
    OWN = (
        Action(
            "write_notes", "w", "write the notes to a file in this folder; the page is written as Markdown", 9
        ),
        Action("next_view", "v", "switch between the page and the export formats", 7),
        Action("introduction", "e", "write an introduction", 8),
        Action(
            "copy_notes", "ctrl+c", "copy the notes in the format shown; the page is copied as Markdown", 5
        ),
        Action(
            "write_elsewhere",
            "",
            "write the notes to another file or folder",
            own_label="write notes elsewhere",
        ),
    )
    AUTO_FOCUS = "#notes"
    DEFAULT_CSS = """
    NotesScreen ViewLine { margin-bottom: 1; }
    NotesScreen #notes { height: 1fr; scrollbar-size-vertical: 1; background: $background; }
    NotesScreen.-contents Contents { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view = PAGE
        self._text = ""
        self._page: NotesPage | None = None

    def body(self) -> Iterable[Widget]:
        yield ViewLine()
        yield Horizontal(Scroller(PageView(), Page(), id="notes"), Contents())

    def fill(self) -> None:
        if self.evaluation is None:
            self._text = ""
            self.query_one(ViewLine).show("", "", "")
            self.query_one(PageView).show(None)
            self.query_one(Page).show([Paragraph(f"No notes: {NO_RELEASE}.", Role.MUTED)])
            return
        self._read()

    @property
    def form(self) -> str:
        """The format of a file that is written now."""
        return "md" if self._view == PAGE else self._view

    @work(group="notes", exclusive=True)
    async def _read(self) -> None:
        try:
            text, page = await self.work.desk.call(_written, self.form, self._view == PAGE)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if self.is_mounted:
            self._show(text, page)

    def _show(self, text: str, page: NotesPage | None) -> None:
        found = self.require()
        self._text = text
        intro = "" if found.held.release.notes.strip() else "e to add an introduction"
        self.query_one(ViewLine).show(f"Release notes for {found.held.release.version}", self._view, intro)
        self.query_one(PageView).show(page)
        self.query_one(Page).show([] if page else blocks_of(text, self._view))
        self._page = page
        self._show_contents()

    def on_resize(self, event: Resize) -> None:
        """The contents stand beside the page where there is room."""
        if self.is_mounted:
            self._show_contents()

    def _show_contents(self) -> None:
        beside = self._page is not None and self.size.width >= BESIDE
        self.set_class(beside, "-contents")
        width = self.size.width - CONTENTS - 1
        self.query_one(Contents).show(contents(self._page, width) if self._page and beside else ())

    # --- acting ------------------------------------------------------------------------------

    def obstacle(self, id: str) -> str | None:
        found = self.evaluation
        if id == "introduction" and found is not None and found.held.release.outcome is not Outcome.OPEN:
            return f"{found.held.release.version} is frozen"
        return None

    def chosen(self, target: str) -> None:
        """A click on a view, or on a section."""
        if target in VIEWS:
            self._look(target)
        elif target.startswith("line "):
            self.query_one("#notes", Scroller).scroll_to(y=int(target.removeprefix("line ")), animate=False)

    def do_next_view(self) -> None:
        """The page, or the same notes in the next format."""
        self._look(_ORDER[(_ORDER.index(self._view) + 1) % len(_ORDER)])

    def _look(self, view: str) -> None:
        self._view = view
        self.query_one("#notes", Scroller).scroll_home(animate=False)
        self.fill()

    def do_copy_notes(self) -> None:
        """The whole text to the clipboard."""
        self.app.copy_to_clipboard(self._text)
        self.say(f"copied as {FORMAT_WORDS[self.form]}")

    async def do_write_notes(self) -> None:
        """Write them to a file here; one that is there is only overwritten when told so."""
        name = default_name(self.require().held.release.version, self.form)
        if not Path(name).exists():
            await self._write(overwrite=False)
            return

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._write(overwrite=True)
            else:
                self.say(f"{name} is unchanged")

        text = f"{name} in {Path.cwd()} already exists. Overwriting it loses what it holds now."
        panel = Confirm("Overwrite the file?", text, yes="overwrite", no="keep it")
        self.app.push_screen(panel, answered)

    async def _write(self, *, overwrite: bool) -> None:
        try:
            written = await self.work.desk.call(_export, self.form, Path(), overwrite)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.say(f"written: {written.resolve()}")

    def do_write_elsewhere(self) -> None:
        """Write them to a file that one names."""
        found, form = self.require(), self.form

        async def submit(values: Values) -> None:
            path = Path(values["path"].strip()).expanduser()
            replace = values["exists"] == REPLACE
            written = await self.work.desk.call(_export, form, path, replace)
            self.say(f"written: {written}")

        self.app.push_screen(
            FormScreen(
                f"Write the release notes as {FORMAT_WORDS[form]}",
                (
                    Field(
                        "path",
                        "File",
                        value=default_name(found.held.release.version, form),
                        required=True,
                        hint=f"in {Path.cwd()}, unless you give a full path",
                    ),
                    Field(
                        "exists",
                        "If the file exists",
                        "choice",
                        KEEP,
                        options=(Option(KEEP, "keep it"), Option(REPLACE, "overwrite")),
                    ),
                ),
                check=lambda values: _check(values, form, found.held.release.version),
                submit=submit,
            )
        )

    def do_introduction(self) -> None:
        """A person's own words, at the beginning of the notes."""
        held = self.require().held

        async def submit(values: Values) -> None:
            release = msgspec.structs.replace(held.release, notes=values["notes"].strip())
            await self.submit(releasing.edit, held, release)
            self.say("the introduction is in the notes")

        hint = "plain text; appears near the top"
        self.app.push_screen(
            FormScreen(
                f"Introduction to {held.release.version}",
                (Field("notes", "Introduction", "lines", held.release.notes, hint),),
                submit=submit,
            )
        )


def _written(context: Context, form: str, as_page: bool) -> tuple[str, NotesPage | None]:
    """The notes in a format, and as a page where that is wanted."""
    found = evaluate(context)
    return noting.written(context, found, form), read_notes_page(context, found) if as_page else None


def _export(context: Context, form: str, path: Path, replace: bool) -> Path:
    return noting.export(context, evaluate(context), form, path, overwrite=replace)


def _check(values: Values, form: str, version: str) -> dict[str, str]:
    path = Path(values["path"].strip()).expanduser()
    try:
        target = path / default_name(version, form) if path.is_dir() else path
        there = target.exists()
    except (OSError, ValueError):
        return {"path": "this is not a file name"}
    if there and values["exists"] != REPLACE:
        return {"exists": f"{target.name} already exists: choose “overwrite”, or another name above"}
    return {}


def blocks_of(text: str, form: str) -> list[Block]:
    """The text to read; Markdown's headings stand out."""
    cut = text[:SHOWN]
    blocks: list[Block] = []
    for line in cut.splitlines():
        heading = form == "md" and line.startswith("#")
        blocks.append(Verbatim(line, Role.HEADING if heading else Role.TEXT))
    if len(text) > SHOWN:
        blocks.append(Paragraph(f"… {len(text) - SHOWN:,} more characters; w writes all", Role.MUTED))
    return blocks
