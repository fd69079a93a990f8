"""BM-16: whether the traffic is like production's: mix, bursts, slow clients, reads and writes."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="traffic_realism",
    about="share of the traffic's figures that agree with production",
    group="environment",
    of="environment",
    title="{name}: its traffic is like production's",
    unit="%",
    better="higher",
    states="the share that the team agreed on: pass: '>= 80 %'",
    review="weekly",
    figure="traffic_realism",
)
