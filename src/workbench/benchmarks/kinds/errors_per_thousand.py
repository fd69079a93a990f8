"""OP-4: how many requests fail."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="errors_per_thousand",
    about="errors for each 1,000 requests",
    group="operation",
    of="environment",
    title="{name}: few requests fail",
    better="lower",
    rules={
        ANY_TIER: KindRule("< 5", why="under 5 for each 1,000 requests"),
    },
    review="weekly",
    measures=("error_rate",),
)
