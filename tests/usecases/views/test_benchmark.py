"""What is said about a benchmark."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from tests import building as build

from workbench.criteria import CriterionError, Verdict
from workbench.model.errors import UsageError
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.views.benchmark import (
    headline,
    margin_words,
    mark_of,
    numbers,
    overridden_words,
    override_of,
    rests_on,
    verdict_words,
)
from workbench.usecases.views.explaining import explain, require_benchmark, resolved_alone
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.standing import verdict_facts
from workbench.usecases.views.trying import try_on_benchmark, try_on_numbers, unread_by


@pytest.mark.parametrize(
    ("p95", "mark", "words"),
    [("0.46", Mark.DONE, "pass"), ("0.57", Mark.WARNS, "warn"), ("0.9", Mark.BLOCKS, "fail")],
)
def test_a_verdict_has_a_mark_and_a_word(small: Context, p95: str, mark: Mark, words: str) -> None:
    build.figures(small, p95=p95)
    judged = build.verdict(small, "p95")
    assert (mark_of(judged, None), verdict_words(judged)) == (mark, words)
    assert numbers(judged).usable and numbers(judged).value == f"{p95} s"


def test_what_was_never_measured_blocks_and_says_so(small: Context) -> None:
    judged = build.verdict(small, "p95")
    assert mark_of(judged, None) is Mark.BLOCKS
    assert dict(rests_on(judged, build.NOW))["Measured"] == "not for this candidate"
    assert not numbers(judged).value and headline(judged, None, UTC)


def test_an_override_is_told_only_where_it_is_what_lets_past(small: Context) -> None:
    build.figures(small, p95="0.9")
    build.override(
        small, evaluate(small), "benchmark/p95", reason="one noisy client in the test run",
        approver="robin", until=build.NOW + timedelta(days=2),
    )  # fmt: skip
    found = evaluate(small)
    judged, override = verdict_of(found, "p95"), override_of(found, "p95")
    assert mark_of(judged, override) is Mark.EXCEPTED
    assert overridden_words(judged, override, UTC) == "overridden until 17 Sep"
    assert headline(judged, override, UTC).startswith("overridden until 17 Sep: ")
    assert margin_words(judged, override, UTC) == "until 17 Sep: 67 % over"
    labels = [fact.label for fact in verdict_facts(judged, found, UTC)]
    assert labels[:4] == ["Verdict", "Allowed", "Overridden", "Rule"]
    build.measured(small, "p95", "0.46", ago=timedelta(minutes=1))
    judged = build.verdict(small, "p95")
    assert mark_of(judged, override) is Mark.DONE
    assert not overridden_words(judged, override, UTC)


def test_what_a_benchmark_resolves_to_and_where_that_is_said(small: Context) -> None:
    resolved = resolved_alone(small.definitions, "p95", build.NOW)
    rows = {row.name: row for row in explain(small.definitions, resolved)}
    assert rows["tier"].origin == "its flow is not known here: counts as critical"
    assert rows["pass"].value == "within 20% of baseline" and rows["pass"].origin == "its file"
    place = rows["query"].place
    assert place is not None and place.file == "workbench.yaml"
    assert (
        "measure: {source: metrics, query: up"
        in (small.root.joinpath("workbench.yaml").read_text().splitlines()[place.line - 1])
    )
    assert rows["environment"].place is None


def test_a_benchmark_that_is_not_there_is_guessed(small: Context) -> None:
    require_benchmark(small.definitions, "p95")
    with pytest.raises(UsageError) as caught:
        require_benchmark(small.definitions, "p59")
    assert caught.value.hint == "did you mean p95?"


def test_a_criterion_is_tried_on_the_figures_at_hand(small: Context) -> None:
    build.figures(small)
    judged = build.verdict(small, "p95")
    verdict, allowed, *_ = try_on_benchmark("<= 400 ms", judged)
    assert verdict.mark is Mark.WARNS and verdict.text.startswith("would fail")
    assert allowed.text == "at most 0.4 s"
    assert try_on_benchmark("<= 0.5 s", judged)[0].mark is Mark.DONE
    with pytest.raises(CriterionError):
        try_on_benchmark("<= fast", judged)


def test_what_was_not_read_is_not_said_to_be_missing(small: Context) -> None:
    """The history may be there: only nobody has looked for it yet."""
    build.figures(small)
    judged = build.verdict(small, "p95")
    needs, read = try_on_benchmark("in control and not worse than baseline", judged)
    assert needs.text == "earlier measurements and the samples of both sides"
    assert read.text == "in control and not worse than baseline"
    assert unread_by("<= fast", judged) == unread_by("<= 5 s", judged) == ""


def test_a_criterion_is_tried_on_numbers() -> None:
    trial = try_on_numbers("<= 120", "118", None, None)
    assert trial.verdict is Verdict.PASS and trial.text and trial.document
    with pytest.raises(UsageError, match="is not a number"):
        try_on_numbers("<= 120", "fast", None, None)
    with pytest.raises(UsageError) as caught:
        try_on_numbers("<= 120", "118", None, "furlong")
    assert caught.value.where == "--unit"
