"""A group of commands whose modules are imported only when one of them is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
import msgspec

from workbench.model.keys import nearest


class Entry(msgspec.Struct, frozen=True):
    """A command that is not loaded yet: where it is, and its line in the help."""

    module: str
    attribute: str
    summary: str
    section: str


class LazyGroup(click.Group):
    """Commands by name, listed by section, without importing them; typos get a suggestion."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(import_module(entry.module), entry.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name, entry.summary))
        width = max(len(name) for name in self.entries)
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), summary) for name, summary in rows])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return resolve_with_suggestion(self, super().resolve_command, ctx, args)


class Family(click.Group):
    """A command with sub-commands, such as ``release``; typos get a suggestion."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return resolve_with_suggestion(self, super().resolve_command, ctx, args)


def resolve_with_suggestion(group: click.Group, resolve: Any, ctx: click.Context, args: list[str]) -> Any:
    """``resolve(ctx, args)``; an unknown command names the one that was probably meant."""
    known = group.list_commands(ctx)
    word = args[0] if args else ""
    if word and not word.startswith("-") and word not in known:
        meant = nearest(word, known)
        path = ctx.command_path
        hint = f"Did you mean “{path} {meant}”?" if meant else f"“{path} --help” lists the commands."
        raise click.UsageError(f"There is no command “{word}”. {hint}", ctx)
    return resolve(ctx, args)
