"""Versions as people tag them: Semantic Versioning, PEP 440, dates; which tag counts, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

_LONGEST = 80
# What stands before a number of the whole project; any other word is taken for the name of a part of it.
_PLAIN = frozenset({"", "v", "ver", "version", "r", "rel", "release", "releases", "tag"})
# How early in a series a word stands; a word that is not listed stands in the middle.
_EARLY = {
    "dev": 0, "snapshot": 0, "nightly": 0, "canary": 0, "a": 1, "alpha": 1, "m": 2, "milestone": 2, "b": 3,
    "beta": 3, "ea": 3, "preview": 4, "pre": 4, "next": 4, "c": 5, "rc": 5, "cr": 5,
}  # fmt: skip
_MIDDLE = 4
_AFTER = frozenset({"post", "rev", "r", "p", "patch", "sp", "hotfix"})
_SAME = frozenset({"final", "ga", "release"})
_YEARS = range(1990, 2100)
_UNFINISHED = re.compile(
    r"[-._]?(?:snapshot|dev|development|develop|unreleased)[-.]?\d*\Z", re.IGNORECASE | re.ASCII
)

_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<by>[-._]?)(?P<month>\d\d)(?P=by)(?P<day>\d\d)(?!\d)", re.ASCII
)
_BEFORE = re.compile(r"\d\.\d|\+", re.ASCII)  # what is dated behind these is a build of a numbered version
_REST = r"(?P<rest>[0-9A-Za-z.+_-]*)\Z"
_DOTTED = re.compile(rf"(?<![\d.])(?P<numbers>\d+(?:\.\d+)+){_REST}", re.ASCII)
_JOINED = re.compile(r"(?:^|(?<=[-_/]))(?P<numbers>\d+(?:[-_]\d+){1,3})\Z", re.ASCII)
_SINGLE = re.compile(rf"(?:^|(?<=[-_/@ ])|(?<![0-9A-Za-z])[vVrR])(?P<numbers>\d+){_REST}", re.ASCII)
_WORDS = re.compile(r"[A-Za-z]+|[0-9]+")
_STAGE = re.compile(r"[-._]?(?P<word>[A-Za-z]+)[-._]?(?P<number>[0-9]*)\Z")


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version: its ``text``, what stood before it, and how it compares.

    ``numbers`` are those before any word; ``stage`` orders what follows them; ``day`` is set
    where the version is a date.
    """

    text: str
    prefix: str = ""
    numbers: tuple[int, ...]
    stage: tuple[tuple[int, str, int], ...] = ()
    day: date | None = None

    @property
    def order(self) -> tuple[tuple[int, ...], tuple[tuple[int, str, int], ...]]:
        """What sorts versions of one family, the oldest first."""
        numbers = self.numbers
        while numbers and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers, self.stage or ((100, "", 0),)


