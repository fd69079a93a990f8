"""GT-4: the share of good events over a short stretch, in which the error budget may not burn too fast."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="burn_rate",
    about="share of good events over a short stretch, in which the error budget may not burn too fast",
    group="objectives",
    of="either",
    title="{name}: its error budget does not burn too fast",
    unit="%",
    better="higher",
    states="the share below which it burns too fast, or list an objective with burn: under objectives:",
    review="daily",
)
