"""The environment diary in words, for both front ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from workbench.model.text import number_of
from workbench.probes.diary import Moved
from workbench.usecases.diary import Diff


def moved_words(moved: Moved) -> tuple[str, str]:
    """Both values of what differs; a secret's are never told."""
    if moved.secret and moved.before is not None and moved.after is not None:
        return "secret", "secret, differs"
    return _value(moved.before, moved.secret), _value(moved.after, moved.secret)


def _value(text: str | None, secret: bool) -> str:
    if text is None:
        return "not there"
    return "secret" if secret else text


def builds_words(found: Diff) -> Iterator[str]:
    """Which builds ran, as far as a probe was told."""
    one, other = found.builds.one, found.builds.other
    if one or other:
        same = one == other
        yield f"build {one[:12]}" if same else f"build {one[:12] or 'not told'} → {other[:12] or 'not told'}"


def alone_words(found: Diff, moment: Callable[[datetime], str]) -> Iterator[str]:
    """What could not be compared, and what was left out."""
    counts = (
        (sum(each.noise for each in found.compared), "noise"),
        (found.ignored, "ignored by the probes' own rules"),
        (sum(each.hidden for each in found.compared), "with fingerprints of another key, so nobody can tell"),
    )
    yield from (f"left out: {number_of(count, 'parameter')} {what}" for count, what in counts if count)
    for probe, point in found.alone.items():
        yield f"the probe {probe} has not looked at {point}"
    for each in found.compared:
        if each.gone:
            yield f"what the probe {each.probe} saw is not in this record"
    if found.seen:
        one = max(pair[0] for pair in found.seen.values())
        other = max(pair[1] for pair in found.seen.values())
        yield f"as it was seen on {moment(one)}, and on {moment(other)}"
