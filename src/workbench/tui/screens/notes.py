"""Notes: the release notes as they would go out now, as a page and in every format, and on their way to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import work
from textual.containers import Horizontal
from textual.events import Resize
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_lines, safe_text
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.screens.base import NO_RELEASE, WorkScreen
from workbench.tui.screens.detail import BESIDE
from workbench.tui.screens.notes_page import CONTENTS, Contents, PageView, contents, section_at
from workbench.tui.theme import Role
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.prose import Block, Page, Paragraph, Scroller, Verbatim
from workbench.usecases import noting, own_notes
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.noting import default_name
from workbench.usecases.release_changes import listing
from workbench.usecases.views import notes_sections, release_changes
from workbench.usecases.views.notes_page import Heading, NotesPage, read_notes_page
from workbench.usecases.views.notes_sections import SectionsView

T = TypeVar("T")

FORMAT_WORDS = {
    "md": "Markdown",
    "txt": "plain text",
    "html": "HTML",
    "json": "JSON",
    "github": "GitHub",
    "gitlab": "GitLab",
}
PAGE = "page"
# What people read comes before what programs read.
VIEWS = {PAGE: "page", **FORMAT_WORDS}
SHOWN = 60_000
KEEP, REPLACE = "keep", "replace"
_WRITE = frozenset(("write_section", "choose_section", "hide_change", "show_change", "list_commits"))
MOST_CHANGES = 200  # so many are offered to be left out
_ORDER = tuple(VIEWS)


class ViewLine(PieceLines):
    """What is shown, and the views that there are; a click chooses one.  Below it, how much of the commits is told."""

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
        gap = "   " if width >= BESIDE else "  "
        for name, words in VIEWS.items():
            here = name == view
            pieces += [Piece(gap), Piece(words, Role.ACCENT if here else Role.MUTED, name, bold=here)]
        return [crop_line(pieces, width), crop_line((Piece(f" {note}", Role.MUTED),), width)]


class NotesScreen(WorkScreen):
    """The release notes of the release in hand."""

    MODE: ClassVar[str] = "notes"
    OWN = (
        Action(
            "write_notes", "w", "write the notes to a file in this folder; the page is written as Markdown", 9
        ),
        Action("next_view", "v", "switch between the page and the export formats", 7),
        Action("write_section", "e", "write text of your own into the section that you read", 8),
        Action(
            "copy_notes", "ctrl+c", "copy the notes in the format shown; the page is copied as Markdown", 5
        ),
        Action(
            "write_elsewhere",
            "",
            "write the notes to another file or folder",
            own_label="write notes elsewhere",
        ),
        Action(
            "choose_section", "", "write text of your own into any section", own_label="write into a section"
        ),
        Action(
            "hide_change",
            "",
            "leave a change out of the notes, with a reason",
            own_label="leave out a change",
        ),
        Action("show_change", "", "put a change back that was left out", own_label="put back a change"),
        Action(
            "list_commits",
            "",
            "list the commits since the release in production anew",
            own_label="list commits",
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
        self._words: dict[str, own_notes.Written] = {}

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
            text, page, told, self._words = await self.work.desk.call(_written, self.form, self._view == PAGE)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if self.is_mounted:
            self._show(text, page, told)

    def _show(self, text: str, page: NotesPage | None, told: str) -> None:
        found = self.require()
        self._text = text
        intro = "" if found.held.release.notes.strip() else "e to add an introduction · "
        self.query_one(ViewLine).show(f"Notes for {found.held.release.version}", self._view, f"{intro}{told}")
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
        if id in _WRITE and found is not None and found.held.release.outcome is not Outcome.OPEN:
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

    def do_write_section(self) -> None:
        """Text of one's own in the section that one reads; at the beginning, and in a format, the introduction."""
        section = own_notes.INTRODUCTION
        if self._page is not None:
            read = self.query_one("#notes", Scroller)
            section = section_at(self._page, self.query_one(PageView).size.width, round(read.scroll_y))
        section = section if section in own_notes.WRITABLE else own_notes.INTRODUCTION
        titles = (
            {part.section: part.text for part in self._page.parts if isinstance(part, Heading)}
            if self._page
            else {}
        )
        self._write_into(section, titles.get(section, "Introduction"))

    async def do_choose_section(self) -> None:
        """The same for any section, which one chooses."""
        view = await self._ask(_sections)
        if view is None:
            return
        options = tuple(
            Option(line.section, f"{line.title}{' ✎' if line.own else ''}")
            for line in view.sections
            if line.writable
        )

        titles = {line.section: line.title for line in view.sections}

        async def submit(values: Values) -> None:
            self.app.call_later(self._write_into, values["section"], titles[values["section"]])

        field = Field("section", "Section", "choice", options[0].value, "✎ has text already", options=options)
        self.app.push_screen(FormScreen("Write into a section", (field,), submit=submit, save_label="write"))

    def _write_into(self, section: str, title: str) -> None:
        words = self._words.get(section) or own_notes.Written(section=section)

        async def submit(values: Values) -> None:
            text = values["notes"].strip()
            if not text and words.text:
                await self.submit(own_notes.remove_words, section)
            else:
                await self.submit(partial(own_notes.write_words, made_from=words), section, text)
            self.say(f"{title}: {'your text is gone' if not text else 'your text is in the notes'}")

        hint = "plain text, a line is a paragraph; stands at the head of the section"
        self.app.push_screen(
            FormScreen(
                f"{title} of {self.require().held.release.version}",
                (Field("notes", "Text", "lines", words.text, hint),),
                submit=submit,
                preview=lambda values: _preview(title, values["notes"]),
            )
        )

    async def do_hide_change(self) -> None:
        """Leave a change out; that it was, by whom and why, stands in the notes."""
        found = await self._ask(_changes)
        if not found:
            self.say("there is no change to leave out")
            return

        async def submit(values: Values) -> None:
            await self.submit(own_notes.hide, values["line"], values["reason"])
            self.say(f"{values['line']} is left out of the notes")

        self.app.push_screen(
            FormScreen(
                "Leave a change out of the notes",
                (
                    Field("line", "Change", "choice", found[0].value, options=found),
                    Field("reason", "Reason", required=True, hint="stands in the notes"),
                ),
                submit=submit,
            )
        )

    async def do_show_change(self) -> None:
        """Put a change back."""
        found = await self._ask(_hidden)
        if not found:
            self.say("no change is left out")
            return

        async def submit(values: Values) -> None:
            await self.submit(own_notes.show, values["line"])
            self.say(f"{values['line']} is back in the notes")

        field = Field("line", "Change", "choice", found[0].value, options=found)
        self.app.push_screen(FormScreen("Put a change back into the notes", (field,), submit=submit))

    async def do_list_commits(self) -> None:
        """Ask git again what lies between the release in production and the candidate."""
        try:
            await self.submit(listing.list_commits)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.say("the commits are listed")

    async def _ask(self, read: Callable[..., T], *given: object) -> T | None:
        """What the desk reads; ``None`` where that failed, which was told."""
        try:
            return await self.work.desk.call(read, *given)
        except WorkbenchError as error:
            self.work.tell(error)
            return None


def _written(
    context: Context, form: str, as_page: bool
) -> tuple[str, NotesPage | None, str, dict[str, own_notes.Written]]:
    """The notes in a format, as a page where that is wanted, how much of the commits is told, and added text by section."""
    found = evaluate(context)
    page = read_notes_page(context, found) if as_page else None
    text = noting.written(context, found, form)
    return text, page, release_changes.short(context), own_notes.every_words(context)


def _sections(context: Context) -> SectionsView:
    return notes_sections.read_sections(context, evaluate(context))


def _changes(context: Context) -> tuple[Option, ...]:
    return tuple(Option(key, words) for key, words in release_changes.shown_lines(context)[:MOST_CHANGES])


def _hidden(context: Context) -> tuple[Option, ...]:
    return tuple(Option(key, words) for key, words in release_changes.hidden_lines(context))


def _preview(title: str, text: str) -> list[Block]:
    """A section as it begins with that text: each line is a paragraph, and plain text."""
    lines = [line for line in safe_lines(text) if line.strip()]
    return [
        Paragraph(title, Role.HEADING),
        *(Paragraph(line) for line in lines),
        *(() if lines else (Paragraph("as it is generated, without text of your own", Role.MUTED),)),
    ]


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
