"""OP-2: how many regression tests fail after a deployment."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="post_deploy_failures",
    about="share of regression tests that fail after a deployment",
    group="operation",
    of="environment",
    title="{name}: regression tests pass after a deployment",
    unit="%",
    better="lower",
    rules={
        ANY_TIER: KindRule("< 1 %", why="under one test in a hundred"),
    },
    review="weekly",
)
