"""What there is to mind about the overrides of a release, in words: those that nothing needs, and those that do not cover."""

from __future__ import annotations

from datetime import tzinfo

from workbench.model.dates import end_text
from workbench.usecases.reporting.judgement import Judgement, OverrideReport
from workbench.usecases.views.marks import Fact

TITLE = "Overrides to look at"


def to_mind(found: Judgement) -> list[OverrideReport]:
    """The overrides that somebody should look at; none of a release that is shown as it was kept."""
    return [] if found.kept else [item for item in found.overrides if item.standing]


def override_facts(item: OverrideReport, zone: tzinfo) -> list[Fact]:
    """An override as its author proposed it and its approver saw it."""
    facts = [
        Fact(
            "Overridden", f"by {item.author}, approved by {item.approver}, until {end_text(item.until, zone)}"
        )
    ]
    facts.append(Fact("Reason", item.reason))
    if item.bound is not None and item.bound.words:
        facts.append(Fact("Holds", item.bound.words))
    if item.answers is not None:
        facts += [Fact(label, text) for label, text in item.answers.told]
    return facts


def lift_command(part: str) -> str:
    """The command that lifts the override of a line."""
    return f"workbench override {part} --lift --reason WHY"


def standing_line(item: OverrideReport) -> str:
    """``Checkout p95: passes without it since 3 Nov: lift it?``."""
    return f"{item.title}: {item.standing}"
