"""BM-10: whether queries take as long as in production."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="query_time",
    about="time that a query takes, against production",
    group="environment",
    of="either",
    title="{name}: queries take as long as in production",
    unit="s",
    better="lower",
    states="the tolerance that the team agreed on: pass: 'within 10% of baseline'",
    baseline="production",
    review="weekly",
)
