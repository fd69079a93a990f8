"""BM-12: whether counts, nulls, ranges and distributions of the data are production's."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="data_profile",
    about="share of the data's figures (rows, nulls, ranges, distributions) that agree",
    group="environment",
    of="environment",
    title="{name}: its data looks like production's",
    unit="%",
    better="higher",
    states="the share that the team agreed on: pass: '>= 90 %'",
    review="monthly",
    figure="data_profile",
)
