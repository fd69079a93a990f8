"""Checks of the texts whose shape says what they are: keys, durations, units, criteria, paths, secrets.

Each check takes the text and raises ``Wrong`` with words for the person who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from workbench.definitions.files import Unusable, inside
from workbench.definitions.routines import AFTER_REFRESH, NEVER, PERIODS
from workbench.definitions.scripts import runner_of
from workbench.model.errors import WorkbenchError
from workbench.model.keys import is_slug, nearest, slug
from workbench.model.quantity import find_unit, parse_size, read_number
from workbench.model.text import safe_text
from workbench.model.times import FIRST_YEAR, LAST_YEAR, parse_duration, read_hours
from workbench.model.tokens import VARIABLE, holds_token

_LONGEST_WORD = 24
# Too short or too regular for a token: application/json, 2024-04-15, stable.
_PLAIN_HEADER = re.compile(
    r"(?:application|text|\*)/[a-z0-9.+*-]{1,60}|[0-9][0-9.-]{0,11}|[A-Za-z-]{1,12}", re.ASCII
)


class Wrong(Exception):
    """A text that is not what its field needs.  ``column`` counts from 1 inside the text."""

    def __init__(self, what: str, hint: str | None = None, column: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.column = column


Check = Callable[[str], None]


def quoted(text: str) -> str:
    """A text from a file, in quotes, short and harmless."""
    return f"“{safe_text(text, 60)}”"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """“did you mean …?” for the nearest of the ``known`` words, or all of a few, or nothing."""
    options = sorted(set(known))
    meant = nearest(word, options) if len(word) <= 64 else None
    if meant:
        return f"did you mean {meant}?"
    if not options:
        return None
    if len(options) <= 16:
        return f"possible: {', '.join(options)}"
    return None


def checks(root: Path) -> dict[str, Check]:
    """The checks by the title of the field's shape; paths are taken below ``root``."""

    def path(text: str) -> None:
        try:
            inside(root, text)
        except Unusable as error:
            raise Wrong(error.what, error.hint) from None

    return {
        "key": check_key,
        "duration": check_duration,
        "steady": check_steady,
        "every": check_every,
        "size": check_size,
        "age": check_age,
        "unit": check_unit,
        "criterion": check_criterion,
        "date": check_date,
        "share": check_share,
        "hours": check_hours,
        "secret": check_secret,
        "header": check_header,
        "command": check_command,
        "url": check_url,
        "database": lambda text: check_database(root, text),
        "path": path,
        "glob": path,
    }


def check_key(text: str) -> None:
    """A slug: lower-case letters, digits, single ``-``, ``_`` or ``.`` between them."""
    if not is_slug(text):
        raise Wrong(
            f"{quoted(text)} cannot be a key: lower-case letters and digits, with - _ or . between them",
            f"for example {slug(text[:64])}",
        )


def check_duration(text: str) -> None:
    """A length of time such as ``90s`` or ``1h30min``."""
    try:
        if len(text) > 40:
            raise ValueError
        parse_duration(text)
    except (ValueError, OverflowError):
        raise Wrong(f"{quoted(text)} is not a duration", "write 90s, 5min, 24h or 7d") from None


def check_steady(text: str) -> None:
    """A length of time; a number of windows is no text, so one that comes here is out of range."""
    try:
        check_duration(text)
        right = bool(parse_duration(text))
    except Wrong:
        right = False
    if not right:
        raise Wrong(
            f"{quoted(text)} is neither a number of windows nor a length of time",
            "write 1 to 20 windows in a row, or a length of time such as 30min",
        )


def check_every(text: str) -> None:
    """How often a routine is done: a period, after each refresh, a number of whole days, or never."""
    if text in (*PERIODS, AFTER_REFRESH, NEVER):
        return
    try:
        check_duration(text)
        length = parse_duration(text)
        right = length >= timedelta(days=1) and not length % timedelta(days=1)
    except Wrong:
        right = False
    if not right:
        raise Wrong(
            f"{quoted(text)} does not say how often",
            f"write {', '.join((*PERIODS, AFTER_REFRESH, NEVER))}, or whole days such as 10d",
        )


def check_size(text: str) -> None:
    """A number of bytes such as ``50 MB``."""
    try:
        if len(text) > 40:
            raise ValueError
        parse_size(text)
    except ValueError:
        raise Wrong(f"{quoted(text)} is not a size", "write 50 MB") from None


def check_age(text: str) -> None:
    """A duration, or ``this candidate``."""
    if text != "this candidate":
        check_duration(text)


def check_unit(text: str) -> None:
    """A unit that quantities know."""
    if len(text) > 40:
        raise Wrong(f"unknown unit {quoted(text)}")
    try:
        find_unit(text)
    except ValueError as error:
        what, _, hint = str(error).partition("; ")
        raise Wrong(
            safe_text(what, 120), hint or "for example ms, s, %, share, MB, /s, or nothing for a count"
        ) from None


