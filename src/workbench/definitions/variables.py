"""What fills ``$name`` in a question to a source."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.definitions.shapes import Benchmark, Environment


def variables_of(
    benchmark: Benchmark | None, environment: Environment | None, *, commit: str, version: str
) -> Mapping[str, str]:
    """The variables of a benchmark's question in an environment, whose own come last.

    Without a benchmark they are those of the question which build runs there.
    """
    found = {
        "environment": environment.key if environment else "",
        "window": (benchmark.measure.window if benchmark else None) or "1h",
        "flow": (benchmark.flow if benchmark else None) or "",
        "commit": commit,
        "version": version,
    }
    return {**found, **(environment.variables if environment else {})}
