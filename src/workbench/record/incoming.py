"""Lines from elsewhere, read as entries: what comes in a pack, and what of it is kept aside."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import WorkbenchError
from workbench.model.times import from_text
from workbench.record.ledger import Body, decode_body, entry_digest

_HEX = re.compile(r"[0-9a-f]{64}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")
_LATEST_YEAR = "9000"  # a later date would leave no room for later ones
MAX_BODY = 8 * 2**20
TWO_COPIES = "two copies went on as one"  # in the words about an entry that shows it
# All that can go wrong where something is read that anybody may have written.
MISTAKES = (
    msgspec.MsgspecError, WorkbenchError, ArithmeticError, LookupError, AttributeError, TypeError, ValueError,
    RecursionError,
)  # fmt: skip


class Bad(Exception):
    """Why an entry is quarantined, in words."""


class Came(msgspec.Struct, frozen=True):
    """An entry that came: the line of the pack, and its bytes as the ledger keeps them, empty where purged."""

    digest: str
    line: bytes
    data: bytes
    body: Body


def read_line(line: bytes) -> Came:
    """An entry of a pack; ``Bad`` says in words why it is none."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
        if encode(fields) != line:
            raise Bad("it is not written in the canonical form")
        if fields.get("purged") is True and "desk" not in fields:
            digest, data = str(fields["digest"]), b""
            body = msgspec.convert(fields["entry"], Body)
        else:
            digest, data = entry_digest(line).hex(), line
            body = decode_body(line)
    except MISTAKES as error:
        raise Bad("it cannot be read as an entry") from error
    if len(line) > MAX_BODY:
        raise Bad("it is larger than an entry can be")
    if not (_HEX.match(digest) and body.desk and body.entity and body.id and body.verb and body.desk_seq > 0):
        raise Bad("it cannot be read as an entry")
    if body.also and (body.base is None or len({body.base, *body.also}) <= len(body.also)):
        raise Bad("it does not say what it was made from")
    if not _MOMENT.match(body.recorded_at) or body.recorded_at >= _LATEST_YEAR:
        raise Bad("its date is none that an entry can have")
    try:
        from_text(body.recorded_at)
    except ValueError as error:
        raise Bad("its date is none that an entry can have") from error
    return Came(digest, line, data, body)
