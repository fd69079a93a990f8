"""The guide of a kind of source, or of a recipe: one Markdown file beside its code, read by people and by the program.

A guide begins with ``# TITLE`` (a recipe's next paragraph says what it is about) and has these sections, in this
order: ``Example`` (one block of YAML that a project takes as it is), ``How it is read`` (which may be left out),
``Pitfalls`` (each trap, and what the workbench does) and ``Tried against``, which begins with ``Real:``, ``Contract:`` or
``Fixtures:`` and says which program in which version, and what is not tried.
Links in it lead from ``docs/sources``.  A recipe is a way of asking through a kind that is there already.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from workbench.model.kinds import Proof
from workbench.sources.kinds import KINDS

FILE = "guide.md"
EXAMPLE, HOW, PITFALLS, TRIED = "Example", "How it is read", "Pitfalls", "Tried against"
ASKED_FOR = (EXAMPLE, PITFALLS, TRIED)
ORDER = (EXAMPLE, HOW, PITFALLS, TRIED)
PROOFS = tuple(proof.value for proof in Proof)
_RECIPES = "workbench.sources.recipes"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KIND = re.compile(r"^sources:.*?\bkind: *([a-z0-9_]+)", re.MULTILINE | re.DOTALL)
_BULLET = re.compile(r"^- ", re.MULTILINE)


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """What a guide says.  ``about`` is a recipe's only; ``example`` is YAML; the rest is Markdown."""

    name: str
    title: str
    about: str = ""
    example: str
    how: str = ""
    pitfalls: str
    tried: str

    @property
    def kind(self) -> str:
        """The kind of the source in the example; "" where it needs none."""
        found = _KIND.search(self.example)
        return found[1] if found else ""

    @property
    def proof(self) -> str:
        """One of :data:`PROOFS`."""
        return self.tried.partition(":")[0].casefold()


def read_guide(name: str, text: str) -> Guide:
    """A guide as it is written; ``ValueError`` says what is lacking."""
    head, *rest = _HEADING.split(text)
    title, _, about = head.partition("\n")
    if not title.startswith("# ") or not title[2:].strip():
        raise ValueError("its first line is not “# ” and a title")
    sections = {heading.strip(): body.strip() for heading, body in zip(rest[::2], rest[1::2], strict=True)}
    _in_order([heading.strip() for heading in rest[::2]])
    blocks = _YAML.findall(f"{sections[EXAMPLE]}\n")
    if len(blocks) != 1:
        raise ValueError(f"“{EXAMPLE}” has {len(blocks)} blocks of YAML, not one")
    if not _BULLET.search(sections[PITFALLS]):
        raise ValueError(f"“{PITFALLS}” lists none: each is a line that begins with “- ”")
    if sections[TRIED].partition(":")[0].casefold() not in PROOFS:
        raise ValueError(f"“{TRIED}” does not begin with Real:, Contract: or Fixtures:")
    return Guide(
        name=name,
        title=title[2:].strip(),
        about=" ".join(about.split()),
        example=blocks[0],
        how=sections.get(HOW, ""),
        pitfalls=sections[PITFALLS],
        tried=sections[TRIED],
    )


def _in_order(headings: list[str]) -> None:
    lacking = [heading for heading in ASKED_FOR if heading not in headings]
    if lacking:
        raise ValueError(f"it has no section “{lacking[0]}”")
    wanted = [heading for heading in ORDER if heading in headings]
    if headings != wanted:
        raise ValueError(f"its sections are {', '.join(headings)}, not {', '.join(wanted)}")


@cache
def guide_of(kind: str) -> Guide | None:
    """The guide of a kind of source; ``None`` for a kind that came without one, or with one that cannot be read."""
    return _found(kind, KINDS.module_of(kind))


@cache
def recipes() -> tuple[str, ...]:
    """The names of the recipes."""
    return tuple(sorted(place.name for place in files(_RECIPES).iterdir() if place.joinpath(FILE).is_file()))


@cache
def recipe(name: str) -> Guide | None:
    """The guide of a recipe; ``None`` where there is no such recipe."""
    return _found(name, _RECIPES, name) if name in recipes() else None


def _found(name: str, module: str, folder: str = "") -> Guide | None:
    try:
        place: Traversable = files(module)
        text = (place.joinpath(folder) if folder else place).joinpath(FILE).read_text(encoding="utf-8")
        return read_guide(name, text)
    except (OSError, ValueError, ImportError, TypeError):
        return None
