"""``workbench guide``: pages about staging, each with what the record shows of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.cli.pages import hung, lines_of
from workbench.model.errors import RecordError, WorkbenchError
from workbench.usecases import guide as pages
from workbench.usecases.guide_text import parts
from workbench.usecases.views.marks import Fact


@click.command("guide")
@click.argument("page", required=False)
@common("project", "record", "now", "release", "json")
@pass_settings
def guide(settings: Settings, page: str | None) -> None:
    """Read a page of the guide about staging, or list the pages.

    A page ends with what the record of this project shows of it.  Outside of a project it is only read.
    """
    if page is None:
        _list(settings)
        return
    found = pages.find_page(page)
    facts, missing = _shown(settings, found.name)
    if settings.json:
        record = [_fact(fact) for fact in facts]
        output.emit(
            {
                "schema": "workbench.guide.1",
                "page": found.name,
                "title": found.title,
                "text": found.text,
                "record": record,
            }
        )
        return
    output.line(found.title)
    output.line("=" * len(found.title))
    output.lines(line for part in parts(found.text) for line in lines_of(part))
    output.line("")
    output.line("In your record")
    output.line("--------------")
    if missing:
        output.talk(missing)
    output.lines(_fact_lines(facts))


def _list(settings: Settings) -> None:
    found = pages.pages()
    if settings.json:
        rows = [{"page": each.name, "title": each.title} for each in found]
        output.emit({"schema": "workbench.guide-pages.1", "pages": rows})
        return
    output.table(("page", "about"), [(each.name, each.title) for each in found], empty="no pages")


def _shown(settings: Settings, page: str) -> tuple[Sequence[Fact], str]:
    """What the record shows; outside of a project nothing, and why."""
    try:
        with session.reading(settings) as context:
            from workbench.usecases.views.guide_record import told

            return told(context, page), ""
    except RecordError:
        raise
    except WorkbenchError as error:
        if settings.project is not None or settings.record is not None:
            raise
        return (), f"nothing: {error.what}"


def _fact_lines(facts: Sequence[Fact]) -> Iterator[str]:
    width = min(34, max((len(fact.label) for fact in facts), default=0))
    for fact in facts:
        sign = fact.mark.symbol if fact.mark else " "
        yield from hung(f"{sign} {fact.label:<{width}}  ", fact.text)


def _fact(fact: Fact) -> dict[str, Any]:
    return {"label": fact.label, "text": fact.text, "mark": fact.mark.word if fact.mark else None}
