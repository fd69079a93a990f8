"""DIM-1: which share of staging's transactions passes production's schema checks."""

from workbench.model.kinds import BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="schema_pass_rate",
    about="share of staging's transactions that pass production's schema checks",
    group="data fidelity",
    of="flow",
    title="{name}: its data passes production's schema checks",
    unit="%",
    dimension="data_fidelity",
    better="higher",
    rules={
        "critical": KindRule(">= 99 %", why="of a critical flow one transaction in a hundred may fail them"),
        "important": KindRule(">= 95 %", why="of an important flow one transaction in twenty may fail them"),
        "best_effort": KindRule(">= 90 %", why="of a best-effort flow one transaction in ten may fail them"),
    },
)
