"""An incident from its declaration to its end: one in staging freezes promotion, and closing it lifts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.gates.model import GateState, State
from workbench.incidents import timeline
from workbench.incidents.model import Incident, IncidentSeverity, IncidentState
from workbench.incidents.timeline import LineKind
from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases import deciding, hooks, incidents
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def declare(context: Context, title: str = "checkout answers 503", **said: Any) -> str:
    given = {"environment": "staging", "severity": IncidentSeverity.HIGH, **said}
    value = msgspec.structs.replace(incidents.new(context), title=title, **given)
    return incidents.declare(context, value)


def found(context: Context, ref: str = "checkout") -> Incident:
    return incidents.find_incident(context, ref)[1]


def told(context: Context, ident: str) -> list[tuple[str, str]]:
    return [(line.what.value, line.words) for _, line in timeline.lines_of(context.record, ident)]


def frozen_lines(context: Context) -> list[str]:
    parts = [part for _, part in evaluate(context).open_parts() if part.about == "freeze"]
    return [part.why for part in parts]


def test_one_in_staging_freezes_every_gate_and_one_in_production_none(shop: Context) -> None:
    declare(shop, "cart is slow", environment="production")
    assert not evaluate(shop).freezes
    declare(shop)
    judged = evaluate(shop)
    assert [one.reason for one in judged.freezes] == ["incident in staging: checkout answers 503"]
    for gate in judged.gates:
        assert gate.state is GateState.BLOCKED
        (held,) = (one for one in gate.requirements if one.kind == "not_frozen")
        assert held.state is State.NOT_MET
    assert frozen_lines(shop) == ["frozen by kim: incident in staging: checkout answers 503"]


def test_closing_lifts_nothing_and_each_freeze_is_lifted_alone(shop: Context) -> None:
    first, second = declare(shop), declare(shop, "search is down")
    deciding.freeze(shop, "the tax tables are being changed")
    incidents.close(shop, *incidents.find_incident(shop, "checkout"), why="retries are on")
    assert found(shop).state is IncidentState.CLOSED
    assert len(frozen_lines(shop)) == 3, "closing lifts nothing"
    with pytest.raises(UsageError, match="3 freezes hold") as error:
        deciding.lift_freeze(shop, "all is well again")
    assert first[-12:] in str(error.value.hint)
    assert "freeze --lift project" in str(error.value.hint)
    deciding.lift_freeze(shop, "the tax tables are done", "project")
    deciding.lift_freeze(shop, "checkout answers again", "checkout")
    assert frozen_lines(shop) == ["frozen by kim: incident in staging: search is down"]
    assert told(shop, first)[-1] == ("lifted", "checkout answers again")
    with pytest.raises(NotAllowed, match="not in force"):
        deciding.lift_freeze(shop, "checkout answers again", "checkout")
    deciding.lift_freeze(shop, "the index is rebuilt", second)
    assert not evaluate(shop).freezes


def test_no_freeze_is_overridden(shop: Context) -> None:
    ident = declare(shop)
    judged = evaluate(shop)
    with pytest.raises(NotAllowed, match="lifted, not overridden"):
        build.propose_override(
            shop, judged, f"freeze/{ident}", reason="we are in a hurry", until=shop.now + 24 * HOUR
        )


def test_both_times_of_a_line_are_kept_and_the_order_is_that_of_what_happened(shop: Context) -> None:
    ident = declare(shop, started_at=shop.now - HOUR)
    stored, value = incidents.find_incident(shop, ident)
    incidents.note(shop, stored, value, "the vendor was called")
    incidents.note(shop, stored, value, "first page", at=shop.now - HOUR / 2)
    assert [words or what for what, words in told(shop, ident)] == [
        "started",
        "first page",
        "frozen",
        "the vendor was called",
    ]
    page = next(line for _, line in timeline.lines_of(shop.record, ident) if line.words == "first page")
    assert (page.at, page.said_at) == (shop.now - HOUR / 2, shop.now)


def test_what_is_pasted_keeps_no_secret_and_no_code_that_steers_a_terminal(shop: Context) -> None:
    ident = declare(shop)
    stored, value = incidents.find_incident(shop, ident)
    incidents.note(
        shop, stored, value, "\x1b[31mERROR\x1b[0m PASS\x1b[1mWORD=hunter2\x07 at \x1b]0;t\x07gateway"
    )
    assert told(shop, ident)[-1][1] == "ERROR PASSWORD=[redacted] at gateway"
    assert "codes that steer a terminal" in shop.remarks[-1]
    with pytest.raises(UsageError, match="longer than"):
        incidents.note(shop, stored, value, "x" * 20_001)


def test_one_that_was_over_when_it_was_written_down_freezes_nothing(shop: Context) -> None:
    then = shop.now - 72 * HOUR
    ident = declare(shop, started_at=then, mitigated_at=then + HOUR, closed_at=then + 2 * HOUR)
    assert found(shop).state is IncidentState.CLOSED
    assert not evaluate(shop).freezes
    assert [what for what, _ in told(shop, ident)] == ["started", "mitigated", "closed"]
    assert "nothing is frozen" in shop.remarks[-1]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"title": "  "}, "in a few words"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"started_at": build.NOW, "detected_at": build.NOW - HOUR}, "detected before it started"),
        ({"mitigated_at": build.NOW, "closed_at": build.NOW - HOUR}, "before it was mitigated"),
    ],
)
def test_what_contradicts_itself_is_refused(shop: Context, said: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        declare(shop, **{"title": "checkout answers 503", **said})


def test_the_same_incident_is_not_declared_twice(shop: Context) -> None:
    declare(shop)
    with pytest.raises(UsageError, match="is open already"):
        declare(shop, "Checkout answers 503")


def test_it_belongs_to_the_release_in_hand_and_in_production_to_the_one_that_went_out(shop: Context) -> None:
    held = evaluate(shop).held
    declare(shop)
    assert (found(shop).release, found(shop).candidate) == (held.id, held.candidate_id)
    declare(shop, "cart is slow", environment="production")
    assert found(shop, "cart").release == "", "nothing has gone out yet"


def test_opened_again_it_freezes_again(shop: Context) -> None:
    declare(shop)
    incidents.close(shop, *incidents.find_incident(shop, "checkout"))
    deciding.lift_freeze(shop, "checkout answers again")
    incidents.reopen(shop, *incidents.find_incident(shop, "checkout"), "it answers 503 once more")
    assert found(shop).state is IncidentState.OPEN
    assert len(evaluate(shop).freezes) == 1
    with pytest.raises(NotAllowed, match="is open"):
        incidents.reopen(shop, *incidents.find_incident(shop, "checkout"), "it answers 503 once more")


def test_a_time_that_is_corrected_is_told_in_the_timeline(shop: Context) -> None:
    ident = declare(shop, started_at=shop.now - HOUR)
    stored, value = incidents.find_incident(shop, ident)
    changed = msgspec.structs.replace(value, started_at=shop.now - 2 * HOUR)
    incidents.edit(shop, stored, value, changed)
    lines = [line for _, line in timeline.lines_of(shop.record, ident) if line.what is LineKind.STARTED]
    assert [(line.at, line.words) for line in lines] == [
        (shop.now - 2 * HOUR, "time corrected"),
        (shop.now - HOUR, ""),
    ]


def test_hooks_are_told_what_happens(shop: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(hooks, "tell", lambda context, event, told: said.append((event.value, dict(told))))
    declare(shop, commander="robin")
    incidents.mitigate(shop, *incidents.find_incident(shop, "checkout"), words="retries are on")
    incidents.close(shop, *incidents.find_incident(shop, "checkout"))
    assert [event for event, _ in said] == [
        "incident_opened",
        "frozen",
        "incident_mitigated",
        "incident_closed",
    ]
    _, told = said[0]
    assert told["title"] == "Incident in staging, high, open: checkout answers 503"
    assert "Robin leads." in told["text"]
    assert "Promotion is frozen since today 12:00." in told["text"]
