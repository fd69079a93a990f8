"""How far a line of a gate is from being met, and up to where an exception lets it past.

CRITERIA.md, section 4: an exception is bound to what was seen; anything worse opens the line again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from workbench.model.canonical import decimal_text, digest
from workbench.model.errors import UsageError
from workbench.model.quantity import Unit, find_unit, read_number, rescale, show, with_unit
from workbench.model.text import number_of, safe_text

HIGHER, LOWER = "higher", "lower"
NOT_MEASURED = "not measured"
RUNNING = "still running"
_MOST_IDS = 200  # things that a bound names; of more it holds their digest
_NAMED = 3  # things that a sentence names
_LONGEST = 200  # characters of one name


class Bound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was seen of a line, as far as it can get worse.

    ``value`` is a number with its unit (``0.86 s``), of which ``worse`` says which way is worse: ``higher``,
    ``lower``, or "" for any other value.  ``count`` is how many things there are, of which one is called ``noun``,
    and ``ids`` name them.  ``stands`` is how the line stood, in a word: ``fail``, ``open``, ``not measured``.
    """

    value: str = ""
    worse: str = ""
    count: int | None = None
    noun: str = ""
    ids: tuple[str, ...] = ()
    stands: str = ""

    @property
    def unmeasured(self) -> bool:
        """Whether nothing was measured, or what measures it still runs."""
        return self.stands in (NOT_MEASURED, RUNNING)

    @property
    def words(self) -> str:
        """Up to where it holds: ``up to 0.86 s``, ``up to 3 findings``; "" where nothing can get worse."""
        if self.unmeasured:
            return f"while it is {self.stands}"
        if self.value:
            return f"{_UP_TO[self.worse]} {_shown(self.value)[0]}"
        if self.count is not None:
            return f"up to {number_of(self.count, self.noun or 'thing')}"
        if self.ids:
            return f"for {_named(self.ids)}"
        return f"while it is “{self.stands}”" if self.stands else ""


_UP_TO = {HIGHER: "up to", LOWER: "down to", "": "for exactly"}


def of_value(value: Decimal, unit: Unit, worse: str, stands: str) -> Bound:
    """The bound of a number that was measured; ``stands`` is its verdict."""
    return Bound(value=f"{decimal_text(value)} {unit.symbol}".strip(), worse=worse, stands=stands)


def of_things(found: Iterable[str], noun: str, *, count: int | None = None, stands: str = "") -> Bound:
    """The bound of things by name; of very many the digest of their names stands for them."""
    ids = tuple(sorted({_name(one) for one in found}))
    counted = max(len(ids), count or 0)
    if len(ids) > _MOST_IDS:
        ids = (digest(list(ids)),)
    return Bound(count=counted, noun=noun, ids=ids, stands=stands)


def _name(text: str) -> str:
    """A name as people read it; of a long one the digest tells it from others that begin alike."""
    words = safe_text(text)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}… {digest(text)[:12]}"


def covers(bound: Bound, present: Bound | None) -> bool:
    """Whether a line that stands as ``present`` is no worse than ``bound``; what cannot be compared is not covered."""
    return not beyond(bound, present)


def beyond(bound: Bound, present: Bound | None) -> str:
    """Why a line is worse than an exception allows, naming both; "" where it is covered."""
    if present is None:
        return f"it holds {bound.words or 'for what was seen'}, and what there is now cannot be compared with that"
    if bound.stands != present.stands:
        was = f"“{bound.stands}”" if bound.stands else "a measured value"
        now = f"it is “{present.stands}”" if present.stands else "there is a measured value"
        return f"it was given for {was}, and now {now}{_told(present)}"
    if bound.value or present.value:
        return _beyond_value(bound, present)
    if bound.count is not None and (present.count is None or present.count > bound.count):
        more = [one for one in present.ids if one not in bound.ids]
        named = f": {_named(more)}" if more and bound.ids else ""
        return f"it holds {bound.words}, and now there are {_counted(present)}{named}"
    fresh = [one for one in present.ids if one not in bound.ids]
    if fresh and bound.ids:
        return f"it holds {bound.words}, and this is another: {_named(fresh)}"
    return ""


