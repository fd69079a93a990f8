"""The unit of a PromQL query's answer, as far as the names of its metrics prove it.

Prometheus' metrics end in their unit: ``_seconds``, ``_bytes``, ``_ratio``.  What a query does with
them is followed: rates, quotients, percentiles, factors.  Where anything is not understood nothing
is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import msgspec

Powers = Mapping[str, int]  # of "s", "B", "n" (things counted) or a metric's own name
_ONE = Decimal(1)
_LONGEST, _DEEPEST = 5_000, 60

_NAMED: Mapping[str, tuple[Powers, str]] = {
    "seconds": ({"s": 1}, "1"), "milliseconds": ({"s": 1}, "0.001"), "millis": ({"s": 1}, "0.001"),
    "ms": ({"s": 1}, "0.001"), "microseconds": ({"s": 1}, "1e-6"), "micros": ({"s": 1}, "1e-6"),
    "us": ({"s": 1}, "1e-6"), "nanoseconds": ({"s": 1}, "1e-9"), "nanos": ({"s": 1}, "1e-9"),
    "ns": ({"s": 1}, "1e-9"), "minutes": ({"s": 1}, "60"), "hours": ({"s": 1}, "3600"),
    "days": ({"s": 1}, "86400"), "bytes": ({"B": 1}, "1"), "kilobytes": ({"B": 1}, "1e3"),
    "megabytes": ({"B": 1}, "1e6"), "gigabytes": ({"B": 1}, "1e9"), "kibibytes": ({"B": 1}, "1024"),
    "mebibytes": ({"B": 1}, "1048576"), "gibibytes": ({"B": 1}, "1073741824"), "ratio": ({}, "1"),
    "sec": ({"s": 1}, "1"), "secs": ({"s": 1}, "1"), "msec": ({"s": 1}, "0.001"), "msecs": ({"s": 1}, "0.001"),
    "usec": ({"s": 1}, "1e-6"), "nsec": ({"s": 1}, "1e-9"), "kib": ({"B": 1}, "1024"),
    "mib": ({"B": 1}, "1048576"), "gib": ({"B": 1}, "1073741824"), "fraction": ({}, "1"),
    "percent": ({}, "0.01"), "percentage": ({}, "0.01"), "pct": ({}, "0.01"),
}  # fmt: skip
_ENDINGS = ("total", "sum", "bucket", "max", "min", "avg", "mean")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
# A recording rule is called level:metric:operations; these leave the metric's unit as it is.
_RULE = re.compile(
    r".*:([^:]+):(?:max|min|avg|mean|median|p[0-9]+|quantile)(?!.*(?:rate|ratio|count))[^:]*", re.I
)
_AGGREGATE = {"sum", "avg", "max", "min", "quantile", "topk", "bottomk", "stddev", "group", "limitk"}
_SAME = {
    "abs", "ceil", "floor", "round", "sort", "sort_desc", "clamp", "clamp_min", "clamp_max", "avg_over_time",
    "max_over_time", "min_over_time", "sum_over_time", "last_over_time", "quantile_over_time",
    "stddev_over_time", "delta", "idelta", "increase", "predict_linear", "label_replace", "label_join",
    "scalar", "vector",
}  # fmt: skip
_SECOND = {"quantile", "quantile_over_time", "topk", "bottomk", "histogram_quantile", "limitk"}
_RATES = {"rate", "irate", "deriv"}
_COUNTS = {"count", "count_over_time", "changes", "resets", "absent", "present_over_time", "count_values"}
_GROUPING = {"by", "without"}
_MATCHING = {"on", "ignoring", "group_left", "group_right"}
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`', re.DOTALL)
_COMMENT = re.compile(rf"({_STRINGS.pattern})|#[^\n]*", re.DOTALL)
_TOKEN = re.compile(
    r"\s+|#[^\n]*|(?P<text>\"\"|''|``)|(?P<name>[A-Za-z_:][\w:]*)|(?P<number>[0-9.][0-9a-zA-Z.]*(?:(?<=[eE])[+-][0-9]+)?)"
    r"|(?P<sign>==|!=|<=|>=|=~|!~|[-+*/%^<>=(){}\[\],@])",
    re.ASCII,
)
_ORDER = (("or",), ("and", "unless"), ("==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"), ("^",))


class Proved(msgspec.Struct, frozen=True):
    """The unit of an answer: one of it is ``factor`` of the base unit of ``kind`` (time, size, share, rate).

    ``metric`` is the metric whose name says so; ``by_name`` is false of what follows from a quotient only.
    """

    kind: str
    factor: Decimal
    metric: str
    by_name: bool


class _Value(msgspec.Struct, frozen=True):
    """What a part of a query gives; ``base`` is what the buckets of a histogram are in."""

    powers: Powers
    factor: Decimal = _ONE
    metric: str = ""
    constant: Decimal | None = None
    by_name: bool = False
    base: tuple[Powers, Decimal] | None = None


class _Unclear(Exception):
    """Something that is not understood."""


def unit_of(query: str) -> Proved | None:
    """The unit of a query's answer, or ``None`` where nothing proves it; never raises."""
    if len(query) > _LONGEST:
        return None
    return _unit_of(_STRINGS.sub('""', query))


