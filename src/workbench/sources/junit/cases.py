"""One case of a JUnit report.

A large report repeats the same few sets of attributes many thousand times, so what a set of names
can say is worked out once for each (:class:`Form`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from workbench.model.text import safe_text
from workbench.sources.junit.words import CASE_TIMES, SAYING, Word, plain_name, seconds_of, word_of
from workbench.sources.test_runs.counts import Outcome

FAILED_MARKS = frozenset({"failure", "error"})
_RERUN_MARKS = frozenset({"rerunFailure", "rerunError"})
_FLAKY_MARKS = frozenset({"flakyFailure", "flakyError"})
# What tells two tests apart; an attempt more at one has all of it in common.
_IDENTITY = ("name", "classname", "class", "group", "package", "file", "filepath", "line", "lineno", "id")
_NOWHERE = -1
_MOST_FORMS = 1000  # that are remembered of one report, and of one form as many things that it says


class Form:
    """What the names of a case's attributes tell before their values are looked at.

    ``names`` are plain ones; ``speaks`` says that one of them may tell how the test ended.
    """

    __slots__ = ("_identity", "_name", "_said", "_same", "_speaking", "names", "seconds", "speaks", "times")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(map(plain_name, names))
        places = {name: place for place, name in enumerate(self.names)}  # of two alike the later one counts
        self._name = places.get("name", _NOWHERE)
        self.seconds = places.get("time", _NOWHERE)
        self._speaking = tuple(places[name] for name in places if name in SAYING)
        self._said: dict[tuple[str, ...], tuple[Word, str]] = {}
        self.speaks = bool(self._speaking)
        self.times = tuple(places[name] for name in CASE_TIMES if name in places)
        telling = tuple(name for name in _IDENTITY if name in places)
        self._same = hash(telling)
        self._identity: Callable[[Sequence[str]], Any] = (
            itemgetter(*(places[name] for name in telling)) if telling else tuple
        )

    def said(self, values: Sequence[str]) -> tuple[Word, str]:
        """What the attributes say of how it ended, and the word that says it; most say one of a few things."""
        key = tuple([values[place] for place in self._speaking])
        known = self._said.get(key)
        if known is None:
            known = word_of(dict(zip(self.names, values, strict=True)), case=True)
            if len(self._said) < _MOST_FORMS:
                self._said[key] = known
        return known

    def identity(self, values: Sequence[str]) -> int | None:
        """The same number for two attempts at one test; ``None`` for one without a name."""
        if self._name < 0 or not values[self._name]:
            return None
        return hash((self._same, self._identity(values)))


class Forms:
    """The forms of one report, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Form] = {}

    def of(self, names: tuple[str, ...]) -> Form:
        """The form of a case with attributes of these names."""
        form = self._known.get(names)
        if form is None:
            form = Form(names)
            if len(self._known) < _MOST_FORMS:
                self._known[names] = form
        return form


class Case:
    """A case: its attributes, and the marks inside of it."""

    __slots__ = ("form", "marks", "values")

    def __init__(self, form: Form, values: Sequence[str]) -> None:
        self.form = form
        self.values = values
        self.marks: list[str] = []

    @property
    def attributes(self) -> Mapping[str, str]:
        """Values by plain names."""
        return dict(zip(self.form.names, self.values, strict=True))

    @property
    def seconds(self) -> float:
        """How long it took; 0 where it does not say."""
        place = self.form.seconds
        return 0.0 if place < 0 else seconds_of(self.values[place])

    @property
    def identity(self) -> int | None:
        """The same number for two attempts at one test; ``None`` for one without a name."""
        return self.form.identity(self.values)

    @property
    def full_name(self) -> str:
        """Class and name, as people see them."""
        attributes = self.attributes
        parts = [attributes.get("classname", ""), attributes.get("name", "")]
        return safe_text(".".join(part for part in parts if part), 120)

    @property
    def earlier(self) -> int:
        """Failed attempts before the one that counts."""
        return sum(mark in _RERUN_MARKS or mark in _FLAKY_MARKS for mark in self.marks)

    def outcome(self) -> tuple[Outcome, str]:
        """How it ended, and its own word for it."""
        marks = self.marks
        word, said = self.form.said(self.values) if self.form.speaks else (Word.NOTHING, "")
        if "error" in marks or ("rerunError" in marks and "failure" not in marks):
            return "errors", said
        if "failure" in marks or "rerunFailure" in marks or word is Word.FAILED:
            return "failed", said
        if "skipped" in marks or word is Word.SKIPPED:
            return "skipped", said
        if word is Word.UNKNOWN:
            return "unclear", said
        return ("flaky" if word is Word.FLAKY or not _FLAKY_MARKS.isdisjoint(marks) else "passed"), said
