"""``workbench try``: a criterion, tried on numbers."""

from __future__ import annotations

import click

from workbench.cli import output
from workbench.cli.options import Settings, common, pass_settings
from workbench.criteria import Verdict
from workbench.usecases.views.trying import try_on_numbers


@click.command("try", context_settings={"ignore_unknown_options": False})
@click.argument("criterion")
@click.option("--value", required=True, metavar="V", help="The measured value.")
@click.option("--baseline", metavar="B", help="The value to compare with.")
@click.option("--unit", default=None, metavar="U", help="The unit of both; the criterion's own if left out.")
@common("json")
@pass_settings
def try_(settings: Settings, criterion: str, value: str, baseline: str | None, unit: str | None) -> int:
    """Try a criterion on numbers.

    Prints the verdict and its arithmetic, in the unit that the criterion writes, else in
    --unit.  Exits with 0 for pass, 1 for fail or a verdict
    that cannot be reached, 2 for a criterion or number that cannot be read.
    """
    trial = try_on_numbers(criterion, value, baseline, unit)
    if settings.json:
        output.emit({"schema": "workbench.try.1", **trial.document})
    else:
        output.say(trial.text)
    return 0 if trial.verdict in (Verdict.PASS, Verdict.WARN) else 1
