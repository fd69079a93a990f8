"""``workbench check --explain``: what a benchmark resolves to."""

from __future__ import annotations

from workbench.benchmarks.resolve import Resolved
from workbench.cli import output, session
from workbench.cli.options import Settings
from workbench.definitions import Definitions
from workbench.model.times import Clock
from workbench.usecases.evaluate import resolve_all
from workbench.usecases.opening import has_record
from workbench.usecases.views.explaining import Explained, explain, require_benchmark, resolved_alone


def explain_benchmark(settings: Settings, definitions: Definitions, key: str) -> int:
    """What a benchmark resolves to, field by field, and where each part comes from."""
    require_benchmark(definitions, key)
    resolved = _resolved(settings, definitions, key)
    rows = explain(definitions, resolved)
    mark = definitions.mark("benchmark", key)
    if settings.json:
        fields = {row.name: _field(row) for row in rows}
        where = str(mark) if mark else None
        output.emit({"schema": "workbench.explain.1", "benchmark": key, "where": where, "fields": fields})
        return 0
    output.line(f"{key}: {resolved.benchmark.title}" + (f" ({mark})" if mark else ""))
    output.table(("field", "from", "value"), [(row.name, row.origin, row.value) for row in rows])
    output.lines(f"{row.name}: {row.why}" for row in rows if row.why)
    return 0


def _field(row: Explained) -> dict[str, str]:
    return {"value": row.value, "from": row.origin, **({"why": row.why} if row.why else {})}


def _resolved(settings: Settings, definitions: Definitions, key: str) -> Resolved:
    """With a record, its flows' tiers count; without one, the flow counts as critical."""
    if has_record(definitions.root, session.options_of(settings)):
        with session.reading(settings) as context:
            return next(item for item in resolve_all(context, context.now) if item.key == key)
    return resolved_alone(definitions, key, Clock(fixed=settings.now).now())
