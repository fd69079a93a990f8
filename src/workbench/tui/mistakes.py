"""Mistakes in the team's files, to read: each with its place and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.errors import Problem
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.prose import Block, Gap, Paragraph

MOST = 50


def mistake_blocks(problems: Sequence[Problem]) -> list[Block]:
    """Every mistake in reading order; of very many the first ones."""
    blocks: list[Block] = []
    for problem in problems[:MOST]:
        blocks += [Gap(), Paragraph(f"{Mark.BLOCKS.symbol} {problem.where}", Role.ERROR)]
        blocks += [Paragraph(problem.what)]
        blocks += [Paragraph(problem.hint, Role.MUTED)] if problem.hint else []
    if len(problems) > MOST:
        blocks += [Gap(), Paragraph(f"and {len(problems) - MOST} more: `workbench check` lists them")]
    return blocks
