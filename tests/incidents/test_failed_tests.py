"""Failed tests: the one question that is asked of them, whether a difference between the environments contributed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.incidents.questions import unanswered
from workbench.model.errors import UsageError
from workbench.releases.model import Candidate
from workbench.usecases import releasing
from workbench.usecases.actions import add_action
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import review, subject_of
from workbench.usecases.views.actions import lines as action_lines
from workbench.usecases.views.actions import read_actions
from workbench.usecases.views.failed_tests import lines
from workbench.usecases.views.incident_reviews import read
from workbench.usecases.views.marks import Mark


def ran(context: Context, value: str, source: str = "reports", ago: int = 5, **said: str) -> None:
    build.measured(
        context,
        f"tests/{source}",
        value,
        role="tests",
        ago=timedelta(minutes=ago),
        why="1 of 12 failed",
        **said,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.add_difference(context, title="Payment gateway")
        yield context


def test_the_first_question_is_all_that_is_asked(shop: Context) -> None:
    ran(shop, "0")
    subject = subject_of(shop, tests="")
    view = read(shop, subject)
    assert (view.title, view.state) == ("tests of 2.0.0 rc1 (reports)", "not begun")
    assert [one.question.field for one in view.answers] == ["contributed"]
    review(shop, subject, {"contributed": "yes"})
    view = read(shop, subject)
    assert [one.field for one in unanswered(view.value, view.about)] == ["differences"]
    review(shop, subject, {"differences": ["gateway"]})
    assert read(shop, subject).state == "complete"


def test_each_run_that_failed_is_listed_with_what_was_said(shop: Context) -> None:
    ran(shop, "0")
    review(shop, subject_of(shop, tests="reports"), {"differences": ["gateway"]})
    ran(shop, "1", ago=1)
    held = releasing.find(shop)
    releasing.propose(shop, held, Candidate(release="", number=0, commit=build.SHA_2))
    ran(shop, "0", ago=0)
    found = lines(shop)
    assert [(line.build, line.said, line.mark) for line in found] == [
        ("2.0.0 rc2", "not answered", Mark.OPEN),
        ("2.0.0 rc1", "yes: Payment gateway", Mark.DONE),
    ], "run again green, it failed all the same"


def test_only_what_failed_is_reviewed(shop: Context) -> None:
    with pytest.raises(UsageError, match="no tests failed"):
        subject_of(shop, tests="")
    ran(shop, "1")
    with pytest.raises(UsageError, match="no tests of reports failed"):
        subject_of(shop, tests="reports")
    ran(shop, "0", "ci")
    ran(shop, "0")
    with pytest.raises(UsageError, match="several sources") as error:
        subject_of(shop, tests="")
    assert error.value.hint == "name one: ci, reports"
    with pytest.raises(UsageError, match="no candidate “rc9”"):
        subject_of(shop, tests="ci", candidate="rc9")
    assert subject_of(shop, tests="ci", candidate="rc1") == subject_of(shop, tests="ci", candidate="1")


def test_an_action_may_come_of_a_failed_test(shop: Context) -> None:
    ran(shop, "0")
    add_action(shop, {"title": "mock the gateway's errors"}, subject_of(shop, tests=""))
    (line,) = action_lines(shop, read_actions(shop))
    assert line.after == "tests of 2.0.0 rc1 (reports)"
