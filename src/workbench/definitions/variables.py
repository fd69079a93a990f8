"""What fills ``$name`` in a question to a source."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.definitions.shapes import Benchmark, Environment


def variables_of(
    benchmark: Benchmark | None,
    environment: Environment | None,
    *,
    commit: str,
    version: str,
    variant: str | None = None,
) -> Mapping[str, str]:
    """The variables of a benchmark's question in an environment, whose own come last.

    Without a benchmark they are those of the question which build runs there.  ``variant`` is the label of
    the variant that is measured, where there are several.
    """
    found = {
        "environment": environment.key if environment else "",
        "window": (benchmark.measure.window if benchmark else None) or "1h",
        "flow": (benchmark.flow if benchmark else None) or "",
        "commit": commit,
        "version": version,
        **({"variant": variant} if variant is not None else {}),
    }
    return {**found, **(environment.variables if environment else {})}
