"""The kinds of source and the recipes, in words: for the command that lists them, for the guide and for the app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from workbench.definitions.words import words_of
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.kinds import Proof, SourceKind
from workbench.model.text import safe_text
from workbench.sources.guides import Guide, guide_of, recipe, recipes
from workbench.sources.kinds import KINDS


class SourceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of source or a recipe, in words.

    ``kind`` is what a file says: the name itself, or the kind through which a recipe asks.  ``proof`` is what it was
    tried against (``real``, ``contract``, ``fixtures``), ``unproven`` whether that is not enough to rely on.  ``feeds`` are the built-in kinds of
    benchmark that it can answer, by its example; ``tests`` whether it knows test results.
    """

    name: str
    title: str
    about: str
    kind: str
    recipe: bool = False
    proof: str
    unproven: bool
    feeds: tuple[str, ...] = ()
    tests: bool = False


class FieldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A field as a file writes it: its name, what it means, whether it has to be there, its only words, what else holds."""

    name: str
    words: str
    required: bool
    choices: tuple[str, ...] = ()
    default: str = ""


class SourcePage(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say of a kind or a recipe.  ``fields`` are by where they stand: ``source``, ``measure``, ``tests``."""

    line: SourceLine
    fields: Mapping[str, tuple[FieldLine, ...]]
    example: str = ""
    how: str = ""
    pitfalls: str = ""
    tried: str = ""


def source_lines(name: str | None = None) -> list[SourceLine]:
    """Every kind, and then every recipe; with a name only that one, and what asks through it.

    ``UsageError`` for a name that is neither a kind nor a recipe.
    """
    if name is not None:
        source_page(name)
    found = [*map(_of_kind, KINDS.values()), *(_of_recipe(guide) for guide in _recipes())]
    return [line for line in found if name in (None, line.name, line.kind)]


def source_page(name: str) -> SourcePage:
    """One kind or recipe by its name; ``UsageError`` for another name."""
    guide = recipe(name)
    if guide is not None:
        return _page(_of_recipe(guide), guide, None)
    if name in KINDS:
        return _page(_of_kind(KINDS[name]), guide_of(name), KINDS[name])
    meant = nearest(name, [*KINDS, *recipes()])
    raise UsageError(
        f"there is no kind of source and no recipe called “{safe_text(name, 60)}”",
        hint=f"did you mean {meant}?" if meant else "workbench source list shows them",
    )


def example_of(name: str) -> Mapping[str, Any]:
    """What the example of a kind or a recipe says: ``sources`` and ``benchmarks``; nothing without a guide."""
    guide = recipe(name) or (guide_of(name) if name in KINDS else None)
    return _read(guide.example) if guide else {}


def feeds_of(kind: str, named: str | None = None) -> tuple[str, ...]:
    """The built-in kinds of benchmark that a source of a kind can answer, or of a recipe that it names."""
    return _feeds(recipe(named) if named else guide_of(kind))


def benchmarks_in(guide: Guide) -> list[Mapping[str, Any]]:
    """The benchmarks of a guide's example, as they are written."""
    found: list[Mapping[str, Any]] = _read(guide.example).get("benchmarks") or []
    return found


def source_in(guide: Guide) -> Mapping[str, Any]:
    """The source of a guide's example; empty for one that needs none."""
    found: list[Mapping[str, Any]] = _read(guide.example).get("sources") or []
    return found[0] if found else {}


@cache
def _read(text: str) -> Mapping[str, Any]:
    import yaml  # 10 ms, for those who look at guides only

    found = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found if isinstance(found, dict) else {}


def _feeds(guide: Guide | None) -> tuple[str, ...]:
    if guide is None:
        return ()
    return tuple(dict.fromkeys(str(item["kind"]) for item in benchmarks_in(guide) if "kind" in item))


def _recipes() -> Iterator[Guide]:
    for name in recipes():
        guide = recipe(name)
        if guide is not None:
            yield guide


def _of_kind(kind: SourceKind) -> SourceLine:
    guide = guide_of(kind.name)
    return SourceLine(
        name=kind.name,
        title=guide.title if guide else kind.name,
        about=kind.about,
        kind=kind.name,
        proof=kind.proof.value,
        unproven=kind.unproven,
        feeds=_feeds(guide),
        tests=kind.tests is not None,
    )


def _of_recipe(guide: Guide) -> SourceLine:
    return SourceLine(
        name=guide.name,
        title=guide.title,
        about=guide.about.rstrip("."),
        kind=str(source_in(guide).get("kind", "")),
        recipe=True,
        proof=guide.proof,
        unproven=guide.proof != Proof.REAL.value,
        feeds=_feeds(guide),
    )


def _page(line: SourceLine, guide: Guide | None, kind: SourceKind | None) -> SourcePage:
    shapes = {"source": kind.config, "measure": kind.measure, "tests": kind.tests} if kind else {}
    fields = {place: tuple(_fields(shape)) for place, shape in shapes.items() if shape is not None}
    if guide is None:
        return SourcePage(line=line, fields=fields)
    return SourcePage(
        line=line,
        fields=fields,
        example=guide.example,
        how=guide.how,
        pitfalls=guide.pitfalls,
        tried=guide.tried,
    )


def _fields(shape: type[msgspec.Struct]) -> Iterator[FieldLine]:
    words, types = words_of(shape), get_type_hints(shape)
    for field in msgspec.structs.fields(shape):
        yield FieldLine(
            name=field.encode_name,
            words=words.get(field.encode_name, "").replace("``", "`"),
            required=field.required,
            choices=_choices(types[field.name]),
            default=_default(field.default),
        )


def _choices(type_: Any) -> tuple[str, ...]:
    """The words that a field takes, where it takes no others."""
    if get_origin(type_) is Literal:
        return tuple(map(str, get_args(type_)))
    # A word or a list of words names each of them twice.
    return tuple(dict.fromkeys(word for part in get_args(type_) for word in _choices(part)))


def _default(value: Any) -> str:
    """What holds unless a file says otherwise, where that is worth a word."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
