"""DIM-5: how many fault scenarios a flow was put under."""

from workbench.model.kinds import BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="faults_tested",
    about="number of the flow's fault scenarios that were tried on this candidate",
    group="error handling",
    of="flow",
    title="{name} was put under enough faults",
    dimension="error_handling",
    better="higher",
    rules={
        "critical": KindRule(
            ">= 5", why="a critical flow is put under at least five faults of the catalogue"
        ),
        "important": KindRule(">= 3", why="an important flow is put under at least three faults"),
        "best_effort": KindRule(">= 2", why="a best-effort flow is put under at least two faults"),
    },
    figure="faults_tested",
)
