"""DIM-4: the median of the time that a flow takes, against production."""

from workbench.benchmarks.kinds.latency import DOUBTFUL_IN, RULES
from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="latency_p50",
    about="median of the time that the flow takes, against production",
    group="latency consistency",
    of="flow",
    title="{name} p50 is as fast as in production",
    unit="s",
    dimension="latency_consistency",
    better="lower",
    rules=RULES,
    baseline="production",
    doubtful_in=DOUBTFUL_IN,
)
