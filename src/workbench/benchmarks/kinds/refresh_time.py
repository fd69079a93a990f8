"""OP-6: how long a refresh of the data takes."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="refresh_time",
    about="time to copy and mask the data",
    group="operation",
    of="environment",
    title="{name}: a refresh is done in time",
    unit="h",
    better="lower",
    rules={
        ANY_TIER: KindRule("< 6 h", why="under 6 hours, so that it fits into a night"),
    },
    review="monthly",
    figure="refresh_time",
)
