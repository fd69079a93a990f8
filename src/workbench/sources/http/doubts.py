"""What can be said of a question over HTTP before it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from workbench.model.kinds import Asked, Doubt, Place
from workbench.sources.expressions import read_expression
from workbench.sources.filling import PLACES
from workbench.sources.http import HttpMeasure
from workbench.sources.http.requesting import asked as requested
from workbench.sources.http.requesting import filled, with_names
from workbench.sources.reading import Question, WrongQuestion

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def doubts(measure: HttpMeasure, asked: Asked) -> Iterator[Doubt]:
    """Expressions that cannot be read, names that nothing fills, a body that is none."""
    for field in PLACES:
        text = getattr(measure, field)
        if text is not None:
            try:
                read_expression(text)
            except ValueError as error:
                yield Doubt(field, str(error), error=True)
    for field in ("path", "baseline_path"):
        path = getattr(measure, field)
        if path is not None and not path.startswith("/"):
            yield Doubt(field, f"the path “{path}” has to begin with /", error=True)
    if measure.body is not None and measure.form:
        yield Doubt("form", "a request has a body or a form, not both", error=True)
    if measure.method == "GET" and (measure.body is not None or measure.form):
        yield Doubt("method", "what is sent along needs POST", "leave method out", error=True)
    yield from dict.fromkeys(_unfilled(measure, asked))


def build_doubts(query: str, place: Place) -> Iterator[Doubt]:
    """A path that is none, and names that nothing fills, in the question which build runs in an environment."""
    if not query.startswith("/"):
        yield Doubt(
            "query", f"“{query}” is no path", "write the path that answers with it: /version", error=True
        )
    try:
        filled(query, {**place.variables, "environment": place.key}, "query")
    except WrongQuestion as error:
        yield Doubt("query", error.what, error.hint, error=True)


def _unfilled(measure: HttpMeasure, asked: Asked) -> Iterator[Doubt]:
    for index, place in enumerate(asked.places):
        question = Question(
            subject="",
            source="",
            at=_ANY_DAY,
            role="baseline" if index else "value",
            environment=place.key,
            window=timedelta(hours=1),
            variables=place.variables,
        )
        try:
            requested(measure, question)
            with_names(measure, question)
        except WrongQuestion as error:
            yield Doubt(error.field, error.what, error.hint, error=True)
