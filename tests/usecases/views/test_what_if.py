"""What another limit would have said of the builds that were measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.incidents.recording import changed, happened

from workbench.criteria import CriterionError
from workbench.incidents.model import IncidentEnd
from workbench.model.errors import UsageError
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Outcome, Release, ReleaseKind
from workbench.usecases import releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.incident_reviews import review
from workbench.usecases.views.what_if import WhatIf, document, what_if

DAY = timedelta(days=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    """Three releases that went out with 0.4, 0.6 and 0.8 % of errors, and one that is open with 0.5 %."""
    with build.shop(tmp_path / "shop") as context:
        for number, (version, value) in enumerate((("2.0.0", "0.4"), ("2.1.0", "0.6"), ("2.2.0", "0.8"))):
            if number:
                plan(context, version, number)
            build.measured(context, "errors", value, release=version, ago=(40 - 10 * number) * DAY)
            end(context, version, Outcome.SHIPPED, (39 - 10 * number) * DAY)
        plan(context, "2.3.0", 3)
        build.measured(context, "errors", "0.5", release="2.3.0", ago=DAY / 24)
        yield context


def plan(context: Context, version: str, number: int, **fields: object) -> None:
    release = Release(version=version, **fields)  # type: ignore[arg-type]
    releasing.plan(context, release, Candidate(release="", number=0, commit=f"{number:040x}"))


def end(
    context: Context, version: str, outcome: Outcome, ago: timedelta, reason: str = "All gates passed"
) -> None:
    held = releasing.find(context, version)
    at = context.now - ago
    commit(context, [releases.conclude(held, outcome, by="kim", at=at, run=None, reason=reason)])


def tried(context: Context, rule: str = "<= 0.5 %", **fields: object) -> WhatIf:
    return what_if(context, "errors", {"pass": rule, **fields})


def test_a_tighter_limit_names_the_releases_that_it_would_have_stopped(shop: Context) -> None:
    found = tried(shop)
    assert [(line.build, line.value, line.flips) for line in found.lines] == [
        ("2.3.0 rc1", "0.5 %", False),
        ("2.2.0 rc1", "0.8 %", True),
        ("2.1.0 rc1", "0.6 %", True),
        ("2.0.0 rc1", "0.4 %", False),
    ]
    assert (found.stopped, found.let_go) == (("2.1.0", "2.2.0"), ())
    assert found.false_alarms == ("2.1.0", "2.2.0") and found.caught == found.missed == ()
    assert found.said == (
        "of 4 releases measured, 2.1.0 and 2.2.0 would be stopped; "
        "2 that it stops stood in production without trouble"
    )


def test_a_release_that_was_rolled_back_is_caught_or_missed(shop: Context) -> None:
    end(shop, "2.2.0", Outcome.ROLLED_BACK, 18 * DAY, "Orders were lost at night")
    found = tried(shop, "<= 0.7 %")
    assert (found.caught, found.missed, found.false_alarms) == (("2.2.0",), (), ())
    assert found.lines[1].trouble == "rolled back: Orders were lost at night"
    assert found.said == (
        "of 4 releases measured, 2.2.0 would be stopped; it stops 1 of 1 that had trouble in production"
    )
    assert tried(shop, "<= 0.9 %").missed == ("2.2.0",)


def test_a_hotfix_says_that_the_version_before_it_had_trouble(shop: Context) -> None:
    plan(shop, "2.1.1", 9, kind=ReleaseKind.HOTFIX, previous="2.1.0")
    found = tried(shop)
    assert found.caught == ("2.1.0",) and found.false_alarms == ("2.2.0",)
    assert {line.trouble for line in found.lines} == {"", "mended by hotfix 2.1.1"}


def incident(context: Context, version: str, title: str = "Payments fail", **said: object) -> str:
    return happened(context, title, release=releasing.find(context, version).id, **said)


def test_incidents_say_which_releases_should_have_been_stopped(shop: Context) -> None:
    ident = incident(shop, "2.2.0")
    incident(shop, "2.0.0", "Cart is slow", flows=())
    incident(shop, "2.1.0", "Refunds fail", flows=("refund",))
    incident(shop, "2.1.0", "Staging is full", environment="staging")
    found = tried(shop, "<= 0.7 %")
    assert {(one.title, one.touches, one.now, one.then) for one in found.incidents} == {
        ("Payments fail", True, False, True),
        ("Cart is slow", True, False, False),
        ("Refunds fail", False, False, False),
    }
    assert found.said.endswith(
        "it stops 1 of 3 that had trouble in production; "
        "it stops the release of 1 of 2 incidents in production, today's rule of 0"
    )
    assert found.lines[1].trouble == "incident: Payments fail" and found.false_alarms == ()
    assert document(found)["incidents"][0]["id"] in (ident, *(one.id for one in found.incidents))


def test_an_incident_that_its_release_did_not_cause_or_that_was_none_does_not_count(shop: Context) -> None:
    ident, other = incident(shop, "2.2.0"), incident(shop, "2.1.0", "Cart is slow")
    review(shop, f"incident/{ident}", {"caused_by_release": "no"})
    changed(shop, other, ended=IncidentEnd.MISTAKE)
    found = tried(shop)
    assert found.incidents == () and found.false_alarms == ("2.1.0", "2.2.0")


def test_a_looser_limit_names_what_it_would_let_pass(shop: Context) -> None:
    shop = build.rewrite(shop, "pass: <= 1 %", "pass: <= 0.5 %")
    found = tried(shop, "<= 2 %")
    assert (found.stopped, found.let_go) == ((), ("2.1.0", "2.2.0"))
    assert found.said == "of 4 releases measured, 2.1.0 and 2.2.0 would go on"


def test_of_a_release_the_last_build_that_was_measured_counts(shop: Context) -> None:
    held = releasing.find(shop, "2.3.0")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=f"{77:040x}"))
    build.measured(shop, "errors", "0.9", release="2.3.0", ago=DAY / 48)
    found = tried(shop)
    assert found.stopped == ("2.1.0", "2.2.0", "2.3.0")
    assert [line.build for line in found.lines if not line.last] == ["2.3.0 rc1"]


def test_where_nothing_was_measured_nothing_is_said(shop: Context) -> None:
    found = what_if(shop, "p95", {"pass": "<= 1 s"})
    assert found.lines == () and found.said.startswith("no build of a release was measured")


def test_a_rule_that_does_not_fit_or_cannot_be_read_is_refused(shop: Context) -> None:
    with pytest.raises(CriterionError):
        tried(shop, "<= 5 ms")
    with pytest.raises(CriterionError):
        tried(shop, "at most 5")
    with pytest.raises(UsageError, match="what should be otherwise"):
        what_if(shop, "errors", {})
    with pytest.raises(UsageError, match="was not measured beside the earlier values"):
        what_if(shop, "errors", {"baseline": "moon"})
    with pytest.raises(UsageError, match="there is no benchmark"):
        what_if(shop, "errorz", {"pass": "<= 1 %"})


def test_the_document_has_both_verdicts_of_each_build(shop: Context) -> None:
    found = document(tried(shop))
    first = found["builds"][1]
    assert (first["now"]["verdict"], first["then"]["verdict"], first["flips"]) == ("pass", "fail", True)
    assert (first["now"]["limit"], first["then"]["limit"]) == ("1 %", "0.5 %")
    assert found["flips"] == ["2.2.0 rc1", "2.1.0 rc1"]


def test_another_baseline_out_of_the_record_can_be_tried(shop: Context) -> None:
    found = tried(shop, "<= 1.3 x baseline", baseline="last good release")
    assert [(line.build, line.then.verdict.value) for line in found.lines] == [
        ("2.3.0 rc1", "pass"), ("2.2.0 rc1", "fail"), ("2.1.0 rc1", "fail"), ("2.0.0 rc1", "no_baseline"),
    ]  # fmt: skip
