"""Real experiments are judged by what they did, not by how Chaos Toolkit ended."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from tests.sources.generated import GENERATED, read, taken_for, tool_output

FOLDER = GENERATED / "chaostoolkit"
VERDICTS = {
    "passed": ("", 1),
    "deviated": ("it deviated", 1),
    "failed-action": ("its action “stop-payments” failed", 0),
    "not-steady": ("did not hold beforehand", 0),
}


def test_each_real_journal_is_recognised_and_none_is_left_out() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == VERDICTS.keys()
    for name in VERDICTS:
        assert taken_for("chaostoolkit", f"{name}.json") == ["chaostoolkit"]


@pytest.mark.parametrize("name", VERDICTS)
def test_an_experiment_is_passed_only_if_all_of_it_worked(name: str) -> None:
    why, tried = VERDICTS[name]
    journal = json.loads((FOLDER / f"{name}.json").read_bytes())
    assert journal["status"] == "completed", "what it says itself tells nothing"
    reading = tool_output("chaostoolkit", f"{name}.json", read="passed")
    assert reading.value == (0 if why else 1)
    assert why in str(reading.facts.get("not_passed", ""))
    assert tool_output("chaostoolkit", f"{name}.json", read="tried").value == tried
    assert reading.measured_at.isoformat() == journal["end"]


def test_all_journals_are_counted_and_those_that_crashed_are_not_passed() -> None:
    crashed = "No such module"
    reading = read(
        "chaostoolkit",
        "chaostoolkit/*.json",
        read="not_passed",
        tag="flow:checkout",
        experiments=[crashed, "Payments stop"],
    )
    assert (reading.value, reading.facts["experiments"], reading.facts["tried"]) == (Decimal(4), 5, 2)
    assert f"“{crashed}”: there is no journal of it: did it crash?" in str(reading.facts["not_passed"])
    rate = read("chaostoolkit", "chaostoolkit/*.json", read="pass_rate", question={"unit": "%"})
    assert rate.value == 25


def test_of_an_experiment_that_was_tried_again_the_last_time_counts(tmp_path: Path) -> None:
    again = json.loads((FOLDER / "deviated.json").read_bytes())
    again["experiment"]["title"] = "Payments stop"
    again["end"] = "2026-03-02T10:00:00+00:00"
    (tmp_path / "again.json").write_text(json.dumps(again))
    shutil.copy(FOLDER / "passed.json", tmp_path)
    reading = read("chaostoolkit", "*.json", root=tmp_path, read="passed")
    assert (reading.value, reading.facts["note"]) == (
        0,
        "1 earlier journal of the same experiments not counted",
    )
