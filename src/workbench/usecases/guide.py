"""The guide that comes with the workbench, by its sections, so that the app can show and find them."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from workbench import shipped

# What a person reads who uses the workbench; pages for people who change it, and reports, stay outside.
PAGES = (
    "first-hour", "demonstration", "keys", "words", "undo", "gates", "parity-statement", "criteria", "definitions", "sources", "first-probes", "probes", "databases", "environments", "github",
    "record", "release-notes", "commands",
)  # fmt: skip
_HEADING = re.compile(r"(#{1,4}) (.+)")
_UNSPOKEN = re.compile(r"[^a-z0-9 -]")


class Section(msgspec.Struct, frozen=True):
    """One section of a page, with those below it: ``key`` is ``gates#requirements``, ``page`` the page's title."""

    key: str
    title: str
    page: str
    text: str


@cache
def sections() -> tuple[Section, ...]:
    """Every section of the guide, page by page; none of a page that did not come along."""
    return tuple(section for name in PAGES for section in _of_page(name))


def section(key: str) -> Section | None:
    """One section by its key."""
    return next((each for each in sections() if each.key == key), None)


def _of_page(name: str) -> list[Section]:
    path = shipped.docs() / f"{name}.md"
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = _headings(lines)
    found = []
    for at, (place, level, title) in enumerate(heads):
        # The page's own beginning ends where its first section begins.
        ends = (where for where, other, _ in heads[at + 1 :] if other <= level or level == 1)
        end = next(ends, len(lines))
        text = "\n".join(lines[place + 1 : end]).strip()
        if text:
            found.append(Section(f"{name}#{_anchor(title)}", title, heads[0][2], text))
    return found


def _headings(lines: list[str]) -> list[tuple[int, int, str]]:
    """Place, level and text of each heading; a comment in a shell's example is none."""
    found, fenced = [], False
    for place, line in enumerate(lines):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and (match := _HEADING.fullmatch(line)):
            found.append((place, len(match[1]), match[2].replace("`", "")))
    return found


def _anchor(title: str) -> str:
    return _UNSPOKEN.sub("", title.casefold()).replace(" ", "-")