def without_comments(query: str) -> str:
    """A query without what stands behind `#`."""
    return _COMMENT.sub(lambda found: found[1] or "", query)


@lru_cache(maxsize=1024)
def _unit_of(query: str) -> Proved | None:
    try:
        value = _Reader(query).whole()
    except (_Unclear, ArithmeticError, ValueError, IndexError):
        return None
    powers = {name: power for name, power in value.powers.items() if power}
    kind = None
    if value.constant is None:
        if powers == {"s": 1}:
            kind = "time"
        elif powers in ({"B": 1}, {"B": 1, "s": -1}):
            kind = "size"
        elif powers == {"n": 1, "s": -1}:
            kind = "rate"
        elif not powers:
            kind = "share"
    return Proved(kind, value.factor, value.metric, value.by_name) if kind else None


class _Reader:
    """Recursive descent over the tokens of a query."""

    def __init__(self, query: str) -> None:
        self.tokens: list[str] = []
        position = 0
        while position < len(query):
            match = _TOKEN.match(query, position)
            if match is None:
                raise _Unclear
            position = match.end()
            if match.lastgroup:
                self.tokens.append(match[0])
        self.at = 0
        self.deep = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> _Value:
        value = self.joined(0)
        if self.next:
            raise _Unclear
        return value

    def joined(self, level: int) -> _Value:
        """An expression of one precedence; all of them are read from the left."""
        if level == len(_ORDER):
            return self.unary()
        left = self.joined(level + 1)
        while self.next.lower() in _ORDER[level]:
            sign = self.take().lower()
            if self.next.lower() == "bool":
                raise _Unclear
            while self.next.lower() in _MATCHING:
                self.take()
                if self.next == "(":
                    self.skip("(", ")")
            left = _combined(sign, left, self.joined(level + 1))
        return left

    def unary(self) -> _Value:
        self.deep += 1
        if self.deep > _DEEPEST:
            raise _Unclear
        if self.next in ("-", "+"):
            sign = self.take()
            value = self.unary()
            self.deep -= 1
            if sign == "+" or value.constant is None:
                return value
            return msgspec.structs.replace(value, constant=-value.constant)
        value = self.primary()
        self.deep -= 1
        self.modifiers()
        return value

    def modifiers(self) -> None:
        """Ranges, offsets and moments say nothing of the unit."""
        while self.next.lower() in ("[", "offset", "@"):
            if self.next == "[":
                self.skip("[", "]")
                continue
            self.take()
            if self.next == "-":
                self.take()
            self.take()

    def skip(self, opens: str, closes: str) -> None:
        depth = 0
        while True:
            token = self.take()
            depth += (token == opens) - (token == closes)
            if not depth:
                return

    def primary(self) -> _Value:
        token = self.take()
        if token == "(":
            value = self.joined(0)
            if self.take() != ")":
                raise _Unclear
            return value
        if token[0].isdigit() or token[0] == ".":
            return _Value({}, constant=Decimal(token))
        if not (token[0].isalpha() or token[0] in "_:"):
            raise _Unclear
        name = token.lower()
        if name in _AGGREGATE or name in _COUNTS:
            self.grouping()
        if self.next == "(":
            value = self.call(name)
            if name in _AGGREGATE or name in _COUNTS:
                self.grouping()
            return value
        if self.next == "{":
            self.skip("{", "}")
        return _of_metric(token)

    def grouping(self) -> None:
        if self.next.lower() in _GROUPING:
            self.take()
            self.skip("(", ")")

    def call(self, name: str) -> _Value:
        self.take()
        arguments: list[_Value | None] = []
        while self.next != ")":
            if self.next in ('""', "''", "``"):
                self.take()
                arguments.append(None)
            else:
                arguments.append(self.joined(0))
            if self.next == ",":
                self.take()
        self.take()
        return _called(name, arguments)


