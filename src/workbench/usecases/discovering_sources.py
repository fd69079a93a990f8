"""Two databases and two addresses that are there for staging and for production, asked what differs.

SQLite files of a folder are only read; a source of the project is asked only where a person agreed to it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from workbench.definitions.project import Definitions
from workbench.definitions.shapes import Category, Probe, Severity, Source
from workbench.model.canonical import digest
from workbench.model.times import Clock
from workbench.probes.captured import Change
from workbench.probes.hiding import Hide
from workbench.probes.kinds import KINDS
from workbench.probes.kinds.http import HttpProbe
from workbench.probes.kinds.schema import SchemaConfig
from workbench.probes.running import Job, Ran, Running, run
from workbench.sources.secrets import Secrets
from workbench.sources.sql import SqlConfig
from workbench.usecases.discovering import SECRET_DIFFERS, Compared, Discovered, Discovery
from workbench.usecases.pairs import twins
from workbench.usecases.surveying import files_below
from workbench.usecases.trusting import trusts

_SUFFIXES = frozenset({".db", ".sqlite", ".sqlite3"})
_ASKED = {"sql": "schema", "http": "http"}  # what a pair of sources of a kind is asked by
_START = "/"  # what is asked of two addresses of which nothing else is known


class _Twice(msgspec.Struct, frozen=True):
    """What is there twice: what people call it, the probe that compares both, and where each stands."""

    title: str
    probe: Probe
    where: tuple[str, str]


def with_sources(found: Discovery, definitions: Definitions | None = None) -> Discovery:
    """A discovery with what two databases and two addresses say differently beside it."""
    sources = list(definitions.project.sources) if definitions else []
    asked = list(_in_project(sources))
    trusted = definitions is None or trusts(found.folder, definitions)
    notes = list(found.notes)
    if asked and not trusted:
        notes += [
            f"{one.title}: not asked, for nobody has agreed to it yet: workbench trust" for one in asked
        ]
        asked = []
    files, made = _in_folder(found.folder)
    asked += [one for one in files if not asked or one.probe.kind != "schema"]
    ran = _ran(found.folder, asked, [*sources, *made], trusted=trusted and definitions is not None)
    proposals, equal, compared = list(found.proposals), found.equal, list(found.compared)
    for one in asked:
        result = ran.get(one.probe.key)
        if result is None or result.run.state == "error":
            notes.append(f"{one.title}: {result.run.why if result else 'not looked at'}")
            continue
        proposals += [_discovered(change, one) for change in result.changes]
        equal += result.run.compared - len({change.path for change in result.changes})
        compared.append(Compared(title=one.title, staging=(one.where[0],), production=(one.where[1],)))
    return msgspec.structs.replace(
        found, proposals=tuple(proposals), equal=equal, compared=tuple(compared), notes=tuple(notes)
    )


def _in_project(sources: Iterable[Source]) -> Iterator[_Twice]:
    """Sources of the project that go by the same name but for that of the environment."""
    kinds = {source.key: source.kind for source in sources}
    for pair in twins(kinds):
        kind = kinds[pair.staging]
        if kind != kinds[pair.production] or kind not in _ASKED:
            continue
        yield _Twice(pair.title, _probe(kind, pair.staging, pair.production), (pair.staging, pair.production))


def _in_folder(folder: Path) -> tuple[list[_Twice], list[Source]]:
    """SQLite files of both environments, each as a source of its own."""
    names, _ = files_below(folder)
    pairs = twins(name for name in names if PurePosixPath(name).suffix in _SUFFIXES)
    found, sources = [], []
    for place, pair in enumerate(pairs):
        keys = (f"file-{place}-staging", f"file-{place}-production")
        for source, name in zip(keys, (pair.staging, pair.production), strict=True):
            sources.append(Source(key=source, kind="sql", config=SqlConfig(url=f"sqlite:{name}")))
        found.append(_Twice(pair.title, _probe("sql", *keys), (pair.staging, pair.production)))
    return found, sources


def _probe(kind: str, staging: str, production: str) -> Probe:
    key = f"discover-{staging}"
    if kind == "sql":
        return Probe(key=key, kind="schema", config=SchemaConfig(staging=staging, production=production))
    asked = HttpProbe(staging=staging, production=production, requests=[_START])
    return Probe(key=key, kind="http", config=asked, twice=True)


def _ran(folder: Path, asked: Iterable[_Twice], sources: list[Source], *, trusted: bool) -> dict[str, Ran]:
    kept: dict[str, Ran] = {}
    jobs = tuple(Job(probe=one.probe, environment="staging", against="production") for one in asked)
    if not jobs:
        return kept
    key = secrets.token_bytes(32)  # fingerprints for this one comparison: nothing of it is kept
    run(
        Running(
            jobs=jobs,
            sources=tuple(sources),
            root=folder,
            clock=Clock(),
            secrets=Secrets(allow=trusted, folder=folder),
            hide=lambda: Hide(key),
            on_ran=lambda ran: kept.update({ran.run.probe: ran}),
            kinds=KINDS,
        )
    )
    return kept


def _discovered(change: Change, one: _Twice) -> Discovered:
    staging, production = change.staging, change.production
    if change.secret:
        staging = SECRET_DIFFERS if staging is not None else None
        production = SECRET_DIFFERS if production is not None else None
    kind = KINDS[one.probe.kind]
    path = f"{one.title}/{change.path}"
    return Discovered(
        id=digest([path, staging or "", production or ""])[:6],
        title=change.title or change.path,
        category=change.category or Category(kind.category),
        severity=change.severity or Severity.MEDIUM,
        path=path,
        staging=staging,
        production=production,
        where=tuple(
            where for where, text in zip(one.where, (staging, production), strict=True) if text is not None
        ),
        pair=one.title,
        secret=change.secret,
    )
