"""The parity statement as the record suggests it: a level for each topic, then a sentence for each row behind it.

Pure: what is known is handed in as :class:`Row`.  The levels follow one rule, told in ``docs/parity-statement.md``:
what speaks plainly against a topic makes it low; what speaks against it a little, or was not
measured, makes it medium; nothing is high that nothing has measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

import msgspec

from workbench.definitions.shapes import Category, Dimension, Severity
from workbench.model.text import number_of
from workbench.parity.claims import Claim, Figure, Topic

MOST = 6  # rows of a topic that get a sentence of their own

OF_CATEGORY: Mapping[Category, Topic] = {
    Category.DATA: Topic.DATA_FIDELITY,
    Category.PIPELINE: Topic.DEPLOYMENT_FRICTION,
    Category.SECURITY: Topic.SECURITY,
}


def topic_of_category(category: Category) -> Topic:
    """The topic that a difference or a probe of this category speaks of."""
    return OF_CATEGORY.get(category, Topic.TEST_RELIABILITY)


def topic_of_dimension(dimension: Dimension | None) -> Topic:
    """The topic that a benchmark of this dimension speaks of."""
    return Topic.DATA_FIDELITY if dimension is Dimension.DATA_FIDELITY else Topic.TEST_RELIABILITY


class Speaks(IntEnum):
    """What a row says of its topic: the worst first."""

    AGAINST = 0
    SOMEWHAT_AGAINST = 1
    NOT_MEASURED = 2
    FOR = 3
    NEITHER = 4


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row that a sentence can rest on: a difference, a probe, a score, a benchmark, the releases so far.

    ``ref`` is as in :class:`~workbench.parity.claims.Figure`, ``figures`` what it says by name,
    ``sentence`` the same in words, and ``named`` a name of it that can be typed.
    """

    ref: str
    title: str
    topic: Topic
    speaks: Speaks
    figures: Mapping[str, str]
    sentence: str
    named: str
    severity: Severity = Severity.MEDIUM

    def claimed(self) -> tuple[Figure, ...]:
        """What it says, as figures of a sentence."""
        return tuple(
            Figure(row=self.ref, title=self.title, name=name, value=value)
            for name, value in self.figures.items()
        )


class Level(msgspec.Struct, frozen=True):
    """How a topic stands: ``high``, ``medium``, ``low`` or ``not known``, as its sentence says it."""

    word: str

    def sentence(self, topic: Topic) -> str:
        if self.word == NOT_KNOWN:
            return f"{topic.words} is not known: nothing that was measured speaks of it."
        return f"{topic.words} is {self.word}."


NOT_KNOWN = "not known"
_GOOD = {"good": "high", "fair": "medium", "poor": "low"}
_FRICTION = {"good": "low", "fair": "medium", "poor": "high"}


def level_of(topic: Topic, speaking: Iterable[Speaks]) -> Level:
    """The level that follows from all that speaks of a topic."""
    said = set(speaking)
    words = _FRICTION if topic is Topic.DEPLOYMENT_FRICTION else _GOOD
    if Speaks.AGAINST in said:
        return Level(words["poor"])
    if Speaks.SOMEWHAT_AGAINST in said or {Speaks.NOT_MEASURED, Speaks.FOR} <= said:
        return Level(words["fair"])
    return Level(words["good"] if Speaks.FOR in said else NOT_KNOWN)


_RANK = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


def draft(
    release: str, rows: Sequence[Row], levels: Mapping[Topic, Level], further: Mapping[Topic, int]
) -> tuple[Claim, ...]:
    """The sentences of a statement.

    ``levels`` has the topics that are judged; ``further`` counts, by topic, the differences on the map
    that are not among the ``rows``.
    """
    claims: list[Claim] = []
    for topic in Topic:
        if topic in levels:
            claims += _of_topic(release, topic, rows, levels[topic], further.get(topic, 0))
    return tuple(claims)


def _of_topic(release: str, topic: Topic, rows: Sequence[Row], level: Level, further: int) -> Iterable[Claim]:
    own = [row for row in rows if row.topic is topic]
    own.sort(key=lambda row: (row.speaks, _RANK[row.severity]))
    yield _claim(release, topic, 0, topic.slug, level.sentence(topic), (level_figure(topic, level),))
    for place, row in enumerate(own[:MOST], 1):
        yield _claim(release, topic, place, f"{topic.slug}/{row.named}", row.sentence, row.claimed())
    rest = further + sum(row.ref.startswith("difference/") for row in own[MOST:])
    if rest:
        words = (
            f"{number_of(rest, 'further difference')} of this kind {'is' if rest == 1 else 'are'} on the map."
        )
        figure = rest_figure(topic, rest)
        yield _claim(release, topic, MOST + 1, f"{topic.slug}/further", words, (figure,))


def level_figure(topic: Topic, level: Level) -> Figure:
    """What the first sentence of a topic rests on."""
    return Figure(row=f"topic/{topic.value}", title=topic.words, name="level", value=level.word)


def rest_figure(topic: Topic, rest: int) -> Figure:
    """How many differences are not told one by one."""
    return Figure(row=f"topic/{topic.value}", title=topic.words, name="further differences", value=str(rest))


def _claim(release: str, topic: Topic, place: int, key: str, text: str, figures: tuple[Figure, ...]) -> Claim:
    return Claim(release=release, key=key, topic=topic, place=place, text=text, drafted=text, figures=figures)
