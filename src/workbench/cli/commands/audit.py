"""``workbench audit``: what happened over a period, for somebody who has to check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.output_files import form_by_ending, name_part, place_of

if TYPE_CHECKING:
    from workbench.usecases.auditing.shapes import Audit

Form = Literal["text", "json", "csv", "html", "cdevents"]
_ENDINGS: Mapping[str, Form] = {
    "txt": "text", "json": "json", "csv": "csv", "html": "html", "htm": "html", "jsonl": "cdevents",
}  # fmt: skip
_ENDING = {"text": "txt", "json": "json", "csv": "csv", "html": "html", "cdevents": "jsonl"}
_QUARTER = timedelta(days=90)


@click.command()
@click.option("--from", "first", metavar="DAY", help="The first day; 90 days ago unless said.")
@click.option("--to", "last", metavar="DAY", help="The last day, which counts whole; today unless said.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(_ENDING)),
    help="Default: by the file's ending, else text.",
)
@click.option("--output", "to", metavar="FILE", help="A file or a folder.  [default: here]")
@common("project", "record", "as_person", "json")
@pass_settings
def audit(settings: Settings, first: str | None, last: str | None, form: str | None, to: str | None) -> None:
    """Tell an auditor what happened over a period, and by control.

    Releases with who approved them and how that is known, rejections, exceptions, freezes, break-glass, what CI
    asked, deployments that nobody recorded, changed people and gates, removed content; and for each
    control that a gate `satisfies`, what each release has to show for it.  The same record and period give the same bytes.
    """
    from workbench.model.dates import read_moment
    from workbench.usecases.auditing.reading import read_audit

    place = None if to is None or to == "-" else place_of(to)
    chosen = _form(settings, form, "" if place is None else str(place))
    with session.reading(settings) as context:
        ends = read_moment(last, context.zone, context.now, end=True) if last else context.now
        begins = read_moment(first, context.zone, context.now) if first else ends - _QUARTER
        found = read_audit(context, begins, ends)
    text = _written(found, chosen)
    if place is None:
        _print(text, chosen)
        return
    target = place / f"audit-{name_part(found.project_key)}.{_ENDING[chosen]}" if place.is_dir() else place
    output.write(target, text)
    output.talk(f"wrote {target}")


def _form(settings: Settings, form: str | None, place: str) -> Form:
    from pathlib import Path

    if settings.json:
        return "json"
    if form is not None:
        return cast(Form, form)
    return form_by_ending(Path(place), _ENDINGS, "text") if place else "text"


def _print(text: str, form: Form) -> None:
    if form == "text":
        output.say(text.rstrip("\n"))
    else:
        output.text(text)


def _written(found: Audit, form: Form) -> str:
    """One format is asked for at a time: each is imported when it is."""
    return _FORMS[form](found)


def _text(found: Audit) -> str:
    from workbench.usecases.auditing.as_text import text

    return text(found)


def _html(found: Audit) -> str:
    from workbench.usecases.auditing.as_text import html

    return html(found)


def _json(found: Audit) -> str:
    from workbench.model.json_text import json_text
    from workbench.usecases.auditing.as_json import document

    return json_text(document(found)) + "\n"


def _csv(found: Audit) -> str:
    from workbench.usecases.auditing.as_csv import csv_text

    return csv_text(found)


def _cdevents(found: Audit) -> str:
    from workbench.usecases.auditing.as_cdevents import cdevents

    return cdevents(found)


_FORMS: Mapping[Form, Callable[[Audit], str]] = {
    "text": _text, "json": _json, "csv": _csv, "html": _html, "cdevents": _cdevents,
}  # fmt: skip
