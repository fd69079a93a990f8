"""Odd values, and documents with something odd in them: what the doors are tried with.

Everything is drawn by hypothesis, so that a seed gives the same examples again and a failure
is made small.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

DATES = (
    "2026-12-01", "31.12.2026", "12/11/2026", "31-Dec-2026", "2026-02-30", "0000-00-00", "0001-01-01",
    "9999-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2026-12-31T23:59:60Z",
    "2026-W53-7", "2026-12-01T25:00", "2026-12-01T00:00:00", "10000-01-01", "-0001-01-01", "1711121510123",
    "30d", "2w", "-1d", "1e9d", "99999999999d", "0.5h", "tomorrow", "next friday", "2026-03-29T02:30:00",
    "２０２６-１２-０１",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "1", "-1", "0.5", "1e3", "1e-400", "1e400", "1e999999999", "-1e999999999", "9" * 30, "9" * 5000,
    "0." + "3" * 5000, "NaN", "sNaN", "Infinity", "-inf", "١", "1_000", "1,000.5", "1.000,5", "0x10", "5 %", "5 parsecs",
    "300 ms", "1 GiB", "< 5", "± 3", "½", "²", "1e", "--1", "+", ".", "1.", "0012",
)  # fmt: skip
WORDS = (
    "", " ", "\t", "\n", "a\nb", "a\rb", "\x00", "a\x00b", "\x1b[31m", "\x1b]0;t\x07", "\x7f", "\x85", "\xa0", "\u200b",
    "\ufeff", "\u2028", "\u202e", "\u0301", "é", "e\u0301", "ß", "İ", "ﬁ", "数", "مرحبا", "😀", "👩‍👩‍👧‍👦", "\U0010ffff", "\ufffe",
    "a" * 300, "a" * 100_000, "[/x]", "[bold", "{0}", "{x!r}", "%s", "%(x)s", "${HOME}", "$(true)", "`true`", "~", "~root",
    "-", "--", "-x", "--help", "@x", "*", "?", "[", "**/*", ".", "..", "../x", "/nowhere-at-all", "/dev/null", "C:\\x", "con", "a/b", "a:b",
    "null", "true", "no", "none", "None", "n/a", "tbd", "unknown", "yes", "=1+1", "<b>", "&amp;", "]]>", "'", '"', "\\", "#", ";", "|",
    ",", "critical", "high", "accept", "checkout", "staging", "kim", "robin", "rc1", "2.14.0", "latest", "v1.0.0+b", "1..2", "HEAD",
    "3b05dd6ba1c6b6d2b7a4b0f1d2f3a4b5c6d7e8f9",
)  # fmt: skip
TEXTS = DATES + NUMBERS + WORDS


def deep(levels: int) -> Any:
    """A list in a list in a list …"""
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


texts = st.one_of(st.sampled_from(TEXTS), st.text(max_size=12))
# What a shell can hand over: no NUL, and bytes that are no text.
typed = st.one_of(texts.map(lambda text: text.replace("\x00", "")), st.sampled_from(("\udcff", "a\udc80b")))
values = st.one_of(
    texts,
    st.sampled_from(
        (
            None,
            True,
            False,
            0,
            1,
            -1,
            2**53,
            2**63,
            10**25,
            -(2**63) - 1,
            0.1,
            1e300,
            -0.0,
            [],
            {},
            [[]],
            [None],
        )
    ),
    st.sampled_from((1, 40, 120)).map(deep),
    st.lists(texts, max_size=3),
    st.dictionaries(texts, texts, max_size=3),
)


@st.composite
def trees(draw: st.DrawFn, tree: Any, most: int = 3) -> Any:
    """A document of lists, dictionaries and values with up to ``most`` odd things in it."""
    found = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, most))):
        places = list(_places(found))
        if not places:
            return copy.deepcopy(draw(values))
        holder, at = draw(st.sampled_from(places))
        _alter(draw, holder, at)
    return found


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, dict):
        pairs: Any = tree.items()
    elif isinstance(tree, list):
        pairs = enumerate(tree)
    else:
        return
    for at, value in pairs:
        yield tree, at
        yield from _places(value)


def _alter(draw: st.DrawFn, holder: Any, at: Any) -> None:
    match draw(st.sampled_from(("put", "put", "put", "drop", "twice", "rename", "wrap", "move"))):
        case "put":
            holder[at] = copy.deepcopy(draw(values))  # what is altered next is nobody else's
        case "drop":
            del holder[at]
        case "twice" if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[at]))
        case "rename" if isinstance(holder, dict):
            holder[draw(texts)] = holder.pop(at)
        case "wrap":
            holder[at] = draw(st.sampled_from(([holder[at]], {"key": holder[at]})))
        case "move":
            others = list(_places(holder))
            where, place = draw(st.sampled_from(others))
            holder[at] = copy.deepcopy(where[place])


def as_json(tree: Any) -> bytes:
    """JSON as careless programs write it: letters that no encoding has are written as escapes."""
    return json.dumps(tree).encode()


def as_yaml(tree: Any) -> bytes:
    """JSON with its letters as they are, which is YAML, too; dates as they print."""
    return json.dumps(tree, default=str, ensure_ascii=False).encode("utf-8", "surrogatepass")


PIECES = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\x80", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b" ", b'"', b"'", b",", b";",
    b"|", b":", b"[", b"]", b"{", b"}", b"<", b">", b"&", b"&#0;", b"&x;", b"<!--", b"]]>", b"<![CDATA[", b"<?x?>", b"\\", b"\\u0000",
    b"\\ud800", b"0", b"-", b"1e999", b"NaN", b"null", b"9" * 5000, b"[" * 3000, b'{"a":' * 3000, b"<a>" * 3000, b"a" * 70_000,
    b"!!python/object:os.system", b"*a", b"&a ", b"<<: ", b"---\n", b"=", b"@", b"%", "é".encode(), "😀".encode(), "\u202e".encode(),
    "\u2028".encode(), b"\x1b[31m", b"0001-01-01", b"9999-12-31T23:59:59-23:59",
)  # fmt: skip


@st.composite
def bytes_of(draw: st.DrawFn, samples: Sequence[bytes], most: int = 5) -> bytes:
    """One of some documents, with pieces put in, taken out, repeated or cut off."""
    data = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.sampled_from((0, 1, 1, 2, 5, 20, 300)))
        match draw(st.sampled_from(("put", "put", "put", "repeat", "cut", "encode"))):
            case "put":
                data = data[:at] + draw(st.sampled_from(PIECES)) + data[at + size :]
            case "repeat":
                data = data[: at + size] * 2 + data[at + size :]
            case "cut":
                data = data[:at]
            case "encode":
                data = _encoded(
                    data, draw(st.sampled_from(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252")))
                )
    return data


def _encoded(data: bytes, encoding: str) -> bytes:
    return data.decode("utf-8", "replace").encode(encoding, "replace")
