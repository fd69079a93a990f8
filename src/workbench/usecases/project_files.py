"""The version that a project's own files name: ``pyproject.toml``, ``package.json``, ``Chart.yaml`` and their like."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.files import read_regular
from workbench.releases.versions import Version, finished, is_unfinished, read_version

_LARGEST = 200_000  # bytes of a file that is looked into
_PLACEHOLDER = re.compile(r"0(?:\.0){1,3}(?:[-.+].*)?\Z")


class Named(msgspec.Struct, frozen=True):
    """A version, and the files that name it (relative paths)."""

    version: Version
    files: tuple[str, ...]


def version_in_files(folder: Path, files: Iterable[str]) -> Named | None:
    """The version that the files at the top of ``folder`` name; else that of its one chart.

    The first kind of file that names one decides; ``0.0.0`` is a placeholder and names none.
    A version that is being worked on (``3.0.0-SNAPSHOT``) is meant without that word.
    """
    known = tuple(files)
    top = [name for name in known if "/" not in name]
    found = list(_versions(folder, top))
    if not found:
        charts = [name for name in known if name.endswith("/Chart.yaml") and name.count("/") <= 2]
        found = list(_versions(folder, charts))
        if len({version.text for _, version in found}) != 1:
            return None
    version = found[0][1]
    return Named(version, tuple(name for name, other in found if other.text == version.text))


def _versions(folder: Path, names: Iterable[str]) -> Iterable[tuple[str, Version]]:
    ordered = sorted(
        ((place, name) for name in names if (place := _place(name)) is not None), key=lambda pair: pair[0]
    )
    for place, name in ordered:
        text = _text(folder / name)
        written = _READERS[place][1](text) if text else None
        if written is None or _PLACEHOLDER.match(written):
            continue
        version = read_version(written)
        if version is not None and version.text.startswith(written.lstrip("vV")[:1]):
            yield name, finished(version) if is_unfinished(version) else version


def _place(name: str) -> int | None:
    """Which reader reads a file."""
    file = name.rpartition("/")[2]
    return next((place for place, (pattern, _) in enumerate(_READERS) if pattern.fullmatch(file)), None)


def _text(path: Path) -> str | None:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return read_regular(path).decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, ValueError):
        return None


# --- one reader for each kind of file -------------------------------------------------------


def _toml(*paths: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        try:
            document = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            return None
        return next((found for path in paths if (found := _inside(document, path))), None)

    return read


def _json(text: str) -> str | None:
    try:
        return _inside(json.loads(text), "version")
    except (ValueError, RecursionError):
        return None


def _inside(document: Any, path: str) -> str | None:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, str) else None


def _maven(text: str) -> str | None:
    """The project's own version, else its parent's; not that of what it needs."""
    whole = _without(text, "<!--", "-->")[0]
    own, parents = _without(whole, "<parent>", "</parent>")
    for name in ("dependencies", "dependencyManagement", "build", "profiles"):
        own = _without(own, f"<{name}>", f"</{name}>")[0]
    written = (
        _first(_ELEMENT.format("version"), own) or _first(_ELEMENT.format("version"), parents) or ""
    ).strip()
    named = re.fullmatch(r"\$\{([\w.-]{1,80})\}", written)
    return (_first(_ELEMENT.format(re.escape(named[1])), whole) or "").strip() if named else written


def _without(text: str, begin: str, end: str) -> tuple[str, str]:
    """A text without what stands between two marks, and what stood there."""
    kept, taken, at = [], [], 0
    while (start := text.find(begin, at)) >= 0 and (stop := text.find(end, start)) >= 0:
        kept.append(text[at:start])
        taken.append(text[start + len(begin) : stop])
        at = stop + len(end)
    return "".join((*kept, text[at:])), "".join(taken)


def _found(pattern: str) -> Callable[[str], str | None]:
    return lambda text: _first(pattern, text)


def _first(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    return next((group for group in match.groups() if group), None) if match else None


# Bounded everywhere: a file may be anything, and is searched in one pass.
_ELEMENT = "<{0}>([^<]{{1,200}})</{0}>"
_QUOTED = r"""["']([^"'\s]{1,80})["']"""
_READERS: tuple[tuple[re.Pattern[str], Callable[[str], str | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"pyproject\.toml", _toml("project.version", "tool.poetry.version")),
        (r"package\.json", _json),
        (r"Cargo\.toml", _toml("package.version", "workspace.package.version")),
        (r"pom\.xml", _maven),
        (
            r"gradle\.properties",
            _found(r"^[ \t]{0,20}version[ \t]{0,20}[=:][ \t]{0,20}(\S{1,80})[ \t]{0,20}$"),
        ),
        (r"build\.gradle(?:\.kts)?", _found(rf"^version[ \t]{{0,20}}=?[ \t]{{0,20}}{_QUOTED}")),
        (r"setup\.cfg", _found(r"^version[ \t]{0,20}=[ \t]{0,20}([0-9]\S{0,80})[ \t]{0,20}$")),
        (r"setup\.py", _found(rf"\bversion\s{{0,20}}=\s{{0,20}}{_QUOTED}")),
        (r"composer\.json|deno\.jsonc?|jsr\.json", _json),
        (r"pubspec\.yaml|galaxy\.yml", _found(r"""^version:[ \t]{0,20}["']?([^"'\s#]{1,80})""")),
        (r"mix\.exs", _found(rf"\bversion:\s{{0,20}}{_QUOTED}|@version\s{{1,20}}{_QUOTED}")),
        (r".+\.gemspec", _found(rf"\.version\s{{0,20}}=\s{{0,20}}{_QUOTED}")),
        (
            r"Directory\.Build\.props|.+\.csproj",
            _found(r"<Version(?:Prefix)?>([^<\s]{1,80})</Version(?:Prefix)?>"),
        ),
        (r"CMakeLists\.txt", _found(r"^project[ \t]{0,20}\([^)]{0,500}?\bVERSION\s{1,20}([0-9][\w.]{0,80})")),
        (
            r"meson\.build",
            _found(rf"^project[ \t]{{0,20}}\([^)]{{0,500}}?\bversion\s{{0,20}}:\s{{0,20}}{_QUOTED}"),
        ),
        (r"(?i:version)(?:\.txt)?", _found(r"\A\s{0,20}(\S{1,80})\s{0,20}\Z")),
        (r"Chart\.yaml", _found(r"""^version:[ \t]{0,20}["']?([^"'\s#]{1,80})""")),
    )
)
