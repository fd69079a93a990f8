"""BM-9: whether background jobs run in production's rhythm."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="job_cadence",
    about="throughput or rhythm of a background job, against production",
    group="environment",
    of="environment",
    title="{name}: background jobs run as in production",
    unit="/h",
    better="neither",
    rules={
        ANY_TIER: KindRule("within 20% of baseline", why="within 20 % of production's rhythm"),
    },
    baseline="production",
    review="weekly",
)
