"""Exchange by file from the app: writing a pack for another desk, and importing one."""

from __future__ import annotations

from pathlib import Path

from workbench.model.text import entries_of, safe_text
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Gap, Paragraph, Title
from workbench.tui.working import Working
from workbench.usecases import exchanging
from workbench.usecases.context import Context
from workbench.usecases.exchanging import Imported, short
from workbench.usecases.views.exchange import advice, imported_lines, pieces_of
from workbench.usecases.views.people import named

WHOLE = "whole"


async def open_write_pack(screen: Working, desk: str = "") -> None:
    """Ask where the pack goes, and for whom it is; it is made beside the desk, so that nobody waits for it."""
    people = await screen.work.desk.beside(_people_of_desks)
    options = (
        Option(WHOLE, "any desk: all that is here"),
        *(Option(id, f"{words}: what it lacked when its last pack came") for id, words in people.items()),
    )

    async def submit(values: Values) -> None:
        to, whom = Path(values["to"].strip()).expanduser(), values["for"]
        said = await screen.work.desk.beside(_write, to, "" if whom == WHOLE else whom)
        screen.say(said)

    screen.app.push_screen(
        FormScreen(
            "Write a pack for another desk",
            (
                Field("to", "To", value="for-others.pack", required=True, hint="a file; from the project's folder, or a full path"),
                Field("for", "For", "choice", value=desk if desk in people else WHOLE, options=options),
            ),
            submit=submit,
            save_label="write",
        )
    )  # fmt: skip


def _people_of_desks(context: Context) -> dict[str, str]:
    """The desks of which a pack came here, and who writes there."""
    heard = {one.desk for one in exchanging.known_desks(context)}
    return {
        one.id: f"{', '.join(named(context.definitions, key) for key in one.people)} ({short(one.id)})"
        for one in context.record.desks_seen()
        if one.id in heard and not one.own
    }


def _write(context: Context, to: Path, desk: str) -> str:
    written = exchanging.write_pack(
        context, to if to.is_absolute() else context.root / to, for_desk=desk or None
    )
    return f"wrote {safe_text(to.name)}: {entries_of(written.entries)}, {pieces_of(written.blobs)} · there: workbench import"


def open_import_pack(screen: Working) -> None:
    """Ask for the file, import it, and say what became of it."""
    done: list[tuple[Imported, Path]] = []

    async def submit(values: Values) -> None:
        path = Path(values["path"].strip()).expanduser()
        done[:] = [(await screen.submit(_take, path), path)]

    def answered(values: Values | None) -> None:
        if values is not None and done:
            _show_imported(screen, *done[0])

    screen.app.push_screen(
        FormScreen(
            "Import a pack of another desk",
            (Field("path", "File", required=True, hint="what workbench exchange --to FILE wrote there"),),
            submit=submit,
            save_label="import",
        ),
        answered,
    )


def _take(context: Context, path: Path) -> Imported:
    return exchanging.take(context, path if path.is_absolute() else context.root / path)


def _show_imported(screen: Working, done: Imported, path: Path) -> None:
    blocks: list[Block] = [Paragraph(line) for line in imported_lines(done, path)]
    if steps := list(advice(done)):
        blocks += [Gap(), Title("Next"), *(Paragraph(step) for step in steps)]
    screen.app.push_screen(ReadingPanel("Imported", blocks))
