"""Dashboards: what is not known never passes for good, shares say of how many, and five lines are five."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.definitions.shapes import Source
from workbench.model.times import zone_of
from workbench.releases.model import Candidate, Outcome, Release
from workbench.sources.reading import Alert, Alerts
from workbench.usecases import deciding, releasing, shipping
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.dashboards import stand_up
from workbench.usecases.views.dashboards.material import could_tell, gather
from workbench.usecases.views.dashboards.model import Dashboard, Line, Which
from workbench.usecases.views.dashboards.printing import dashboard_document, dashboard_lines, dashboard_page
from workbench.usecases.views.dashboards.reading import read_dashboard
from workbench.usecases.views.marks import Mark

OBJECTIVES = """\
  - key: findings
    kind: critical_findings
    environment: staging
    measure: {source: hand}
  - key: frequency
    kind: deployment_frequency
    environment: staging
    measure: {source: hand, window: 30d}
    pass: ">= 4"
  - key: kept
    kind: objective
    flow: checkout
    measure: {source: hand, window: 7d, unit: "%"}
    pass: ">= 99.5 %"
"""
TEXT = build.SHOP.replace("gates:\n", OBJECTIVES + "gates:\n").replace(
    "  - {key: production, kind: production}", "  - {key: production, kind: production, cost_per_day: 40 EUR}"
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def lines(found: Dashboard, section: str) -> dict[str, Line]:
    (chosen,) = [one for one in found.sections if one.key == section]
    return {one.key: one for one in chosen.lines}


def ended(context: Context, version: str, outcome: Outcome, at: datetime) -> None:
    held = releasing.plan(
        context, Release(version=version), Candidate(release="", number=0, commit=build.SHA_2)
    )
    value = {"outcome": outcome, "outcome_at": at, "outcome_by": "kim"}
    from workbench.model.canonical import plain
    from workbench.record import Change

    changed = {**plain(held.release), **plain(value)}
    commit(context, [Change("release", held.id, "shipped", changed, held.stored.base)])


# --- executive -------------------------------------------------------------------------------


def test_without_a_source_nothing_passes_for_good(small: Context) -> None:
    found = read_dashboard(small, Which.EXECUTIVE)
    for section, key, could in (
        ("findings", "critical_findings", ""),
        ("cost", "cost_per_day", ": metrics could tell, by a benchmark of kind cost_per_day"),
        ("deployments", "deployment_success", ""),
    ):
        line = lines(found, section)[key]
        assert (line.text, line.mark, line.known) == (f"no source yet{could}", Mark.LEARNING, False)
    assert lines(found, "deployments")["releases"].known is False
    assert lines(found, "objectives")["attained"].text == "no objective is declared"


def test_a_source_of_the_project_that_could_tell_is_named() -> None:
    github = Source(key="ci", kind="github_actions", config=None)
    metrics = Source(key="metrics", kind="prometheus", config=None)
    words = could_tell([metrics, github], "deployment_success")
    assert words == ": ci could tell, by a benchmark of kind deployment_success"
    assert could_tell([metrics], "deployment_success") == ""
    assert could_tell([Source(key="cost", kind="http", recipe="nothing", config=None)], "cost_per_day") == ""


def test_what_a_source_tells_of_deployments_stands_beside_how_many_succeed(own: Context) -> None:
    build.measured(own, "frequency", "12")
    line = lines(read_dashboard(own, Which.EXECUTIVE), "deployments")["benchmark/frequency"]
    assert line.known and line.text.startswith("12")


def test_a_source_that_arrives_fills_its_line(own: Context) -> None:
    assert lines(read_dashboard(own, Which.EXECUTIVE), "findings")["benchmark/findings"].known is False
    build.measured(own, "findings", "3")
    line = lines(read_dashboard(own, Which.EXECUTIVE), "findings")["benchmark/findings"]
    assert line.known and line.mark in (Mark.BLOCKS, Mark.WARNS) and line.text.startswith("3")


def test_objectives_say_how_many_of_how_many(own: Context) -> None:
    attained = lines(read_dashboard(own, Which.EXECUTIVE), "objectives")["attained"]
    assert (attained.text, attained.numerator, attained.denominator) == ("0 of 1, 1 not known", 0, 1)
    assert attained.mark is Mark.WARNS
    build.measured(own, "kept", "99.9", window="7d")
    attained = lines(read_dashboard(own, Which.EXECUTIVE), "objectives")["attained"]
    assert (attained.text, attained.mark) == ("1 of 1", Mark.DONE)


def test_releases_that_went_out_are_the_denominator(own: Context) -> None:
    ended(own, "1.8.0", Outcome.SHIPPED, build.NOW - timedelta(days=100))
    ended(own, "1.9.0", Outcome.SHIPPED, build.NOW - timedelta(days=20))
    ended(own, "1.9.1", Outcome.ROLLED_BACK, build.NOW - timedelta(days=10))
    line = lines(read_dashboard(own, Which.EXECUTIVE), "deployments")["releases"]
    assert (line.numerator, line.denominator, line.mark) == (1, 2, None)  # so few have no colour
    assert line.text == "1 of 2 in the last 90 days, 1 rolled back"


def test_what_was_learnt_says_of_how_many_and_has_no_colour(own: Context) -> None:
    found = read_dashboard(own, Which.EXECUTIVE)
    for section, key in (("trust", "right"), ("deployments", "deployment_frequency")):
        line = lines(found, section)[f"learnt/{key}"]
        assert line.text.startswith("nothing to count") and line.known is False
    build.clear(own)
    build.measured(own, "kept", "99.9", window="7d")
    build.measured(own, "findings", "0")
    shipping.ship(own, reason="everything that we look at in staging is green")
    found = read_dashboard(build.later(own, days=8), Which.EXECUTIVE)
    told = lines(found, "deployments")
    line = told["learnt/change_fail_rate"]
    assert (line.numerator, line.denominator, line.mark, line.known) == (0, 1, None, False)
    assert line.text == "0 of 1: too few to say"
    assert {"learnt/deployment_frequency", "learnt/rework_rate", "learnt/recovery_time"} <= set(told)


def test_what_the_files_say_of_cost_is_not_called_measured(own: Context) -> None:
    cost = lines(read_dashboard(own, Which.EXECUTIVE), "cost")
    assert cost["cost_per_day"].known is False
    assert (
        cost["stated/production"].text == "40 EUR, as the files say"
        and cost["stated/production"].mark is None
    )


# --- on call ---------------------------------------------------------------------------------

FIRING = Alert(
    name="PaymentErrors",
    fires=True,
    since=build.NOW - timedelta(minutes=20),
    severity="page",
    summary="2 % fail",
)
PENDING = Alert(name="SlowSearch", fires=False, labels={"service": "search"})


def test_alerts_that_could_not_be_asked_are_no_calm(own: Context) -> None:
    asked = [Alerts(source="metrics", at=build.NOW, why="could not reach 127.0.0.1")]
    (line,) = lines(read_dashboard(own, Which.ON_CALL, asked), "alerts").values()
    assert (line.mark, line.known) == (Mark.WARNS, False) and "could not reach" in line.text
    (line,) = lines(read_dashboard(own, Which.ON_CALL, None), "alerts").values()
    assert (line.text, line.known) == ("asking …", False)
    (line,) = lines(read_dashboard(own, Which.ON_CALL, []), "alerts").values()
    assert line.text.startswith("no source yet")


def test_alerts_say_what_fires_since_when(own: Context) -> None:
    asked = [Alerts(source="metrics", at=build.NOW, alerts=(FIRING, PENDING))]
    first, second = lines(read_dashboard(own, Which.ON_CALL, asked), "alerts").values()
    assert (first.title, first.text, first.mark) == (
        "PaymentErrors",
        "2 % fail, firing, page, since 20 min",
        Mark.BLOCKS,
    )
    assert (second.text, second.mark) == ("service=search, pending", Mark.WARNS)
    calm = read_dashboard(own, Which.ON_CALL, [Alerts(source="metrics", at=build.NOW)])
    assert "no alert is active" in "\n".join(dashboard_lines(calm))


def test_failing_checks_and_recent_deployments_are_named(own: Context) -> None:
    build.figures(own, p95="0.9")
    ended(own, "1.9.0", Outcome.SHIPPED, build.NOW - timedelta(days=2))
    ended(own, "1.8.0", Outcome.SHIPPED, build.NOW - timedelta(days=40))
    found = read_dashboard(own, Which.ON_CALL, [])
    failing = lines(found, "failing")["benchmark/p95"]
    assert (failing.title, failing.mark, failing.ref) == ("Checkout p95", Mark.BLOCKS, "benchmark/p95")
    assert [one.text for one in lines(found, "deployments").values()] == ["shipped 2 days ago by kim"]


def test_a_freeze_and_nobody_on_call_are_said(own: Context) -> None:
    deciding.freeze(own, "payments fail in staging and we look into it")
    found = read_dashboard(own, Which.ON_CALL, [])
    (frozen,) = lines(found, "now").values()
    assert frozen.text == "payments fail in staging and we look into it, by kim just now"
    assert "nobody has the role on-call" in "\n".join(dashboard_lines(found))


# --- stand-up --------------------------------------------------------------------------------


def test_a_stand_up_is_five_lines(own: Context) -> None:
    build.figures(own, p95="0.9")
    told = list(dashboard_lines(read_dashboard(own, Which.STAND_UP)))
    assert len(told) == 5
    assert told[0].startswith("2.0.0 rc1 is blocked, ")
    assert told[1].startswith("Since yesterday: ") and told[1].endswith(".")
    assert told[4].startswith("First: Checkout p95, ") and told[4].endswith("nobody has taken it.")


def test_a_stand_up_without_a_release_is_five_lines_too(tmp_path: Path) -> None:
    build.write(tmp_path / "new")
    with build.opened(tmp_path / "new") as context:
        told = list(dashboard_lines(read_dashboard(context, Which.STAND_UP)))
    assert len(told) == 5 and told[0] == "No release is planned." and told[4] == "Plan the next release."


@pytest.mark.parametrize(
    ("today", "since"),
    [
        ("2026-09-15", "2026-09-14"),
        ("2026-09-14", "2026-09-11"),
        ("2026-09-13", "2026-09-11"),
        ("2026-09-12", "2026-09-11"),
    ],
)
def test_on_a_monday_what_changed_is_told_since_friday(today: str, since: str, own: Context) -> None:
    zone = zone_of("Europe/Amsterdam")
    now = datetime.combine(date.fromisoformat(today), datetime.min.time(), zone) + timedelta(hours=9)
    began = stand_up.since(now, gather(own, None))
    assert began.astimezone(zone).isoformat() == f"{since}T00:00:00+02:00"


def test_what_falls_due_is_told_for_today_and_tomorrow(own: Context) -> None:
    deciding.promise(own, evaluate(own), "benchmark/p95", "jo", build.NOW + timedelta(hours=3))
    releasing.plan(own, Release(version="2.1.0", planned_at=build.NOW + timedelta(days=1)))
    due = next(iter(read_dashboard(own, Which.STAND_UP).sections)).lines[3]
    assert due.text.startswith(
        "Today: jo has promised to clear Checkout p95. Tomorrow: 2.1.0 is planned to go out"
    )


# --- as documents ----------------------------------------------------------------------------


@pytest.mark.parametrize("which", Which)
def test_every_dashboard_is_text_json_and_a_page_without_scripts(which: Which, shop: Context) -> None:
    found = read_dashboard(shop, which, [])
    document = dashboard_document(found)
    assert document["schema"] == "workbench.dashboard.1" and document["dashboard"] == which.value
    page = dashboard_page(found)
    assert page.startswith("<!doctype html>") and "<script" not in page and "default-src 'none'" in page
    for section in found.sections:
        assert section.lines or section.nothing
        assert all(line.text for line in section.lines)


def test_a_page_escapes_what_people_wrote(own: Context) -> None:
    deciding.freeze(own, "<script>alert(1)</script> in the reason of a freeze")
    page = dashboard_page(read_dashboard(own, Which.ON_CALL, []))
    assert "<script" not in page and "&lt;script&gt;" in page
