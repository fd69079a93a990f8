"""What a source answers that nobody has tried against the real thing stops nothing, and is a risk where it is met."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.gates.test_requirements import OBJECTIVES, found, good, one_gate
from tests.probes.lines import LINES
from tests.probes.on_record import know_kinds

from workbench.definitions import load
from workbench.definitions.shapes import Mode
from workbench.gates.model import Part, State, Weight
from workbench.model.errors import DefinitionError, UsageError
from workbench.model.kinds import Proof
from workbench.sources import recipes
from workbench.sources.kinds import KINDS
from workbench.sources.recipes import Recipe
from workbench.usecases import deciding
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import kinds

WHY = "its source is unproven: kind prometheus was tried only against examples in its documentation"
ONE = one_gate("benchmarks: {benchmark: errors}")
CHECKED = (
    'url: "http://127.0.0.1:9"',
    'url: "http://127.0.0.1:9", checked: three builds are those of its page',
)


@pytest.fixture(autouse=True)
def only_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    know_kinds(monkeypatch, masking=LINES, compatible=LINES, same_queries=LINES)
    for name in ("prometheus", "junit"):
        kind = msgspec.structs.replace(KINDS[name], proof=Proof.FIXTURES)
        monkeypatch.setitem(KINDS._kinds, name, kind)


def only_part(context: Context) -> Part:
    (part,) = found(context).parts
    return part  # type: ignore[no-any-return]


def test_a_benchmark_that_its_file_makes_blocking_is_advisory(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE) as context:
        build.measured(context, "errors", "0.4")
        item = build.verdict(context, "errors")
        assert item.resolved.mode is Mode.ADVISORY and WHY in item.remarks
        part = only_part(context)
        assert (part.state, part.weight) == (State.MET, Weight.RISK)
        assert part.why == f"pass, which is advisory: {WHY}"


def test_one_that_fails_stops_nothing_and_is_not_said_to_be_met(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE) as context:
        build.measured(context, "errors", "4")
        part = only_part(context)
        assert (part.state, part.weight) == (State.NOT_APPLICABLE, Weight.RISK)
        assert part.why == f"fail, which is advisory: {WHY}"


def test_one_that_was_never_measured_is_not_said_to_be_met(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE) as context:
        assert only_part(context).state is State.NOT_APPLICABLE


def test_once_the_team_has_compared_it_blocks_as_its_file_says(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", ONE.replace(*CHECKED)) as context:
        build.measured(context, "errors", "4")
        assert build.verdict(context, "errors").blocking
        assert only_part(context).state is State.NOT_MET
        build.measured(context, "errors", "0.4")


def test_check_warns_of_a_benchmark_that_cannot_block(tmp_path: Path) -> None:
    root = build.write(tmp_path / "p", ONE)
    warned = [problem for problem in load(root, kinds()).warnings if "unproven" in problem.what]
    assert [problem.what for problem in warned] == [f"the benchmark stays advisory: {WHY}"] * 2
    assert all("checked:" in (problem.hint or "") for problem in warned)
    root = build.write(tmp_path / "q", ONE.replace(*CHECKED))
    assert not [problem for problem in load(root, kinds()).warnings if "unproven" in problem.what]


def test_nobody_makes_one_blocking_in_the_record(tmp_path: Path) -> None:
    with (
        build.shop(tmp_path / "p", ONE) as context,
        pytest.raises(UsageError, match="cannot stop a release: its source is unproven"),
    ):
        deciding.make_blocking(context, evaluate(context), "errors")


def test_green_tests_of_an_unproven_source_are_a_risk_and_red_ones_stop(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", one_gate("tests_green: reports")) as context:
        build.measured(context, "tests/reports", "1", role="tests", why="12 passed")
        part = only_part(context)
        assert (part.state, part.weight) == (State.MET, Weight.RISK)
        assert part.why.startswith("12 passed; its source is unproven: kind junit")
        build.measured(context, "tests/reports", "0", role="tests", why="1 failed")
        assert (only_part(context).state, only_part(context).weight) == (State.NOT_MET, Weight.BLOCKS)


@pytest.mark.parametrize("requirement", ["objective_held: {}", "error_budget: {at_most: 50}"])
def test_an_objective_that_is_kept_is_a_risk(tmp_path: Path, requirement: str) -> None:
    assert "metrics" in OBJECTIVES
    with build.shop(tmp_path / "p", one_gate(requirement)) as context:
        good(context, "99.9", "99.9")
        parts = found(context).parts
        assert {(part.state, part.weight) for part in parts} == {(State.MET, Weight.RISK)}
        assert all(WHY in part.why for part in parts)


class Known(recipes.Recipes):
    """One recipe, whatever folders there are."""

    def __getitem__(self, name: str) -> Recipe:
        return {"sonar": Recipe(name="sonar", about="Sonar.", kind="http", proof=Proof.CONTRACT)}[name]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(("sonar",))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "kind: http, recipe: sonar",
            "its source is unproven: recipe sonar was tried only against what its maker publishes",
        ),
        ("kind: http, recipe: sonar, checked: seen on its page", ""),
        ("kind: http", ""),
    ],
)
def test_a_source_that_follows_an_unproven_recipe_is_unproven(tmp_path: Path, source: str, said: str) -> None:
    text = f"{build.HEAD}sources:\n  - {{key: it, {source}, url: 'http://127.0.0.1:9'}}\n"
    (tmp_path / "workbench.yaml").write_text(text, encoding="utf-8")
    known = load(tmp_path, {**kinds(), "recipes": Known()})
    assert known.unproven("it") == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("kind: http, recipe: sonr, url: 'http://127.0.0.1:9'", "there is no recipe “sonr”"),
        ("kind: junit, recipe: sonar, files: x.xml", "the recipe sonar asks through a source of kind http"),
        (
            "kind: http, recipe: sonar, url: 'http://127.0.0.1:9', checked: '  '",
            "it does not say how the answers were compared",
        ),
        (
            "kind: prometheus, url: 'http://127.0.0.1:9', checked: ok",
            "it does not say how the answers were compared",
        ),
    ],
)
def test_a_recipe_that_does_not_fit_and_a_comparison_that_says_nothing_are_errors(
    tmp_path: Path, source: str, said: str
) -> None:
    text = f"{build.HEAD}sources:\n  - {{key: it, {source}}}\n"
    (tmp_path / "workbench.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, {**kinds(), "recipes": Known()})
    assert [problem.what for problem in error.value.problems] == [said]
