"""DIM-2: how far the services' versions are from production's."""

from workbench.model.kinds import BenchmarkKind, KindRule

KIND = BenchmarkKind(
    name="version_distance",
    about="how far the service farthest from production's version is from it",
    group="service parity",
    of="either",
    title="{name}: its services run production's versions",
    unit="patch",
    dimension="service_parity",
    better="lower",
    rules={
        "critical": KindRule("<= 1 patch", why="services of a critical flow are at most one patch away"),
        "important": KindRule("<= 1 minor", why="services of an important flow are within one minor version"),
        "best_effort": KindRule(
            "<= 1 minor", why="services of a best-effort flow are within one minor version"
        ),
    },
    figure="version_distance",
)
