"""DIM-4: the 95th percentile of the time that one step of a flow takes, against production."""

from workbench.benchmarks.kinds.latency import DOUBTFUL_IN, RULES
from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="step_latency",
    about="95th percentile of the time that one step of the flow takes, against production",
    group="latency consistency",
    of="flow",
    title="{name}: {step} p95 is as fast as in production",
    has_to_say=("step",),
    unit="s",
    dimension="latency_consistency",
    better="lower",
    rules=RULES,
    baseline="production",
    doubtful_in=DOUBTFUL_IN,
)
