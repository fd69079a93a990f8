"""Reading the cells of one column of a team's table."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from workbench.model.cells import CellError, short_text, word_of
from workbench.model.errors import UsageError
from workbench.model.noun_fields import Field, Holds

Meaning = Callable[[Any], Any]
_KEPT = 500  # so many cells of a column are kept with what they mean


class CellReader:
    """Reads the cells of one column; ``values`` and ``texts`` hold what stands in many of them."""

    def __init__(self, field: Field, zone: tzinfo, words: Mapping[str, str], meaning: Meaning | None) -> None:
        self._field, self._zone, self._words, self._meaning = field, zone, words, meaning
        self.values: dict[str, Any] = {}
        self.texts: dict[str, str] = {}

    def read(self, cell: str) -> Any:
        """The cell's value, or ``CellError``."""
        found = self._value(cell)
        if len(self.values) < _KEPT:
            self.values[cell] = found
        return found

    def text(self, cell: str) -> str:
        """The cell's value in canonical text."""
        return self.write(cell, self._value(cell))

    def write(self, cell: str, value: Any) -> str:
        """The same of a cell that was read."""
        found = self._field.write(value, self._zone)
        if len(self.texts) < _KEPT:
            self.texts[cell] = found
        return found

    def _value(self, cell: str) -> Any:
        if self._words and (meant := self._words.get(word_of(cell))):
            return self._field.read(meant, self._zone)
        try:
            value = self._field.read(cell, self._zone)
        except CellError as error:
            raise CellError(error.what, self._hint(cell, error.hint)) from None
        if self._meaning is None:
            return value
        try:
            return self._meaning(value)
        except UsageError as error:  # it fits two
            raise CellError(error.what, error.hint or "") from None

    def _hint(self, cell: str, hint: str) -> str:
        if self._field.holds not in (Holds.CHOICE, Holds.FLAG):
            return hint
        said = shlex.quote(f"{self._field.name}:{short_text(cell)}=VALUE")
        return f"{hint}, or say once what it means: --map-value {said}"
