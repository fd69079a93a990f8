"""A team's table as YAML: a list of rows, each with names and values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.model.cells import clean, write_list
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.usecases.table_rows import Table, require_room, table_of


def from_yaml(text: str, shown: str) -> Table:
    """The table that a YAML list of rows is; ``UsageError`` with the line for anything else."""
    import yaml

    found: list[tuple[int, dict[str, str]]] = []
    try:
        for row in _YamlRows(text, shown):
            found.append(row)
            require_room(len(found), shown)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{shown}:{mark.line + 1}" if mark else shown
        what = getattr(error, "problem", None) or str(error)
        raise UsageError(
            f"this is not valid YAML: {what}", where=where, hint="a list of rows is expected"
        ) from None
    return table_of(found, shown)


class _YamlRows:
    """The rows of a YAML list: line and cells by column.

    Read from the parser's events, which neither nest deeper than a row needs nor repeat
    what an alias names, however the file is made.
    """

    def __init__(self, text: str, shown: str) -> None:
        import yaml

        self._yaml: Any = yaml
        self._shown = shown
        self._events = self._without_frame(text)

    def _without_frame(self, text: str) -> Iterator[Any]:
        yaml = self._yaml
        frame = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        events = yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return (event for event in events if not isinstance(event, frame))

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        yaml = self._yaml
        first = next(self._events, None)
        if first is None:
            return
        if not isinstance(first, yaml.SequenceStartEvent):
            raise self._wrong(first, "a list of rows is expected")
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if not isinstance(event, yaml.MappingStartEvent):
                raise self._wrong(event, "a row is written as names and values")
            yield event.start_mark.line + 1, self._row()
        rest = next(self._events, None)
        if rest is not None:
            raise self._wrong(rest, "a second document begins here")

    def _row(self) -> dict[str, str]:
        yaml = self._yaml
        cells: dict[str, str] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            if not isinstance(key, yaml.ScalarEvent) or not clean(key.value):
                raise self._wrong(key, "a column's name is expected")
            name = clean(key.value)
            if name in cells:
                raise self._wrong(key, f"“{safe_text(name, 60)}” appears twice in this row")
            cells[name] = self._cell(next(self._events))
        return cells

    def _cell(self, event: Any) -> str:
        yaml = self._yaml
        if isinstance(event, yaml.ScalarEvent):
            # libyaml says "" for a text without quotes, PyYAML's own parser None
            empty = not event.style and event.value in ("", "~", "null", "Null", "NULL")
            return "" if empty else clean(event.value)
        if not isinstance(event, yaml.SequenceStartEvent):
            raise self._wrong(event, "text, or a list of texts, is expected here")
        items: list[str] = []
        for item in self._events:
            if isinstance(item, yaml.SequenceEndEvent):
                break
            if not isinstance(item, yaml.ScalarEvent):
                raise self._wrong(item, "a text is expected here")
            items.append(item.value)
        return write_list(items)

    def _wrong(self, event: Any, what: str) -> UsageError:
        mark = event.start_mark
        hint = "- title: load balancer\n  staging: none"
        return UsageError(what, where=f"{self._shown}:{mark.line + 1}:{mark.column + 1}", hint=hint)
