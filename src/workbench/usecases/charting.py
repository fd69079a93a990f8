"""A benchmark over time in a file: drawn as SVG or in characters, or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import msgspec

from workbench.benchmarks.charted import ControlChart, Histograms
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.notes.control_plot import control_svg
from workbench.notes.histogram_plot import histogram_svg
from workbench.notes.svg import svg_file
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.output_files import form_by_ending, name_part, write_new
from workbench.usecases.views import pieces
from workbench.usecases.views.charts.control import control_lines
from workbench.usecases.views.charts.histogram import histogram_lines
from workbench.usecases.views.over_time import control_chart, histograms

FORMS = ("txt", "svg", "json")
_WIDTH, _HEIGHT, _BELOW = 100, 24, 14  # cells and lines of a drawing in characters
_encoder = msgspec.json.Encoder(decimal_format="number")


def written(context: Context, evaluation: Evaluation, key: str, form: str) -> str:
    """The chart of a benchmark, and its samples beside production's, in one of :data:`FORMS`.

    ``UsageError`` for an unknown key, and where there is nothing to draw.
    """
    chart, samples = control_chart(context, evaluation, key), histograms(context, evaluation, key)
    if form == "json":
        return msgspec.json.format(_encoder.encode(document(chart, samples)), indent=2).decode() + "\n"
    if not chart.points:
        raise UsageError(f"“{key}” was never measured, so there is nothing to draw", hint="workbench fetch")
    if form == "svg":
        parts = [control_svg(chart, context.zone), histogram_svg(samples) if samples else ""]
        return svg_file(chart.title, [part for part in parts if part])
    return _text(chart, samples, context.zone)


def _text(chart: ControlChart, samples: Histograms | None, zone: tzinfo) -> str:
    """The drawings in characters, and everything that they leave out in words below."""
    found = [f"{safe_text(chart.title)}  ({chart.key})", safe_text(chart.said), ""]
    found.append(pieces.plain(control_lines(chart, _WIDTH, _HEIGHT, zone)))
    if samples is not None:
        found += ["", "samples of both environments", ""]
        found.append(pieces.plain(histogram_lines(samples, _WIDTH, _BELOW)))
    if chart.happenings:
        found += ["", "meanwhile"]
        for one in chart.happenings:
            by = f", by {one.by}" if one.by else ""
            found.append(safe_text(f"{moment_text(one.at, zone)}  {one.what}: {one.words}{by}"))
    return "\n".join(found).rstrip() + "\n"


def document(chart: ControlChart, samples: Histograms | None) -> Mapping[str, Any]:
    """Everything that is drawn, as ``chart --json`` prints it: numbers are in ``unit``."""
    return {
        "schema": "workbench.chart.1",
        "benchmark": chart.key,
        **{name: getattr(chart, name) for name in chart.__struct_fields__ if name != "key"},
        "histograms": samples,
    }


def form_of(path: Path) -> str:
    """The form that a file's ending asks for, ``txt`` where it has none; another ending is a ``UsageError``."""
    return form_by_ending(path, {form: form for form in FORMS}, "txt")


def export(
    context: Context, evaluation: Evaluation, key: str, form: str, path: Path, *, overwrite: bool = False
) -> Path:
    """Write the chart to a file, or into a folder under the benchmark's name; returns the file.

    A file that is there already is left alone unless ``overwrite``; what cannot be written raises ``UsageError``.
    """
    text = written(context, evaluation, key, form)
    target = path / f"{name_part(key)}.{form}" if path.is_dir() else path
    try:
        write_new(target, text.encode("utf-8"), overwrite=overwrite)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"the chart cannot be written there: {why}",
            where=safe_text(target),
            hint="choose a folder that you may write to and that has room",
        ) from error
    return target
