"""What whoever asks for an exception answers: the same few questions each time, short."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.model.errors import UsageError
from workbench.model.reasons import says_nothing
from workbench.model.text import safe_text

LONGEST = 2_000  # characters of one answer


class Answers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fixed questions of an exception; "" where nothing was said, as in those of before they were asked."""

    affects: str = ""
    from_version: str = ""
    happens: str = ""
    recovery: str = ""
    regression: bool | None = None

    @property
    def told(self) -> Iterator[tuple[str, str]]:
        """What was answered, each with the name of its question."""
        for question in QUESTIONS:
            said = getattr(self, question.field)
            if isinstance(said, bool):
                yield question.label, "yes, it worked before" if said else "no"
            elif said:
                yield question.label, said


class FixedQuestion(msgspec.Struct, frozen=True):
    """One of them: the field of :class:`Answers`, the option, what it is called, how it is asked, and an example.

    One without an example is answered with yes or no.
    """

    field: str
    option: str
    label: str
    asks: str
    example: str


QUESTIONS = (
    FixedQuestion("affects", "--affects", "Affects", "Who is affected?", "mobile customers in Germany"),
    FixedQuestion("from_version", "--from-version", "From version", "From which version on?", "2.13.0"),
    FixedQuestion("happens", "--happens", "Happens", "What happens to them?", "refunds take up to a minute"),
    FixedQuestion("recovery", "--recovery", "Recovery", "How does one recover?", "retry the refund job"),
    FixedQuestion("regression", "--regression or --no-regression", "Regression", "Did it work before?", ""),
)
TEXTS = tuple(one for one in QUESTIONS if one.example)


def answered(answers: Answers | None, called: str) -> Answers:
    """The answers without the space around them; ``called`` is ``an override``.

    ``UsageError`` names every question that nobody has answered, and an answer that says nothing.
    """
    found = answers or Answers()
    lacking = [one for one in QUESTIONS if _lacks(getattr(found, one.field))]
    if lacking:
        asked = "; ".join(f"{one.asks} {one.option}" for one in lacking)
        raise UsageError(f"{called} answers the same few questions each time", hint=asked)
    for one in TEXTS:
        text: str = getattr(found, one.field)
        if says_nothing(text):
            raise UsageError(
                f"“{safe_text(text, 40)}” is no answer to: {one.asks}",
                hint=f"write what the reader needs to know to act on it, for example: {one.example}",
            )
        if len(text) > LONGEST:
            raise UsageError(f"the answer to “{one.asks}” is longer than {LONGEST:,} characters")
    return msgspec.structs.replace(
        found, **{one.field: " ".join(getattr(found, one.field).split()) for one in TEXTS}
    )


def _lacks(said: str | bool | None) -> bool:
    return said is None or (isinstance(said, str) and not said.strip())
