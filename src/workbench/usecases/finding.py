"""Finding anything by a few letters of its name: records, people, checklist items, entries, pages of the guide.

What can be found is read once (:func:`read_things`) and searched in memory, so that a search among
100,000 records takes no longer than a keystroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from heapq import nsmallest
from typing import NamedTuple

import msgspec

from workbench.definitions.shapes import Tier
from workbench.gates.automatic import of_releases
from workbench.usecases import guide
from workbench.usecases.context import Context
from workbench.usecases.views.flows import TIER_WORDS

MOST = 6  # of each kind
_LEAST_LETTERS = 2
# Ranks: words in a name or beside it (0 to 4), words in an entry of the history, letters in a name, letters beside it.
IN_ENTRY, LETTERS, LETTERS_BESIDE = 5, 6, 7
BEGINS = 2  # up to this rank the words of a name begin so
_APART = str.maketrans(dict.fromkeys("-_/.:,;()[]“”’'\"·", " "))


class Sort(StrEnum):
    """What kind of thing was found."""

    COMMAND = "command"
    RELEASE = "release"
    FLOW = "flow"
    DIFFERENCE = "difference"
    BENCHMARK = "benchmark"
    ENVIRONMENT = "environment"
    PROBE = "probe"
    RUNBOOK = "runbook"
    INCIDENT = "incident"
    ITEM = "item"
    PERSON = "person"
    ENTRY = "entry"
    PAGE = "page"


_ORDER = list(Sort)
TITLES = {
    Sort.COMMAND: "Commands",
    Sort.RELEASE: "Releases",
    Sort.FLOW: "Flows",
    Sort.DIFFERENCE: "Differences",
    Sort.BENCHMARK: "Benchmarks",
    Sort.ENVIRONMENT: "Environments",
    Sort.PROBE: "Probes",
    Sort.RUNBOOK: "Runbooks",
    Sort.INCIDENT: "Incidents",
    Sort.ITEM: "Checklist items",
    Sort.PERSON: "People",
    Sort.PAGE: "Guide",
    Sort.ENTRY: "History",
}


# Their keys are numbers, which nobody types.
_NUMBERED = frozenset({Sort.RELEASE, Sort.DIFFERENCE, Sort.INCIDENT, Sort.ENTRY})


class Thing(NamedTuple):
    """One thing that can be found: ``key`` is its row, ``about`` what stands dim beside its title."""

    sort: Sort
    key: str
    title: str
    about: str = ""


class Group(msgspec.Struct, frozen=True):
    """What of one kind was found, the likeliest first; ``count`` is how many fit in all, ``rank`` how well the first."""

    sort: Sort
    things: tuple[Thing, ...]
    count: int
    rank: int = 0


class Things:
    """All that can be found, ready to be searched.

    ``seq`` is the ledger's end that it was read at, ``definitions`` the digest of the files.
    """

    def __init__(self, things: Iterable[Thing], seq: int = 0, definitions: str = "") -> None:
        self.seq, self.definitions = seq, definitions
        self._things = list(things)
        # A blank before each word, so that one test tells whether a word begins so.
        self._titles = [f" {thing.title.casefold().translate(_APART)}" for thing in self._things]
        self._texts = [
            f"{title}\n{thing.about.casefold()} {'' if thing.sort in _NUMBERED else thing.key.casefold()}"
            for title, thing in zip(self._titles, self._things, strict=True)
        ]

    def __len__(self) -> int:
        return len(self._things)

    def search(self, text: str, most: int = MOST) -> list[Group]:
        """What fits these words, by kind, at most ``most`` of each; :func:`in_order` puts the kinds in order."""
        words = text.casefold().translate(_APART).split()
        if not words:
            return []
        places: Sequence[int] = range(len(self._things))
        for word in words:
            places = [place for place in places if word in self._texts[place]]
        found = [(self._rank(place, words), place) for place in places]
        if not found and min(map(len, words)) >= _LEAST_LETTERS:
            found = self._by_letters(words)
        by_sort: dict[Sort, list[tuple[int, int]]] = {}
        for each in found:
            by_sort.setdefault(self._things[each[1]].sort, []).append(each)
        return in_order(self._group(sort, ranked, most) for sort, ranked in by_sort.items())

    def _rank(self, place: int, words: Sequence[str]) -> int:
        """How well a title fits: 0 the same, 1 begins so, 2 words begin so, 3 holds them, 4 something beside it does."""
        title, phrase = self._titles[place], " " + " ".join(words)
        if title.startswith(phrase):
            return 0 if title == phrase else 1
        if all(f" {word}" in title for word in words):
            return 2
        return 3 if all(word in title for word in words) else 4

    def _by_letters(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """What holds the letters of the words in this order, in its title or else beside it: ``chkp95`` for Checkout p95."""
        # No letter that it passes over is the one it looks for, so it never goes back.
        letters = "".join(f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in "".join(words))
        fits = re.compile(letters).match
        found = [(LETTERS, place) for place, title in enumerate(self._titles) if fits(title)]
        return found or [(LETTERS_BESIDE, place) for place, text in enumerate(self._texts) if fits(text)]

    def _group(self, sort: Sort, ranked: Sequence[tuple[int, int]], most: int) -> Group:
        best = nsmallest(most, ranked, key=lambda each: (each[0], len(self._titles[each[1]]), each[1]))
        return Group(sort, tuple(self._things[place] for _, place in best), len(ranked), best[0][0])


def in_order(groups: Iterable[Group]) -> list[Group]:
    """The kind with the best fit first."""
    return sorted(groups, key=lambda group: (group.rank, _ORDER.index(group.sort)))


def read_things(context: Context, before: Things | None = None) -> Things:
    """All that can be found now; ``before`` itself where nothing has changed since it was read."""
    seq, definitions = context.record.head.seq, context.definitions.digest
    if before is not None and (before.seq, before.definitions) == (seq, definitions):
        return before
    return Things((*_defined(context), *_recorded(context)), seq, definitions)


def _recorded(context: Context) -> Iterable[Thing]:
    query = context.record.query
    for id, version, outcome in query("SELECT id, version, outcome FROM e_release ORDER BY id DESC"):
        yield Thing(Sort.RELEASE, id, version, str(outcome).replace("_", " "))
    for key, name, tier in query("SELECT key, name, tier FROM e_flow ORDER BY name"):
        yield Thing(Sort.FLOW, key, name or key, TIER_WORDS[Tier(tier)])
    for id, title, environment, ended in query(
        "SELECT id, title, environment, ended FROM e_incident ORDER BY declared_at DESC"
    ):
        yield Thing(Sort.INCIDENT, id, title, f"{environment}, {ended}")
    rows = query("SELECT id, title, severity, decision FROM e_difference ORDER BY title")
    for id, title, severity, decision in rows:
        yield Thing(Sort.DIFFERENCE, id, title, f"{severity}, {str(decision).replace('_', ' ')}")


def _defined(context: Context) -> Iterable[Thing]:
    project = context.definitions.project
    for benchmark in project.benchmarks:
        about = ", ".join(part for part in (benchmark.flow, benchmark.dimension) if part)
        yield Thing(Sort.BENCHMARK, benchmark.key, benchmark.title, about.replace("_", " "))
    for one in project.environments:
        yield Thing(Sort.ENVIRONMENT, one.key, one.title or one.key, one.kind.value)
    for probe in project.probes:
        yield Thing(Sort.PROBE, probe.key, probe.title or probe.key, probe.kind.replace("_", " "))
    for runbook in project.runbooks:
        yield Thing(Sort.RUNBOOK, runbook.key, runbook.title, runbook.for_.value)
    for checklist in of_releases(context.definitions):
        for item in checklist.items:
            yield Thing(Sort.ITEM, f"{checklist.checklist}/{item.key}", item.title, checklist.title)
    for person in project.people:
        yield Thing(Sort.PERSON, person.key, person.name or person.key, ", ".join(person.roles))
    for section in guide.sections():
        yield Thing(Sort.PAGE, section.key, section.title, section.page)


def search_things(context: Context, things: Things, text: str) -> list[Group]:
    """:meth:`Things.search`, at the desk."""
    return things.search(text)


def search_entries(context: Context, text: str) -> list[Group]:
    """The newest entries of the ledger that hold this text anywhere."""
    from workbench.model.times import moment_text
    from workbench.usecases.views.history import read_page, sentence

    page = read_page(context, text=text, limit=MOST)
    things = [
        Thing(
            Sort.ENTRY,
            entry.digest,
            sentence(entry, page.names),
            f"{entry.actor}, {moment_text(entry.claimed_at or entry.recorded_at, context.zone)}",
        )
        for entry in page.entries
    ]
    return [Group(Sort.ENTRY, tuple(things), len(things), IN_ENTRY)] if things else []
