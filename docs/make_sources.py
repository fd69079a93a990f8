"""Write docs/sources/*.md and the tables of docs/sources.md from the kinds and recipes: `make sources`, after one has changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.probes.kinds import NAMES as PROBES
from workbench.sources.kinds import NAMES
from workbench.usecases.views.source_feeds import Feed, feeds
from workbench.usecases.views.source_kinds import SourceLine, source_lines, source_page
from workbench.usecases.views.source_page import begun, markdown

PAGE = Path(__file__).with_name("sources.md")
FOLDER = Path(__file__).with_name("sources")


def ours() -> list[SourceLine]:
    """The kinds and recipes that come with the workbench, whatever else is installed here."""
    return [line for line in source_lines() if line.recipe or line.name in NAMES]


def pages() -> Mapping[str, str]:
    """What each page of the folder has to say, by the name of its file."""
    return {f"{line.name}.md": markdown(source_page(line.name)) for line in ours()}


def written(page: str) -> str:
    """The overview with its tables as the program has them now."""
    kinds = [line for line in ours() if not line.recipe]
    recipes = [line for line in ours() if line.recipe]
    page = _between(_between(page, "kinds", _table(kinds)), "recipes", _table(recipes))
    return _between(page, "feeds", _feeds())


def _table(lines: Iterable[SourceLine]) -> str:
    rows = [f"| [{line.title}](sources/{line.name}.md) | {_about(line)} | {line.proof} |\n" for line in lines]
    return "".join(["| | what it is | tried against |\n| --- | --- | --- |\n", *rows]) if rows else ""


def _feeds() -> str:
    head = "| | kind of benchmark | sources and recipes | the record |\n| --- | --- | --- | --- |\n"
    rows = (
        f"| {feed.code}, {feed.area} | `{feed.kind}` | {_sources(feed)} | {_record(feed)} |\n"
        for feed in feeds()
    )
    return head + "".join(rows)


def _sources(feed: Feed) -> str:
    found = [line for line in feed.sources if line.recipe or line.name in NAMES]
    return ", ".join(f"[{line.title}](sources/{line.name}.md)" for line in found) or "–"


def _record(feed: Feed) -> str:
    if not feed.record:
        return "–"
    if not feed.probes:
        return "yes"
    probes = "any probe" if feed.probes == tuple(PROBES) else f"probes of kind `{feed.probes[0]}`"
    return f"yes, out of {probes}"


def _about(line: SourceLine) -> str:
    return begun(line).replace("|", "\\|")


def _between(page: str, name: str, text: str) -> str:
    found = re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    return found.sub(lambda _: text, page, count=1)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for old in set(FOLDER.glob("*.md")) - {FOLDER / name for name in made}:
        old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
