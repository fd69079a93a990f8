"""What a noun's commands need to know to name things as a person would type them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

import msgspec

from workbench.model.noun_fields import Field, Holds, write_form
from workbench.record import EntryView
from workbench.usecases.context import Context
from workbench.usecases.scripting.model import Act, Command, Line, Word

S = TypeVar("S", bound=msgspec.Struct)
_SOON = timedelta(minutes=1)


class Telling:
    """The record as commands name what is in it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.record, self.zone, self.definitions = context.record, context.zone, context.definitions
        self._versions: dict[str, str] = {}
        self._titles: set[str] | None = None

    def version(self, release: str) -> str:
        """The version of a release by its id, also of one that is gone."""
        if release not in self._versions:
            self._versions[release] = str(self.ever("release", release).get("version", ""))
        return self._versions[release]

    def of_release(self, release: str | None) -> tuple[str, ...]:
        """``--release`` where the record knows several."""
        if not release or self.record.count("release") < 2:
            return ()
        return ("--release", self.version(release)) if self.version(release) else ()

    def ever(self, entity: str, ident: str) -> Mapping[str, Any]:
        """A thing as it stands, or as it last was."""
        stored = self.record.get(entity, ident)
        if stored is not None:
            return stored.decode(dict)
        found = self.record.history(entity, ident, limit=1)
        return (found[0].value or found[0].before or {}) if found else {}

    def then(self, act: Act, entity: str, ident: str) -> Mapping[str, Any]:
        """A thing as it was when an act was done: what it was called then names it in the act's commands."""
        found = self.record.history(entity, ident, limit=1, before_seq=act.first.seq)
        return (found[0].value or found[0].before or {}) if found else self.ever(entity, ident)

    def incident(self, act: Act, ident: str) -> str:
        """What an incident was called when an act was done."""
        return str(self.then(act, "incident", ident).get("title", ""))

    def difference(self, value: Mapping[str, Any]) -> str:
        """What names a difference: its title, with its region where several may have the title."""
        title, region = str(value.get("title", "")), str(value.get("region", ""))
        return f"{title} ({region})" if region or self._ambiguous(title) else title

    def _ambiguous(self, title: str) -> bool:
        if self._titles is None:
            rows = self.record.query("SELECT title FROM e_difference GROUP BY title HAVING count(*) > 1")
            self._titles = {str(row[0]) for row in rows}
        return title in self._titles

    def part(self, act: Act, key: str, title: str = "") -> str:
        """What names a line of a gate: its key, or what a difference is called."""
        noun, _, ident = key.partition("/")
        if noun != "difference":
            return key
        return title or str(self.then(act, "difference", ident).get("title", ident))

    def when(self, moment: datetime | None, *, end: bool = True) -> str:
        """A moment as a person would type it, to the last digit."""
        return write_form(_END if end else _MOMENT, moment, self.zone)

    def form(self, field: Field, value: Any) -> str:
        """A value as one types it into a cell."""
        return (
            field.write(value, self.zone)
            if field.holds is Holds.LIST
            else write_form(field, value, self.zone)
        )

    def soon_after(self, act: Act, moment: datetime | None) -> bool:
        """Whether a moment is that of the act."""
        return moment is not None and abs(act.at - moment) < _SOON


_END = Field("until", "Until", holds=Holds.MOMENT, ends=True)
_MOMENT = Field("at", "At", holds=Holds.MOMENT)
Teller: TypeAlias = Callable[[Telling, Act, Sequence[EntryView]], Iterable[Line]]
"""Tells the entries of an act that are about one kind of thing."""


def value_of(entry: EntryView, shape: type[S]) -> S:
    """What an entry made of a thing; what it was where the entry removed it."""
    return msgspec.convert(entry.value or entry.before, shape)


def before_of(entry: EntryView, shape: type[S]) -> S | None:
    """What the thing was before, if there was one."""
    return msgspec.convert(entry.before, shape) if entry.before is not None else None


def said(**given: object) -> tuple[str, ...]:
    """Options of those that say something: ``said(reason="ok")`` is ``--reason ok``; ``True`` stands for a flag."""
    words: list[str] = []
    for name, value in given.items():
        if value in (None, "", False):
            continue
        option = f"--{name.strip('_').replace('_', '-')}"
        words += [option] if value is True else [option, str(value)]
    return tuple(words)


def command(*words: Word | Sequence[Word]) -> Command:
    """A command of words and of options."""
    flat: list[Word] = []
    for word in words:
        flat += [word] if isinstance(word, str) or not isinstance(word, Sequence) else word
    return Command(tuple(flat))


def command_on(words: str, refs: Sequence[str], *options: Sequence[Word]) -> Command:
    """A command about things by their names; names that could be taken for options come last, behind ``--``."""
    if any(ref.startswith("-") for ref in refs):
        return command(words.split(), *options, "--", refs)
    return command(words.split(), refs, *options)


def options(fields: Iterable[Field], before: Any, after: Any, telling: Telling) -> list[str]:
    """What of these fields changed, as options: an empty text empties one."""
    words: list[str] = []
    for field in fields:
        value = getattr(after, field.name)
        if value != getattr(before, field.name):
            words += _option(field, value, telling)
    return words


def _option(field: Field, value: Any, telling: Telling) -> list[str]:
    name = field.option or field.name.replace("_", "-")
    if field.holds is Holds.FLAG:
        return [f"--{name}" if value else f"--not-{name}"]
    if field.holds is Holds.LIST:
        items = [item if isinstance(item, str) else field.write((item,), telling.zone) for item in value]
        return [word for item in items or [""] for word in (f"--{name}", item)]
    return [f"--{name}", write_form(field, value, telling.zone)]
