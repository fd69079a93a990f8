"""CH-11: the variants of a set side by side, and the cheapest that meets the rules."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

import msgspec

from workbench.benchmarks.judge import Context, Judged, judged
from workbench.benchmarks.resolve import Resolved
from workbench.criteria import Verdict
from workbench.definitions.shapes import Variants
from workbench.definitions.variants import measured_in, subject_of
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED, context_of


class Meets(StrEnum):
    """Whether a variant meets the rules of its set."""

    YES = "meets the rules"
    NO = "fails"
    UNKNOWN = "not known"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One variant: its benchmarks in the order of the set, the cost last; ``now`` says that it runs now."""

    label: str
    now: bool
    figures: tuple[Judged, ...]
    cost: Judged | None
    meets: Meets
    why: str

    @property
    def costs(self) -> Decimal | None:
        """What it costs, in the unit of the cost's benchmark; ``None`` where that was not measured."""
        return self.cost.outcome.inputs.value if self.cost is not None else None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A set of variants; ``cheapest`` are the labels of the cheapest that meet the rules, as a rule one."""

    variants: Variants
    rows: tuple[Variant, ...]
    cheapest: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.variants.title or self.variants.key

    @property
    def measured(self) -> bool:
        """Whether anything was measured of any variant."""
        return any(item.value is not None for row in self.rows for item in row.figures)

    @property
    def words(self) -> str:
        """What comes of it: ``m6.large is the cheapest that meets the rules; c7.large is not known``."""
        meeting = [row.label for row in self.rows if row.meets is Meets.YES]
        unknown = [row.label for row in self.rows if row.meets is Meets.UNKNOWN or self._uncosted(row)]
        if not self.variants.cost:
            found = (
                f"{', '.join(meeting)} {'meets' if len(meeting) == 1 else 'meet'} the rules"
                if meeting
                else ""
            )
        elif self.cheapest:
            several = len(self.cheapest) > 1
            found = f"{' and '.join(self.cheapest)} {'are' if several else 'is'} the cheapest that "
            found += "meet the rules" if several else "meets the rules"
        else:
            found = ""
        if not found:
            found = "none is known to meet the rules" if unknown else "none meets the rules"
        return f"{found}; not known: {', '.join(unknown)}" if unknown else found

    def _uncosted(self, row: Variant) -> bool:
        return bool(self.variants.cost) and row.meets is Meets.YES and row.costs is None


def _compared(facts: Facts) -> tuple[Compared, ...]:
    sets = facts.project.variants
    if not sets:
        return ()
    resolved = {each.key: each.resolved for each in facts(JUDGED)}
    context = context_of(facts)
    return tuple(_side_by_side(each, resolved, context) for each in sets)


# The sets of variants of the project, each judged on the candidate.
VARIANTS: Need[tuple[Compared, ...]] = Need(JUDGED.entities, _compared)


def _side_by_side(variants: Variants, resolved: dict[str, Resolved], context: Context) -> Compared:
    rows = tuple(_row(variants, label, resolved, context) for label in variants.of)
    meeting = [(row.costs, row.label) for row in rows if row.meets is Meets.YES and row.costs is not None]
    least = min((cost for cost, _ in meeting), default=None)
    return Compared(
        variants=variants, rows=rows, cheapest=tuple(label for cost, label in meeting if cost == least)
    )


def _row(variants: Variants, label: str, resolved: dict[str, Resolved], context: Context) -> Variant:
    now = label == variants.now
    found = {
        key: _in_variant(resolved[key], label, context, now=now)
        for key in measured_in(variants)
        if key in resolved
    }
    ruled = [found[key] for key in variants.benchmarks if key in found and found[key].resolved.pass_]
    meets, why = _meets(ruled)
    return Variant(
        label=label,
        now=now,
        figures=tuple(found.values()),
        cost=found.get(variants.cost or ""),
        meets=meets,
        why=why,
    )


def _in_variant(item: Resolved, label: str, context: Context, *, now: bool) -> Judged:
    """A benchmark judged in one variant; the variant that runs now may be measured without its name."""
    key, subject = item.key, subject_of(item.key, label)
    readings = context.readings
    value = readings.get((subject, "value")) or (readings.get((key, "value")) if now else None)
    baseline = readings.get((key, "baseline")) or context.past.latest(key, "baseline")
    own = {(subject, "value"): value, (subject, "baseline"): baseline}
    there = msgspec.structs.replace(
        context, readings={pair: one for pair, one in own.items() if one is not None}, pinned={}
    )
    benchmark = msgspec.structs.replace(item.benchmark, key=subject)
    return judged(msgspec.structs.replace(item, benchmark=benchmark), there)


def _meets(ruled: list[Judged]) -> tuple[Meets, str]:
    failing = list(_named(ruled, Verdict.FAIL))
    if failing:
        return Meets.NO, "; ".join(failing)
    lacking = [item for item in ruled if item.verdict not in (Verdict.PASS, Verdict.WARN)]
    if lacking or not ruled:
        told = [f"{item.title}: {item.headline}" for item in lacking]
        return Meets.UNKNOWN, "; ".join(told) or "no benchmark of the set has a rule"
    warned = list(_named(ruled, Verdict.WARN))
    return Meets.YES, "; ".join(warned)


def _named(found: list[Judged], verdict: Verdict) -> Iterator[str]:
    return (f"{item.title}: {item.headline}" for item in found if item.verdict is verdict)
