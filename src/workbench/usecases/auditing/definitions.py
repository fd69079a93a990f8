"""Changes of the project's files over a period: between which entries their digest changed, and what changed in them.

An entry names the digest of the definitions that it was made under.  What changed in them is known where both
documents are kept, as beside each signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from workbench.model.text import safe_text, some_of
from workbench.model.times import from_text
from workbench.usecases.auditing.shapes import Happening, Sort
from workbench.usecases.context import Context

_ENTRIES = (
    "SELECT seq, digest, json_extract(b, '$.definitions_digest'), json_extract(b, '$.recorded_at'),"
    " json_extract(b, '$.claimed_at'), json_extract(b, '$.actor'), json_extract(b, '$.identity')"
    " FROM (SELECT seq, lower(hex(digest)) AS digest, CAST(body AS TEXT) AS b FROM ledger)"
    " WHERE json_extract(b, '$.definitions_digest') IS NOT NULL ORDER BY seq"
)
_LISTS = ("people", "gates", "environments", "sources", "benchmarks")
_MOST = 6  # things of a sort that are named


def changes_of_definitions(context: Context) -> Iterator[Happening]:
    """Each time that an entry was made under other definitions than the one before it."""
    earlier = ""
    for page in context.record.pages(_ENTRIES):
        for seq, entry, digest, recorded, claimed, actor, identity in page:
            if earlier and digest != earlier:
                at = claimed if context.demonstration is not None and claimed else recorded
                words, flag = what_changed(_document(context, earlier), _document(context, digest))
                yield Happening(
                    at=from_text(at),
                    sort=Sort.DEFINITIONS,
                    what="definitions changed",
                    subject=words,
                    who=safe_text(actor, 100),
                    known=f"{safe_text(identity, 200)}, the first who acted under them",
                    entry=entry,
                    seq=seq,
                    evidence=(earlier, digest),
                    flag=flag,
                )
            earlier = digest


def what_changed(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[str, str]:
    """What differs between two documents of definitions, in words, and what an auditor has to look at in it."""
    if old is None or new is None:
        return "what changed is not known: they were not both kept", "what changed cannot be told"
    found, rules = [], []
    for name in _LISTS:
        before, after = _by_key(old, name), _by_key(new, name)
        told = [
            *(f"{key} added" for key in after if key not in before),
            *(f"{key} removed" for key in before if key not in after),
            *(f"{key} changed" for key in after if key in before and after[key] != before[key]),
        ]
        if told:
            found.append(f"{name}: {some_of(told, _MOST)}")
            rules += [name] if name in ("people", "gates") else []
    words = "; ".join(found) or f"none of {', '.join(_LISTS[:-1])} and {_LISTS[-1]}"
    return words, f"{' and '.join(rules)} changed" if rules else ""


def _by_key(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    listed = document.get("project", {}).get(name) or []
    return {safe_text(item.get("key", ""), 100): _said(item) for item in listed if isinstance(item, dict)}


def _said(value: Any) -> Any:
    """A value without what is empty: a field that a later version adds is no change of the files."""
    if isinstance(value, dict):
        return {
            key: told for key, item in value.items() if (told := _said(item)) not in (None, "", False, [], {})
        }
    if isinstance(value, list):
        return [_said(item) for item in value]
    return value


def _document(context: Context, digest: str) -> Mapping[str, Any] | None:
    blob = context.record.blob(digest)
    if blob is None or not blob.data:
        return None
    try:
        found: dict[str, Any] = msgspec.json.decode(blob.data, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None
    return found
