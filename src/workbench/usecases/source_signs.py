"""Signs of sources in a folder: results of tools that lie about, services of compose files, settings of tools."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import msgspec

from workbench.model.files import read_regular
from workbench.sources.guides import recipes
from workbench.sources.kinds import KINDS, NAMES
from workbench.sources.proposing import Folder, Proposal
from workbench.sources.recognising import Sample, recognised
from workbench.usecases.git import tracked_among
from workbench.usecases.views.source_kinds import example_of

# Folders in which tools leave what they found; a file of the project's own folder is looked at, too.
_FOLDERS = frozenset(
    {"report", "reports", "result", "results", "test-results", "test_results", "coverage", "artifacts", "target",
     "build", "out", "output", "load", "scans", "traces", "benchmarks"}
)  # fmt: skip
_MOST_READ, _LARGEST, _MOST_TOLD = 100, 2_000_000, 10


class Sign(msgspec.Struct, frozen=True):
    """What points to a kind of source or a recipe: ``name`` is that of the kind, ``what`` was seen ``where``.

    ``at`` are the files that such a source would read, "" where what was seen does not tell.
    """

    name: str
    what: str
    where: str
    at: str = ""

    @property
    def command(self) -> str:
        """What drafts a source that asks what was seen."""
        return f"workbench source new {self.name}{f' --at {shlex.quote(self.at)}' if self.at else ''}"


def source_signs(folder: Folder) -> Proposal | None:
    """What was found as remarks below the sources of a starter file; nothing is switched on.

    Kinds that look at a folder themselves are left to do so.
    """
    found: dict[str, Sign] = {}
    for sign in (*_together(_results(folder)), *_services(folder), *_settings(folder)):
        found.setdefault(sign.name, sign)
    signs = list(found.values())[:_MOST_TOLD]
    if not signs:
        return None
    told = [f"{sign.name} ({sign.where})" for sign in signs]
    return Proposal(
        seen=(("sources", ", ".join(told)),),
        remarks=(
            "# Also seen here, and not asked yet.  Each command drafts a source and tries it; with --write the draft becomes a file.",
            *(line for sign in signs for line in (f"#  {sign.command}", f"#    {_seen(sign)}")),
        ),
        then=(signs[0].command, f"a source for {signs[0].where}{_and_others(len(signs) - 1)}"),
    )


def _seen(sign: Sign) -> str:
    return f"{sign.what}: {sign.where}"


def _and_others(count: int) -> str:
    return f"; {count} more in workbench.yaml" if count else ""


def _together(results: Iterable[Sign]) -> Iterator[Sign]:
    """One sign for each kind: a source reads all files beside the first that are of its kind, not one of several."""
    kinds: dict[str, list[str]] = {}
    signs: dict[str, Sign] = {}
    for sign in results:
        kinds.setdefault(sign.name, []).append(sign.where)
        signs.setdefault(sign.name, sign)
    for name, sign in signs.items():
        at = "" if _read_by_example(name, sign.where) else _files_of(sign.where, kinds[name])
        yield msgspec.structs.replace(sign, at=at)


def _read_by_example(kind: str, name: str) -> bool:
    """Whether the source that is drafted for a kind finds a file as it is."""
    sources = example_of(kind).get("sources") or [{}]
    files = sources[0].get("files", [])
    patterns = [files] if isinstance(files, str) else files
    filled = [re.sub(r"\$\w+", place, pattern) for pattern in patterns for place in ("staging", "production")]
    return any(fnmatchcase(name, pattern) for pattern in filled)


def _files_of(first: str, names: Sequence[str]) -> str:
    folder, _, name = first.rpartition("/")
    beside = [other for other in names if other.rpartition("/")[0] == folder]
    return f"{folder}/*{PurePosixPath(name).suffix}" if folder and len(beside) > 1 else first


def _results(folder: Folder) -> Iterator[Sign]:
    """Files that tools wrote, told by their contents; what is under version control came with the checkout."""
    names = [name for name in folder.files if _may_be_result(name)][: 4 * _MOST_READ]
    tracked = tracked_among(folder.folder, names)
    for name in [name for name in names if name not in tracked][:_MOST_READ]:
        data = _read(folder.folder / name)
        if data is None:
            continue
        alike = recognised(Sample(name, data), KINDS)
        if len(alike) == 1 and KINDS[alike[0].kind].propose is None:
            yield Sign(alike[0].kind, alike[0].words, name)


def _may_be_result(name: str) -> bool:
    *folders, _ = name.split("/")
    # Some tools call their folder after themselves: NAME, or NAME-results.
    return not folders or any(folder in _FOLDERS or folder.partition("-")[0] in NAMES for folder in folders)


def _read(path: Path) -> bytes | None:
    try:
        return read_regular(path) if path.stat().st_size <= _LARGEST else None
    except OSError:
        return None


def _services(folder: Folder) -> Iterator[Sign]:
    known = _known()
    for service in folder.services:
        for word in _words_in(f"{service.image.partition('@')[0]}/{service.name}"):
            if word in known:
                yield Sign(known[word], f"a service “{service.name}”", service.file)


def _settings(folder: Folder) -> Iterator[Sign]:
    """Files that are called after a tool, such as ``.toolrc``, ``tool-ci.yml``, ``tool_project.yml`` or ``Toolfile``."""
    known = _known()
    for name in folder.files:
        if name.count("/") > 1:
            continue
        stem = name.rsplit("/", 1)[-1].lower().lstrip(".")
        first = re.split(r"[^a-z0-9]", stem, maxsplit=1)[0].removesuffix("file")
        whole = stem.rsplit(".", 1)[0]
        for word in dict.fromkeys((whole, first)):
            if word in known:
                yield Sign(known[word], "its settings", name)


def _known() -> Mapping[str, str]:
    """Kinds by the signs that they name, and recipes by their own names; but kinds that look for themselves."""
    kinds = {sign: name for name, kind in KINDS.items() if kind.propose is None for sign in kind.signs}
    named = {spelled: name for name in recipes() for spelled in (name, name.replace("_", ""))}
    return {**named, **kinds}


def _words_in(text: str) -> Iterator[str]:
    for part in re.split(r"[/:]", text.lower()):
        yield part.replace("-", "_")
        yield from re.split(r"[-_.]", part)
