"""Two programs count the same: ours from the record, and one that knows only the exported ledger."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.learning import oracle
from tests.learning.records import any_past

from workbench.usecases.context import Context
from workbench.usecases.learning import learn, read_whole
from workbench.usecases.views.learning import learning_of
from workbench.usecases.views.learning_document import document

TOLERATES = "tolerates: {incidents: 2, within: 90d}\n"
SAID = ("numerator", "denominator", "n", "too_few", "ids", "of")


def ledger(context: Context) -> dict[str, dict[str, Any]]:
    return oracle.things(line.decode() for line in context.record.ledger_lines())


def told(context: Context, name: str = "") -> dict[str, Any]:
    """What ``learn --json`` prints."""
    found: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode(document(learning_of(learn(context, name))))
    )
    return found


def same(ours: dict[str, Any], theirs: dict[str, Any], where: str) -> None:
    assert {name: ours[name] for name in SAID} == {name: theirs[name] for name in SAID}, where
    assert ours["value"] == pytest.approx(theirs["value"], rel=1e-9), where
    assert ours["interval"] == pytest.approx(theirs["interval"], rel=1e-6, abs=1e-9), where


def compare(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert {one["key"] for one in ours["figures"]} == set(theirs["figures"])
    for one in ours["figures"]:
        same(one, theirs["figures"][one["key"]], one["key"])
    assert [one["month"] for one in ours["months"]] == list(theirs["months"])
    for month in ours["months"]:
        other = theirs["months"][month.pop("month")]
        for one in month.pop("figures"):
            same(one, other["figures"].pop(one["key"]), one["key"])
        assert other.pop("figures") == {} and month == other
    differences = {one["difference"]: one for one in ours["differences"]}
    assert set(differences) == set(theirs["differences"])
    for key, one in differences.items():
        other = theirs["differences"][key]
        same(one["share"], other.pop("share"), key)
        assert {name: one[name] for name in other} == other
    assert {one["key"] for one in ours["reviews"]} == set(theirs["reviews"])
    for one in ours["reviews"]:
        same(one, theirs["reviews"][one["key"]], one["key"])
    assert {name: ours["prevented"][name] for name in theirs["prevented"]} == theirs["prevented"]
    assert {name: ours["advice"][name] for name in theirs["advice"]} == theirs["advice"]
    frozen = {one["name"]: one["hours"] for one in ours["held_up"]["by_part"]}.get("frozen", 0)
    assert frozen == pytest.approx(sum(theirs["frozen"].values()))


@pytest.mark.parametrize("seed", range(5))
def test_both_count_the_same(tmp_path: Path, seed: int) -> None:
    with build.shop(tmp_path / "shop", build.SHOP + TOLERATES) as context:
        any_past(context, seed)
        found = ledger(context)
        tolerated = 2, timedelta(days=90)
        compare(told(context), oracle.counted(oracle.Past(found, context.now, context.zone), tolerated))
        period = read_whole(context).quarter("last")
        past = oracle.Past(found, context.now, context.zone, ("production",), period.since, period.until)
        theirs = oracle.counted(past, tolerated)
        theirs["frozen"] = {}
        ours = told(context, "last")
        ours["held_up"]["by_part"] = []
        compare(ours, theirs)


def test_the_oracle_knows_nothing_of_the_workbench() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    named = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not [name for name in named if name and name.startswith(("workbench", "tests"))]


def test_the_oracle_notices_a_line_that_was_changed(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        lines = [line.decode() for line in context.record.ledger_lines()]
    lines[1] = lines[1].replace("checkout", "checkin")
    with pytest.raises(AssertionError):
        oracle.things(lines)
