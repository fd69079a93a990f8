"""Bytes of a file as text: encodings are told by a byte order mark or by what fits."""

from __future__ import annotations

import codecs
import re

from workbench.sources.configuration.tree import Note, Unreadable

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # the longer mark first: that of UTF-32 begins like that of UTF-16
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 4_000  # bytes in which a pattern of zeros is looked for


class Binary(Unreadable):
    """A file that holds no text."""


def decode(data: bytes) -> tuple[str, tuple[Note, ...]]:
    """The text with ``\\n`` at the ends of lines, and a note where the encoding was guessed.

    Raises :class:`Binary` for what is no text.
    """
    text, notes = _decoded(data)
    if len(_CONTROL.findall(text)) > len(text) // 50:
        raise Binary("it holds no text")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, notes


def _decoded(data: bytes) -> tuple[str, tuple[Note, ...]]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(name), ()
            except UnicodeDecodeError:
                raise Binary(f"it says that it is {name.upper()}, and is not") from None
    if b"\0" in data:
        name = _with_zeros(data[:_SAMPLE])
        try:
            return data.decode(name), (Note(f"it was read as {name.upper()}, without a mark that says so"),)
        except UnicodeDecodeError:
            raise Binary("it holds no text") from None
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        return data.decode("latin-1"), (Note("it is not UTF-8, and was read as Latin-1"),)


def _with_zeros(sample: bytes) -> str:
    """UTF-16 without a mark has its zeros at every second place."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even < odd // 10 + 1:
        return "utf-16-le"
    if even > len(sample) // 5 and odd < even // 10 + 1:
        return "utf-16-be"
    raise Binary("it holds no text")
