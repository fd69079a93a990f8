"""OP-7: open security findings."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="critical_findings",
    about="number of open critical security findings",
    group="operation",
    of="either",
    title="{name}: no critical security finding is open",
    better="lower",
    rules={
        ANY_TIER: KindRule("== 0", why="no critical finding stays open"),
    },
    review="weekly",
)
