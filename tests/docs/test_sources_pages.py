"""Every kind of source and every recipe has its guide; docs/sources holds them as the program has them."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import yaml

from workbench.definitions import find_project, load
from workbench.sources.guides import FILE, read_guide, recipes
from workbench.sources.kinds import KINDS, NAMES
from workbench.usecases.project import kinds

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


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_says_what_it_is_and_asks_through_a_kind_that_is_there(name: str) -> None:
    guide = read_guide(name, GUIDES[name].read_text(encoding="utf-8"))
    assert guide.about.endswith(".")
    assert name not in NAMES
    assert yaml.safe_load(guide.example)["sources"][0]["kind"] in NAMES


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
