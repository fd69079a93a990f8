"""The built-in kinds of benchmark, in words: for the command that lists them, and for the guide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from workbench.benchmarks.kinds import KINDS
from workbench.definitions.shapes import Tier
from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule


class KindLine(msgspec.Struct, frozen=True, kw_only=True):
    """A kind in words.  ``rule`` says what holds by tier, "" where a project states its own; ``asked`` who answers."""

    name: str
    about: str
    group: str
    of: str
    rule: str
    why: str
    asked: str
    unit: str
    review: str


def kind_lines(group: str | None = None) -> list[KindLine]:
    """Every kind, in the order of their groups; or those of one group."""
    return [line_of(kind) for kind in KINDS.values() if group in (None, kind.group)]


def groups() -> list[str]:
    """The headings under which kinds stand, in their order."""
    return list(dict.fromkeys(kind.group for kind in KINDS.values()))


def line_of(kind: BenchmarkKind) -> KindLine:
    """One kind in words."""
    return KindLine(
        name=kind.name,
        about=kind.about,
        group=kind.group,
        of={"either": "flow or environment"}.get(kind.of, kind.of),
        rule=rule_words(kind),
        why=_why(kind),
        asked="the record" if kind.figure else "a source, or a person",
        unit=kind.unit or "a count",
        review=kind.review or "",
    )


def rule_words(kind: BenchmarkKind) -> str:
    """The rules by tier: ``>= 99 % (critical), >= 95 % (important)``; once where all tiers have the same."""
    any_tier = kind.rules.get(ANY_TIER)
    said = _rule(any_tier) if any_tier else ", ".join(_by_rule(kind.rules))
    staging = [f"{_rule(rule)} ({name} staging)" for name, rule in kind.in_staging.items()]
    return ", ".join(filter(None, (said, *staging)))


def _by_rule(rules: Mapping[str, KindRule]) -> Iterable[str]:
    tiers: dict[str, list[str]] = {}
    for tier in Tier:
        if tier.value in rules:
            tiers.setdefault(_rule(rules[tier.value]), []).append(tier.value.replace("_", " "))
    for rule, of in tiers.items():
        yield f"{rule} ({', '.join(of)})"


def _rule(rule: KindRule) -> str:
    return f"{rule.pass_}, warns {rule.warn}" if rule.warn else rule.pass_


def _why(kind: BenchmarkKind) -> str:
    reasons = dict.fromkeys(
        rule.why for rule in (*kind.rules.values(), *kind.in_staging.values()) if rule.why
    )
    return "; ".join(reasons) or kind.states


def document() -> dict[str, Any]:
    """What ``benchmark kinds --json`` prints."""
    lines = [msgspec.structs.asdict(line) for line in kind_lines()]
    return {"schema": "workbench.benchmark-kinds.1", "kinds": lines}
