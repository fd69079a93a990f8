"""BM-1: the same queries, asked in both environments."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="data_consistency",
    about="share of queries with the same result in both environments",
    group="environment",
    of="environment",
    title="{name}: queries give production's results",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(
            "> 95 %",
            why="more than 95 % is the target; under it a refresh is due, and under 90 % is significant drift",
        ),
    },
    review="monthly",
    figure="data_consistency",
    measures=("data_integrity",),
)
