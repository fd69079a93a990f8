"""A document as JSON that people read, too: indented, and safe in a terminal and in the log of a CI job."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from workbench.model.canonical import plain

_INVISIBLE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
)


def json_text(document: Any) -> str:
    """The text without a line break at its end; invisible characters are escaped, numbers stay numbers."""
    try:
        text = msgspec.json.format(msgspec.json.encode(document, enc_hook=plain), indent=2).decode()
    except UnicodeEncodeError:  # the name of a file that is no text: escaped as Python does
        import json  # half a millisecond of every start

        text = json.dumps(msgspec.to_builtins(document, enc_hook=plain), indent=2)
    return _INVISIBLE.sub(escaped, text).replace("##", "#\\u0023")  # no CI log takes it for a command


def escaped(match: re.Match[str]) -> str:
    """A character as JSON escapes it."""
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
