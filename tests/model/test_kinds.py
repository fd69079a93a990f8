"""The registry imports a kind's module when the kind is named, and not before."""

from __future__ import annotations

import importlib.metadata
import sys

import msgspec
import pytest

from workbench.model.errors import DefinitionError
from workbench.model.kinds import NOTHING, Registry, RequirementKind, Uses

MODULE = """
import msgspec
from workbench.model.kinds import RequirementKind

class Config(msgspec.Struct):
    pass

KIND = RequirementKind("{name}", "for the test", Config)
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "animals"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name in ("cat", "dog"):
        (folder / f"{name}.py").write_text(MODULE.format(name=name))
    monkeypatch.syspath_prepend(tmp_path)
    yield "animals"
    for name in [name for name in sys.modules if name.partition(".")[0] == "animals"]:
        del sys.modules[name]


def test_a_kind_is_imported_when_it_is_looked_up(package):
    animals = Registry(package, ("dog", "cat"))
    assert list(animals) == ["dog", "cat"]
    assert len(animals) == 2
    assert "cat" in animals
    assert "cow" not in animals
    assert "animals" not in sys.modules
    assert animals["cat"].name == "cat"
    assert animals["cat"] is animals["cat"]
    assert "animals.dog" not in sys.modules
    assert [kind.name for kind in animals.values()] == ["dog", "cat"]


def test_an_unknown_name_is_a_key_error(package):
    animals = Registry(package, ("dog",))
    with pytest.raises(KeyError, match="cow"):
        animals["cow"]
    assert animals.get("cow") is None


class Config(msgspec.Struct):
    pass


OTHER = RequirementKind("cow", "from another package", Config)


def test_another_package_is_asked_only_for_names_that_are_not_ours(package, monkeypatch):
    looked = []

    def entry_points(*, group):
        looked.append(group)
        return [entry(name, f"{__name__}:OTHER") for name in ("cow", "dog")]

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    animals = Registry(package, ("dog", "cat"), group="test.animals", made_by=RequirementKind)
    assert animals["dog"].about == "for the test"
    assert "cat" in animals
    assert looked == []
    assert animals["cow"] is OTHER
    assert "goat" not in animals
    assert list(animals) == ["dog", "cat", "cow"]
    assert len(animals) == 3
    assert looked == ["test.animals"]


@pytest.mark.parametrize(
    ("value", "words"),
    [("no.such.module:KIND", "cannot be loaded"), (f"{__name__}:entry", "names no RequirementKind")],
)
def test_a_broken_package_is_a_clear_error(package, monkeypatch, value, words):
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: [entry("cow", value)])
    animals = Registry(package, (), group="test.animals", made_by=RequirementKind)
    with pytest.raises(DefinitionError, match=f"cow.*{words}|{words}"):
        animals["cow"]


def test_nothing_used_is_false():
    assert not NOTHING
    assert Uses(hosts=("db.internal",))


def entry(name: str, value: str) -> importlib.metadata.EntryPoint:
    return importlib.metadata.EntryPoint(name=name, value=value, group="test.animals")


def test_a_module_inside_of_the_folder_may_be_meant(package, tmp_path):
    folder = tmp_path / "animals" / "fish"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "swimming.py").write_text(MODULE.format(name="fish"))
    assert Registry(package, ("fish",), inside="swimming")["fish"].name == "fish"
