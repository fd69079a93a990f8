"""``workbench incident review`` and ``workbench failed-tests``: what an incident or a failed test taught."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.fields import options
from workbench.cli.lazy import Family
from workbench.cli.options import Settings, common, pass_settings
from workbench.incidents.questions import About
from workbench.incidents.review_fields import FIELDS
from workbench.model.errors import UsageError
from workbench.model.noun_fields import EDIT, asked_by
from workbench.parity.model import Difference
from workbench.usecases import review_drafts
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import review as answer
from workbench.usecases.incident_reviews import subject_of
from workbench.usecases.views.incident_reviews import ReviewView, added_words, document, read, told
from workbench.usecases.views.incident_reviews import surprises as read_surprises

_OF_TESTS = ("contributed", "differences", "words")
_propose = click.option(
    "--propose",
    metavar="TITLE",
    help="A difference that contributed and that the map lacks: it is added, undecided.",
)
_staging_has = click.option(
    "--staging-has", default="", metavar="TEXT", help="What staging has, of that difference."
)
_production_has = click.option(
    "--production-has", default="", metavar="TEXT", help="What production has, of that difference."
)


@click.command("review")
@click.argument("ref")
@options(asked_by(FIELDS, EDIT))
@_propose
@_staging_has
@_production_has
@common("project", "record", "as_person", "json")
@pass_settings
def review(
    settings: Settings, /, ref: str, propose: str | None, staging_has: str, production_has: str, **given: Any
) -> None:
    """Review an incident, or show how its review stands.

    REF is its id, its title, or a part of one.  Answers can be given one by one; without any, the questions are
    listed with what was answered.
    """
    proposed = _proposed(propose, staging_has, production_has)
    if proposed is None and not _said(given):
        with session.reading(settings) as context:
            _show(settings, context, subject_of(context, incident=ref), "incident review REF")
        return
    with session.acting(settings) as context:
        subject = subject_of(context, incident=ref)
        answer(context, subject, given, proposed=proposed)
        view = read(context, subject)
        shown = document(context, view)
    output.done(settings, f"reviewed {view.title}: {view.state}", shown, hint=_hint(view, subject))


@click.command("draft")
@click.argument("ref")
@click.option(
    "--output",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it to a file instead of printing it.",
)
@common("project", "record", "json")
@pass_settings
def draft(settings: Settings, ref: str, path: Path | None) -> None:
    """Draft the YAML of the benchmark or probe that a review asks for.

    It is a file that workbench.yaml may name under include:, and that workbench check accepts as it is.
    """
    with session.reading(settings) as context:
        made = review_drafts.draft(context, subject_of(context, incident=ref))
    if path is not None:
        output.write(path, made.text)
    document = {"schema": "workbench.draft.1", **output.fields(made), "file": str(path) if path else None}
    if settings.json:
        output.emit(document)
    elif path is None:
        output.text(made.text)
    else:
        output.done(
            settings,
            f"drafted the {made.kind} {made.key}: {path}",
            document,
            hint=f"name {path} under include: in workbench.yaml, then workbench check",
        )


@click.command("surprises")
@click.option("--since", metavar="DATE", help="Only what happened since then.")
@common("project", "record", "now", "json")
@pass_settings
def surprises(settings: Settings, since: str | None) -> None:
    """List what surprised you in production, and whether staging would have shown the same."""
    with session.reading(settings) as context:
        found = read_surprises(context, session.moment(context, since))
    if settings.json:
        rows = [output.fields(line) for line in found]
        output.emit({"schema": "workbench.surprises.1", "surprises": rows})
        return
    output.table(
        ("incident", "when", "surprise", "why staging would not have shown it", "differences"),
        [(line.title, line.when, line.kind, line.why_not, "; ".join(line.differences)) for line in found],
        empty="nothing surprised you, as far as reviews say",
    )


@click.group(cls=Family, name="failed-tests")
def failed_tests() -> None:
    """Failed tests: whether a difference between the environments contributed."""


@failed_tests.command("list")
@common("project", "record", "now", "release", "json")
@pass_settings
def list_(settings: Settings) -> None:
    """List the test runs of a release's candidates that failed, with what was said of each."""
    from workbench.usecases.views.failed_tests import lines

    with session.reading(settings) as context:
        found = lines(context)
    if settings.json:
        rows = [output.fields(line) | {"mark": line.mark.word} for line in found]
        output.emit({"schema": "workbench.failed-tests.1", "failed": rows})
        return
    output.table(
        ("", "build", "source", "failed", "when", "a difference contributed"),
        [(line.mark.symbol, line.build, line.source, line.failed, line.when, line.said) for line in found],
        empty="no tests failed",
    )


@failed_tests.command("review")
@click.argument("source", required=False)
@click.option("--candidate", metavar="RC", help="Another candidate than the latest.")
@options([field for field in FIELDS if field.name in _OF_TESTS])
@_propose
@_staging_has
@_production_has
@common("project", "record", "as_person", "release", "json")
@pass_settings
def review_tests(
    settings: Settings,
    /,
    source: str | None,
    candidate: str | None,
    propose: str | None,
    staging_has: str,
    production_has: str,
    **given: Any,
) -> None:
    """Say whether a difference between the environments made tests fail, and which.

    SOURCE is the source of the tests, where those of several failed.
    """
    proposed = _proposed(propose, staging_has, production_has)
    if proposed is None and not _said(given):
        with session.reading(settings) as context:
            subject = subject_of(context, tests=source or "", candidate=candidate)
            _show(settings, context, subject, "failed-tests review")
        return
    with session.acting(settings) as context:
        subject = subject_of(context, tests=source or "", candidate=candidate)
        answer(context, subject, given, proposed=proposed)
        view = read(context, subject)
        shown = document(context, view)
    output.done(settings, f"reviewed the {view.title}: {view.state}", shown)


def _said(given: Mapping[str, Any]) -> bool:
    return any(value not in (None, ()) for value in given.values())


def _proposed(title: str | None, staging: str, production: str) -> Difference | None:
    if title is None:
        if staging or production:
            raise UsageError(
                "which difference?", hint="--propose TITLE --staging-has TEXT --production-has TEXT"
            )
        return None
    return Difference(title=title, staging=staging, production=production)


def _show(settings: Settings, context: Context, subject: str, again: str) -> None:
    view = read(context, subject)
    if settings.json:
        output.emit(document(context, view))
        return
    output.line(f"{view.title}: {view.state}")
    for mark, ask, text in told(context, view):
        output.line(f"{mark.symbol} {ask:<60}  {text}")
    if words := added_words(context, view.value):
        output.line(f"  {view.value.add_kind.value} {view.value.add_key}: {words}")
    if not view.complete:
        output.talk(f"next: workbench {again} --help lists the answers")


def _hint(view: ReviewView, subject: str) -> str:
    ref = subject.rpartition("/")[2][-12:]
    if not view.complete:
        return f"workbench incident review {ref}"
    if view.about is not About.TEST:
        return f"workbench action add WHAT --incident {ref} --owner PERSON --due DATE"
    return ""
