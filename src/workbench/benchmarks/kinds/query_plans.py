"""BM-8: whether queries are carried out the same way."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="query_plans",
    about="share of core queries with equal plans",
    group="environment",
    of="environment",
    title="{name}: core queries have production's plans",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(
            ">= 100 %",
            why="all core queries are to have equal plans: a schema can be equal and its plans not",
        ),
    },
    review="monthly",
    figure="query_plans",
)
