"""Variants side by side, as both front ends show them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria.words import shown
from workbench.definitions.variants import benchmark_in, subject_of
from workbench.gates.variants import VARIANTS, Compared, Meets
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.marks import Mark


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of one benchmark in one variant: the value in words, and what its rule says."""

    benchmark: str
    title: str
    value: str
    mark: Mark
    why: str


class VariantRow(msgspec.Struct, frozen=True, kw_only=True):
    """One variant with its figures, the cost last where there is one."""

    label: str
    now: bool
    cheapest: bool
    mark: Mark
    meets: Meets
    why: str
    figures: tuple[Figure, ...]


class VariantTable(msgspec.Struct, frozen=True, kw_only=True):
    """A set of variants; ``words`` says which of them is the cheapest that meets the rules."""

    key: str
    title: str
    words: str
    rows: tuple[VariantRow, ...]
    cheapest: tuple[str, ...]


_MARKS = {Meets.YES: Mark.DONE, Meets.NO: Mark.BLOCKS, Meets.UNKNOWN: Mark.LEARNING}


def read_variants(evaluation: Evaluation, key: str | None = None) -> list[VariantTable]:
    """The sets of variants of a project, or the one with that key."""
    found = [_table(each) for each in evaluation.facts(VARIANTS)]
    if key is None:
        return found
    chosen = [table for table in found if table.key == key]
    if chosen:
        return chosen
    known = [table.key for table in found]
    meant = nearest(key, known)
    hint = f"did you mean {meant}?" if meant else "list some under variants: in workbench.yaml"
    raise UsageError(f"there are no variants “{key}”", hint=hint)


def variants_of(evaluation: Evaluation, benchmark: str) -> list[VariantTable]:
    """The sets of variants in which a benchmark is measured."""
    return [
        table
        for table in read_variants(evaluation)
        if any(figure.benchmark == benchmark for row in table.rows for figure in row.figures)
    ]


def variant_verdict(evaluation: Evaluation, benchmark: str, label: str) -> Judged:
    """The verdict of a benchmark in one variant."""
    subject = subject_of(benchmark, label)
    figures = (item for each in evaluation.facts(VARIANTS) for row in each.rows for item in row.figures)
    return next(item for item in figures if item.key == subject)


def _table(found: Compared) -> VariantTable:
    return VariantTable(
        key=found.variants.key,
        title=found.title,
        words=found.words,
        rows=tuple(_rows(found)),
        cheapest=found.cheapest,
    )


def _rows(found: Compared) -> Iterator[VariantRow]:
    for row in found.rows:
        yield VariantRow(
            label=row.label,
            now=row.now,
            cheapest=row.label in found.cheapest,
            mark=_MARKS[row.meets],
            meets=row.meets,
            why=row.why,
            figures=tuple(map(_figure, row.figures)),
        )


def _figure(item: Judged) -> Figure:
    mark = Mark.LEARNING
    if item.verdict.known:
        mark = Mark.DONE if item.through else Mark.BLOCKS
    value = shown(item.outcome).value or "not measured"
    return Figure(benchmark=benchmark_in(item.key), title=item.title, value=value, mark=mark, why=item.why)
