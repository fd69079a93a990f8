"""``workbench variants``: what is measured in several settings, side by side."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.variants import VariantTable, read_variants


@click.command()
@click.argument("key", required=False)
@common("project", "record", "now", "release", "json")
@pass_settings
def variants(settings: Settings, key: str | None) -> None:
    """Show variants side by side, and the cheapest that meets the rules."""
    with session.reading(settings) as context:
        evaluation = evaluate(context)
    found = read_variants(evaluation, key)
    if settings.json:
        version = evaluation.held.release.version
        rows = [output.fields(table) for table in found]
        output.emit({"schema": "workbench.variants.1", "release": version, "variants": rows})
        return
    for table in found:
        output.line(f"{table.title}: {table.words}")
        _print(table)
    if not found:
        output.line("nothing is measured in variants")


def _print(table: VariantTable) -> None:
    titles = [figure.title for figure in table.rows[0].figures] if table.rows else []
    output.table(
        ("", "variant", *titles, "", "why"),
        [
            (
                row.mark.symbol,
                f"{row.label}{' (now)' if row.now else ''}",
                *(f"{figure.mark.symbol} {figure.value}" for figure in row.figures),
                "cheapest" if row.cheapest else row.meets.value,
                row.why,
            )
            for row in table.rows
        ],
        empty="no variants",
    )
