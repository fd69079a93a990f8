"""``workbench try``: a criterion, tried on numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from workbench.cli import output
from workbench.cli.options import Settings, common, pass_settings
from workbench.criteria import Verdict
from workbench.criteria.figures import ChartName, ScaleName
from workbench.definitions.shapes import Better
from workbench.usecases.views.trying import Beside, try_on_numbers

_FILE = click.Path(path_type=Path)


@click.command("try", context_settings={"ignore_unknown_options": False})
@click.argument("criterion")
@click.option("--value", default=None, metavar="V", help="The measured value; samples do without.")
@click.option("--baseline", metavar="B", help="The value to compare with.")
@click.option(
    "--unit", default=None, metavar="U", help="The unit of all numbers; the criterion's own if left out."
)
@click.option(
    "--samples",
    default=None,
    type=_FILE,
    metavar="FILE",
    help="The samples behind the value, one number a line.",
)
@click.option(
    "--baseline-samples", default=None, type=_FILE, metavar="FILE", help="The samples behind the baseline."
)
@click.option(
    "--history",
    default=None,
    type=_FILE,
    metavar="FILE",
    help="Earlier values, the oldest first, one number a line.",
)
@click.option(
    "--chart",
    default="mean_3s",
    type=click.Choice(get_args(ChartName)),
    help="How limits are drawn from the history.",
)
@click.option(
    "--scale", default="linear", type=click.Choice(get_args(ScaleName)), help="The scale of the chart."
)
@click.option(
    "--better",
    default="neither",
    type=click.Choice([each.value for each in Better]),
    help="Which values are better; lower ones where samples are compared and nothing is said.",
)
@common("json")
@pass_settings
def try_(
    settings: Settings,
    /,
    criterion: str,
    value: str | None,
    baseline: str | None,
    unit: str | None,
    **beside: Any,
) -> int:
    """Try a criterion on numbers.

    Prints the verdict and its arithmetic, in the unit that the criterion writes, else in
    --unit.  Exits with 0 for pass, 1 for fail or a verdict
    that cannot be reached, 2 for a criterion or number that cannot be read.
    """
    trial = try_on_numbers(criterion, value, baseline, unit, Beside(**beside))
    if settings.json:
        output.emit({"schema": "workbench.try.1", **trial.document})
    else:
        output.say(trial.text)
    return 0 if trial.verdict in (Verdict.PASS, Verdict.WARN) else 1
