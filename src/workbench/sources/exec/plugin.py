"""What a monitoring plugin prints: a line for people, and performance data after a ``|``.

Read as the Monitoring Plugins development guidelines describe it: ``'label'=value[unit];warn;crit;min;max``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.numbers import number_of

STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_STATE = re.compile(rf"\b(?:{'|'.join(STATES)})\b")
_ONE = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^\s='|]+))=(\S*)")
_VALUE = re.compile(r"([-+]?[0-9.,]+(?:[eE][-+]?[0-9]+)?)([^0-9.,;]*)")
# Units as plugins write them, in ours; a thousand is 1,000.
_UNITS = {
    "s": "s",
    "ms": "ms",
    "us": "us",
    "ns": "ns",
    "%": "%",
    "B": "B",
    "KB": "kB",
    "kB": "kB",
    "MB": "MB",
    "GB": "GB",
    "TB": "TB",
}


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One label: its number (``None`` where the plugin says that it has none), its unit, and its limits as they are written."""

    value: Decimal | None
    unit: str | None
    warning: str = ""
    critical: str = ""


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin printed: its line for people, and its figures by label."""

    text: str
    figures: Mapping[str, Figure]

    @property
    def state(self) -> str | None:
        """The state that its line names, where it names exactly one."""
        named = set(_STATE.findall(self.text))
        return named.pop() if len(named) == 1 else None


def read_plugin(output: str) -> Printed:
    """The first line and the performance data, which stands after a ``|`` there and at the end of further lines.

    Raises ``SourceError`` for performance data that cannot be read.
    """
    first, *more = output.splitlines() or [""]
    text, _, data = first.partition("|")
    told, found = [data], False
    for line in more:
        _, bar, rest = line.partition("|")
        if found or bar:
            told.append(line if found else rest)
            found = True
    return Printed(text=safe_text(text.strip(), 300), figures=_figures(" ".join(told)))


def _figures(data: str) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    place = 0
    while data[place:].strip():
        match = _ONE.match(data, place)
        if match is None:
            raise SourceError(
                f"its performance data cannot be read at “{safe_text(data[place:].strip(), 60)}”",
                hint="'label'=value[unit];warn;crit;min;max, separated by spaces",
            )
        label = match[2] if match[1] is None else match[1].replace("''", "'")
        if label in figures:
            raise SourceError(f"it prints the label “{safe_text(label, 60)}” twice")
        figures[label] = _figure(match[3], label)
        place = match.end()
    return figures


def _figure(text: str, label: str) -> Figure:
    told, *limits = text.split(";")
    warning, critical = (safe_text(limit, 40) for limit in (*limits, "", "")[:2])
    if told in ("U", ""):
        return Figure(value=None, unit=None, warning=warning, critical=critical)
    match = _VALUE.fullmatch(told)
    where = f"“{safe_text(label, 60)}”"
    if match is None:
        raise SourceError(f"{where} is “{safe_text(told, 40)}”, which is no number with a unit")
    unit = match[2]
    if unit not in ("", "c") and unit not in _UNITS:
        raise SourceError(
            f"{where} is in “{safe_text(unit, 20)}”, which is no unit of a plugin",
            hint="s, ms, us, %, B, KB, MB, GB, TB, c",
        )
    return Figure(value=number_of(match[1], where), unit=_UNITS.get(unit), warning=warning, critical=critical)
