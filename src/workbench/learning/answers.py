"""IN-3: what reviews say was lacking, and why staging would not have caught it."""

from __future__ import annotations

from collections import Counter

from workbench.learning.figure import About, Figure, share
from workbench.learning.reading import Reading, answered, those

LACKING, WHY_NOT = "lacking", "why_not"
_ABOUT = {
    LACKING: ("Lacking", "incidents in production at which it was lacking", "whose review says what was lacking"),
    WHY_NOT: ("Not caught", "incidents in production that staging would not have caught for that reason", "whose review says why staging would not have caught it"),
}  # fmt: skip
_NOTHING = "nothing"


def answers(past: Reading) -> tuple[Figure, ...]:
    """Each answer that was given, the most frequent first: telemetry, a test or a gate was lacking; it is mocked, untested."""
    return (*_given(past, LACKING), *_given(past, WHY_NOT))


def _given(past: Reading, field: str) -> list[Figure]:
    pairs = past.lessons()
    of, unknown = answered(pairs, field)
    counted = Counter(str(getattr(lesson, field)) for id, lesson in pairs if id in set(of))
    title, counts, among = _ABOUT[field]
    left = (past.not_reviewed(), unknown, *past.left_incidents)
    return [
        share(
            About(
                f"{field}/{answer}",
                f"{title}: {answer.replace('_', ' ')}",
                counts,
                f"incidents in production {among}",
            ),
            those(pairs, field, answer),
            of,
            left=left,
            rests_on=len(past.ended),
        )
        for answer, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        if answer != _NOTHING
    ]
