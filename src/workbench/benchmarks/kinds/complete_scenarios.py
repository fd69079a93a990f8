"""DIM-3: in how many scenarios the whole chain runs for real."""

from workbench.model.kinds import BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="complete_scenarios",
    about="share of scenarios in which every step ran against a real service",
    group="flow completeness",
    of="flow",
    title="{name}: its scenarios run from end to end",
    unit="%",
    dimension="flow_completeness",
    better="higher",
    rules={
        "critical": KindRule(">= 100 %", why="of a critical flow every scenario runs without stubs"),
        "important": KindRule(">= 90 %", why="of an important flow nine scenarios in ten run without stubs"),
        "best_effort": KindRule(
            ">= 90 %", why="of a best-effort flow nine scenarios in ten run without stubs"
        ),
    },
)
