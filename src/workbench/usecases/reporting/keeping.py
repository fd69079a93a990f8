"""A report as a document, ``workbench.report.1`` in canonical JSON, and back again."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.model.canonical import encode as canonical
from workbench.model.canonical import plain
from workbench.model.errors import WorkbenchError
from workbench.usecases.reporting.report import SCHEMA, Report

_decoder = msgspec.json.Decoder(Report)


class _Head(msgspec.Struct, frozen=True):
    """As much of any document as says what it is."""

    schema: str = ""


def encode(report: Report) -> bytes:
    """The canonical bytes of a report: :func:`decode` gives an equal one."""
    return canonical(report)


def decode(data: bytes) -> Report:
    """The report in a document.

    Raises ``WorkbenchError`` for what is none.  One that holds more than this version knows is
    refused, too: what a newer version said of a release is shown to the letter or not at all.
    Fields that an older version did not have take their defaults.
    """
    try:
        schema = msgspec.json.decode(data, type=_Head).schema
        if schema != SCHEMA:
            raise _unreadable(f"it is not {SCHEMA}" + (f" but {schema}" if schema else ""))
        found = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(str(error)) from error
    if encode(found) != data:  # as it is where fields came later than the document
        unknown = _not_in(msgspec.json.decode(data), plain(found), "")
        if unknown:
            raise _unreadable(f"this version does not know {unknown}")
    return found


def _unreadable(why: str) -> WorkbenchError:
    return WorkbenchError(
        f"the report that was kept cannot be shown: {why}",
        hint="a newer version of the workbench may have written it: show it with that one",
    )


def _not_in(given: Any, known: Any, where: str) -> str:
    """The path of the first thing that was given and is not known; "" if there is none."""
    if isinstance(given, dict):
        for name, value in given.items():
            path = f"{where}.{name}" if where else str(name)
            if not isinstance(known, dict) or name not in known:
                return path
            found = _not_in(value, known[name], path)
            if found:
                return found
    elif isinstance(given, list):
        for number, value in enumerate(given):
            found = _not_in(value, known[number], f"{where}[{number}]")
            if found:
                return found
    return ""
