"""BM-13: green in staging and broken in production, for reasons of the environment."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="missed_faults",
    about="share of what is green in staging and broken in production because of the environment",
    group="environment",
    of="environment",
    title="{name}: what is green there stays green in production",
    unit="%",
    better="lower",
    rules={
        ANY_TIER: KindRule("<= baseline + 0 pp", why="it is to go down: not above the last good release's"),
    },
    baseline="last good release",
    review="monthly",
    figure="missed_faults",
)
