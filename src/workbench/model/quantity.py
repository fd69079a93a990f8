"""Quantities: decimal numbers with a unit, converted only within one kind."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

import msgspec

from workbench.model.canonical import decimal_text
from workbench.model.keys import nearest
from workbench.model.text import safe_text

# What a number may be, wherever one enters: typed, in a file, in a table, from a server.
MOST_DIGITS = 60  # that count: zeros at either end only say how large it is
LARGEST_EXPONENT = 100  # sizes from 1e-100 to below 1e101, and 0
_LONGEST = 400  # characters; servers write what is very small or large in full
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)


class Unit(msgspec.Struct, frozen=True):
    """A unit: how it is written, what kind of thing it counts, its size in base units."""

    symbol: str
    kind: str
    factor: Decimal

    def __str__(self) -> str:
        return self.symbol


def _units() -> dict[str, Unit]:
    table = {
        "time": {"ns": "1e-9", "us": "1e-6", "ms": "0.001", "s": "1", "min": "60", "h": "3600", "d": "86400"},
        "size": {
            "B": "1", "kB": "1e3", "MB": "1e6", "GB": "1e9", "TB": "1e12",
            "KiB": "1024", "MiB": "1048576", "GiB": "1073741824", "TiB": "1099511627776",
        },
        "share": {"share": "1", "%": "0.01"},
        "rate": {"/s": "1", "/min": f"{Decimal(1) / 60}", "/h": f"{Decimal(1) / 3600}"},
        "count": {"": "1"},
        # How far versions are apart: only the first place that differs counts.
        "version": {"patch": "1", "minor": "1000", "major": "1000000"},
    }  # fmt: skip
    return {
        symbol: Unit(symbol, kind, Decimal(factor))
        for kind, symbols in table.items()
        for symbol, factor in symbols.items()
    }


UNITS = _units()
COUNT = UNITS[""]
_LETTERS = "BkMGTi"
# Numbers from outside may have more digits than the ambient context keeps.
_WIDE = Context(prec=500, rounding=ROUND_HALF_EVEN)
_ALIASES = {
    "µs": "us", "μs": "us", "sec": "s", "second": "s", "seconds": "s", "millisecond": "ms",
    "milliseconds": "ms", "m": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h",
    "day": "d", "days": "d", "percent": "%", "ratio": "share", "bytes": "B", "byte": "B",
    "kb": "kB", "KB": "kB", "per second": "/s", "per minute": "/min", "per hour": "/h",
    "req/s": "/s", "rps": "/s", "count": "", "1": "",
}  # fmt: skip


def find_unit(text: str) -> Unit:
    """The unit that ``text`` names; raises ``ValueError`` with the likeliest correction."""
    name = " ".join(text.split())
    name = _ALIASES.get(name, name)
    if name in UNITS:
        return UNITS[name]
    meant = nearest(name, [*UNITS, *_ALIASES])
    hint = f"; did you mean {meant}?" if meant else ""
    raise ValueError(f"unknown unit “{text}”{hint}")


class Quantity(msgspec.Struct, frozen=True):
    """A decimal number and its unit, for example 0.45 s."""

    value: Decimal
    unit: Unit = COUNT

    def to(self, unit: Unit) -> Quantity:
        """The same quantity in another unit of its kind; ``ValueError`` across kinds."""
        if unit is self.unit or unit == self.unit:
            return self
        if unit.kind != self.unit.kind:
            raise ValueError(f"{self.unit.symbol or 'a count'} cannot become {unit.symbol or 'a count'}")
        return Quantity(rescale(self.value, self.unit, unit), unit)

    def __str__(self) -> str:
        return with_unit(decimal_text(self.value), self.unit)


def rescale(value: Decimal, unit: Unit, to: Unit) -> Decimal:
    """``value`` in ``unit`` as a number of ``to``.  Rates divide exactly where they can."""
    if unit.kind == "rate":
        per = {"/s": Decimal(1), "/min": Decimal(60), "/h": Decimal(3600)}
        return value * per[to.symbol] / per[unit.symbol]
    return value * unit.factor / to.factor


def rescale_all(numbers: Sequence[float], unit: Unit, to: Unit) -> Sequence[float]:
    """Many numbers in ``unit`` as numbers of ``to``: each is multiplied or divided once."""
    if unit == to:
        return numbers
    times, divided_by = float(rescale(Decimal(1), unit, to)), float(rescale(Decimal(1), to, unit))
    if times >= 1:
        return array("d", [number * times for number in numbers])
    return array("d", [number / divided_by for number in numbers])


def parse_size(text: str) -> int:
    """Bytes of a text such as ``50 MB``; raises ``ValueError``."""
    number = text.rstrip(_LETTERS)
    unit = UNITS.get(text[len(number) :])
    if unit is None or unit.kind != "size" or not number.strip().isascii() or not number.strip().isdigit():
        raise ValueError(f"“{text}” is not a size; write 50 MB")
    return int(rescale(Decimal(number.strip()), unit, UNITS["B"]))


def size_text(size: int) -> str:
    """How large something is, for people: ``812 B``, ``1.2 MB``."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def read_number(text: str) -> Decimal:
    """A number in plain digits, as people and servers write it: ``118``, ``0.45``, ``1e6``; raises ``ValueError``.

    Digits of other scripts and ``1_000`` are refused, and so are numbers that nobody can mean
    (see :func:`can_be_meant`).
    """
    words = text.strip() if len(text) <= 2 * _LONGEST else text
    if len(words) > _LONGEST or _PLAIN.fullmatch(words) is None or not can_be_meant(number := Decimal(words)):
        raise ValueError(f"“{safe_text(text, 60)}” is not a number{_beyond(words)}")
    return number


