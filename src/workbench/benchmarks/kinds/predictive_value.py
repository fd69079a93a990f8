"""BM-15: how many releases that staging let pass failed in production."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="predictive_value",
    about="share of the releases that staging passed and that then failed in production",
    group="environment",
    of="environment",
    title="{name}: what it lets pass works in production",
    unit="%",
    better="lower",
    states="the share that the team can live with: pass: '<= 10 %'",
    review="quarterly",
    figure="predictive_value",
)
