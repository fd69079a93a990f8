"""BM-3: parameters that differ and that nobody declared intended."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="configuration_drift",
    about="number of parameters that differ from production and are not declared intended",
    group="environment",
    of="environment",
    title="{name} has not drifted further from production",
    better="lower",
    rules={
        ANY_TIER: KindRule(
            "<= baseline + 0",
            why="drift goes down: not above the mean of the candidates before; state a budget of your own with pass:",
        ),
    },
    baseline="own history",
    review="weekly",
    figure="configuration_drift",
    measures=("drift",),
)
