"""OP-10: how many drills worked."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="runbook_success",
    about="drills that worked of those run",
    group="operation",
    of="environment",
    title="{name}: runbooks work",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(">= 90 %", why="nine drills in ten"),
    },
    review="quarterly",
    figure="runbook_success",
)
