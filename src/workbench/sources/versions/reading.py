"""Versions as programs, packages and images tell them, and how far apart two of them are.

``v1.29.4-gke.1``, ``PostgreSQL 15.4 (Debian 15.4-1)``, ``1:2.0-3ubuntu1``: the leading numbers are compared,
and what follows them says which build it is.  A text without leading numbers (``latest``, a digest, a
commit) can be the same text or another; it is never called an equal version.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

import msgspec

from workbench.model.quantity import UNITS
from workbench.model.text import safe_text

_LONGEST = 400  # characters: what a database tells of itself in a line
_SHOWN = 100
# A program's name may stand before its number: “nginx/1.25.3”, “Python 3.11.4”, “redis_version:7.0.11”.
_NAME = re.compile(r"[A-Za-z][A-Za-z_+ .-]{0,40}?(?:/|:\s?|\s+)(?=[vV]?[0-9])")
_PREFIX = re.compile(r"(?:version|release|ver|rel|v|r)[-_ .]?(?=[0-9])", re.IGNORECASE)
_EPOCH = re.compile(r"([0-9]{1,4}):(?=[0-9])")
_NUMBERS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}(?![0-9])")
_DIGEST = re.compile(r"(?:[a-z0-9]+:)?[0-9a-f]{7,128}\Z")
_DAY = re.compile(r"(?:19|20)[0-9]{6}\Z")
_MOVING = frozenset({
    "latest", "stable", "edge", "nightly", "main", "master", "dev", "develop", "development", "head", "current",
    "lts", "rolling", "canary", "mainline", "staging", "production", "prod", "test", "snapshot", "unstable",
    "testing", "next", "beta", "alpha",
})  # fmt: skip


class Version(msgspec.Struct, frozen=True):
    """A version: its ``text`` and, where it begins with numbers, those; ``rest`` says which build it is.

    ``moves`` says that the text names whatever is newest, so that two equal ones may be different builds.
    """

    text: str
    numbers: tuple[int, ...] = ()
    rest: str = ""
    epoch: int = 0
    moves: bool = False


class Level(StrEnum):
    """How far apart two versions are, from nothing to a text that cannot be compared."""

    SAME = "same"
    BUILD = "build"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"
    INEXACT = "inexact"
    SAME_TEXT = "same text"
    OTHER_TEXT = "other text"


_LEVELS = (Level.MAJOR, Level.MINOR, Level.PATCH)
ORDER = (Level.SAME, Level.BUILD, Level.PATCH, Level.MINOR, Level.MAJOR)


class Distance(msgspec.Struct, frozen=True):
    """How far a version is from another: ``steps`` on the ``level``, negative where it is behind."""

    level: Level
    steps: int = 0
    words: str = ""

    def within(self, allowed: Level) -> bool:
        """Whether it is no farther than allowed; what cannot be compared is within nothing."""
        return self.level in ORDER and ORDER.index(self.level) <= ORDER.index(allowed)


def read_version(text: str) -> Version:
    """What a text says of a version.  It never fails: what has no leading numbers is kept as text."""
    shown = safe_text(text.strip(), _LONGEST)
    short = safe_text(shown, _SHOWN)
    if _is_opaque(shown):
        return Version(short, moves=_moves(shown))
    bare = _NAME.sub("", shown, count=1) if _NAME.match(shown) else shown
    bare = _PREFIX.sub("", bare, count=1) if _PREFIX.match(bare) else bare
    epoch = _EPOCH.match(bare)
    start = epoch.end() if epoch else 0
    found = _NUMBERS.match(bare, start)
    if found is None or _is_opaque(bare):
        return Version(short, moves=_moves(shown))
    numbers = tuple(map(int, found[0].split(".")))
    return Version(short, numbers, bare[found.end() :].strip(), int(epoch[1]) if epoch else 0)


def _is_opaque(text: str) -> bool:
    """A digest or a commit: hexadecimal digits, which may begin with a number and still are none."""
    return _DIGEST.match(text) is not None and _DAY.match(text) is None


def _moves(text: str) -> bool:
    tag = text.lower().rpartition(":")[2]  # of an image that is written in full
    return re.split(r"[-_.]", tag, maxsplit=1)[0] in _MOVING


def distance(staging: Version, production: Version) -> Distance:
    """How far one version is from another.

    Epochs, as Debian has them, count before everything else; one that is written less exactly than the
    other (15 and 15.4) cannot be told to be the same.
    """
    if not staging.numbers or not production.numbers:
        return _as_texts(staging, production)
    ours, theirs = staging.numbers, production.numbers
    if staging.epoch != production.epoch:
        return _apart(Level.MAJOR, staging.epoch - production.epoch, "epoch")
    for place, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            level = _LEVELS[min(place, len(_LEVELS) - 1)]
            return _apart(level, one - other, f"{level} version")
    if len(ours) != len(theirs):
        short, long = sorted((staging, production), key=lambda version: len(version.numbers))
        return Distance(Level.INEXACT, words=f"{short.text} does not say which; the other is {long.text}")
    if staging.rest != production.rest:
        return Distance(Level.BUILD, words="the same numbers, another build")
    return Distance(Level.SAME, words="the same")


def _apart(level: Level, steps: int, what: str) -> Distance:
    count = abs(steps)
    way = "behind" if steps < 0 else "ahead"
    return Distance(level, steps, f"{count} {what}{'' if count == 1 else 's'} {way}")


def _as_texts(staging: Version, production: Version) -> Distance:
    if staging.text != production.text:
        return Distance(Level.OTHER_TEXT, words="different, and how far apart cannot be told")
    if staging.moves:
        return Distance(Level.SAME_TEXT, words=f"both say {staging.text}, which may be two builds")
    return Distance(Level.SAME_TEXT, words="the same text, without a number to compare")


def apart(staging: str, production: str) -> Distance:
    """How far apart two versions are; a digest that only one of them tells is left out."""
    ours, theirs = staging.partition("@"), production.partition("@")
    if ours[0] and theirs[0] and bool(ours[1]) is not bool(theirs[1]):
        staging, production = ours[0], theirs[0]
    return distance(read_version(staging), read_version(production))


_SIZE = {
    Level.SAME: Decimal(0),
    Level.BUILD: Decimal(0),
    Level.SAME_TEXT: Decimal(0),
    **{Level(name): UNITS[name].factor for name in ("patch", "minor", "major")},
}
_MOST = 999  # steps on one level: more of them would look like the next level


def in_patches(ours: str, theirs: str) -> tuple[Decimal | None, str]:
    """How far a version is from another in the unit ``patch``, and in words; ``None`` where that cannot be told."""
    found = apart(ours, theirs)
    moves = found.level is Level.SAME_TEXT and read_version(theirs).moves
    if moves or found.level not in _SIZE:
        return None, found.words
    return _SIZE[found.level] * min(abs(found.steps), _MOST), found.words


class Image(msgspec.Struct, frozen=True):
    """A container image: its name without registry, its version, and its digest."""

    name: str
    tag: str = ""
    digest: str = ""

    @property
    def version(self) -> str:
        """What tells which image it is: its tag (``latest`` is meant without one) and its digest."""
        if self.digest:
            return f"{self.tag}@{self.digest}" if self.tag else self.digest
        return self.tag or "latest"


_IMAGE = re.compile(
    r"(?P<name>[a-z0-9][A-Za-z0-9._/:-]{0,250}?)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9]+:[0-9a-f]{32,128}))?\Z"
)


def read_image(text: str) -> Image | None:
    """The image that a reference names (``registry:5000/shop/api:1.2@sha256:…``), or ``None``.

    The registry is left out: the same image is often pulled through another mirror.
    """
    match = _IMAGE.match(text.strip())
    if match is None or "/" in (match["tag"] or ""):
        return None
    path = match["name"].split("/")
    if len(path) > 1 and ("." in path[0] or ":" in path[0] or path[0] == "localhost"):
        path = path[1:]
    return Image("/".join(path), match["tag"] or "", match["digest"] or "")
