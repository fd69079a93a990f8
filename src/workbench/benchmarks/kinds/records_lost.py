"""DIM-1: records that went in and did not come out, and nobody can say why."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="records_lost",
    about="number of records lost without explanation",
    group="data fidelity",
    of="flow",
    title="{name} loses no record without explanation",
    dimension="data_fidelity",
    better="lower",
    rules={
        ANY_TIER: KindRule("== 0", why="a loss that nobody can explain may be any loss"),
    },
)
