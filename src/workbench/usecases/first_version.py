"""Which version the first release has: by the tags of a checkout and by the project's own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec

from workbench.model.text import safe_text
from workbench.releases.versions import Version, following, read_version, releases_among
from workbench.usecases.git import ask_git, ask_git_for_all
from workbench.usecases.project_files import Named, version_in_files

FIRST = "0.1.0"
_MOST_TAGS = 50_000


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """The tags of a checkout, the newest first.

    ``here`` are those of the commit that is checked out, ``below`` those of it and of what it
    is built on, ``anywhere`` all of them.  ``day`` is that of the commit.
    """

    here: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    anywhere: tuple[str, ...] = ()
    day: date = date(1970, 1, 1)


class FirstVersion(msgspec.Struct, frozen=True):
    """A version, and how it was chosen, in words."""

    text: str
    why: str


def read_tags(folder: Path) -> Tags:
    """Ask git; nothing is known where there is none."""
    day = ask_git(folder, "log", "-1", "--no-show-signature", "--format=%cs", "HEAD", "--")
    try:
        known = date.fromisoformat(day or "")
    except ValueError:
        return Tags()  # no commit yet
    return Tags(
        here=_tags(folder, "--points-at=HEAD"),
        below=_tags(folder, "--merged=HEAD"),
        anywhere=_tags(folder),
        day=known,
    )


def _tags(folder: Path, *which: str) -> tuple[str, ...]:
    words = ("for-each-ref", "--sort=-creatordate", f"--count={_MOST_TAGS}", "--format=%(refname:strip=2)")
    return ask_git_for_all(folder, *words, *which, "refs/tags")


def first_version(folder: Path, files: Iterable[str], *, git: bool) -> FirstVersion:
    """The version of the release in hand of a folder; ``files`` are relative to it."""
    return choose(read_tags(folder), version_in_files(folder, files), (folder.name,), git=git)


def choose(tags: Tags, named: Named | None, names: tuple[str, ...] = (), *, git: bool = True) -> FirstVersion:
    """The tag's version where the commit has one; else the files', unless it is out already; else the next.

    ``names`` are what the project is called, as tags may begin with it.
    """
    known = releases_among(tags.anywhere, names)
    here = _highest(known, tags.here)
    if here is not None:
        return FirstVersion(here[1].text, f"the tag {safe_text(here[0], 60)}")
    below = _highest(known, tags.below)
    if named is not None and (below is None or named.version.order > below[1].order):
        out = next((tag for tag in tags.anywhere if _same(tag, named)), None)
        if out is None:
            files = [safe_text(name, 60) for name in named.files[:3]]
            return FirstVersion(
                named.version.text, f"{' and '.join(files)} {'says' if len(files) == 1 else 'say'} so"
            )
        return FirstVersion(
            following(named.version, tags.day), f"the next after the tag {safe_text(out, 60)}"
        )
    chosen = below or _highest(known, known)
    if chosen is not None:
        where = "" if below else ", of another branch"
        return FirstVersion(
            following(chosen[1], tags.day), f"the next after the tag {safe_text(chosen[0], 60)}{where}"
        )
    return FirstVersion(FIRST, _nothing_found(tags, git))


def _highest(known: Mapping[str, Version], tags: Iterable[str]) -> tuple[str, Version] | None:
    pairs = [(tag, known[tag]) for tag in tags if tag in known]
    return max(pairs, key=lambda pair: pair[1].order, default=None)


def _same(tag: str, named: Named) -> bool:
    version = read_version(tag)
    return version is not None and version.order == named.version.order


def _nothing_found(tags: Tags, git: bool) -> str:
    if not git:
        return "this is not a git checkout"
    if not tags.anywhere:
        return "there is no tag yet"
    if len(tags.anywhere) == 1:
        return f"the tag {safe_text(tags.anywhere[0], 60)} is not a version"
    return "no tag names a version of the whole project"
