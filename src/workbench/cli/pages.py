"""Pages of the guide on standard output, at a width that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.cli.output import terminal_width
from workbench.model.width import wrap
from workbench.usecases.guide_text import Part, Sort, body

WIDTH = 96  # cells; a longer line is hard to read
_LEAD = re.compile(r"(?:[-*]|\d+\.) ")


def lines_of(part: Part) -> Iterator[str]:
    """A part of a page at a width that can be read."""
    if part.sort is Sort.HEADING:
        yield from ("", part.texts[0], "-" * len(part.texts[0]))
        return
    yield ""
    if part.sort is Sort.EXAMPLE:
        yield from part.texts[0].splitlines()
    elif part.sort is Sort.TABLE:
        rows = body(part)
        width = min(34, max(len(row[0]) for row in rows))
        for first, *others in rows:
            if len(first) > width:
                yield first
            name = f"{'' if len(first) > width else first:<{width}}  "
            yield from hung(name, " · ".join(cell for cell in others if cell))
    else:
        for text in part.texts:
            lead = _LEAD.match(text)
            yield from hung(lead[0] if lead else "", text[lead.end() :] if lead else text)


def hung(lead: str, text: str) -> Iterator[str]:
    """Lines below each other behind a lead."""
    width = min(WIDTH, terminal_width() or WIDTH)
    first, *others = wrap(text, max(20, width - len(lead))) or [""]
    yield f"{lead}{first}".rstrip()
    yield from (f"{' ' * len(lead)}{line}" for line in others)
