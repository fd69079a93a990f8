"""OP-9: what the environment costs."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="cost_per_day",
    about="cost of the environment for a day, in the project's currency",
    group="operation",
    of="environment",
    title="{name} stays within its budget",
    better="lower",
    below_zero=True,  # a day on which something was credited
    states="the project's budget for a day: pass: '<= 120'",
    review="monthly",
)
