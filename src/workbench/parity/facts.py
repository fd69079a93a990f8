"""The facts that a decision about a difference is made on, and what changed in them since.

Facts are both values, the severity, the region and the flows: who decides looks at these.  The
title is one where neither side has a value, for then it alone says what differs; otherwise it is a
word about the difference, as category, impact and cost are, and can be put better at any time.

Where a decision says up to what it holds (:mod:`workbench.parity.bounds`), that is the fact in
place of both values: they may change within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbench.model.canonical import encode_plain, sha256
from workbench.model.cells import short_text
from workbench.parity.bounds import covers

_TEXTS = ("staging", "production", "severity", "region")
FACTS = (*_TEXTS, "flows")
_TOLD = (*_TEXTS, "flows", "up_to", "title")
_ONE = "{} was {}, is now {}"
_SAID = {
    "flows": "the flows it touches were {1}, are now {2}",
    "up_to": "it held up to {1}, now up to {2}",
}
# What is judged together and never merged from two sides: the facts, and what was decided on them.
TOGETHER = (
    "title", *_TEXTS, "flows", "decision", "decided_on", "decided_at", "decided_by", "reason", "mitigation",
    "until", "up_to", "gap", "one_was_enough", "statement",
)  # fmt: skip


def facts_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a difference's value, the same ones whatever the order of its flows."""
    facts = _all_facts(value)
    if value.get("up_to"):
        del facts["staging"], facts["production"]
        facts["up_to"] = value["up_to"]
    return facts


def _all_facts(value: Mapping[str, Any]) -> dict[str, Any]:
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


def within(value: Mapping[str, Any]) -> bool:
    """Whether both values are within what the decision holds up to, if it says so."""
    up_to = value.get("up_to")
    if not up_to:
        return True
    gap = value.get("gap")
    return covers(
        up_to,
        value.get("staging") or "",
        value.get("production") or "",
        None if gap is None else Decimal(gap),
    )


def applies(value: Mapping[str, Any]) -> bool:
    """Whether a decision was made on the facts that stand in the value, and covers both values."""
    return value.get("decided_on") == digest_of_facts(value) and within(value)


def changes_in_words(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What changed between two values: ``production was 2, is now 4; severity was high, is now low``.

    Where the decision holds up to a value that is passed now, that is told last.
    """
    before, after = ({**_all_facts(each), "up_to": each.get("up_to") or ""} for each in (then, now))
    names = [name for name in _TOLD if before.get(name) != after.get(name)]
    if {"staging", "production"} & set(names) and "title" in names:
        names.remove("title")  # it only began or ceased to be a fact
    words = [_SAID.get(name, _ONE).format(name, *(_text(f, name) for f in (before, after))) for name in names]
    if not within(now):
        words.append(f"the decision holds up to {short_text(now['up_to'])}")
    return "; ".join(words)


def _text(facts: Mapping[str, Any], name: str) -> str:
    found = facts.get(name)
    text = ", ".join(found) if isinstance(found, list) else str(found or "")
    return short_text(text) or "nothing"
