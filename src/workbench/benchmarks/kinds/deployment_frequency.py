"""DORA's deployment frequency, as a source tells it: how often something goes out."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="deployment_frequency",
    about="successful deployments in the window",
    group="operation",
    of="environment",
    title="{name}: deployments go out often",
    better="higher",
    states="how many are often enough in the measure's window: pass: '>= 4'",
    review="monthly",
)
