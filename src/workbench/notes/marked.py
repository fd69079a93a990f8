"""Notes in a Markdown file that people edit: what is generated stands between markers, everything else is theirs.

::

    <!-- workbench:begin open 5f2a90c1b7d04e3a -->
    ## What is still open
    …
    <!-- workbench:end open -->

The begin of a generated part names the digest of its lines (the first 16 digits of their SHA-256), so that an edit inside of it is
noticed.  A marker is a whole line of its own: no text of a document can be one, since ``<`` is escaped there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from workbench.model.errors import UsageError

_DIGITS = 16
_MARKER = re.compile(
    r"<!-- workbench:(?P<what>begin|end) (?P<section>[a-z][a-z-]{0,40})(?: (?P<digest>[0-9a-f]{16}))? -->\Z"
)
_LIKE_ONE = re.compile(r"\s*<!--\s*workbench:", re.IGNORECASE)
HEAD = "head"  # the part before the first section


class Generated(msgspec.Struct, frozen=True):
    """A generated part: its key and its text, lines that end in ``\\n``."""

    section: str
    text: str


class _Own(msgspec.Struct, frozen=True):
    """What stands outside of markers, to the byte."""

    text: str


class _Found(msgspec.Struct, frozen=True):
    """A generated part as it stands in a file; ``line`` is where it begins, ``ending`` how its lines end."""

    section: str
    digest: str
    text: str
    line: int
    ending: str


def marked(parts: Sequence[Generated]) -> str:
    """The parts with their markers, an empty line between them."""
    return "\n".join(_with_markers(part) for part in parts)


def update(text: str, parts: Sequence[Generated], *, overwrite: bool = False) -> str:
    """The same file with its generated parts made anew; everything else stays to the byte.

    A part that the file lacks is put behind the one that it follows; one that is generated no more is left empty.  ``UsageError``
    for markers that do not fit together, and for a generated part that somebody edited, unless ``overwrite``.
    """
    found = list(_read(text))
    if not any(isinstance(each, _Found) for each in found):
        raise UsageError(
            "this file has no part that the workbench generates",
            hint="write one first: workbench notes --output FILE.md",
        )
    new = {part.section: part.text for part in parts}
    order = [part.section for part in parts]
    edited = [each for each in found if isinstance(each, _Found) and _is_edited(each)]
    if edited and not overwrite:
        raise UsageError(
            f"the generated part “{edited[0].section}” was edited by hand, and that would be lost",
            where=f"line {edited[0].line}",
            hint="move your words outside of the markers, or allow it with --overwrite",
        )
    there = [each.section for each in found if isinstance(each, _Found)]
    lacking = _lacking(order, there)
    pieces = list(_before(lacking, new, "\n"))
    for each in found:
        if isinstance(each, _Own):
            pieces.append(each.text)
            continue
        pieces.append(_with_markers(Generated(each.section, new.get(each.section, "")), each.ending))
        pieces += _behind(each, lacking, new)
    return "".join(pieces)


def digest_of(text: str) -> str:
    """What a begin marker says of the lines of its part, however they end."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8")).hexdigest()[:_DIGITS]


def _with_markers(part: Generated, ending: str = "\n") -> str:
    text = part.text if ending == "\n" else part.text.replace("\n", ending)
    begin = f"<!-- workbench:begin {part.section} {digest_of(part.text)} -->"
    return f"{begin}{ending}{text}<!-- workbench:end {part.section} -->{ending}"


def _is_edited(found: _Found) -> bool:
    return not found.digest or digest_of(found.text) != found.digest


def _lacking(order: Sequence[str], there: Sequence[str]) -> Mapping[str, list[str]]:
    """The parts that a file lacks, by the part that each comes behind; "" for its beginning."""
    lacking: dict[str, list[str]] = {}
    before = ""
    for section in order:
        if section in there:
            before = section
        else:
            lacking.setdefault(before, []).append(section)
    return lacking


def _before(lacking: Mapping[str, list[str]], new: Mapping[str, str], ending: str) -> Iterator[str]:
    for section in lacking.get("", ()):
        yield _with_markers(Generated(section, new[section]), ending) + ending


def _behind(found: _Found, lacking: Mapping[str, list[str]], new: Mapping[str, str]) -> list[str]:
    return [
        found.ending + _with_markers(Generated(section, new[section]), found.ending)
        for section in lacking.get(found.section, ())
    ]


# --- reading -------------------------------------------------------------------------------------


def _read(text: str) -> Iterator[_Own | _Found]:
    """The file in pieces that make the same text again; ``UsageError`` where markers do not fit together."""
    own: list[str] = []
    inside: list[str] | None = None
    begun: tuple[str, str, int, str] = ("", "", 0, "\n")
    seen: set[str] = set()
    for number, line in enumerate(_lines(text), 1):
        bare = line.rstrip("\r\n")
        marker = _MARKER.match(bare)
        if marker is None:
            if _LIKE_ONE.match(bare):
                raise _wrong(number, "this is no marker that the workbench knows")
            (own if inside is None else inside).append(line)
            continue
        section = marker["section"]
        if marker["what"] == "begin":
            if inside is not None:
                raise _wrong(number, f"the part “{begun[0]}”, which begins in line {begun[2]}, has no end")
            if section in seen:
                raise _wrong(number, f"the part “{section}” stands twice")
            seen.add(section)
            yield _Own("".join(own))
            own, inside = [], []
            begun = (section, marker["digest"] or "", number, line[len(bare) :] or "\n")
        elif inside is None or section != begun[0]:
            raise _wrong(number, f"the part “{section}” ends here and has not begun")
        else:
            yield _Found(section, begun[1], "".join(inside), begun[2], begun[3])
            inside = None
    if inside is not None:
        raise _wrong(begun[2], f"the part “{begun[0]}” has no end")
    yield _Own("".join(own))


def _lines(text: str) -> list[str]:
    """The lines of a file with their ends: only ``\\n`` ends one, so that joining them gives the same text."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _wrong(line: int, what: str) -> UsageError:
    return UsageError(
        what, where=f"line {line}", hint="put the marker back as it was, or write the notes to a new file"
    )
