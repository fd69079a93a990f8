"""DIM-5: how many fault scenarios a flow did not pass."""

from workbench.model.kinds import BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="faults_not_passed",
    about="number of the tried fault scenarios that the flow did not pass",
    group="error handling",
    of="flow",
    title="{name} fails well under faults",
    dimension="error_handling",
    better="lower",
    rules={
        "critical": KindRule(
            "<= 1", why="of a critical flow at most one of the tried scenarios is not passed"
        ),
        "important": KindRule(
            "== 0", why="of an important flow all are passed, or a second person accepts it"
        ),
    },
    states="how many may fail: of a best-effort flow only trying is asked: pass: '<= 2'",
    figure="faults_not_passed",
)
