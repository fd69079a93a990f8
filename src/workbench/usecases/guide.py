"""The guide that comes with the workbench, by its sections, so that the app can show and find them."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from workbench import shipped
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.text import safe_text

# What a person reads who uses the workbench; pages for people who change it, and reports, stay outside.
PAGES = (
    "first-hour", "demonstration", "payments", "pipeline", "platform", "keys", "words", "undo", "flows", "gates", "routines", "parity-map", "parity-statement", "criteria", "definitions", "sources", "ci", "own-source", "first-probes", "probes", "databases", "environments", "github",
    "record", "release-notes", "commands",
)  # fmt: skip
# What staging is about, each page with what the record shows of it; in the order in which one reads them.
ABOUT = (
    "starting", "first-week", "environments", "kinds", "layers", "when", "dimensions", "approaches", "fidelity", "parity",
    "experiments", "mistakes", "failures", "alerting", "runbooks", "tools", "questions", "glossary",
)  # fmt: skip
_FOLDER = "guide"
_SOURCES = "sources"  # a page for each kind of source and each recipe
_HEADING = re.compile(r"(#{1,4}) (.+)")
_UNSPOKEN = re.compile(r"[^a-z0-9 -]")


class Section(msgspec.Struct, frozen=True):
    """One section of a page, with those below it: ``key`` is ``gates#requirements``, ``page`` the page's title."""

    key: str
    title: str
    page: str
    text: str


class Page(msgspec.Struct, frozen=True):
    """One page about staging: its name, its title, and its Markdown below that."""

    name: str
    title: str
    text: str


@cache
def pages() -> tuple[Page, ...]:
    """The pages about staging, in their order; none that did not come along."""
    found = ((name, shipped.docs() / _FOLDER / f"{name}.md") for name in ABOUT)
    return tuple(_page(name, path.read_text(encoding="utf-8")) for name, path in found if path.is_file())


def _page(name: str, text: str) -> Page:
    heading, _, rest = text.partition("\n")
    return Page(name, heading.removeprefix("# ").strip(), rest.strip())


def find_page(name: str) -> Page:
    """The page of that name, or the only one whose name or title begins so; ``UsageError`` otherwise."""
    wanted = "-".join(name.casefold().split())
    exact = [page for page in pages() if page.name == wanted]
    begun = [
        page
        for page in pages()
        if page.name.startswith(wanted) or page.title.casefold().startswith(name.casefold())
    ]
    found = exact or begun
    if len(found) == 1:
        return found[0]
    meant = nearest(wanted, [page.name for page in pages()])
    what = "could be several pages" if found else "is no page of the guide"
    raise UsageError(
        f"“{safe_text(name, 60)}” {what}",
        hint=f"did you mean {meant}?" if meant else "workbench guide lists the pages",
    )


def page_of(key: str) -> Page | None:
    """The page about staging that a section belongs to; ``None`` for a section of another page."""
    folder, slash, rest = key.partition("/")
    name = rest.partition("#")[0]
    return (
        next((page for page in pages() if page.name == name), None) if slash and folder == _FOLDER else None
    )


@cache
def sections() -> tuple[Section, ...]:
    """Every section of the guide, page by page; none of a page that did not come along."""
    sources = sorted(f"{_SOURCES}/{path.stem}" for path in (shipped.docs() / _SOURCES).glob("*.md"))
    names = (*(f"{_FOLDER}/{name}" for name in ABOUT), *PAGES, *sources)
    return tuple(section for name in names for section in _of_page(name))


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
