"""DIM-5: data that a failure leaves behind and that no rule allows."""

from workbench.model.kinds import BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="corrupt_data",
    about="number of corrupt records after faults",
    group="error handling",
    of="flow",
    title="{name} leaves no corrupt data behind",
    dimension="error_handling",
    better="lower",
    rules={
        "critical": KindRule("== 0", why="no corrupt data, ever"),
        "important": KindRule("== 0", why="no corrupt data"),
        "best_effort": KindRule("== 0", why="no corrupt data, unless the project states what it tolerates"),
    },
)
