"""A list of things with kinds of their own needs a shape, a field and a registry, and nothing else.

The list ``pets`` is known to this file only.  That it can be read, that its mistakes have
places, that it has a schema, that it names what there is, holds no secret, stands once and
is shown by ``trust`` follows from its shape.
"""

from __future__ import annotations

from typing import ClassVar

import jsonschema
import msgspec
import pytest
import yaml
from tests.definitions.shop import KINDS, SHOP, place_of, write

from workbench.definitions import Definitions, load
from workbench.definitions.kinded import Kinded
from workbench.definitions.schemas import schema
from workbench.definitions.shapes import Part, Project
from workbench.definitions.trust import trust_request
from workbench.model.errors import DefinitionError, Problem
from workbench.model.fields import Key, Shape
from workbench.model.kinds import RequirementKind, Uses


class Dog(Shape, frozen=True, kw_only=True):
    """Barks at an environment."""

    at: Key
    loud: bool = False


class Fish(Shape, frozen=True, kw_only=True):
    """Fetches water from a host."""

    host: str
    token: str = ""


class Pet(Shape, frozen=True, kw_only=True):
    """A pet; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="pets")

    key: Key
    kind: str
    config: msgspec.Struct | None = None


class Trick(Shape, frozen=True, kw_only=True):
    """A trick, called by the name of its kind."""

    KINDED: ClassVar = Kinded(kinds="tricks", by_name=True)

    key: Key
    kind: str
    title: str = ""
    config: msgspec.Struct | None = None


class Show(Shape, frozen=True, kw_only=True):
    """What pets do."""

    key: Key
    tricks: list[Trick] = msgspec.field(default_factory=list)


class WithPets(Part, frozen=True):
    """An included file with pets."""

    pets: list[Pet] = msgspec.field(default_factory=list)
    shows: list[Show] = msgspec.field(default_factory=list)


class ProjectWithPets(Project, frozen=True):
    """A project with pets."""

    pets: list[Pet] = msgspec.field(default_factory=list)
    shows: list[Show] = msgspec.field(default_factory=list)


def reaches(config: Fish) -> Uses:
    return Uses(hosts=(config.host,), files=("/pond",))


PETS = KINDS | {
    "pets": {
        "dog": RequirementKind("dog", "a dog", Dog, refers={"at": "environment"}),
        "fish": RequirementKind("fish", "a fish", Fish, uses=reaches),
    },
    "tricks": {"barks": RequirementKind("barks", "it barks", Dog, "at", {"at": "environment"})},
}
ZOO = (
    SHOP
    + """\
pets:
  - {key: rex, kind: dog, at: staging, loud: yes}
  - {key: blub, kind: fish, host: pond.internal}
shows:
  - key: evening
    tricks:
      - barks: production
"""
)


def loaded(folder, text: str = ZOO, **files: str) -> Definitions:
    return load(write(folder, text, **files), PETS, project=ProjectWithPets, part=WithPets)


def test_they_are_read(tmp_path):
    found = loaded(tmp_path)
    assert [pet.config for pet in found.project.pets] == [
        Dog(at="staging", loud=True),
        Fish(host="pond.internal"),
    ]
    assert found.mark("pet", "blub", "host").line == place_of(ZOO, "pond.internal")[0]
    (trick,) = found.project.shows[0].tricks
    assert (trick.key, trick.config) == ("barks-production", Dog(at="production"))


def test_they_may_stand_in_an_included_file(tmp_path):
    text = "include: [more.yaml]\n" + SHOP
    found = loaded(tmp_path, text, more="pets:\n  - {key: rex, kind: dog, at: staging}\n")
    assert [pet.key for pet in found.project.pets] == ["rex"]


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        ("kind: dog", "kind: dgo", "there is no pet kind “dgo”", "did you mean dog?"),
        ("loud: yes", "lout: yes", "a pet of kind dog has no field “lout”", "did you mean loud?"),
        ("host: pond.internal", "host: [a]", "host must be text, not a list", None),
        ("at: staging", "at: stagign", "there is no environment “stagign”", "did you mean staging?"),
        ("barks: production", "barks: product", "there is no environment “product”", "did you mean production?"),
        ("barks: production", "sings: production", "there is no trick “sings”", "possible: barks"),
        ("key: blub", "key: rex", "the pet “rex” stands here a second time; the first is at workbench.yaml:", "rename one"),
        ("pond.internal", "pond, token: glpat-aaaaaaaaaaaaaaaaaaaa", "token seems to hold a token", "write ${NAME}"),
    ],
)  # fmt: skip
def test_their_mistakes_have_places(tmp_path, old, new, what, hint):
    text = ZOO.replace(old, new)
    problem = problems(tmp_path, text)[0]
    assert problem.what.startswith(what)
    assert (problem.hint or "").startswith(hint or "")
    assert problem.file == "workbench.yaml"
    assert new.split(": ")[0] in text.splitlines()[problem.line - 1]


def problems(folder, text: str) -> list[Problem]:
    with pytest.raises(DefinitionError) as caught:
        loaded(folder, text)
    return list(caught.value.problems)


def test_editors_know_them():
    made = schema(PETS, "project", {"project": ProjectWithPets})
    validator = jsonschema.Draft202012Validator(made)
    assert validator.is_valid(yaml.safe_load(ZOO))
    assert not validator.is_valid(yaml.safe_load(ZOO.replace("loud: yes", "lout: yes")))
    assert not validator.is_valid(yaml.safe_load(ZOO.replace("kind: fish", "kind: dog")))
    assert not validator.is_valid(yaml.safe_load(ZOO.replace("barks:", "sings:")))


def test_what_their_kind_uses_is_what_people_agree_to(tmp_path):
    asked = trust_request(loaded(tmp_path))
    assert "https://pond.internal" in asked.hosts
    assert asked.files == ("/pond",)
    assert [use.where for use in asked.uses if use.files] == ["pets/blub"]
    without = trust_request(loaded(tmp_path, SHOP))
    assert without.files == ()
    assert without.digest != asked.digest
