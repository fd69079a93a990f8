"""What is contested, for the rows that show it: on every screen the row says so, and one key leads to the choice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from workbench.gates.contested import versions_in_words
from workbench.record import Contested
from workbench.usecases.context import Context

# By what fields of a thing a screen may name the row that stands for it, besides the id.
_NAMES = ("key", "benchmark", "environment", "routine", "runbook")


class Several(msgspec.Struct, frozen=True):
    """A contested thing: ``words`` say how many versions it has, ``rows`` by what keys a row may stand for it."""

    noun: str
    id: str
    words: str
    rows: frozenset[str]


def read_several(context: Context, release: str | None = None) -> tuple[Several, ...]:
    """Everything that is contested, beside the ``release`` in hand; nearly always nothing, which costs one question."""
    if not context.record.count_contested():
        return ()
    return tuple(several_of(item, release) for item in context.record.contested())


def several_of(item: Contested, release: str | None = None) -> Several:
    """A contested thing, and the rows that stand for any of its versions.

    What is of another ``release`` than the one in hand stands at no row but its own: a checklist's item and a
    benchmark are shown as they are for the release in hand.
    """
    rows = {item.id}
    for version in item.versions:
        value = version.value or {}
        if release is not None and value.get("release", release) not in (release, ""):
            continue
        rows |= {str(value[name]) for name in _NAMES if value.get(name)}
        if value.get("checklist") and value.get("item"):
            rows.add(f"{value['checklist']}/{value['item']}")
    return Several(item.entity, item.id, versions_in_words(item), frozenset(rows))


def by_row(found: Iterable[Several], nouns: Collection[str]) -> Mapping[str, Several]:
    """Those of the ``nouns`` that a screen shows, by the keys of its rows; of two at one row, the first."""
    rows: dict[str, Several] = {}
    for one in found:
        if one.noun in nouns:
            for row in one.rows:
                rows.setdefault(row, one)
    return rows
