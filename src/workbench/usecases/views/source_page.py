"""The page about a kind of source or a recipe as Markdown: what the docs hold and the command prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.model.text import capitalised
from workbench.usecases.views.source_kinds import FieldLine, SourceLine, SourcePage

PROOF_WORDS = {
    "real": "Tried against the real thing.",
    "contract": "Tried against the published contract.",
    "fixtures": "Tried only against documented examples.",
}
_PLACES = {"source": "Fields of the source", "measure": "Fields of `measure`", "tests": "Fields of `tests`"}


def markdown(page: SourcePage) -> str:
    """The whole page; links in it lead from ``docs/sources``."""
    parts = [f"# {page.line.title}", _beginning(page.line)]
    if page.example:
        parts += ["## Example", f"```yaml\n{page.example}```"]
    parts += _fields(page)
    if page.how:
        parts += ["## How it is read", page.how]
    if page.line.feeds:
        parts += ["## What it can answer", f"The example names each [kind of benchmark](../benchmarks.md) that it can answer: {_list(page.line.feeds)}."]  # fmt: skip
    if page.pitfalls:
        parts += ["## Pitfalls, and what the workbench does", page.pitfalls]
    if page.tried:
        parts += ["## Tried against", page.tried]
    return "\n\n".join(parts) + "\n"


def begun(line: SourceLine) -> str:
    """What it is, as a sentence begins; a name that is written small stays so."""
    name = line.about.startswith(line.title)
    return line.about if name else capitalised(line.about)


def _beginning(line: SourceLine) -> str:
    what = (
        f"A recipe for sources of [kind `{line.kind}`]({line.kind}.md)"
        if line.recipe
        else f"`kind: {line.name}`"
    )
    tests = " It can say whether the tests of a commit are green." if line.tests else ""
    unproven = " It is *unproven*." if line.unproven else ""
    return f"{begun(line)}. {what}.{tests} {PROOF_WORDS[line.proof]}{unproven}"


def _fields(page: SourcePage) -> Iterator[str]:
    for place, head in _PLACES.items():
        lines = page.fields.get(place, ())
        if lines:
            yield from (f"## {head}", _table(lines))


def _table(lines: Iterable[FieldLine]) -> str:
    rows = (f"| `{line.name}` | {_meaning(line)} |" for line in lines)
    return "\n".join(["| field | meaning |", "| --- | --- |", *rows])


def _meaning(line: FieldLine) -> str:
    said = [line.words]
    if line.choices:
        said.append(f"One of {_list(line.choices)}.")
    if line.required:
        said.append("Has to be there.")
    if line.default:
        said.append(f"Unless said: `{line.default}`.")
    return " ".join(filter(None, said)).replace("|", "\\|")


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
