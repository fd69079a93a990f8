"""What was predicted of production is scored by what was measured there, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.usecases.test_watching_releases import SHIPPED, WATCHED, live

from workbench.gates.predictions import PredictionOf, Score
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.releases.model import Outcome
from workbench.usecases import fetching, mapping, predictions, releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.scripting.acts import tell
from workbench.usecases.views.predictions import record_of_overrides


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", WATCHED) as context:
        yield context


def predict(
    context: Context, states: str = "<= 0.8 %", days: int = 3, part: str = "benchmark/errors"
) -> None:
    until = context.now + timedelta(days=days)
    predictions.predict(context, evaluate(context).held, "live-errors", states, until, part=part)


def roll_back(context: Context) -> None:
    releasing.end(context, evaluate(context).held, Outcome.ROLLED_BACK, reason="checkout failed for many")


def score(context: Context) -> Score:
    (one,) = predictions.read_predictions(context)
    return one.score


def test_it_waits_holds_and_is_right(shop: Context) -> None:
    predict(shop)
    assert score(shop) is Score.WAITS
    shipping.ship(shop, reason=SHIPPED)
    later = build.later(shop, days=1)
    assert score(later) is Score.WAITS
    live(later, "0.5")
    assert score(later) is Score.HOLDS
    assert score(build.later(shop, days=4)) is Score.RIGHT


def test_one_value_beyond_it_is_wrong_for_good(shop: Context) -> None:
    predict(shop)
    shipping.ship(shop, reason=SHIPPED)
    for hours, value in ((2, "0.5"), (5, "0.9"), (9, "0.4")):
        live(build.later(shop, hours=hours), value)
    assert score(build.later(shop, days=1)) is Score.WRONG
    (one,) = predictions.read_predictions(build.later(shop, days=9))
    assert one.score is Score.WRONG and "0.8 %" in one.why and one.looks == 3


def test_what_was_measured_before_it_was_rolled_back_counts(shop: Context) -> None:
    predict(shop)
    shipping.ship(shop, reason=SHIPPED)
    live(build.later(shop, hours=2), "0.9")
    roll_back(build.later(shop, hours=3))
    assert score(build.later(shop, days=4)) is Score.WRONG


def test_nobody_knows_whether_what_was_rolled_back_would_have_held(shop: Context) -> None:
    predict(shop)
    shipping.ship(shop, reason=SHIPPED)
    live(build.later(shop, hours=2), "0.5")
    roll_back(build.later(shop, hours=3))
    (one,) = predictions.read_predictions(build.later(shop, days=4))
    assert (one.score, one.why) == (Score.UNKNOWN, "it was rolled back before the time was over")


def test_what_was_not_measured_is_never_right(shop: Context) -> None:
    predict(shop)
    live(shop, "0.1")  # of the release before
    shipping.ship(shop, reason=SHIPPED)
    ended = build.later(shop, days=4)
    live(ended, "0.1", ago=timedelta(minutes=1))  # after its end
    assert score(ended) is Score.UNKNOWN
    figure = next(
        one for one in predictions.calibration(predictions.read_predictions(ended)) if "override" in one.key
    )
    assert (figure.numerator, figure.denominator, figure.value) == (0, 0, None)
    assert figure.left[0].why == "nothing was measured"


def test_each_kind_of_exception_is_counted_by_itself(shop: Context) -> None:
    predict(shop)
    predict(shop, "<= 0.2 %", part="difference/1")
    shipping.ship(shop, reason=SHIPPED)
    live(build.later(shop, hours=2), "0.5")
    found = predictions.read_predictions(build.later(shop, days=4))
    figures = {one.key: one for one in predictions.calibration(found)}
    right, wrong = figures["predictions_override"], figures["predictions_acceptance"]
    assert (right.numerator, right.denominator) == (1, 1) and right.interval is not None and right.too_few
    assert (wrong.numerator, wrong.denominator) == (0, 1)
    assert {one.prediction.of for one in found} == {PredictionOf.OVERRIDE, PredictionOf.ACCEPTANCE}


@pytest.mark.parametrize(
    ("benchmark", "states", "days", "words"),
    [
        ("p95", "<= 1 s", 3, "not measured in production"),
        ("nothing", "<= 1 s", 3, "there is no benchmark"),
        ("live-errors", "rather low", 3, "cannot be scored"),
        ("live-errors", "<= 1 %", -1, "about what comes"),
    ],
)
def test_what_nobody_could_score_is_refused(
    shop: Context, benchmark: str, states: str, days: int, words: str
) -> None:
    until = shop.now + timedelta(days=days)
    with pytest.raises(UsageError, match=words):
        predictions.predict(shop, evaluate(shop).held, benchmark, states, until)


def test_afterwards_it_is_no_prediction_and_it_is_measured_while_watched(tmp_path: Path) -> None:
    text = WATCHED.replace("rollback_when: [live-errors]\n", "")
    with build.shop(tmp_path / "shop", text) as context:
        predict(context)
        shipping.ship(context, reason=SHIPPED)
        held = evaluate(context).held
        assert fetching._watched(context, held, None).benchmarks == ("live-errors",)
        with pytest.raises(NotAllowed, match="no prediction"):
            predict(context)


def test_it_is_told_as_a_command(shop: Context) -> None:
    predict(shop)
    (line,) = [str(line) for act in tell(shop) for line in act.lines if "prediction" in str(line)]
    assert "live-errors" in line and "0.8 %" in line


def test_an_override_states_one_in_the_same_act(shop: Context) -> None:
    build.figures(shop, errors="1.5")
    until = shop.now + timedelta(days=3)
    said = {"reason": "one noisy client, muted tomorrow", "until": until}
    for text in ("live-errors", "errors <= 1 %", "live-errors rather low"):
        with pytest.raises(UsageError):
            build.propose_override(shop, evaluate(shop), "errors", predicts=text, **said)
    assert not shop.record.count("override")
    build.propose_override(shop, evaluate(shop), "errors", predicts="live-errors <= 0.8 %", **said)
    (one,) = predictions.read_predictions(shop)
    value = one.prediction
    assert (value.of, value.part, value.states, value.until) == (
        PredictionOf.OVERRIDE,
        "benchmark/errors",
        "<= 0.8 %",
        until,
    )
    assert record_of_overrides(shop) == ""
    shipping.ship(shop, reason=SHIPPED)
    live(build.later(shop, hours=2), "0.5")
    later = build.later(shop, days=4)
    told = record_of_overrides(later)
    assert told.startswith("of predictions with overrides 1 of 1 right") and "too few to say" in told


def test_a_decision_on_a_difference_states_one_in_the_same_act(shop: Context) -> None:
    chosen = [parity.find(shop.record, build.add_difference(shop, title)) for title in ("one", "two")]
    until = shop.now + timedelta(days=3)
    said = {"reason": "the vendor mends it in May", "predicts": "live-errors <= 0.8 %"}
    with pytest.raises(UsageError, match="one difference"):
        mapping.decide(shop, chosen, Decision.ACCEPT, until=until, **said)
    with pytest.raises(UsageError):
        mapping.decide(shop, chosen[:1], Decision.ACCEPT, **said)
    mapping.decide(shop, chosen[:1], Decision.ACCEPT, until=until, **said)
    (one,) = predictions.read_predictions(shop)
    assert one.prediction.of is PredictionOf.ACCEPTANCE
    assert one.prediction.part == f"difference/{chosen[0][0].id}"
