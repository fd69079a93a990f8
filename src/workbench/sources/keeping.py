"""What of an answer can be kept: a number of a size that is measured anywhere, counts that a record holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workbench.model.canonical import MAX_INTEGER
from workbench.model.errors import SourceError
from workbench.model.quantity import LARGEST_EXPONENT, MOST_DIGITS, can_be_meant
from workbench.sources.reading import Found, Reading

LARGEST_ENTRY = 4_000_000  # bytes of one batch: an entry of a record holds little more
LARGEST_BODY = 64 * 2**20  # bytes of one piece of evidence
MOST_SAMPLES = LARGEST_BODY // 8  # of one measurement
_FIELDS, _DIGEST = 500, 70  # bytes that a reading takes beside its texts, and for each piece of its evidence


def check(found: Found) -> None:
    """``SourceError`` for an answer that no record could hold: it costs its own question only."""
    if found.value is not None and not can_be_meant(found.value):
        raise SourceError(
            f"the answer's number cannot be kept: it has more than {MOST_DIGITS} digits, or its size is not "
            f"from 1e-{LARGEST_EXPONENT} to 1e{LARGEST_EXPONENT}"
        )
    counts = [found.samples, *(fact for fact in found.facts.values() if isinstance(fact, int))]
    if any(count is not None and abs(count) > MAX_INTEGER for count in counts):
        raise SourceError(f"the answer holds a count beyond {MAX_INTEGER:,}")
    if any(len(body.data) > LARGEST_BODY for body in found.bodies):
        raise SourceError(
            f"the answer is larger than {LARGEST_BODY // 2**20} MB, which is not kept as evidence"
        )
    if found.data is not None and len(found.data) > LARGEST_BODY:
        raise SourceError(f"there are more than {MOST_SAMPLES:,} samples, which are not kept with one value")


def pieces(readings: Sequence[Reading]) -> Iterator[Sequence[Reading]]:
    """The readings in as many parts as it takes for each to fit into one entry of a record."""
    start = size = 0
    for place, reading in enumerate(readings):
        grows = _bytes_of(reading)
        if place > start and size + grows > LARGEST_ENTRY:
            yield readings[start:place]
            start, size = place, 0
        size += grows
    if readings:
        yield readings[start:]


def _bytes_of(reading: Reading) -> int:
    """How many bytes a reading may take at most: four for a character."""
    texts = len(reading.why) + len(reading.partial or "") + len(reading.build or "") + _length(reading.facts)
    return _FIELDS + _DIGEST * len(reading.evidence) + 4 * texts


def _length(facts: Mapping[str, str | int]) -> int:
    return sum(len(name) + (len(fact) if isinstance(fact, str) else 20) for name, fact in facts.items())