def _told(present: Bound) -> str:
    if present.value:
        return f": {_shown(present.value)[0]}"
    return f": {_counted(present)}" if present.count is not None else ""


def _counted(present: Bound) -> str:
    return number_of(present.count, present.noun or "thing") if present.count is not None else "none"


def _beyond_value(bound: Bound, present: Bound) -> str:
    pair = _comparable(bound.value, present.value)
    if pair is None:
        return f"it holds {bound.words}, and now it is {present.value or 'no number'}"
    limit, now = pair
    inside = {HIGHER: now <= limit, LOWER: now >= limit}.get(bound.worse, now == limit)
    if inside and bound.worse == present.worse:
        return ""
    was, is_now = _shown(bound.value, present.value)
    return f"it holds {_UP_TO[bound.worse]} {was}, and now it is {is_now}"


def _read(text: str) -> tuple[Decimal, Unit] | None:
    number, _, unit = text.strip().partition(" ")
    try:
        return read_number(number), find_unit(unit)
    except ValueError:
        return None


def _comparable(one: str, other: str) -> tuple[Decimal, Decimal] | None:
    """Two values in one unit; ``None`` where one is no number, or they count other things."""
    first, second = _read(one), _read(other)
    if first is None or second is None or first[1].kind != second[1].kind:
        return None
    return first[0], rescale(second[0], second[1], first[1])


def _shown(*values: str) -> Sequence[str]:
    """Values as people read them, with as many digits as it takes to tell them apart."""
    found = [_read(one) for one in values]
    numbers = [pair for pair in found if pair is not None]
    if len(numbers) < len(values):
        return values
    texts = show(*(number for number, _ in numbers))
    return [with_unit(text, unit) for text, (_, unit) in zip(texts, numbers, strict=True)]


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def narrowed(seen: Bound | None, up_to: str) -> Bound:
    """What was seen, held to a smaller value or number; ``UsageError`` for more than what was seen."""
    words = " ".join(up_to.split())
    if seen is None or not (seen.value or seen.count is not None):
        raise UsageError(
            "nothing was measured or counted here that could be limited",
            hint="leave out --up-to: the override covers exactly what was seen",
        )
    if seen.value:
        return _narrowed_value(seen, words)
    number, _, _ = words.partition(" ")
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise UsageError(
            f"“{safe_text(words, 40)}” is no number", hint=f"write --up-to {seen.count}, or less"
        )
    if seen.count is None or int(number) > seen.count:
        raise _broader(seen.words, words)
    return msgspec.structs.replace(seen, count=int(number))


def _narrowed_value(seen: Bound, words: str) -> Bound:
    (_, unit) = _read(seen.value) or (None, None)
    given = _read(_apart(words))
    if unit is not None and given is not None and not given[1].symbol:
        given = given[0], unit  # a number alone is in the unit of what was seen
    if unit is None or given is None or given[1].kind != unit.kind:
        raise UsageError(
            f"“{safe_text(words, 40)}” is no value in {unit.symbol if unit and unit.symbol else 'plain numbers'}",
            hint=f"write --up-to {seen.value!r}",
        )
    told = of_value(given[0], given[1], seen.worse, seen.stands)
    pair = _comparable(seen.value, told.value)
    assert pair is not None  # both were read, and are of one kind
    was, now = pair
    wider = {HIGHER: now > was, LOWER: now < was}.get(seen.worse, now != was)
    if wider:
        most, more = _shown(seen.value, told.value)
        raise _broader(f"{_UP_TO[seen.worse]} {most}", more)
    return told


def _apart(words: str) -> str:
    """A value with a space before its unit: ``0.8s`` as ``0.8 s``."""
    for place, letter in enumerate(words):
        if letter not in "+-.0123456789eE" or (letter in "eE" and not words[place + 1 : place + 2].isdigit()):
            return f"{words[:place].strip()} {words[place:].strip()}"
    return words


def _broader(seen: str, words: str) -> UsageError:
    return UsageError(
        f"an override covers no more than what was seen: {seen}, not {safe_text(words, 40)}",
        hint="leave out --up-to, or give a value that is no worse",
    )
