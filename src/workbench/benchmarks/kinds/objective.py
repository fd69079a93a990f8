"""GT-4: the share of good events over a window, which has to keep a target."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="objective",
    about="share of good events over the objective's window",
    group="objectives",
    of="either",
    title="{name} keeps its objective",
    unit="%",
    better="higher",
    states="the target: pass: '>= 99.5 %', or list it under objectives:",
    review="weekly",
)
