"""``workbench keys``: every key of the app and what it means, with one's own keys applied."""

from __future__ import annotations

import click

from workbench.cli import output
from workbench.cli.options import Settings, common, pass_settings


@click.command()
@common("json")
@pass_settings
def keys(settings: Settings) -> None:
    """Print every key of the app and what it means.

    A file ``keys.yaml`` in your settings folder, or the file that WORKBENCH_KEYS names, puts meanings on
    other keys, one on each line, such as ``decide: D``.  It is checked whenever it is read.
    """
    from workbench.tui.key_list import key_rows
    from workbench.tui.keyboard import keyboard_of
    from workbench.usecases.own_keys import keys_file, read_own_keys

    own = read_own_keys(keys_file())
    rows = key_rows(keyboard_of(own))
    if settings.json:
        output.emit(
            [
                {"screen": each.screen, "key": each.key, "action": each.action, "label": each.label}
                for each in rows
            ]
        )
        return
    output.table(
        ("Screen", "Key", "Means", "Does"), [(each.screen, each.key, each.label, each.help) for each in rows]
    )
    there = f"{len(own.keys)} of them from" if own.keys else "your own keys would be read from"
    output.talk(f"{there} {own.file}")
