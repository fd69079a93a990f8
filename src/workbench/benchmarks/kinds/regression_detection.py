"""OP-8: how long it takes to notice a regression."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="regression_detection",
    about="time from a deployment to the alert",
    group="operation",
    of="environment",
    title="{name}: a regression is noticed in time",
    unit="min",
    better="lower",
    rules={
        ANY_TIER: KindRule("< 15 min", why="under 15 minutes from deployment to alert"),
    },
    review="monthly",
)
