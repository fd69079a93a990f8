"""An answer that no record could hold costs its own question, and many answers go in several entries."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.model.canonical import encode, plain
from workbench.model.errors import SourceError
from workbench.model.kinds import SourceKind
from workbench.sources import keeping
from workbench.sources.manual import ManualConfig
from workbench.sources.reading import Asker, Body, Found, Question, Reading, SourceSpec

from .support import AT, Fetched, ask


def found(**changes) -> Found:
    return Found(**({"state": "ok", "measured_at": AT, "value": Decimal(1)} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": Decimal("1e999999")}, "cannot be kept"),
        ({"value": Decimal("-1e-500")}, "cannot be kept"),
        ({"value": Decimal("1" * 61)}, "cannot be kept"),
        ({"value": Decimal("NaN")}, "cannot be kept"),
        ({"samples": 2**53}, "a count beyond"),
        ({"facts": {"runs": 10**400}}, "a count beyond"),
        ({"bodies": (Body("text/plain", b"x" * (64 * 2**20 + 1)),)}, "larger than 64 MB"),
    ],
)
def test_what_cannot_be_kept_is_refused(changes, words) -> None:
    with pytest.raises(SourceError, match=words):
        keeping.check(found(**changes))


def test_what_is_measured_anywhere_can_be_kept() -> None:
    for text in ("0", "0e50", "1e100", "-9.99e100", "1e-100", "1" + "0" * 80, "0.1234567890123456789"):
        keeping.check(found(value=Decimal(text), samples=2**53 - 1, facts={"runs": 3, "why": "x"}))


def asked(asker: Asker, *subjects: str) -> Fetched:
    """What comes of asking a source of another package."""
    kind = SourceKind("other", "", ManualConfig, None, lambda: lambda channel: asker)
    questions = [Question(subject=subject, source="s", at=AT) for subject in subjects]
    return ask([SourceSpec("s", "other", ManualConfig())], questions, kinds={"other": kind})


class Odd(Asker):
    """Answers the first question with something that the record refuses, the second as it should."""

    async def ask(self, question):
        if question.subject == "odd":
            return found(value=Decimal("1e999999999"), facts={"n": 1.5})
        return found()


def test_one_answer_that_cannot_be_kept_leaves_the_others_alone() -> None:
    fetched = asked(Odd(), "odd", "even")
    assert {reading.subject: reading.state for reading in fetched.readings} == {"odd": "error", "even": "ok"}


class Floats(Asker):
    async def ask(self, question):
        return found(facts={"n": 1.5})


def test_an_answer_of_another_shape_than_agreed_is_its_own_error() -> None:
    (reading,) = asked(Floats(), "b").readings
    assert (reading.state, reading.why) == ("error", "the answer could not be read (AttributeError)")


def test_very_many_long_answers_go_in_several_entries_none_too_large() -> None:
    readings = [
        Reading(
            subject=f"b{n}", source="s", role="value", state="error", measured_at=AT, why="\U0001f600" * 2000
        )
        for n in range(1200)
    ]
    parts = list(keeping.pieces(readings))
    assert [reading for part in parts for reading in part] == readings
    assert len(parts) > 1
    assert all(len(encode(plain(list(part)))) < 4 * 2**20 for part in parts)