def can_be_meant(number: Decimal) -> bool:
    """Whether a number is within what is measured anywhere: finite, not too long, not too large or small."""
    if not number.is_finite():
        return False
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return not digits or (len(digits) <= MOST_DIGITS and abs(number.adjusted()) <= LARGEST_EXPONENT)


def _beyond(words: str) -> str:
    """What to say of a number that is beyond the bounds, and of no other text."""
    if _PLAIN.fullmatch(words[:_LONGEST]) is None:
        return ""
    return f" that can be kept: at most {MOST_DIGITS} digits, and a size from 1e-{LARGEST_EXPONENT} to 1e{LARGEST_EXPONENT}"


def from_float(number: float) -> Decimal:
    """A computed float by its shortest decimal form, so that 0.77 is 0.77."""
    return Decimal(repr(float(number)))


def with_unit(number: str, unit: Unit) -> str:
    """A number text and its unit as people write them: ``0.54 s``, ``3.1 %``, ``12/s``."""
    if unit.symbol in ("", "share"):
        return number
    if unit.kind == "version":
        return _version_steps(number, unit)
    return number + unit.symbol if unit.symbol.startswith("/") else f"{number} {unit.symbol}"


def _version_steps(number: str, unit: Unit) -> str:
    """``1 minor``, however it was counted: a distance of versions is told in the place that differs."""
    steps = Decimal(number.replace(",", "")) * unit.factor
    for name in ("major", "minor"):
        size = UNITS[name].factor
        if steps and steps % size == 0:
            return f"{decimal_text(steps / size)} {name}"
    return f"{decimal_text(steps)} patch" if steps else "0"


def show_in(number: Decimal | float, unit: Unit) -> str:
    """A number with its unit, in three digits or more.

    >>> show_in(0.54321, find_unit("s"))
    '0.543 s'
    """
    return with_unit(show(number if isinstance(number, Decimal) else from_float(number))[0], unit)


def show(*values: Decimal, digits: int = 3) -> tuple[str, ...]:
    """Number texts with as many digits as it takes to keep the values' order and equalities.

    >>> show(Decimal("0.5401"), Decimal("0.54"))
    ('0.5401', '0.54')
    """
    for precision in range(digits, 40):
        shown = [significant(value, precision) for value in values]
        if _same_order(values, shown):
            return tuple(grouped(decimal_text(value)) for value in shown)
    return tuple(decimal_text(value) for value in values)


def significant(value: Decimal, digits: int) -> Decimal:
    """``value`` rounded to ``digits`` significant digits; whole digits are never lost."""
    if not value:
        return value
    exponent = min(0, value.adjusted() - digits + 1)
    return value.quantize(Decimal(1).scaleb(exponent), context=_WIDE)


def grouped(number: str) -> str:
    """Thousands separated by commas from 10,000 on."""
    whole, point, rest = number.partition(".")
    if len(whole.lstrip("-")) >= 5:
        whole = f"{int(whole):,}"
    return whole + point + rest


def _same_order(exact: Sequence[Decimal], shown: Sequence[Decimal]) -> bool:
    return all(
        (a > b) == (x > y) and (a == b) == (x == y)
        for i, (a, x) in enumerate(zip(exact, shown, strict=True))
        for b, y in list(zip(exact, shown, strict=True))[i + 1 :]
    )
