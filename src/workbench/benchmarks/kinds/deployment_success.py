"""OP-1: how many deployments work."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="deployment_success",
    about="successful deployments of those attempted",
    group="operation",
    of="environment",
    title="{name}: deployments work",
    unit="%",
    better="higher",
    rules={
        ANY_TIER: KindRule(
            ">= 99 %", why="provisioning errors and failed checks after a deployment count as failures"
        ),
    },
    review="weekly",
)
