"""XML of test and coverage tools, read as a stream: memory does not grow with the file, and nothing in it grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, ClassVar, Generic, TypeVar
from xml.parsers import expat

from workbench.model.errors import SourceError
from workbench.model.text import safe_text

T = TypeVar("T")

DEPTH = 100
ODD_ENCODING = "not in the encoding that it declares; names may look odd"
_CHUNK = 64 * 1024
# Control characters that some runners let through from their output; XML forbids them.
_CONTROLS = bytes(ord(" ") if c < 32 and c not in b"\t\n\r" else c for c in range(256))
_CUT_SHORT = "was the run cut short while the report was written?"
_HINTS = {
    expat.errors.codes[error]: hint
    for error, hint in (
        (expat.errors.XML_ERROR_NO_ELEMENTS, _CUT_SHORT),
        (expat.errors.XML_ERROR_UNCLOSED_TOKEN, _CUT_SHORT),
        (expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION, _CUT_SHORT),
        (expat.errors.XML_ERROR_PARTIAL_CHAR, _CUT_SHORT),
        (expat.errors.XML_ERROR_TAG_MISMATCH, "did two runs write into the same file?"),
        (expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT, "were two reports written into one file?"),
        (
            expat.errors.XML_ERROR_BAD_CHAR_REF,
            "XML cannot hold that character, not even as a reference: have the test leave colours and "
            "control characters out of its output",
        ),
    )
}


class Refused(Exception):
    """The file is well-formed and still not acceptable; what it says follows the word “refused”."""


class XmlReader(Generic[T]):
    """What reads one document: ``start`` and ``end`` of each element, and ``finish`` at its end.

    A reader is made for each attempt at a document.  With ``has_text`` it is given ``text``, too.
    """

    has_text: ClassVar[bool] = False
    doctype: ClassVar[bool] = False
    """Whether the document may name a document type; it is never read, and may declare nothing."""

    def start(self, tag: str, pairs: list[str]) -> None:
        """An element begins; ``pairs`` are its attributes: name, value, name, value, …"""
        raise NotImplementedError

    def end(self, tag: str) -> None:
        """An element ends."""
        raise NotImplementedError

    def text(self, text: str) -> None:
        """A piece of text between two elements."""

    def finish(self) -> T:
        """What the document says; :class:`Refused` where it is another one."""
        raise NotImplementedError


def read_xml(open_it: Callable[[], BinaryIO], name: str, begin: Callable[[], XmlReader[T]]) -> tuple[T, str]:
    """What a reader makes of a document, and a note on its encoding.

    ``SourceError`` says where it is broken; a document type or entities that are declared in it are refused.
    """
    try:
        return _parse(_chunks(open_it), begin(), None), ""
    except Refused as error:
        raise SourceError(f"{name} is refused: {error}") from None
    except expat.ExpatError as error:
        first = error
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise SourceError(f"{name} cannot be read: {safe_text(error, 200)}") from None
    # Bytes that are not what the file declares: all that counts is ASCII, so Latin-1 will do.
    if first.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
        try:
            found = _parse(_chunks(open_it), begin(), "iso-8859-1")
        except (Refused, expat.ExpatError):
            pass
        else:
            return found, ODD_ENCODING
    raise SourceError(
        f"{name} is no valid XML: line {first.lineno}, {expat.ErrorString(first.code)}",
        hint=_HINTS.get(first.code, "look at that line: whatever wrote it did not write XML"),
    )


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def attributes(pairs: list[str]) -> dict[str, str]:
    """An element's attributes by name."""
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _parse(chunks: Iterable[bytes], reader: XmlReader[T], encoding: str | None) -> T:
    parser = _parser(reader, encoding)
    wide = None
    for chunk in chunks:
        if wide is None:
            # Before <?xml XML allows no blank line, and some tools write one.
            chunk = chunk.lstrip(b" \t\r\n")
            if not chunk:
                continue
            wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]
        parser.Parse(chunk if wide else chunk.translate(_CONTROLS), False)
    parser.Parse(b"", True)
    return reader.finish()


def _parser(reader: XmlReader[T], encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding)
    parser.ordered_attributes = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _look_at_doctype if reader.doctype else _refuse
    parser.EntityDeclHandler = _refuse
    parser.buffer_text = True
    if reader.has_text:
        parser.CharacterDataHandler = reader.text
    return parser


def _look_at_doctype(name: str, system: str | None, public: str | None, declares: int) -> None:
    if declares:
        _refuse()


def _refuse(*_: object) -> None:
    raise Refused("it declares a document type or entities, which a test report never needs")


def _chunks(open_it: Callable[[], BinaryIO]) -> Iterator[bytes]:
    with open_it() as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
