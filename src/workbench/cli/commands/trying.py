"""``workbench try``: a criterion, tried on numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from workbench.cli import output
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError


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
    from workbench import criteria
    from workbench.model.quantity import find_unit

    rule = criteria.parse(criterion)
    try:
        given = find_unit(unit) if unit is not None else None
    except ValueError as error:
        raise UsageError(str(error), where="--unit") from None
    outcome = criteria.tried(
        rule,
        _number(value, "--value"),
        _number(baseline, "--baseline") if baseline is not None else None,
        given,
    )
    if settings.json:
        output.emit({"schema": "workbench.try.1", **criteria.as_json(rule, outcome)})
    else:
        output.say(criteria.text(rule, outcome))
    return 0 if outcome.verdict in (criteria.Verdict.PASS, criteria.Verdict.WARN) else 1


def _number(text: str, option: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(
            f"“{text}” is not a number", where=option, hint="write it like 118 or 0.45, without a unit"
        )
    return number
