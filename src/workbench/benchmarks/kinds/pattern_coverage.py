"""BM-6: which of production's patterns of data occur in staging."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="pattern_coverage",
    about="share of production's rows whose pattern occurs in staging",
    group="environment",
    of="environment",
    title="{name}: its data has production's patterns",
    unit="%",
    better="higher",
    states="the share that the team agreed on: pass: '>= 90 %'",
    review="monthly",
    figure="pattern_coverage",
)
