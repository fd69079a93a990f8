"""Versions of one thing in columns beside each other, of which one may be chosen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.model.text import safe_text
from workbench.model.width import fit, wrap
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Line, Piece, crop_line

LABELS = (6, 18)  # the width of the column of labels, at least and at most
LEAST = 8  # cells of a column


class Column(msgspec.Struct, frozen=True):
    """One version: its title, further lines that say whose it is, and what a click on it does."""

    title: str
    target: str
    about: tuple[str, ...] = ()


class Compared(msgspec.Struct, frozen=True):
    """One field, and what each version says of it, in the order of the columns."""

    label: str
    texts: tuple[str, ...]


def column_width(rows: Sequence[Compared], count: int, width: int) -> tuple[int, int]:
    """The cells of the labels, and of each of so many columns."""
    least, most = LABELS
    labels = min(most, max([least, *(len(safe_text(each.label, 40)) for each in rows)]))
    return labels, max(LEAST, (width - labels - 4 - 2 * (count - 1)) // count)


def beside(
    columns: Sequence[Column], rows: Sequence[Compared], width: int, chosen: int | None = None
) -> list[Line]:
    """Labels, then the versions beside each other, the ``chosen`` one marked; no line is wider than ``width``."""
    labels, column = column_width(rows, len(columns), width)
    lines: list[Line] = [_titles(columns, labels, column, chosen)]
    lines += [
        _about(
            [each.about[row] if row < len(each.about) else "" for each in columns], columns, labels, column
        )
        for row in range(max((len(each.about) for each in columns), default=0))
    ]
    lines += [()] if len(lines) > 1 else []
    for each in rows:
        texts = [wrap(safe_text(text) or "–", column) for text in each.texts]
        label = [safe_text(each.label, 40)]
        for row in range(max(len(text) for text in texts)):
            cells = [text[row] if row < len(text) else "" for text in texts]
            lines.append(
                _cells(label[row] if row < len(label) else "", cells, columns, labels, column, chosen)
            )
    return [crop_line(line, width) for line in lines]


def _titles(columns: Sequence[Column], labels: int, width: int, chosen: int | None) -> Line:
    pieces = [Piece(" " * (labels + 1))]
    for place, each in enumerate(columns):
        on = place == chosen
        words = fit(("▸ " if on else "  ") + safe_text(each.title, 60), width + 2)
        pieces.append(Piece(words, Role.ACCENT if on else Role.STRONG, each.target, bold=on))
    return tuple(pieces)


def _about(texts: Sequence[str], columns: Sequence[Column], labels: int, width: int) -> Line:
    pieces = [Piece(" " * (labels + 1))]
    for text, each in zip(texts, columns, strict=True):
        pieces.append(Piece(fit("  " + safe_text(text, 60), width + 2), Role.MUTED, each.target))
    return tuple(pieces)


def _cells(
    label: str, cells: Sequence[str], columns: Sequence[Column], labels: int, width: int, chosen: int | None
) -> Line:
    last = len(columns) - 1
    pieces = [Piece(" " + fit(label, labels) + "  ", Role.MUTED)]
    for place, (cell, each) in enumerate(zip(cells, columns, strict=True)):
        words = cell if place == last else fit(cell, width) + "  "
        pieces.append(Piece(words, Role.TEXT if chosen in (None, place) else Role.MUTED, each.target))
    return tuple(pieces)
