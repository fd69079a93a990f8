"""BM-10: whether caches help as much as in production."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="cache_hit_ratio",
    about="share of look-ups that a cache answers, against production",
    group="environment",
    of="either",
    title="{name}: caches hit as often as in production",
    unit="%",
    better="higher",
    states="the tolerance that the team agreed on: pass: 'within 10% of baseline'",
    baseline="production",
    review="weekly",
    measures=("hit_ratio",),
)
