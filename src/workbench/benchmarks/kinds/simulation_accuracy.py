"""BM-5: whether a simulation answers as the real service does."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="simulation_accuracy",
    about="share of the simulation's answers that agree with the real service's",
    group="environment",
    of="either",
    title="{name}: simulations answer as the real services do",
    unit="%",
    better="higher",
    states="the share that the team agreed on for this service: pass: '>= 95 %'",
    review="weekly",
    figure="simulation_accuracy",
    measures=("real_sequences",),
)
