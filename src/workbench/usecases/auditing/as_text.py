"""The audit for a terminal, and as one HTML file that loads nothing."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model.text import safe_text
from workbench.notes.as_html import page
from workbench.notes.blocks import Block, Paragraph, Table
from workbench.usecases.auditing.outline import outline, period_words
from workbench.usecases.auditing.shapes import Audit


def text(audit: Audit) -> str:
    """Every section as lines, each safe; ends in a line break."""
    found = outline(audit)
    lines = [f"{audit.project}: audit, {period_words(audit)}", found.headline, *found.remarks]
    for section in found.sections:
        lines += ["", section.title]
        for block in section.blocks:
            lines += _lines(block)
    return "\n".join(safe_text(line, 4000) for line in lines) + "\n"


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"  {block.text}"
    elif isinstance(block, Table):
        for row in block.rows:
            yield "  " + "  ·  ".join(cell for cell in row.cells if cell)
            yield from (f"      {line}" for line in row.under)


def html(audit: Audit) -> str:
    """One file with a content security policy: no script, nothing loaded."""
    return page(outline(audit), audit.timezone)
