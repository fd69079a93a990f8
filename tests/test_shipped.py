"""What comes with the package is found, and gets into it when it is built."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
import yaml

from workbench import shipped
from workbench.definitions.shapes import Checklist

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("pre-production", "production-readiness", "incident")


def read(name: str) -> Checklist:
    text = (shipped.checklists() / f"{name}.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), Checklist)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_whole_questions(name: str) -> None:
    found = read(name)
    assert found.checklist == name
    assert 5 <= len(found.items) <= 12
    assert len({item.key for item in found.items}) == len(found.items)
    for item in found.items:
        assert len(item.title) <= 44 and not item.title.endswith(".")
        assert item.why.endswith(".") and item.check.endswith((".", "?"))
        assert item.evidence
        assert not (item.automatic and item.needs_evidence), "the record is the evidence of an automatic item"


def test_automatic_items_name_facts_that_the_record_knows() -> None:
    from workbench.definitions.shapes import AutomaticFact

    items = [item for name in LISTS for item in read(name).items]
    named = {fact for item in items for fact in (item.automatic, item.needs_fact) if fact}
    # For lists of projects that have probes, and of those that ask for the rollback alone.
    of_projects = {"probes_run", "data_fresh", "data_masked", "rollback_rehearsed"}
    assert named | of_projects == {fact.value for fact in AutomaticFact} and not named & of_projects


def test_the_sample_projects_are_there() -> None:
    assert (shipped.samples() / "web-shop" / "workbench.yaml").is_file()


def test_a_build_holds_the_shipped_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    core = pytest.importorskip("distutils.core")
    monkeypatch.chdir(ROOT)
    built = core.run_setup(str(ROOT / "setup.py"), stop_after="init")
    built.packages, built.package_dir = ["workbench"], {"": "src"}
    command = built.get_command_obj("build_py")
    command.build_lib = str(tmp_path)
    command.ensure_finalized()
    command.run()
    inside = tmp_path / "workbench" / "data"
    for folder in ("checklists", "sample_projects", "docs"):
        wanted = {p.relative_to(ROOT) for p in (ROOT / folder).rglob("*") if p.is_file()}
        wanted = {
            p for p in wanted if not re.search(r"__pycache__|\.workbench|docs/(pictures|make_)", str(p))
        }
        assert {p.relative_to(inside) for p in (inside / folder).rglob("*") if p.is_file()} == wanted


def test_an_installed_package_looks_inside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "checklists").mkdir()
    monkeypatch.setattr(shipped, "_INSTALLED", tmp_path)
    assert shipped.checklists() == tmp_path / "checklists"
    assert shipped.samples() == ROOT / "sample_projects"
