"""DIM-5: which share of a flow's transactions fails, against production."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="error_rate",
    about="share of the flow's transactions that fail, against production",
    group="error handling",
    of="flow",
    title="{name} fails less than twice as often as in production",
    unit="%",
    dimension="error_handling",
    better="lower",
    rules={
        ANY_TIER: KindRule(
            "< 2 x baseline or <= 0.1 %",
            why="under twice production's rate; up to 0.1 % passes where production hardly fails",
        )
    },
    baseline="production",
    review="per release",
    measures=("error_rate",),
)
