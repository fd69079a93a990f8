"""``workbench gate``: may this release go on?"""

from __future__ import annotations

from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.reporting.showing import shown_gate


@click.command()
@click.argument("gate", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default=None,
    help="How to print the report.  [default: text]",
)
@click.option("--advisory", is_flag=True, help="Report, but exit with 0 even when the gate is blocked.")
@click.option(
    "--excerpt",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Judge from an excerpt instead of the record (CI, a second machine).",
)
@common()
@pass_settings
def gate(settings: Settings, gate: str | None, form: str | None, advisory: bool, excerpt: Path | None) -> int:
    """Judge a gate; the exit code says whether it passed.

    Without GATE: the first that has not passed.  Nothing is fetched.
    """
    form = "json" if settings.json else form or "text"
    settings.json = form == "json"
    if excerpt is None:
        with session.reading(settings) as context:
            return report(context, gate, form, advisory=advisory)
    from workbench.usecases.excerpts import from_excerpt  # most gates are judged from a record

    context = from_excerpt(session.options_of(settings), excerpt)
    try:
        return report(context, gate, form, advisory=advisory)
    finally:
        context.record.close()


def report(context: Context, gate: str | None, form: str, *, advisory: bool = False) -> int:
    """Print the report of one gate; the exit code that it deserves."""
    found = shown_gate(context, evaluate(context), gate)
    chosen = found.gate(gate)
    _PRINT[form](found, chosen, context.author().actor)
    return 0 if advisory else found.exit_code(chosen)


# One format is asked for at a time: each is imported when it is.


def _print_json(found: Judgement, gate: GateReport, reader: str) -> None:
    from workbench.usecases.reporting.as_json import gate_document

    output.emit(gate_document(found, gate, reader))


def _print_markdown(found: Judgement, gate: GateReport, reader: str) -> None:
    from workbench.usecases.reporting.as_markdown import markdown_report

    output.say(markdown_report(found, gate).rstrip("\n"))


def _print_text(found: Judgement, gate: GateReport, reader: str) -> None:
    from workbench.usecases.reporting.as_text import text_report

    output.say(text_report(found, gate, reader))


_PRINT = {"json": _print_json, "markdown": _print_markdown, "text": _print_text}
