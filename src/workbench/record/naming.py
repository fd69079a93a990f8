"""What a person means by an id, the end of one, a title or a part of it, among things of one kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from workbench.model.errors import UsageError
from workbench.record.shapes import Stored

T = TypeVar("T")
SHORT = 12  # characters at the end of an id that tell things apart
_NAMED = 3  # so many are named where several are meant


def choose(
    found: Sequence[tuple[Stored, T]],
    ref: str,
    what: str,
    *,
    title: Callable[[T], str],
    first: Callable[[T], bool],
    hint: str,
) -> tuple[Stored, T]:
    """The one that ``ref`` names: its id or the end of it, its title, or a part of that.

    ``what`` is what one of them is called, with an ``s`` several.  Where several fit, those count of which
    ``first`` is true.  ``UsageError`` where none fits, or several do; ``hint`` says how to see them all.
    """
    for fits in _fitting(found, ref.strip(), title):
        chosen = [pair for pair in fits if first(pair[1])] or fits
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            named = "; ".join(f"{row.id[-SHORT:]} ({title(value)})" for row, value in chosen[:_NAMED])
            more = " …" if len(chosen) > _NAMED else ""
            raise UsageError(f"“{ref}” matches several {what}s", hint=named + more)
    raise UsageError(f"there is no {what} “{ref}”", hint=hint)


def _fitting(
    found: Sequence[tuple[Stored, T]], ref: str, title: Callable[[T], str]
) -> Iterator[list[tuple[Stored, T]]]:
    if not ref:
        return
    said = ref.casefold()
    yield [pair for pair in found if ref in (pair[0].id, pair[0].id[-SHORT:])]
    yield [pair for pair in found if title(pair[1]).casefold() == said]
    yield [pair for pair in found if said in title(pair[1]).casefold()]
