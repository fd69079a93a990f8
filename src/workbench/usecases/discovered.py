"""What was discovered, and the map: choosing differences, putting them on it, and probes that keep watch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from workbench.model.errors import UsageError
from workbench.model.keys import nearest, slug
from workbench.parity import model as parity
from workbench.parity.model import Difference
from workbench.parity.seen import NOT_THERE, Row, texts_of
from workbench.parity.table import name_of
from workbench.probes.runs import Seen
from workbench.record import Change, Commit
from workbench.sources.configuration.naming import WORD
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.discovering import Compared, Discovered, Discovery

EVERYTHING = "all"
ON_MAP = "on the map"
_MOST_NAMED = 3  # files that a probe names one by one
_DATABASE = re.compile(r"(?:postgres(?:ql)?|sqlite)(?:\+\w+)?://", re.IGNORECASE)
_SITE = re.compile(r"https?://[^\s/]+", re.IGNORECASE)
_OWN_SITE = re.compile(r"(?:^|_)(?:base|app|site|public|api|service|web|root|external)_?(?:url|address)$")


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What became of what was chosen: ids of new rows and of changed ones, and how many the map had already."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    known: int
    commit: Commit | None


def choose(discovery: Discovery, refs: Sequence[str]) -> list[Discovered]:
    """The differences of these ids, each once; ``all`` are all of them.

    ``UsageError`` for an id that nothing has: also where what it named says something else by now.
    """
    if EVERYTHING in refs:
        return list(discovery.proposals)
    by_id = {one.id: one for one in discovery.proposals}
    for ref in refs:
        if ref not in by_id:
            meant = nearest(ref, list(by_id))
            raise UsageError(
                f"nothing that was discovered is called “{ref}”",
                hint=f"did you mean {meant}?"
                if meant
                else "workbench parity discover lists what differs now",
            )
    return [by_id[ref] for ref in dict.fromkeys(refs)]


class OnMap(msgspec.Struct, frozen=True):
    """The row of the map that says a difference: its id, what it says in words, and whether the values are the same."""

    row: str
    words: str
    same: bool


def on_map(context: Context, discovery: Discovery) -> dict[str, OnMap]:
    """What the map says already, by id."""
    rows = _rows(context)
    said = {}
    for one in discovery.proposals:
        if (row := rows.get(name_of(one.title, ""))) is not None:
            same = _says(row[1], one)
            said[one.id] = OnMap(row[0].id, ON_MAP if same else f"{ON_MAP} with other values", same)
    return said


def value_words(text: str | None) -> str:
    """A value in words, also one that is not there or empty."""
    return NOT_THERE if text is None else text or "(empty)"


def add(context: Context, chosen: Iterable[Discovered]) -> Added:
    """Put differences on the map, in one act; a row of the same title takes over the values that were found."""
    rows, changes, known = _rows(context), list[Change](), 0
    new: list[str] = []
    for one in chosen:
        row = rows.get(name_of(one.title, ""))
        if row is None:
            change = parity.new_difference(_difference(one), context.now, fresh_id(context))
            new.append(change.id)
        elif _says(row[1], one):
            known += 1
            continue
        else:
            staging, production = _texts(one)
            change = parity.edited(
                row[0], msgspec.structs.replace(row[1], staging=staging, production=production)
            )
        changes.append(change)
    done = commit(context, changes) if changes else None
    return Added(
        added=tuple(new),
        changed=tuple(change.id for change in changes if change.id not in new),
        known=known,
        commit=done,
    )


def _rows(context: Context) -> Mapping[str, Row]:
    """The map by what its rows are called; a discovery is about all regions."""
    rows = parity.all_differences(context.record)
    return {name_of(value.title, value.region): (stored, value) for stored, value in rows}


def _difference(one: Discovered) -> Difference:
    staging, production = _texts(one)
    return Difference(
        title=one.title, staging=staging, production=production, category=one.category, severity=one.severity
    )


def _says(row: Difference, one: Discovered) -> bool:
    return (row.staging, row.production) == _texts(one)


def _texts(one: Discovered) -> tuple[str, str]:
    """Both values as a probe that finds the same would put them on the map."""
    return texts_of(Seen(path=one.path, staging=one.staging, production=one.production, secret=one.secret))


# --- probes that keep watch -------------------------------------------------------------------


def probes_for(discovery: Discovery) -> str:
    """Probes that keep watching what was compared, and databases and sites that they could, as YAML to paste."""
    sources, probes = [], []
    for name, kind, probe in (("database", "sql", _SCHEMA), ("site", "http", _REQUESTS)):
        found = _databases(discovery) if kind == "sql" else _sites(discovery)
        if found is not None:
            for side, url in zip(("staging", "production"), found, strict=True):
                sources.append(f"  - {{key: {side}-{name}, kind: {kind}, url: {_quoted(url)}}}")
            probes += [line.replace("NAME", name) for line in probe]
    keys: set[str] = set()
    own = [line for one in discovery.compared for line in _probe(one, keys)]
    return "\n".join([*(["sources:", *sources] if sources else []), "probes:", *own, *probes]) + "\n"


_SCHEMA = (
    "  - {key: schema, kind: schema, staging: staging-NAME, production: production-NAME}  # needs workbench trust",
)
_REQUESTS = (
    '  - {key: answers, kind: http, staging: staging-NAME, production: production-NAME, requests: ["/"]}  # needs trust',
)


def _probe(one: Compared, keys: set[str]) -> Iterator[str]:
    if not one.staging or not one.production:
        return
    words = re.sub(r"[^a-z0-9]+", " ", one.title.lower()).strip()
    key = slug(words) if words else "settings"
    number = 2
    while key in keys:
        key, number = f"{slug(words) if words else 'settings'}-{number}", number + 1
    keys.add(key)
    yield f"  - key: {key}"
    yield "    kind: configuration"
    yield f"    title: {_quoted(f'What stands in {one.title} is that of production')}"
    yield f"    staging: {_patterns(one.staging)}"
    yield f"    production: {_patterns(one.production)}"


def _patterns(files: Sequence[str]) -> str:
    """A few files by name; many as patterns of the folder that is theirs."""
    if len(files) == 1:
        return _quoted(files[0])
    if len(files) <= _MOST_NAMED:
        return f"[{', '.join(map(_quoted, files))}]"
    parts = [PurePosixPath(file).parts for file in files]
    last = [max(at for at, part in enumerate(each[:-1]) if WORD.search(part)) for each in parts]
    found = {
        f"{'/'.join(each[: at + 1])}/**/*{PurePosixPath(each[-1]).suffix}"
        for each, at in zip(parts, last, strict=True)
    }
    return f"[{', '.join(map(_quoted, sorted(found)))}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _databases(discovery: Discovery) -> tuple[str, str] | None:
    """The variables that are to hold the addresses of two databases, where two were seen."""
    for path, (staging, production) in sorted(discovery.both.items()):
        if _DATABASE.match(staging) and _DATABASE.match(production) and staging != production:
            name = re.sub(r"[^A-Z0-9]+", "_", path.rpartition("/")[2].upper()).strip("_") or "DATABASE"
            return f"${{STAGING_{name}}}", f"${{PRODUCTION_{name}}}"
    return None


def _sites(discovery: Discovery) -> tuple[str, str] | None:
    """The addresses of the two sites, where a setting is called as one that holds its own address."""
    for path, (staging, production) in sorted(discovery.both.items()):
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path.rpartition("/")[2]).lower()
        ours, theirs = _SITE.match(staging), _SITE.match(production)
        if ours and theirs and ours[0] != theirs[0] and _OWN_SITE.search(name):
            return ours[0], theirs[0]
    return None
