"""Why a query may find nothing although there is data: the usual mistakes, told from its text."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`", re.DOTALL)
_COMMENT = re.compile(r"#[^\n]*")
_KEEPS_LE = re.compile(r"\bby\s*\([^)]*\ble\b[^)]*\)")
_DROPS = re.compile(r"\b(?:sum|avg|min|max|count|topk|bottomk)\b")
_WITHOUT = re.compile(r"\bwithout\s*\(([^)]*)\)")


def why_no_series(query: str) -> tuple[str, bool]:
    """In words why a query found no series, and whether its text is what has to be changed."""
    plain = _COMMENT.sub("", _QUOTED.sub('""', query))
    if _loses_le(plain):
        return (
            "the query found no series: histogram_quantile needs the label le, which the sum inside it drops. "
            "Write sum by (le) (…)",
            True,
        )
    if "/" in plain and not re.search(r"\bvector\s*\(\s*0\s*\)", plain):
        return (
            "the query found no series: there is no data on one side of the division. If nothing may have been "
            "counted there yet, write (… or vector(0))",
            True,
        )
    return "the query found no series: there is no data", False


def _loses_le(plain: str) -> bool:
    """Whether the buckets of a histogram are put together without keeping their bounds."""
    _, asked, inside = plain.partition("histogram_quantile")
    if not asked or "_bucket" not in inside or not _DROPS.search(inside) or _KEEPS_LE.search(inside):
        return False
    without = _WITHOUT.search(inside)
    return without is None or "le" in re.split(r"[\s,]+", without[1])