def check_criterion(text: str) -> None:
    """A criterion of the language in ``workbench.criteria``."""
    from workbench.criteria import CriterionError, parse

    try:
        parse(text)
    except CriterionError as error:
        raise Wrong(error.what, error.hint, error.column) from None
    except WorkbenchError as error:
        raise Wrong(error.what, error.hint) from None


def check_date(text: str) -> None:
    """A calendar day, ``2026-12-01``."""
    try:
        if len(text) != 10:
            raise ValueError
        year = date.fromisoformat(text).year
    except ValueError:
        raise Wrong(f"{quoted(text)} is not a date", "write year-month-day, for example 2026-12-01") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong(f"{quoted(text)} is too far off", f"write a year from {FIRST_YEAR} to {LAST_YEAR}")


def check_share(text: str) -> None:
    """A share in percent, more than none and less than all: ``99.5 %``."""
    try:
        share: Decimal | None = read_number(text.strip().removesuffix("%").strip())
    except ValueError:
        share = None
    if share is None or not text.strip().endswith("%") or not 0 < share < 100:
        raise Wrong(
            f"{quoted(text)} is not a share that can be missed", "write it in percent, below 100: 99.5 %"
        )


def check_hours(text: str) -> None:
    """A stretch of a day, ``22:00-02:00``."""
    if read_hours(text) is None:
        raise Wrong(f"{quoted(text)} is not a stretch of a day", "for example 22:00-02:00")


def check_secret(text: str) -> None:
    """``${NAME}``, perhaps after a word such as ``Bearer``; never the secret itself."""
    rest = VARIABLE.sub("", text)
    if (
        VARIABLE.search(text) is None
        or holds_token(rest)
        or max(map(len, rest.split()), default=0) > _LONGEST_WORD
    ):
        raise Wrong(
            "a secret must not stand in a file",
            "write ${NAME} and set NAME in the environment; if the text was a real token, replace that token",
        )


def check_header(text: str) -> None:
    """What a header says: ``${NAME}`` as in :func:`check_secret`, or plainly no secret: a type, a word, a version."""
    if _PLAIN_HEADER.fullmatch(text) is None:
        check_secret(text)


def check_command(text: str) -> None:
    """A command line that can be split into words."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError:
        raise Wrong("a quote in this command is never closed", "commands run without a shell") from None
    if not words:
        raise Wrong("a command is expected here, and nothing stands here")
    if runner := runner_of(text):
        raise Wrong(
            f"{runner} runs what other files of the project say, which nobody could agree to here",
            "write the command that prints the secret itself, or a script of the project",
        )
    if holds_token(text):
        raise Wrong("this command seems to hold a token", "let the command read it from somewhere else")


def check_url(text: str) -> None:
    """``http://`` or ``https://`` and a host, without user, password, query or fragment."""
    fault = Wrong(f"{quoted(text)} is not an address of a server", "for example https://metrics.example.com")
    if VARIABLE.match(text):
        return
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, None if "${" in parts.netloc else parts.port
    except ValueError:
        raise fault from None
    if "@" in parts.netloc:
        raise Wrong("this address holds a user or a password", "take it out, and use token: ${NAME}")
    if holds_token(text):
        raise Wrong("this address seems to hold a token", "take it out, and use token: ${NAME}")
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise fault
    if "?" in text or "#" in text:
        raise Wrong(
            "an address of a server ends before ? or #", "leave it out; a token is given as token: ${NAME}"
        )


def check_database(root: Path, text: str) -> None:
    """``${NAME}``, a server's address whose password is a ``${NAME}``, or ``sqlite:`` and a file of the project."""
    if VARIABLE.fullmatch(text):
        return
    scheme, found, rest = text.partition("://")
    if found and scheme in ("postgresql", "postgres"):
        user, _, place = rest.rpartition("@")
        password = user.partition(":")[2]
        if holds_token(VARIABLE.sub("", text)) or (password and not VARIABLE.fullmatch(password)):
            raise Wrong(
                "this address holds a password", "write ${NAME} in its place and set NAME in the environment"
            )
        if not re.fullmatch(
            r"(?:[\w.${}-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?/[^/?#\s]+(?:\?sslmode=[a-z-]+)?", place
        ):
            raise Wrong(
                f"{quoted(text)} is not an address of a database",
                "for example postgresql://reader@db.example.com/shop, with ?sslmode=verify-full if you like",
            )
        return
    if found and scheme != "sqlite":
        raise Wrong(
            f"{quoted(scheme)} is no kind of database that can be asked",
            "possible: postgresql, sqlite, or ${NAME}",
        )
    try:
        inside(root, text.removeprefix("sqlite:").removeprefix("///"))
    except Unusable as error:
        raise Wrong(error.what, error.hint) from None