def read_version(text: str) -> Version | None:
    """The version that a tag or a file names; ``None`` where it names none."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    return _dated(text) or _numbered(text)


def _dated(text: str) -> Version | None:
    match = _DATE.search(text)
    if match is None or text[match.end() :][:1].isalnum() or _BEFORE.search(text[: match.start()]):
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    rest = tuple(int(word) for word in _WORDS.findall(text[match.end() :]) if word.isdigit())
    return Version(
        text=text[match.start() :],
        prefix=_prefix(text[: match.start()]),
        numbers=(day.year, day.month, day.day, *rest),
        day=day,
    )


def _numbered(text: str) -> Version | None:
    match = _DOTTED.search(text) or _JOINED.search(text) or _SINGLE.search(text)
    if match is None:
        return None
    groups = match.groupdict()
    written, rest = groups["numbers"], groups.get("rest") or ""
    if "." not in written and rest and _known_stage(rest) is None:
        return None  # a commit, a word: “1a2b3c4” is not a version
    numbers = tuple(int(number) for number in re.split(r"[._-]", written))
    return Version(
        text=".".join(re.split(r"[._-]", written)) + rest,
        prefix=_prefix(text[: match.start("numbers")]),
        numbers=numbers,
        stage=_stage(rest),
    )


def _prefix(text: str) -> str:
    """What stands before the numbers, without the ``v`` and the marks between."""
    prefix = text.rstrip("-_/@ .").lower()
    return re.sub(r"(?:^|(?<=[-_/@ .]))v\Z", "", prefix).rstrip("-_/@ .")


def _known_stage(rest: str) -> str | None:
    match = _STAGE.match(rest.partition("+")[0])
    word = match["word"].lower() if match else ""
    return word if word in _EARLY or word in _AFTER or word in _SAME else None


def _stage(rest: str) -> tuple[tuple[int, str, int], ...]:
    """How the part after the numbers compares; nothing where it does not matter, as after a ``+``."""
    found: list[tuple[int, str, int]] = []
    for word in _WORDS.findall(rest.partition("+")[0].lower()):
        if word in _SAME:
            continue
        if not word.isdigit():
            place = 200 if not found and word in _AFTER else _EARLY.get(word, _MIDDLE)
            found.append((place, "" if word in _EARLY else word, -1))
        elif found and found[-1][2] < 0:
            found[-1] = (*found[-1][:2], int(word))
        else:
            found.append((_MIDDLE, "", int(word)))
    # A pre-release of a pre-release (1.0rc1.dev2) comes before it, so what is whole ends later.
    return (*found, (100, "", 0)) if found else ()


# --- which of many, and what comes next ---------------------------------------------------


def is_unfinished(version: Version) -> bool:
    """Whether a file only says that work on this version goes on (``-SNAPSHOT``, ``.dev0``)."""
    return bool(_UNFINISHED.search(version.text))


def finished(version: Version) -> Version:
    """The version that is being worked on: ``3.0.0`` for ``3.0.0-SNAPSHOT``."""
    return read_version(_UNFINISHED.sub("", version.text.partition("+")[0])) or version


def releases_among(tags: Iterable[str], names: Iterable[str] = ()) -> dict[str, Version]:
    """The tags (given with the newest first) that name releases of one project, with their versions.

    Tags of the whole project come before tags of its parts (``web-1.2``), which are taken only
    where there is but one part; ``names`` are what the project itself is called.  Years and
    other numbers are not compared: the newest tag says which are in use.  ``v3`` beside ``v3.0.0``
    moves with every release, so it does not count.
    """
    read = {tag: version for tag in tags if (version := read_version(tag)) is not None}
    plain = _PLAIN | {name.lower() for name in names}
    found = {tag: version for tag, version in read.items() if version.prefix in plain}
    if not found and len({version.prefix for version in read.values()}) == 1:
        found = read
    by_year = next((_is_by_year(version) for version in found.values()), False)
    found = {tag: version for tag, version in found.items() if _is_by_year(version) is by_year}
    whole = {version.numbers for version in found.values()}
    return {tag: version for tag, version in found.items() if not _moves(version, whole)}


def _is_by_year(version: Version) -> bool:
    """Whether a version counts years: a date, or ``2018.09``."""
    return version.numbers[0] in _YEARS


def _moves(version: Version, others: set[tuple[int, ...]]) -> bool:
    length = len(version.numbers)
    return (
        length < 3
        and not version.stage
        and any(len(other) > length and other[:length] == version.numbers for other in others)
    )


def following(version: Version, day: date) -> str:
    """The version that comes after one; ``day`` is that of the commit, for those that are dates."""
    if version.day is not None:
        return _following_date(version, day)
    if version.stage and version.stage[0][0] < 100:
        numbered = re.match(r"(.*[^0-9])([0-9]+)([^0-9]*)\Z", version.text.partition("+")[0])
        written = ".".join(map(str, version.numbers))
        if numbered and len(numbered[1]) > len(written):
            return f"{numbered[1]}{int(numbered[2]) + 1}{numbered[3]}"
        return written
    *first, last = version.numbers
    return ".".join(map(str, (*first, last + 1)))


def _following_date(version: Version, day: date) -> str:
    match = _DATE.match(version.text)
    assert match is not None and version.day is not None
    if day > version.day:
        return f"{day.year:04d}{match['by']}{day.month:02d}{match['by']}{day.day:02d}"
    count = version.numbers[3] if len(version.numbers) > 3 else 1
    return f"{match[0]}.{count + 1}"
