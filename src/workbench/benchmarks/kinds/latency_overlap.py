"""BM-7: how far the latencies of both environments lie over each other."""

from workbench.model.kinds import BenchmarkKind

KIND = BenchmarkKind(
    name="latency_overlap",
    about="share that the latency histograms of both environments have in common",
    group="environment",
    of="either",
    title="{name}: latencies lie where production's do",
    unit="%",
    better="higher",
    states="the share that the team agreed on, below what chance leaves of two equal ones: pass: '>= 80 %'",
    review="weekly",
    figure="latency_overlap",
    doubtful_in={
        "virtualised": "simulated services answer in a time of their own: simulation_accuracy and "
        "simulation_coverage say more there",
    },
)
