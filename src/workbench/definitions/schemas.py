"""JSON Schema (draft 2020-12) of the definition files, made from their structs, for editors."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from workbench.definitions.reading import label_of
from workbench.definitions.shapes import Checklist, Measure, Part, Project, Requirement, Source
from workbench.model.kinds import Kinds, RequirementKind, SourceKind

DRAFT = "https://json-schema.org/draft/2020-12/schema"
What = Literal["project", "part", "checklist"]
_ROOTS: dict[str, type[msgspec.Struct]] = {"project": Project, "part": Part, "checklist": Checklist}
_REF = "#/$defs/"


def schema(kinds: Kinds, what: What = "project") -> dict[str, Any]:
    """The schema of ``workbench.yaml``, of a file that it includes, or of a checklist."""
    root = _ROOTS[what]
    structs = list(dict.fromkeys([root, *_inlined(kinds)] if what != "checklist" else [root]))
    refs, components = msgspec.json.schema_components(structs, ref_template=_REF + "{name}")
    names = {cls: ref["$ref"].removeprefix(_REF) for cls, ref in zip(structs, refs, strict=True)}
    definitions = {name: _adapted(component) for name, component in components.items() if name != "Struct"}
    if what != "checklist":
        by_struct = {cls: definitions[name] for cls, name in names.items()}
        definitions[names[Source]] = _sources(kinds, by_struct)
        definitions[names[Measure]] = _measures(kinds, by_struct)
        definitions[names[Requirement]] = _requirements(by_struct[Requirement], kinds, names)
    _relax_lists(definitions[names[root]])
    title = f"{label_of(root)} of the release workbench"
    return {"$schema": DRAFT, "title": title, **refs[0], "$defs": definitions}


def _inlined(kinds: Kinds) -> list[type[msgspec.Struct]]:
    """The structs that hold a kind's fields, and those fields."""
    found: dict[type[msgspec.Struct], None] = dict.fromkeys([Source, Measure, Requirement])
    for source in kinds.sources.values():
        found[source.config] = None
        if source.measure is not None:
            found[source.measure] = None
    for requirement in kinds.requirements.values():
        found[requirement.config] = None
    return list(found)


def _adapted(value: Any) -> Any:
    """The reader takes any scalar as text and numbers as decimals; docstrings lose their marks of code."""
    if isinstance(value, dict):
        if value.get("format") == "decimal":
            return {"type": "number"}
        found = {name: _adapted(item) for name, item in value.items()}
        if found.get("type") == "string" and not {"title", "pattern", "enum"} & found.keys():
            found["type"] = ["string", "number", "boolean"]
        if isinstance(found.get("description"), str):
            found["description"] = " ".join(found["description"].replace("``", "").split())
        return found
    if isinstance(value, list):
        return [_adapted(item) for item in value]
    return value


def _relax_lists(root: dict[str, Any]) -> None:
    """A list whose entries are all commented out is empty, not a mistake."""
    for name, field in root["properties"].items():
        if field.get("type") == "array":
            root["properties"][name] = {**field, "type": ["array", "null"]}


def _inline(outer: dict[str, Any], inner: dict[str, Any], holder: str) -> dict[str, Any]:
    own = {name: field for name, field in outer["properties"].items() if name != holder}
    return {
        "type": "object",
        "properties": {**own, **inner["properties"]},
        "required": sorted({*outer.get("required", ()), *inner.get("required", ())}),
        "additionalProperties": False,
    }


def _sources(kinds: Kinds, by_struct: dict[type[msgspec.Struct], dict[str, Any]]) -> dict[str, Any]:
    outer = by_struct[Source]

    def one(name: str, kind: SourceKind) -> dict[str, Any]:
        found = _inline(outer, by_struct[kind.config], "config")
        found["properties"]["kind"] = {"const": name, "description": kind.about}
        return {"title": name, "description": kind.about, **found}

    options = [one(name, kind) for name, kind in sorted(kinds.sources.items())]
    return {"description": outer["description"], "oneOf": options}


def _measures(kinds: Kinds, by_struct: dict[type[msgspec.Struct], dict[str, Any]]) -> dict[str, Any]:
    """Which kind a measure's source has stands elsewhere in the file, so any kind's fields will do."""
    outer = by_struct[Measure]
    options = [
        {"title": name, "description": kind.about, **_inline(outer, by_struct[kind.measure], "ask")}
        for name, kind in sorted(kinds.sources.items())
        if kind.measure is not None
    ]
    return {"description": outer["description"], "anyOf": options}


def _requirements(
    outer: dict[str, Any], kinds: Kinds, names: dict[type[msgspec.Struct], str]
) -> dict[str, Any]:
    def one(name: str, kind: RequirementKind) -> dict[str, Any]:
        config: dict[str, Any] = {"$ref": _REF + names[kind.config]}
        options = [config, {"type": "null"}]
        if kind.shorthand:
            options.append({"type": ["string", "number", "boolean"]})
        beside = {field: outer["properties"][field] for field in ("key", "title")}
        return {
            "title": name,
            "description": kind.about,
            "type": "object",
            "properties": {**beside, name: {"description": kind.about, "anyOf": options}},
            "required": [name],
            "additionalProperties": False,
        }

    options = [one(name, kind) for name, kind in sorted(kinds.requirements.items())]
    bare = {"enum": sorted(kinds.requirements), "description": "a requirement that needs no fields"}
    return {"description": outer["description"], "oneOf": [*options, bare]}
