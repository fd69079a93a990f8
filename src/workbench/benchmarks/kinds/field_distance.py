"""DIM-1: how far the distribution of a field is from production's."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="field_distance",
    about="distance between the distributions of a field, from 0 (the same) to 1",
    group="data fidelity",
    of="flow",
    title="{name}: its fields are distributed as in production",
    dimension="data_fidelity",
    better="lower",
    states="the distance that is still the same data: pass: '<= 0.1'",
)
