"""BM-3: how long a drift goes unnoticed."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="drift_detection",
    about="longest time for which a drift that is there now went unnoticed",
    group="environment",
    of="environment",
    title="{name}: drift is noticed in time",
    unit="h",
    better="lower",
    states="the time within which a drift has to be noticed: pass: '<= 24 h'",
    review="weekly",
    figure="drift_detection",
)
