"""BM-2: whether staging flags the errors that somebody planted."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="error_detection",
    about="share of the planted differences that probes found",
    group="environment",
    of="environment",
    title="{name} finds what is planted",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(
            "> 80 %", why="more than 80 % of known errors are to be flagged; fewer open an investigation"
        ),
    },
    review="monthly",
    figure="error_detection",
)
