"""OP-5: whether staging shows of every critical service what production shows."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="observability",
    about="metrics, logs, traces, alerts, retention and sampling of critical services that are as in production",
    group="operation",
    of="environment",
    title="{name}: one sees there what one sees in production",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(">= 90 %", why="a score of 90 of 100; a service that nobody listed shows nothing")
    },
    review="quarterly",
    figure="observability",
)
