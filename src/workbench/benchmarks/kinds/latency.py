"""DIM-4: how fast a flow answers, against production: too slow fails, too fast warns."""

from workbench.model.kinds import BenchmarkKind, KindRule

_WHY = (
    "at most {0} % slower than production; more than {0} % faster warns, for a staging that is too fast "
    "hides timeouts and races"
)
_NEAR = KindRule("within 20% of baseline", "<= baseline + 20%", _WHY.format(20))
_FAR = KindRule("within 50% of baseline", "<= baseline + 50%", _WHY.format(50))
# Percentiles of a whole flow and of one step are judged alike.
RULES = {"critical": _NEAR, "important": _NEAR, "best_effort": _FAR}
DOUBTFUL_IN = {
    "virtualised": "simulated services answer in a time of their own: simulation_accuracy and "
    "simulation_coverage say more there",
}

KIND = BenchmarkKind(
    name="latency",
    about="95th percentile of the time that the flow takes, against production",
    group="latency consistency",
    of="flow",
    title="{name} p95 is as fast as in production",
    unit="s",
    dimension="latency_consistency",
    better="lower",
    rules=RULES,
    baseline="production",
    doubtful_in=DOUBTFUL_IN,
)
