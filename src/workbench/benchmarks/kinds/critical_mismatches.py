"""DIM-1: transactions whose data production could never have."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="critical_mismatches",
    about="number of critical mismatches between staging's data and production's schema",
    group="data fidelity",
    of="flow",
    title="{name}: no critical mismatch of data",
    dimension="data_fidelity",
    better="lower",
    rules={
        ANY_TIER: KindRule("== 0", why="a critical mismatch is one too many, whatever the tier"),
    },
)
