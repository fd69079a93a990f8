"""A new source in YAML: from its kind's example and three answers, into a file of its own."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import yaml
from tests import building as build

from workbench.model.errors import UsageError
from workbench.sources.guides import recipes
from workbench.sources.kinds import KINDS, NAMES
from workbench.usecases.context import Context
from workbench.usecases.source_drafting import (
    NOTHING,
    Wish,
    choices,
    draft,
    draft_in,
    with_draft,
    write,
)

ALL = [*(name for name in NAMES if not KINDS[name].from_record), *recipes()]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Context:
    with build.shop(tmp_path_factory.mktemp("drafts") / "shop") as context:
        yield context


@pytest.mark.parametrize("kind", ALL)
def test_whatever_is_chosen_fits_into_a_project(shop: Context, kind: str) -> None:
    found = choices(kind)
    for measure in (*(one.name for one in found.measures), NOTHING):
        made = draft_in(shop, Wish(kind=kind, measures=(measure,)))
        within = with_draft(shop, made)
        assert within.definitions.source(made.source) is not None
        assert len(made.benchmarks) == (measure != NOTHING)
        for key in made.benchmarks:
            benchmark = within.definitions.benchmark(key)
            assert benchmark is not None and benchmark.measure.source in (made.source, "record")


def test_the_answers_stand_in_the_draft(shop: Context) -> None:
    wish = Wish(
        kind="prometheus", key="load", at="https://m.example.com/x", measures=("latency", "error_rate")
    )
    text = draft(shop.definitions, wish).text
    assert text.startswith("# yaml-language-server: $schema=.workbench/schemas/part.json\n")
    body = yaml.safe_load(text)
    (source,) = body["sources"]
    assert (source["key"], source["url"]) == ("load", "https://m.example.com/x")
    assert [one["kind"] for one in body["benchmarks"]] == ["latency", "error_rate"]
    assert {one["measure"]["source"] for one in body["benchmarks"]} == {"load"}
    about = msgspec.structs.replace(wish, flow="refund")
    assert {one["flow"] for one in yaml.safe_load(draft(shop.definitions, about).text)["benchmarks"]} == {
        "refund"
    }


def test_a_command_is_typed_as_words(shop: Context) -> None:
    made = draft(
        shop.definitions, Wish(kind="exec", at="checks/orders --say 'two words'", measures=(NOTHING,))
    )
    (source,) = yaml.safe_load(made.text)["sources"]
    assert source["command"] == ["checks/orders", "--say", "two words"]
    assert with_draft(shop, made).definitions.source(made.source) is not None


def test_where_a_source_is_may_be_what_it_is_called(shop: Context) -> None:
    assert (choices("gitlab").place, choices("github_actions").place) == ("project", "repository")


def test_without_answers_it_is_the_example_with_keys_of_its_own(shop: Context) -> None:
    made = draft(shop.definitions, Wish(kind="prometheus"))
    assert (made.source, made.benchmarks) == ("metrics-2", ("checkout-p95",))
    assert draft(None, Wish(kind="prometheus")).source == "metrics"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(kind="promethus"), "no kind of source and no recipe"),
        (Wish(kind="record"), "needs no entry under sources"),
        (Wish(kind="prometheus", key="metrics"), "there is a source “metrics” already"),
        (Wish(kind="prometheus", key="My Metrics"), "cannot be a key"),
        (Wish(kind="prometheus", measures=("latencies",)), "measures no “latencies”"),
        (Wish(kind="exec", at="checks/orders 'two"), "cannot be split into words"),
        (Wish(kind="manual", at="somewhere"), "at no place of its own"),
    ],
)
def test_what_cannot_be_drafted_is_said(shop: Context, wish: Wish, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        draft(shop.definitions, wish)


def test_it_is_written_where_an_include_finds_it_and_never_over_another_file(tmp_path: Path) -> None:
    text = build.SHOP.replace("checklists:", "include: ['parts/*.yaml']\nchecklists:")
    (tmp_path / "shop" / "parts").mkdir(parents=True)
    (tmp_path / "shop" / "parts" / "one.yaml").write_text("sources: []\n", encoding="utf-8")
    with build.shop(tmp_path / "shop", text) as context:
        made = draft_in(context, Wish(kind="junit", key="units", measures=(NOTHING,)))
        written = write(context, made)
        assert (written.file, written.included) == ("parts/source-units.yaml", True)
        assert (context.root / written.file).read_text(encoding="utf-8") == made.text
        with pytest.raises(UsageError, match="exists already"):
            write(context, made)
        with pytest.raises(UsageError, match="outside of the project"):
            write(context, made, "../units.yaml")
        assert not write(context, made, "elsewhere.yaml").included


def test_without_such_an_include_it_is_said_that_nothing_includes_it(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        written = write(context, draft_in(context, Wish(kind="junit", key="units")))
        assert (written.file, written.included) == ("source-units.yaml", False)
