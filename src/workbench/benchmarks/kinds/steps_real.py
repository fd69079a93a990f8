"""DIM-3: how many of a flow's steps run for real."""

from workbench.model.kinds import ANY_TIER, BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="steps_real",
    about="share of the flow's steps that run for real, or in a sandbox that passed its equivalence test",
    group="flow completeness",
    of="flow",
    title="{name}: every step runs for real",
    unit="%",
    dimension="flow_completeness",
    better="higher",
    rules={
        ANY_TIER: KindRule(
            ">= 100 %", why="a chain is tested only where every link is there; a mock never counts"
        ),
    },
    figure="steps_real",
)
