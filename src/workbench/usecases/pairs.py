"""Files that a folder has twice, once for staging and once for production: the first parity map to think about."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from workbench.model.files import read_regular
from workbench.model.text import number_of
from workbench.sources.configuration.naming import ORDER, STAGING, WORD
from workbench.usecases.deployments import is_aside
from workbench.usecases.team_tables import NOT_JUDGED

MOST = 40  # rows of a first map; what is more is told by folder
_LARGEST = 2_000_000  # bytes of a file that is compared
_TELLING = frozenset(
    {
        "yaml", "yml", "json", "json5", "toml", "ini", "cfg", "conf", "config", "properties", "env", "tfvars", "tf", "hcl",
        "xml", "tfstate", "rb", "py", "js", "cjs", "mjs", "ts", "exs", "jsonnet", "libsonnet", "cue", "php", "tpl",
    }
)  # fmt: skip


_CONFIGURATION = frozenset(
    {"yaml", "yml", "json", "toml", "ini", "conf", "properties", "env", "tfvars", "xml"}
)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A file for staging and its counterpart; one of them is empty where the other has none.

    ``title`` is the path of both, ``*`` where they differ; ``place`` that of the folders that
    they lie in, where those are for staging and for production.
    """

    title: str
    staging: str = ""
    production: str = ""
    place: str = ""


def pairs(folder: Path, files: Iterable[str]) -> tuple[Pair, ...]:
    """The pairs whose contents differ, in order.  Contents are compared and never shown."""
    return tuple(pair for pair in counterparts(files) if _differ(folder, pair))


def counterparts(files: Iterable[str]) -> tuple[Pair, ...]:
    """The files that are there for staging and for production, in order.

    One that has no counterpart is among them where its folder has one.
    """
    found = _by_title(files)
    places = {place for key, both in found.items() if len(both) == 2 and (place := _place(key))}
    return tuple(
        Pair(title=key, staging=both.get(True, ""), production=both.get(False, ""), place=_place(key))
        for key, both in sorted(found.items())
        if len(both) == 2 or _place(key) in places
    )


def twins(names: Iterable[str]) -> tuple[Pair, ...]:
    """Whatever goes by one name but for the word of the environment, and is there for both: files, sources."""
    found: dict[str, dict[bool, str]] = defaultdict(dict)
    for name in names:
        sides = {match[1].lower() in STAGING for match in WORD.finditer(name)}
        if len(sides) == 1 and not is_aside(name.split("/")[:-1]):
            _keep(found[WORD.sub("*", name)], sides.pop(), name)
    return tuple(
        Pair(title=key, staging=both[True], production=both[False])
        for key, both in sorted(found.items())
        if len(both) == 2
    )


def overrides(files: Collection[str]) -> tuple[tuple[str, Pair], ...]:
    """Files for one environment only, each with the file beside it that the other environment takes as it is.

    ``values.yaml`` with ``values-production.yaml``: staging runs with the first.
    """
    found = []
    for key, both in sorted(_by_title(files).items()):
        if len(both) == 1 and not _place(key) and (beside := base_of(key)) in files:
            pair = Pair(title=key, staging=both.get(True, ""), production=both.get(False, ""))
            found.append((beside, pair))
    return tuple(found)


def base_of(title: str) -> str:
    """What a pair's file is called without the word of an environment: ``values.yaml`` of ``values-*.yaml``."""
    folder, slash, file = title.rpartition("/")
    return folder + slash + re.sub(r"[-_.]\*|\*[-_.]?", "", file)


def _by_title(files: Iterable[str]) -> dict[str, dict[bool, str]]:
    found: dict[str, dict[bool, str]] = defaultdict(dict)
    for name in files:
        *folders, file = name.split("/")
        if is_aside(folders) or not _is_settings(file):
            continue
        words = [match[1].lower() for match in WORD.finditer(name)]
        sides = {word in STAGING for word in words}
        if len(sides) == 1:
            _keep(found[WORD.sub("*", name)], sides.pop(), name)
    return found


def for_one_environment(files: Iterable[str]) -> tuple[str, ...]:
    """Configuration whose own name is that of staging or production, whether or not there is a counterpart."""
    found = []
    for name in files:
        *folders, file = name.split("/")
        told = file.rpartition(".")[2].lower() in _CONFIGURATION or file.startswith(".env.")
        if told and WORD.search(file) and not is_aside(folders):
            found.append(name)
    return tuple(found)


def _keep(both: dict[bool, str], staging: bool, name: str) -> None:
    """Where both ``staging`` and ``uat`` are there, the one that comes first in the list of words counts."""
    if staging not in both or _rank(name) < _rank(both[staging]):
        both[staging] = name


def _rank(name: str) -> int:
    return min(ORDER[match[1].lower()] for match in WORD.finditer(name))


def _is_settings(file: str) -> bool:
    return (
        file.rpartition(".")[2].lower() in _TELLING
        or file.startswith((".env", "env."))
        or file == "Kustomization"
    )


def _place(key: str) -> str:
    """The folder of a pair down to the last one that is for staging or for production."""
    folders = key.split("/")[:-1]
    last = max((number for number, name in enumerate(folders) if "*" in name), default=None)
    return "" if last is None else "/".join(folders[: last + 1]) + "/"


def _differ(folder: Path, pair: Pair) -> bool:
    if not pair.staging or not pair.production:
        return True
    return _content(folder / pair.staging) != _content(folder / pair.production)


def _content(path: Path) -> bytes | None:
    """What stands in a file; ``None`` where it is not looked into, so that two such count as the same."""
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return None
        return read_regular(path).replace(b"\r\n", b"\n")
    except OSError:
        return None


def told(found: tuple[Pair, ...]) -> Iterator[str]:
    """The pairs in words, a line for each folder or file that is there twice."""
    by_place: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        by_place[pair.place or pair.title].append(pair)
    for place, held in by_place.items():
        if len(held) == 1 and held[0].staging and held[0].production:
            yield f"{held[0].staging} and {held[0].production}"
        else:
            yield f"{place}: {number_of(len(held), 'file')}"


def as_table(found: tuple[Pair, ...]) -> str:
    """The pairs as a table of differences in CSV, with a row for each file, or for each folder where they are many."""
    rows = [(pair.title, pair.staging or "none", pair.production or "none") for pair in found]
    if len(rows) > MOST:
        rows = list(_by_folder(found))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("What differs", "Category", "Staging", "Production", "Severity"))
    # How bad each is nobody has judged: until somebody does, it counts as high.
    writer.writerows(
        (title, "configuration", staging, production, NOT_JUDGED)
        for title, staging, production in rows[: 5 * MOST]
    )
    return out.getvalue()


def _by_folder(found: tuple[Pair, ...]) -> Iterator[tuple[str, str, str]]:
    by_place: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        if pair.place:
            by_place[pair.place].append(pair)
        else:
            yield pair.title, pair.staging, pair.production
    for place, held in by_place.items():
        count = f"{number_of(len(held), 'file')}"
        staging, production = (
            next((_down_to(path, place) for path in paths if path), place)
            for paths in ([pair.staging for pair in held], [pair.production for pair in held])
        )
        yield f"{place}: {count}", staging, production


def _down_to(path: str, place: str) -> str:
    return "/".join(path.split("/")[: place.count("/")]) + "/"
