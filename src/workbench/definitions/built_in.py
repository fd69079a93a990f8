"""A checklist that comes with the workbench, for projects that name none of their own."""

from __future__ import annotations

from functools import cache

from workbench import shipped
from workbench.definitions.files import read_text
from workbench.definitions.inline import DefinitionReader
from workbench.definitions.shapes import BUILT_IN, Checklist
from workbench.definitions.structs import look_at
from workbench.definitions.yaml_text import parse


@cache
def built_in_checklist(key: str) -> Checklist:
    """The built-in checklist of that key."""
    look_at(Checklist)
    folder = shipped.checklists()
    document = parse(read_text(folder / f"{key}.yaml"), f"{BUILT_IN}{key}.yaml")
    assert document.root is not None
    reader = DefinitionReader(document, folder, {}, {}, {})
    found = reader.struct(document.root, Checklist, ("checklists", key), "a checklist")
    assert isinstance(found, Checklist), reader.problems
    return found
