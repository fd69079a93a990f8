"""Recipes: how to ask a product through a kind of source that is there already; each a folder with its ``guide.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from workbench.model.kinds import NOTHING, Proof, Uses


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe as definitions know it: ``kind`` is the kind of source through which it asks."""

    name: str
    about: str
    kind: str
    proof: Proof
    config: type[msgspec.Struct] = msgspec.Struct
    shorthand: str | None = None
    refers: Mapping[str, str] = {}

    @property
    def unproven(self) -> bool:
        """Whether nobody has tried it against the real thing."""
        return self.proof is not Proof.REAL

    def uses(self, config: Any) -> Uses:
        """A recipe uses nothing of its own."""
        return NOTHING


class Recipes(Mapping[str, Recipe]):
    """The recipes by name; their guides are read only when somebody asks."""

    def __getitem__(self, name: str) -> Recipe:
        from workbench.sources.guides import recipe  # 5 ms that a project without recipes need not wait

        guide = recipe(name)
        if guide is None:
            raise KeyError(name)
        return Recipe(name=name, about=guide.about, kind=guide.kind, proof=Proof(guide.proof))

    def __iter__(self) -> Iterator[str]:
        from workbench.sources.guides import recipes

        return iter(recipes())

    def __len__(self) -> int:
        return sum(1 for _ in self)


RECIPES = Recipes()
