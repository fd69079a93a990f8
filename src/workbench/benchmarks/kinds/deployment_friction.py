"""BM-14: how much more a production deployment takes than one of staging."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="deployment_friction",
    about="time of a production deployment divided by that of one in staging",
    group="environment",
    of="environment",
    title="{name}: deploying there is like deploying to production",
    better="neither",
    states="how many times longer production may take: pass: '<= 1.5'",
    review="monthly",
)
