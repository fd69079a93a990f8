"""Every kind of source and every recipe has its guide; docs/sources holds them as the program has them."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import yaml

from workbench.benchmarks.kinds import NAMES as BENCHMARKS
from workbench.definitions import find_project, load
from workbench.sources.guides import FILE, read_guide, recipes
from workbench.sources.kinds import KINDS, NAMES
from workbench.usecases.project import kinds
from workbench.usecases.views.source_feeds import MEASURED, Feed, feeds
from workbench.usecases.views.source_kinds import SourceLine
from workbench.usecases.views.source_page import begun

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
SOURCES = TOP / "src" / "workbench" / "sources"
GUIDES = {name: SOURCES / name / FILE for name in NAMES} | {
    name: SOURCES / "recipes" / name / FILE for name in recipes()
}


def script() -> ModuleType:
    spec = spec_from_file_location("make_sources", DOCS / "make_sources.py")
    assert spec is not None and spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


MADE = script()


def test_the_overview_has_the_tables_of_the_program() -> None:
    page = (DOCS / "sources.md").read_text(encoding="utf-8")
    assert page == MADE.written(page), "run: make sources"


def test_there_is_a_page_for_each_kind_and_recipe_and_no_other() -> None:
    assert {path.name for path in (DOCS / "sources").glob("*.md")} == set(MADE.pages()), "run: make sources"


@pytest.mark.parametrize("name", [f"{name}.md" for name in GUIDES])
def test_a_page_is_as_the_program_has_it(name: str) -> None:
    page = (DOCS / "sources" / name).read_text(encoding="utf-8")
    assert page == MADE.pages()[name], "run: make sources"


@pytest.mark.parametrize("name", GUIDES)
def test_every_kind_and_recipe_has_a_guide_with_example_pitfalls_and_what_it_was_tried_against(
    name: str,
) -> None:
    assert GUIDES[name].is_file(), f"write {GUIDES[name].relative_to(TOP)}"
    guide = read_guide(name, GUIDES[name].read_text(encoding="utf-8"))
    assert name not in NAMES or guide.proof == KINDS[name].proof.value


@pytest.mark.parametrize("line", MADE.ours(), ids=lambda line: line.name)
def test_what_a_kind_or_a_recipe_is_begins_and_ends_like_all_others(line: SourceLine) -> None:
    assert line.about == begun(line) and not line.about.endswith(".")


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_says_what_it_is_and_asks_through_a_kind_that_is_there(name: str) -> None:
    guide = read_guide(name, GUIDES[name].read_text(encoding="utf-8"))
    assert guide.about.endswith(".")
    assert name not in NAMES
    source = yaml.safe_load(guide.example)["sources"][0]
    assert source["kind"] in NAMES and source["recipe"] == name


@pytest.mark.parametrize("name", GUIDES)
def test_a_project_takes_the_example_as_it_is(name: str, tmp_path: Path) -> None:
    guide = read_guide(name, GUIDES[name].read_text(encoding="utf-8"))
    example = yaml.safe_load(guide.example)
    assert set(example) <= {"sources", "benchmarks"}
    sources = example.get("sources", [])
    if name in NAMES:
        assert [source["kind"] for source in sources] == ([] if KINDS[name].from_record else [name])
    (tmp_path / "workbench.yaml").write_text(yaml.safe_dump(PROJECT | example), encoding="utf-8")
    loaded = load(find_project(tmp_path), kinds())
    assert [problem.what for problem in loaded.warnings if "unproven" not in problem.what] == []
    asked = {benchmark.measure.source for benchmark in loaded.project.benchmarks if benchmark.measure}
    assert asked <= {"record", *(source["key"] for source in sources)}


PROJECT: dict[str, Any] = {
    "project": "shop",
    "environments": [
        {"key": "staging", "kind": "staging"},
        {"key": "production", "kind": "production"},
    ],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_every_field(name: str) -> None:
    page = (DOCS / "sources" / f"{name}.md").read_text(encoding="utf-8")
    for shape in (KINDS[name].config, KINDS[name].measure, KINDS[name].tests):
        for field in msgspec.structs.fields(shape) if shape else ():
            assert f"| `{field.encode_name}` | " in page, field.name


def test_every_kind_of_benchmark_is_measured_somewhere_in_the_table() -> None:
    codes = [
        *(f"DIM-{n}" for n in range(1, 6)),
        *(f"BM-{n}" for n in range(1, 17)),
        *(f"OP-{n}" for n in range(1, 11)),
    ]
    assert set(codes) <= set(MEASURED)
    named = [kind for _, kinds in MEASURED.values() for kind in kinds]
    assert sorted(named) == sorted(BENCHMARKS)


@pytest.mark.parametrize("feed", feeds(), ids=lambda feed: feed.kind)
def test_something_beside_a_person_fills_every_kind_of_benchmark(feed: Feed) -> None:
    assert feed.fed, "give the example of a source one of this kind"