def _of_metric(name: str) -> _Value:
    """What the name of a metric says: its last word, without what a counter or a histogram adds."""
    rule = _RULE.fullmatch(name)
    *front, last = _CAMEL.sub("_", rule[1] if rule else name).lower().replace(":", "_").split("_")
    if last == "count" and front:
        return _Value({"n": 1}, metric=name)
    stripped = [*front, last]
    while len(stripped) > 1 and stripped[-1] in _ENDINGS:
        stripped.pop()
    powers, factor = _NAMED.get(stripped[-1], (None, "1")) if len(stripped) > 1 else (None, "1")
    if "per" in stripped:
        powers = None
    if last == "bucket":
        base = (powers, Decimal(factor)) if powers is not None else None
        return _Value({"n": 1}, metric=name, base=base)
    if powers is None:
        return _Value({"n": 1} if last == "total" else {name: 1}, metric=name)
    return _Value(powers, Decimal(factor), name, by_name=True, base=(powers, Decimal(factor)))


def _called(name: str, arguments: list[_Value | None]) -> _Value:
    if name == "time":
        return _Value({"s": 1})
    value = arguments[1] if name in _SECOND else arguments[0]
    if value is None:
        raise _Unclear
    if name in _AGGREGATE or name in _SAME:
        return value
    if name in _RATES:
        return msgspec.structs.replace(value, powers=_added(value.powers, {"s": -1}))
    if name in _COUNTS:
        return _Value({"n": 1}, metric=value.metric)
    if name == "histogram_quantile" and value.base is not None:
        return _Value(*value.base, metric=value.metric, by_name=True)
    raise _Unclear


def _added(left: Powers, right: Powers, sign: int = 1) -> dict[str, int]:
    found = {name: left.get(name, 0) + sign * right.get(name, 0) for name in {*left, *right}}
    return {name: power for name, power in found.items() if power}


def _combined(sign: str, left: _Value, right: _Value) -> _Value:
    if left.constant is not None and right.constant is not None:
        return _Value({}, constant=_calculated(sign, left.constant, right.constant))
    if sign in ("*", "/"):
        return _scaled(sign, left, right)
    if sign in ("+", "-", "or"):
        if right.constant is not None:
            return left
        if left.constant is not None:
            return right
        if (left.powers, left.factor) != (right.powers, right.factor):
            raise _Unclear
        return left
    if sign in ("%", "^"):
        raise _Unclear
    return left  # a comparison or a set operation lets values of the left side through


def _scaled(sign: str, left: _Value, right: _Value) -> _Value:
    """Twice as large a number stands for units half as large."""
    if right.constant is not None:
        times = right.constant if sign == "*" else 1 / right.constant
        return msgspec.structs.replace(left, factor=left.factor / times, base=None)
    if left.constant is not None:
        if sign == "/":
            raise _Unclear
        return msgspec.structs.replace(right, factor=right.factor / left.constant, base=None)
    power = 1 if sign == "*" else -1
    factor = left.factor * right.factor if sign == "*" else left.factor / right.factor
    powers = _added(left.powers, right.powers, power)
    # Seconds for each request are seconds, and a quotient of two like things is a share.
    if left.by_name and powers.get("n") == -1:
        powers.pop("n")
    by_name = bool(powers) and (left.by_name or right.by_name)
    return _Value(powers, factor, left.metric, by_name=by_name)


def _calculated(sign: str, left: Decimal, right: Decimal) -> Decimal:
    if sign == "^" and right == right.to_integral_value() and abs(right) <= 20:
        return left ** int(right)
    found = {"+": left + right, "-": left - right, "*": left * right}.get(sign)
    if sign == "/":
        found = left / right
    if found is None:
        raise _Unclear
    return found
