"""Writing the bundle of a release from the app: where it goes, and the key that signs its index."""

from __future__ import annotations

from pathlib import Path

from workbench.model.text import number_of
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases.context import Context
from workbench.usecases.output_files import bundle_name


def open_bundle(screen: Working) -> None:
    """Ask where the bundle goes; it is made beside the desk, so that nobody waits for it."""
    found = screen.require()
    name = bundle_name(found.project_key, found.held.release.version)

    async def submit(values: Values) -> None:
        where = Path(values["to"].strip()).expanduser()
        words = await screen.work.desk.beside(_make, where, values["key"].strip())
        screen.say(words)

    screen.app.push_screen(
        FormScreen(
            "Write the bundle of this release",
            (
                Field(
                    "to",
                    "To",
                    value=name,
                    required=True,
                    hint="a new folder, or an archive where it ends in .zip or .tar.gz",
                ),
                Field(
                    "key", "SSH key", hint="a file, or git for the key that git signs with; empty: unsigned"
                ),
            ),
            intro=[
                Pair("Release", f"{found.project} {found.held.title}"),
                Pair(
                    "Holds",
                    "reports, definitions, map, answers, evidence, signatures, entries, and how to check it",
                ),
            ],
            submit=submit,
            save_label="write",
        )
    )


def _make(context: Context, to: Path, key: str) -> str:
    from workbench.usecases.bundling.making import make
    from workbench.usecases.ssh_signing import signing_key

    place = to if to.is_absolute() else context.root / to
    chosen = signing_key(key, context.root) if key else None
    made = make(context, place, key=chosen, asks=False)
    signed = f", signed with {made.key}" if made.key else ""
    return f"wrote {to}: {number_of(made.files, 'file')}{signed} · workbench verify checks it"
