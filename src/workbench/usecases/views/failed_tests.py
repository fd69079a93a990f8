"""Test runs that failed, with what was said of each: did a difference between the environments contribute?"""

from __future__ import annotations

import msgspec

from workbench.incidents import reviews
from workbench.incidents.questions import words_of
from workbench.incidents.reviews import Known, of_tests
from workbench.model.times import relative_text
from workbench.releases import model as releases
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import failed_tests
from workbench.usecases.views.incident_reviews import difference_titles
from workbench.usecases.views.marks import Mark


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A test run that failed: ``failed`` in words, ``said`` what somebody said of it."""

    subject: str
    mark: Mark
    build: str
    source: str
    failed: str
    when: str
    said: str


def lines(context: Context) -> list[Line]:
    """Those of the candidates of a release, the latest first."""
    held = releases.find(context.record, context.release)
    known = reviews.all_reviews(context.record)
    found = []
    for stored, build in reversed(held.candidates):
        for source, item in sorted(failed_tests(context, stored.id).items()):
            subject = of_tests(held.id, stored.id, source)
            value = known[subject][1] if subject in known else None
            answered = value is not None and value.contributed is not Known.UNKNOWN
            said = words_of("contributed", value.contributed) if value else ""
            titles = difference_titles(context.record, value.contributing) if value else []
            found.append(
                Line(
                    subject=subject,
                    mark=Mark.DONE if answered else Mark.OPEN,
                    build=f"{held.release.version} {build.name}",
                    source=source,
                    failed=item.why or "red",
                    when=relative_text(item.measured_at, context.now),
                    said=": ".join(filter(None, (said or "not answered", "; ".join(titles)))),
                )
            )
    return found
