"""BM-13: tests red in staging alone."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="staging_only_failures",
    about="share of tests that fail in staging alone",
    group="environment",
    of="environment",
    title="{name}: tests fail there only where they would in production",
    unit="%",
    better="lower",
    rules={
        ANY_TIER: KindRule("<= baseline + 0 pp", why="it is to go down: not above the last good release's"),
    },
    baseline="last good release",
    review="monthly",
    figure="staging_only_failures",
)
