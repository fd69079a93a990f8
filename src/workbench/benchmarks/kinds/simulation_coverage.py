"""BM-5: how much of the real service a simulation knows."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="simulation_coverage",
    about="share of the real endpoints and statuses that the simulation knows",
    group="environment",
    of="either",
    title="{name}: simulations know what the real services can answer",
    unit="%",
    better="higher",
    states="the share that the team agreed on for this service: pass: '>= 80 %'",
    review="weekly",
    figure="simulation_coverage",
)
