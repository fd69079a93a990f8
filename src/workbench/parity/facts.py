"""The facts that a decision about a difference is made on, and what changed in them since.

Facts are both values, the severity, the region and the flows: who decides looks at these.  The
title is one where neither side has a value, for then it alone says what differs; otherwise it is a
word about the difference, as category, impact and cost are, and can be put better at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.model.canonical import encode_plain, sha256
from workbench.model.cells import short_text

_TEXTS = ("staging", "production", "severity", "region")
FACTS = (*_TEXTS, "flows")
_ONE = "{} was {}, is now {}"
_SAID = {"flows": "the flows it touches were {1}, are now {2}"}
# What is judged together and never merged from two sides: the facts, and what was decided on them.
TOGETHER = (
    "title", *_TEXTS, "flows", "decision", "decided_on", "decided_at", "decided_by", "reason", "mitigation",
    "until", "one_was_enough", "statement",
)  # fmt: skip


def facts_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a difference's value, the same ones whatever the order of its flows."""
    get = value.get
    flows = get("flows") or ()
    # Written out: a check of the whole record comes here for each difference that was decided.
    facts: dict[str, Any] = {
        "flows": sorted(set(flows)) if len(flows) > 1 else list(flows),
        "production": get("production") or "",
        "region": get("region") or "",
        "severity": get("severity") or "medium",
        "staging": get("staging") or "",
    }
    if not (facts["staging"] or facts["production"]):
        facts["title"] = get("title") or ""
    return facts


def digest_of_facts(value: Mapping[str, Any]) -> str:
    """What a decision names as the facts it was made on: the digest of their canonical bytes."""
    return sha256(encode_plain(facts_of(value)))


def changes_in_words(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What changed between two values: ``production was 2, is now 4; severity was high, is now low``."""
    before, after = facts_of(then), facts_of(now)
    names = [name for name in (*_TEXTS, "flows", "title") if before.get(name) != after.get(name)]
    if {"staging", "production"} & set(names) and "title" in names:
        names.remove("title")  # it only began or ceased to be a fact
    return "; ".join(
        _SAID.get(name, _ONE).format(name, *(_text(f, name) for f in (before, after))) for name in names
    )


def _text(facts: Mapping[str, Any], name: str) -> str:
    found = facts.get(name)
    text = ", ".join(found) if isinstance(found, list) else str(found or "")
    return short_text(text) or "nothing"
