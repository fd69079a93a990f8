"""``$name`` in queries: replaced with care, so that a value can never become part of the query."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.model.keys import nearest
from workbench.sources.reading import WrongQuestion

_TOKEN = re.compile(
    r"\$\$|\$\{(?P<braced>[A-Za-z_]\w*)\}|\$(?P<plain>[A-Za-z_]\w*)|(?P<escape>\\.)"
    r"|(?P<quote>[\"'`])|(?P<comment>#)|(?P<newline>\n)",
    re.DOTALL | re.ASCII,
)
_BARE = re.compile(r"[A-Za-z0-9_:.]+\Z", re.ASCII)


def fill(query: str, values: Mapping[str, str]) -> str:
    """``query`` with ``$name`` and ``${name}`` replaced; ``$$`` is a dollar sign.

    Inside PromQL strings a value is escaped; outside of them, and in back-quoted strings,
    only values that need no escaping are taken.  A ``$`` before anything but a name stays.
    ``WrongQuestion`` names a variable that does not exist.
    """
    parts: list[str] = []
    position, inside = 0, ""
    while match := _TOKEN.search(query, position):
        parts.append(query[position : match.start()])
        position = match.end()
        name = match["braced"] or match["plain"]
        if name:
            parts.append(_written(name, _value(name, values), inside))
        elif match[0] == "$$":
            parts.append("$")
        elif match["escape"] and inside not in ('"', "'"):
            parts.append("\\")  # escapes nothing here: what follows it is looked at again
            position = match.start() + 1
        else:
            parts.append(match[0])
            inside = _after(inside, match[0])
    parts.append(query[position:])
    return "".join(parts)


def _after(inside: str, token: str) -> str:
    """What we are inside of (a kind of quote, ``#`` for a comment, nothing) after a token."""
    if inside == "#":
        return "" if token == "\n" else "#"
    if not inside:
        return token if token in ('"', "'", "`", "#") else ""
    return "" if token == inside else inside


def _value(name: str, values: Mapping[str, str]) -> str:
    if name in values:
        return values[name]
    meant = nearest(name, values)
    if name.startswith("__") or name == "interval":
        hint = "that is a variable of Grafana's: write $window in its place"
    elif name == "window":
        hint = "give the measure a window, for example window: 1h"
    elif meant:
        hint = f"did you mean ${meant}?"
    else:
        hint = "known here: " + (", ".join(f"${known}" for known in sorted(values)) or "none")
    raise WrongQuestion(f"the query uses ${name}, which nothing fills", field="query", hint=hint)


def _written(name: str, value: str, inside: str) -> str:
    if inside in ('"', "'"):
        escaped = value.replace("\\", "\\\\").replace(inside, "\\" + inside)
        return "".join(c if c.isprintable() else _escape(c) for c in escaped)
    if inside == "`" and "`" not in value:
        return value
    if _BARE.match(value):
        return value
    raise WrongQuestion(
        f"the value of ${name} cannot stand outside quotes in a query",
        field="query",
        hint=f'write "${name}" in quotes, or change the value',
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
