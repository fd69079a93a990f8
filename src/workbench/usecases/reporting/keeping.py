"""A report as a document, ``workbench.report.1`` in canonical JSON, and back again."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.model.canonical import encode as canonical
from workbench.model.canonical import plain
from workbench.model.errors import WorkbenchError
from workbench.usecases.reporting.judgement import VerdictReport
from workbench.usecases.reporting.report import SCHEMA, Report

# The figures of a statistical rule are floats: a document holds them as text, of which they are made again.
_decoder = msgspec.json.Decoder(Report, strict=False)


class _Head(msgspec.Struct, frozen=True):
    """As much of any document as says what it is."""

    schema: str = ""


def encode(report: Report) -> bytes:
    """The canonical bytes of a report: :func:`decode` gives an equal one."""
    return canonical(_as_text(report))


def _as_text(report: Report) -> Report:
    """The report with text in place of floats, which have no place in canonical JSON."""
    verdicts = tuple(
        _told(item) if item.arithmetic and item.arithmetic.figures else item for item in report.verdicts
    )
    return msgspec.structs.replace(report, verdicts=verdicts)


def _told(item: VerdictReport) -> VerdictReport:
    assert item.arithmetic is not None
    figures: Any = _texts(msgspec.to_builtins(item.arithmetic.figures))
    return msgspec.structs.replace(item, arithmetic=msgspec.structs.replace(item.arithmetic, figures=figures))


def _texts(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {name: _texts(item) for name, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list | tuple) else value


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
        unknown = _not_in(msgspec.json.decode(data), plain(_as_text(found)), "")
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
