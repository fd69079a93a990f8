"""JSON Schema (draft 2020-12) of the definition files, made from their structs, for editors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from workbench.definitions.inline import BESIDE
from workbench.definitions.kinded import kinded_of, kinded_shapes
from workbench.definitions.shapes import Checklist, Part, Project
from workbench.definitions.structs import label_of, struct_type, structs_in
from workbench.definitions.words import words_of
from workbench.model.kinds import Kind, Kinds

DRAFT = "https://json-schema.org/draft/2020-12/schema"
What = Literal["project", "part", "checklist"]
ROOTS: Mapping[str, type[msgspec.Struct]] = {"project": Project, "part": Part, "checklist": Checklist}
_REF = "#/$defs/"


def schema(
    kinds: Kinds, what: What = "project", roots: Mapping[str, type[msgspec.Struct]] = ROOTS
) -> dict[str, Any]:
    """The schema of ``workbench.yaml``, of a file that it includes, or of a checklist."""
    root = roots[what]
    kinded = kinded_shapes(root)
    structs = list(_with_all_below([root, *kinded, *_inner(kinded, kinds)]))
    refs, components = msgspec.json.schema_components(structs, ref_template=_REF + "{name}")
    names = {cls: ref["$ref"].removeprefix(_REF) for cls, ref in zip(structs, refs, strict=True)}
    definitions = {name: _adapted(component) for name, component in components.items() if name != "Struct"}
    by_struct = {cls: definitions[name] for cls, name in names.items()}
    for cls, definition in by_struct.items():
        _say_what_fields_are(cls, definition)
    for cls in kinded:
        definitions[names[cls]] = _kinded(cls, kinds, by_struct, names)
    _relax_lists(definitions[names[root]])
    _list_benchmark_kinds(definitions, kinds)
    title = f"{label_of(root)} of the release workbench"
    return {"$schema": DRAFT, "title": title, **refs[0], "$defs": dict(sorted(definitions.items()))}


def _list_benchmark_kinds(definitions: Mapping[str, Any], kinds: Kinds) -> None:
    """Editors offer the built-in kinds of benchmark, each with what it measures."""
    if "Benchmark" in definitions and "benchmarks" in kinds:
        fields = definitions["Benchmark"]["properties"]
        fields["measure"].pop("default", None)  # what stands in its place is for nobody to write
        known = [{"const": name, "description": kind.about} for name, kind in kinds["benchmarks"].items()]
        fields["kind"]["anyOf"] = [*known, {"type": "null"}]


def _inner(kinded: Iterable[type[msgspec.Struct]], kinds: Kinds) -> list[type[msgspec.Struct]]:
    """The structs of the kinds that stand in these shapes."""
    found = [
        getattr(kind, how.shape)
        for cls in kinded
        if (how := kinded_of(cls)) is not None
        for kind in kinds[how.kinds].values()
    ]
    return [cls for cls in dict.fromkeys(found) if cls is not None]


def _with_all_below(structs: Iterable[type[msgspec.Struct]]) -> dict[type[msgspec.Struct], None]:
    """These and every struct that stands in them, each once."""
    found: dict[type[msgspec.Struct], None] = {}
    for cls in structs:
        if cls is not msgspec.Struct and cls not in found:
            found |= {cls: None}
            found |= _with_all_below(
                below for field in struct_type(cls).fields for below in structs_in(field.type)
            )
    return found


def _say_what_fields_are(cls: type[msgspec.Struct], definition: dict[str, Any]) -> None:
    for name, words in words_of(cls).items():
        definition["properties"][name] |= {"description": words.replace("``", "")}


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


def _kinded(
    cls: type[msgspec.Struct],
    kinds: Kinds,
    by_struct: Mapping[type[msgspec.Struct], dict[str, Any]],
    names: Mapping[type[msgspec.Struct], str],
) -> dict[str, Any]:
    """One choice for each kind."""
    outer, how = by_struct[cls], kinded_of(cls)
    assert how is not None
    listed = sorted(kinds[how.kinds].items())
    if how.by_name:
        options = [_by_name(outer, kind, names[getattr(kind, how.shape)]) for _, kind in listed]
        bare = {"enum": [name for name, _ in listed], "description": f"{label_of(cls)} that needs no fields"}
        return {"description": outer["description"], "oneOf": [*options, bare]}
    options = []
    for name, kind in listed:
        inner = getattr(kind, how.shape)
        if inner is not None:
            found = _inline(outer, by_struct[inner], how.holder)
            if how.through is None:
                found["properties"]["kind"] = {"const": name, "description": kind.about}
            options.append({"title": name, "description": kind.about, **found})
    # Which kind another definition has stands elsewhere in the file, so any kind's fields will do.
    return {"description": outer["description"], "oneOf" if how.through is None else "anyOf": options}


def _by_name(outer: dict[str, Any], kind: Kind, config_name: str) -> dict[str, Any]:
    options: list[dict[str, Any]] = [{"$ref": _REF + config_name}, {"type": "null"}]
    if kind.shorthand:
        options.append({"type": ["string", "number", "boolean"]})
    beside = {field: outer["properties"][field] for field in BESIDE if field in outer["properties"]}
    return {
        "title": kind.name,
        "description": kind.about,
        "type": "object",
        "properties": {**beside, kind.name: {"description": kind.about, "anyOf": options}},
        "required": [kind.name],
        "additionalProperties": False,
    }
