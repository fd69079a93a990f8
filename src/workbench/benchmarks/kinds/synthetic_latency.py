"""OP-3: how fast the environment answers synthetic requests."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="synthetic_latency",
    about="95th percentile of the time that synthetic requests take",
    group="operation",
    of="environment",
    title="{name}: synthetic requests are answered within production's target",
    unit="s",
    better="lower",
    states="production's target: pass: '<= 800 ms'",
    review="weekly",
    measures=("latency",),
)
