"""Hooks of a project: on what each is called, how, and what came of it the last time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.definitions.hooks import Hook
from workbench.hooks.model import Notice, Told, notices
from workbench.usecases.context import Context
from workbench.usecases.trusting import trusts
from workbench.usecases.views.marks import Mark


class HookLine(msgspec.Struct, frozen=True, kw_only=True):
    """One hook.  ``on`` are the events in words, ``at`` and ``came`` the last call and what came of it."""

    key: str
    title: str
    kind: str
    on: tuple[str, ...]
    mark: Mark
    about: str = ""
    at: datetime | None = None
    came: str = "not called yet"


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    """All hooks, and whether any of them can be called on this machine."""

    lines: tuple[HookLine, ...]
    trusted: bool


def read_hooks(context: Context) -> Hooks:
    """The project's hooks in the order of the file."""
    found = [value for _, value in notices(context.record)]
    lines = tuple(_line(hook, found) for hook in context.definitions.project.hooks)
    return Hooks(lines=lines, trusted=trusts(context.root, context.definitions))


def _line(hook: Hook, found: Sequence[Notice]) -> HookLine:
    last = next(((note, one) for note in found for one in note.told if one.hook == hook.key), None)
    line = HookLine(
        key=hook.key,
        title=hook.title or hook.key,
        kind=hook.kind,
        on=tuple(event.words for event in hook.on),
        mark=Mark.OPEN,
    )
    if last is None:
        return line
    note, told = last
    mark = Mark.DONE if told.worked else Mark.WARNS
    return msgspec.structs.replace(line, mark=mark, about=note.title, at=note.at, came=told.words)


def told_words(told: Sequence[Told]) -> list[str]:
    """What came of each hook that was called, a line each."""
    return [f"{one.hook}: {one.words}" for one in told]
