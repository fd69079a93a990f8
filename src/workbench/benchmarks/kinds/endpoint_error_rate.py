"""BM-10: how often an endpoint fails, against production."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="endpoint_error_rate",
    about="share of an endpoint's requests that fail, against production",
    group="environment",
    of="either",
    title="{name}: the endpoint fails no more than in production",
    unit="%",
    better="lower",
    rules={
        ANY_TIER: KindRule(
            "< 2 x baseline or <= 0.1 %",
            why="under twice production's rate; up to 0.1 % passes where production hardly fails",
        ),
    },
    baseline="production",
    review="weekly",
    measures=("error_rate",),
)
