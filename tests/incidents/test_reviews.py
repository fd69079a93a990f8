"""Reviews of incidents: questions one by one, differences linked or proposed, answers that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.incidents.recording import changed, happened

from workbench.definitions.shapes import Severity
from workbench.incidents import reviews
from workbench.incidents.model import IncidentEnd, IncidentSeverity
from workbench.incidents.questions import About, questions, unanswered
from workbench.incidents.reviews import Form, IncidentReview, Known, Surprise, WhyNot
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.usecases import undoing
from workbench.usecases.actions import add_action, find_action, finish_action
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import about_of, review, subject_of
from workbench.usecases.views import afterwards
from workbench.usecases.views.afterwards import part_in
from workbench.usecases.views.history import read_page, sentence
from workbench.usecases.views.incident_reviews import ReviewView, document, read, surprises, told

FAST: dict[str, Any] = {
    "contributed": "no", "staging_would_catch": "no", "why_not": "mocked",
    "add_kind": "benchmark", "add_words": "the share of payments that fail",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.add_difference(context, title="Payment gateway", severity="high")
        yield context


def subject(context: Context, **said: Any) -> str:
    return f"incident/{happened(context, **said)}"


def open_fields(view: ReviewView) -> list[str]:
    return [one.field for one in unanswered(view.value, view.about)]


def test_the_fast_form_asks_what_makes_staging_better(shop: Context) -> None:
    about = subject(shop)
    view = read(shop, about)
    assert (view.state, view.complete) == ("not begun", False)
    assert open_fields(view) == ["contributed", "staging_would_catch", "add_kind"]
    review(shop, about, {"contributed": "yes", "staging_would_catch": "no"})
    assert open_fields(read(shop, about)) == ["differences", "why_not", "add_kind"], "an answer asks for more"
    review(shop, about, {"differences": ["gateway"], "why_not": "mocked", "why_not_words": "it never fails"})
    review(shop, about, {"add_kind": "benchmark"})
    assert open_fields(read(shop, about)) == ["add_kind"], "what it has to show is a part of the answer"
    review(shop, about, {"add_words": "the share of payments that fail"})
    view = read(shop, about)
    assert (view.state, view.complete) == ("complete (fast form)", True)
    assert [text for _, _, text in told(shop, view)] == [
        "yes",
        "Payment gateway",
        "no",
        "what failed is mocked or simulated in staging: it never fails",
        "a benchmark: the share of payments that fail",
    ]


def test_the_full_form_goes_on_to_runbook_surprise_release_and_cost(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, {**FAST, "form": "full", "runbook_worked": "no"})
    assert open_fields(read(shop, about)) == [
        "runbook_worked",
        "surprise",
        "lacking",
        "caused_by_release",
        "cause",
    ]
    review(
        shop, about,
        {
            "runbook_step": "3: the switch was not there", "surprise": "staging_other", "lacking": "gate",
            "caused_by_release": "no", "cause": "the gateway's certificate had ended", "hours": "1.5 days",
            "cost": "1,200 EUR",
        },
    )  # fmt: skip
    view = read(shop, about)
    assert view.complete and view.value.hours == Decimal(12)
    assert "12 h" in [text for _, _, text in told(shop, view)]


def test_what_is_not_known_yet_is_not_answered(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, {**FAST, "contributed": "unknown"})
    assert open_fields(read(shop, about)) == ["contributed"]


def test_an_incident_in_staging_is_not_asked_whether_staging_would_have_caught_it(shop: Context) -> None:
    about = subject(shop, environment="staging")
    assert about_of(shop, about) is About.STAGING
    value = IncidentReview(subject=about, by="kim", at=shop.now, form=Form.FULL)
    asked = {one.field for one in questions(value, About.STAGING)}
    assert not asked & {"staging_would_catch", "surprise"} and "contributed" in asked


def test_something_else_needs_words(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, {**FAST, "why_not": "other"})
    assert open_fields(read(shop, about)) == ["why_not"]


def test_naming_a_difference_says_that_one_contributed_and_why_not_that_staging_would_not(
    shop: Context,
) -> None:
    about = subject(shop)
    value = review(shop, about, {"differences": ["gateway"], "why_not": "other_data"})
    assert (value.contributed, value.staging_would_catch) == (Known.YES, Known.NO)


def test_of_two_answers_that_exclude_each_other_the_later_one_counts(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, {"differences": ["gateway"], "why_not": "other_data"})
    value = review(shop, about, {"contributed": "no", "staging_would_catch": "yes"})
    assert (value.differences, value.why_not) == ((), WhyNot.UNSAID)
    with pytest.raises(UsageError, match="not said that any did"):
        review(shop, about, {"contributed": "no", "differences": ["gateway"]})
    with pytest.raises(UsageError, match="why staging would not"):
        review(shop, about, {"staging_would_catch": "yes", "why_not": "mocked"})


@pytest.mark.parametrize(
    ("severity", "as_bad"),
    [(IncidentSeverity.CRITICAL, Severity.HIGH), (IncidentSeverity.LOW, Severity.LOW)],
)
def test_a_difference_that_the_map_lacks_is_added_undecided_as_bad_as_the_incident(
    shop: Context, severity: IncidentSeverity, as_bad: Severity
) -> None:
    about = subject(shop, severity=severity)
    proposed = Difference(title="TLS of the gateway", staging="none", production="1.3")
    value = review(shop, about, {}, proposed=proposed)
    stored, row = parity.find(shop.record, "TLS of the gateway")
    assert value.differences == (stored.id,) and value.contributed is Known.YES
    assert (row.severity, row.decision, row.flows) == (as_bad, Decision.UNDECIDED, ("checkout",))
    undoing.undo(shop)
    assert reviews.review_of(shop.record, about) is None and not shop.record.get("difference", stored.id)


def test_a_difference_of_that_name_is_linked_and_not_added_again(shop: Context) -> None:
    with pytest.raises(UsageError, match="is on the map already"):
        review(shop, subject(shop), {}, proposed=Difference(title="payment gateway"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hours": "a while"}, "no number of hours"),
        ({"cost": "a lot"}, "no amount of money"),
        ({"differences": ["nowhere"]}, "there is no difference"),
        ({"add_key": "Not a key"}, "cannot be a key"),
        ({"why_not": "bad luck"}, "is no why not"),
    ],
)
def test_what_cannot_be_is_refused(shop: Context, given: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        review(shop, subject(shop), given)


def test_nothing_is_recorded_where_nothing_changes(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, FAST)
    with pytest.raises(UsageError, match="nothing to change"):
        review(shop, about, FAST)


def test_what_was_no_incident_of_its_own_is_not_reviewed(shop: Context) -> None:
    ident, other = happened(shop), happened(shop, "Cart is slow")
    changed(shop, ident, ended=IncidentEnd.MISTAKE)
    with pytest.raises(NotAllowed, match="declared by mistake"):
        review(shop, f"incident/{ident}", FAST)
    changed(shop, other, ended=IncidentEnd.MERGED, into=ident)
    with pytest.raises(NotAllowed, match="belongs to another incident"):
        review(shop, f"incident/{other}", FAST)


def test_the_document_says_every_answer_and_what_is_open(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, {"differences": ["gateway"], "hours": "90 min"})
    found = document(shop, read(shop, about))
    assert found["open"] == ["staging_would_catch", "add_kind"]
    assert found["difference_titles"] == ["Payment gateway"]
    assert (found["hours"], found["why_not"], found["add_kind"]) == (Decimal("1.50"), None, None)


def test_the_log_of_surprises_has_those_that_count_the_latest_first(shop: Context) -> None:
    first, second = subject(shop), subject(build.later(shop, days=2), title="Cart is slow")
    known = subject(shop, title="We knew it")
    review(shop, first, {"surprise": "staging_other", "why_not": "mocked", "differences": ["gateway"]})
    review(shop, second, {"surprise": "staging_same"})
    review(shop, known, {"surprise": "no"})
    found = surprises(shop)
    assert [(line.title, line.same) for line in found] == [
        ("Cart is slow", True),
        ("Payments fail with 503", False),
    ]
    assert found[1].differences == ("Payment gateway",) and found[1].why_not.startswith(
        "what failed is mocked"
    )
    assert len(surprises(shop, shop.now + timedelta(days=1))) == 1
    changed(shop, second.partition("/")[2], ended=IncidentEnd.MISTAKE)
    assert [line.title for line in surprises(shop)] == ["Payments fail with 503"]


def test_an_incident_is_found_by_what_names_it(shop: Context) -> None:
    ident = happened(shop)
    assert subject_of(shop, incident="payments fail") == subject_of(shop, incident=ident[-12:])
    with pytest.raises(UsageError, match="an incident, or failed tests"):
        subject_of(shop)


def test_every_answer_is_told() -> None:
    assert {Surprise.STAGING_SAME.value, Surprise.STAGING_OTHER.value, Surprise.NO.value} == {
        value
        for one in questions(
            IncidentReview(subject="incident/a", by="kim", at=build.NOW, form=Form.FULL), About.PRODUCTION
        )
        if one.field == "surprise"
        for value, _ in one.choices
    }


def test_a_difference_says_which_incidents_it_had_a_part_in(shop: Context) -> None:
    about = subject(shop)
    stored, _ = parity.find(shop.record, "gateway")
    assert not part_in(shop, stored.id)
    review(shop, about, {"differences": ["gateway"]})
    (fact,) = part_in(shop, stored.id)
    assert fact.text == "Payments fail with 503 (15 Sep)"
    changed(shop, about.partition("/")[2], ended=IncidentEnd.MISTAKE)
    assert not part_in(shop, stored.id)


def test_an_incident_says_how_its_review_and_its_actions_stand(shop: Context) -> None:
    about = subject(shop)
    assert dict(afterwards.told(shop, about.partition("/")[2])) == {"review": "not begun", "actions": ""}
    add_action(shop, {"title": "add a probe", "owner": "kim", "due": "2026-09-14"}, about)
    add_action(shop, {"title": "tell the bank"}, about)
    finish_action(shop, *find_action(shop, "bank"))
    assert afterwards.action_words(shop, about.partition("/")[2]) == "2 actions, 1 open, overdue"


def test_secrets_and_codes_in_what_was_pasted_are_taken_out_and_said(shop: Context) -> None:
    about = subject(shop)
    pasted = "\x1b[31mGET /pay?token=s3cr3tvalue1234 503\x1b[0m"
    value = review(shop, about, {"cause": pasted})
    assert "s3cr3t" not in value.cause and "\x1b" not in value.cause and "GET /pay" in value.cause
    assert shop.remarks == ["removed before saving: codes that steer a terminal, a token in an address"]
    ident = add_action(shop, {"title": f"look at {pasted}"})
    finish_action(shop, *find_action(shop, ident), why=pasted)
    (entry, *_) = shop.record.history("action", ident, limit=1)
    assert "s3cr3t" not in str(entry)


def test_the_history_says_which_incident_was_reviewed(shop: Context) -> None:
    about = subject(shop)
    review(shop, about, FAST)
    review(shop, about, {"contributed": "yes"})
    add_action(shop, {"title": "add a probe"}, about)
    page = read_page(shop, limit=3)
    assert [sentence(entry, page.names) for entry in page.entries] == [
        "added action add a probe",
        "went on with the review of Payments fail with 503",
        "began the review of Payments fail with 503",
    ]
