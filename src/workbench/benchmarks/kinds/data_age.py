"""BM-11: how old the data is."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="data_age",
    about="age of the environment's data",
    group="environment",
    of="environment",
    title="{name}: its data is fresh",
    unit="d",
    better="lower",
    rules={
        ANY_TIER: KindRule("<= 7 d", why="a week for most; where data churns, state a day: pass: '<= 1 d'"),
    },
    review="weekly",
    figure="data_age",
)
