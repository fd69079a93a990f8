"""FI-4: a Backstage catalog (``catalog-info.yaml``) and CODEOWNERS as a table of flows.

Each system of the catalog becomes a flow of its components.  Where there is no system, each component that
others are asked from, and that nobody asks, begins one.  CODEOWNERS beside the catalog adds the paths that
the same team owns.  The format is described at https://backstage.io/docs/features/software-catalog/descriptor-format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from workbench.model.cells import clean, write_list
from workbench.model.errors import UsageError
from workbench.model.files import open_regular
from workbench.model.text import number_of, safe_text
from workbench.sources.configuration.tree import Block, Leaf, Node, Unreadable
from workbench.sources.configuration.yaml_files import read_yaml
from workbench.usecases.table_rows import Table, require_room, table_of

_CATALOG = re.compile(r"(?m)^apiVersion:\s*[\"']?backstage\.io/")
_SOURCE = "backstage.io/source-location"
_NO_SERVICE = frozenset({"library", "documentation", "template"})
_IN_REPOSITORY = re.compile(r"/(?:tree|blob|src)/[^/]+/(?P<path>[^?#]+)")
_OWNERS = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
_MOST = 1_000_000  # bytes of CODEOWNERS


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """One entity of a catalog; what it refers to is told by name alone."""

    kind: str
    name: str
    line: int
    title: str = ""
    about: str = ""
    owner: str = ""
    system: str = ""
    type: str = ""
    asks: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    path: str = ""


def is_catalog(text: str) -> bool:
    """Whether a YAML text is a Backstage catalog."""
    return _CATALOG.search(text) is not None


def from_catalog(text: str, shown: str, folder: Path) -> Table:
    """The flows of a catalog; ``UsageError`` where it cannot be read or names none.

    ``folder`` is where the catalog lies: CODEOWNERS is looked for there.
    """
    try:
        roots = read_yaml(text).roots
    except Unreadable as error:
        raise UsageError(error.what, where=f"{shown}:{error.line}" if error.line else shown) from None
    entities = [entity for root in roots if isinstance(root, Block) and (entity := _entity(root, shown))]
    components = [one for one in entities if one.kind == "component" and one.type not in _NO_SERVICE]
    systems = [one for one in entities if one.kind == "system"]
    owned = owners_in(folder)
    begun = [(one, _of_system(one, components)) for one in systems] or _begun(components)
    rows = [_row(first, parts, owned) for first, parts in begun if parts]
    if not rows:
        raise UsageError(
            f"{shown} names no system with components, and no component that asks another",
            hint="a flow needs services: spec.system or spec.dependsOn of the components",
        )
    require_room(len(rows), shown)
    return msgspec.structs.replace(table_of(rows, shown), notes=tuple(_notes(entities, systems, components)))


def _entity(root: Block, shown: str) -> Entity | None:
    if not root.text("apiVersion").startswith("backstage.io/"):
        return None
    about, spec = root.block("metadata") or Block({}), root.block("spec") or Block({})
    name = clean(about.text("name"))
    if not name:
        raise UsageError("this entity has no metadata.name", where=f"{shown}:{root.line}")
    notes = about.block("annotations") or Block({})
    return Entity(
        kind=root.text("kind").casefold(),
        name=name,
        line=root.line or 1,
        title=clean(about.text("title")),
        about=clean(about.text("description")),
        owner=_referred(spec.text("owner")),
        system=_referred(spec.text("system")),
        type=spec.text("type").casefold(),
        asks=(*_components(spec.items("dependsOn")), *_named(spec.items("consumesApis"))),
        provides=_named(spec.items("providesApis")),
        path=_path(notes.text(_SOURCE)),
    )


def _referred(text: str) -> str:
    """The name in a reference: ``team-cart`` of ``group:default/team-cart``."""
    return clean(text).rpartition("/")[2].rpartition(":")[2]


def _named(items: Iterable[Node]) -> tuple[str, ...]:
    return tuple(_referred(item.text) for item in items if isinstance(item, Leaf) and item.text)


def _components(items: Iterable[Node]) -> tuple[str, ...]:
    """Those of some references that are components: resources are no services."""
    texts = [item.text for item in items if isinstance(item, Leaf)]
    return tuple(_referred(text) for text in texts if text.casefold().startswith("component:"))


def _path(location: str) -> str:
    """The folder that a location names within the repository, as a pattern; "" where it names none."""
    scheme, _, rest = location.strip().partition(":")
    if scheme == "dir":
        folder = rest.removeprefix("./")
    else:
        found = _IN_REPOSITORY.search(rest)
        folder = found["path"] if found else ""
    folder = folder.strip("/")
    return f"{folder}/**" if folder and folder != "." and ".." not in folder.split("/") else ""


def _of_system(system: Entity, components: Sequence[Entity]) -> list[Entity]:
    return _in_order([one for one in components if one.system == system.name], components)


def _begun(components: Sequence[Entity]) -> list[tuple[Entity, list[Entity]]]:
    """Components that nobody asks and that ask others, each with all that it reaches."""
    asked = {one.name for part in components for one in _asked(part, components)}
    found = []
    for first in components:
        reached = _reached(first, components)
        if first.name not in asked and len(reached) > 1:
            found.append((first, reached))
    return found


def _asked(component: Entity, components: Sequence[Entity]) -> list[Entity]:
    return [
        one for one in components if {one.name, *one.provides} & set(component.asks) and one is not component
    ]


def _reached(first: Entity, components: Sequence[Entity]) -> list[Entity]:
    found, open_ = [first], [first]
    while open_:
        for one in _asked(open_.pop(0), components):
            if one not in found:
                found.append(one)
                open_.append(one)
    return found


def _in_order(parts: list[Entity], components: Sequence[Entity]) -> list[Entity]:
    """Those that ask before those that are asked, as far as the catalog tells."""
    asked = {one.name for part in parts for one in _asked(part, components)}
    firsts = [one for one in parts if one.name not in asked] or parts
    found = list(dict.fromkeys(one.name for first in firsts for one in _reached(first, components)))
    rank = {name: place for place, name in enumerate(found)}
    return sorted(parts, key=lambda one: rank.get(one.name, len(rank)))


def _row(
    first: Entity, parts: Sequence[Entity], owned: Mapping[str, tuple[str, ...]]
) -> tuple[int, Mapping[str, str]]:
    owner = first.owner or next((one.owner for one in parts if one.owner), "")
    teams = dict.fromkeys(one.owner.casefold() for one in (first, *parts) if one.owner)
    told = [one.path for one in (first, *parts) if one.path]
    paths = dict.fromkeys([*told, *(path for team in teams for path in owned.get(team, ()))])
    return first.line, {
        "key": first.name.casefold().replace("_", "-"),
        "name": first.title or first.name.replace("-", " ").replace("_", " ").capitalize(),
        "owner": owner,
        "services": write_list([one.name for one in parts]),
        "outcome": first.about,
        "paths": write_list(list(paths)),
    }


def _notes(
    entities: Sequence[Entity], systems: Sequence[Entity], components: Sequence[Entity]
) -> Iterator[str]:
    others = sum(one.kind == "location" for one in entities)
    if others:
        names = "names" if others == 1 else "name"
        yield f"{number_of(others, 'location')} {names} further files of the catalog: import these, too"
    alone = [one.name for one in components if systems and not any(one.system == s.name for s in systems)]
    if alone:
        yield f"in no system of this file, so in no flow: {safe_text(', '.join(alone[:5]), 200)}"


# --- CODEOWNERS --------------------------------------------------------------------------------


def owners_in(folder: Path) -> dict[str, tuple[str, ...]]:
    """The patterns of CODEOWNERS by the team or person that owns them, by the last part of its name."""
    for name in _OWNERS:
        try:
            with open_regular(folder / name) as file:
                text = file.read(_MOST).decode("utf-8", "replace")
        except OSError:
            continue
        return owners_of(text)
    return {}


def owners_of(text: str) -> dict[str, tuple[str, ...]]:
    """See :func:`owners_in`.  Of two lines with one pattern the later counts; what owns everything says nothing."""
    by_pattern: dict[str, list[str]] = {}
    for line in text.splitlines():
        pattern, *owners = re.sub(r"(?<!\\)#.*", "", line).replace("\\ ", "\0").split() or [""]
        if pattern and pattern[0] not in "[^!":  # sections of GitLab, and what is excepted
            by_pattern[_pattern(pattern.replace("\0", " "))] = owners
    found: dict[str, list[str]] = {}
    for pattern, owners in by_pattern.items():
        for owner in owners if pattern.strip("*/") else ():
            found.setdefault(owner.lstrip("@").rpartition("/")[2].casefold(), []).append(pattern)
    return {owner: tuple(patterns) for owner, patterns in found.items()}


def _pattern(pattern: str) -> str:
    """A pattern of CODEOWNERS as one of a flow's paths."""
    plain = pattern.lstrip("/")
    if plain.endswith("/"):
        return f"{plain}**"
    if "/" not in pattern.strip("/") and not pattern.startswith("/"):
        return f"**/{plain}"
    return plain if "*" in plain or "." in plain.rpartition("/")[2] else f"{plain}/**"
