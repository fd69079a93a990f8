"""Why a query may find nothing although there is data: the usual mistakes, told from its text."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`", re.DOTALL)
_COMMENT = re.compile(r"#[^\n]*")
_KEEPS_LE = re.compile(r"\bby\s*\([^)]*\b(?:le|vmrange)\b[^)]*\)")
_DROPS = re.compile(r"\b(?:sum|avg|min|max|count|topk|bottomk)\b")
_COMPARED = re.compile(r"[^=!~<>{,]\s*(?:[<>]=?|[=!]=)\s*(?:\d|\()")
_WITHOUT = re.compile(r"\bwithout\s*\(([^)]*)\)")


def why_no_series(query: str) -> tuple[str, bool]:
    """In words why a query found no series, and whether its text is what has to be changed."""
    plain = without_texts(query)
    if loses_le(plain):
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
    if _COMPARED.search(plain) and not re.search(r"\bbool\b", plain):
        return (
            "the query found no series: there is no data, or a comparison in it does not hold, which leaves none. "
            "Write > bool, or leave the limit to “pass”",
            False,
        )
    return "the query found no series: there is no data", False


def without_texts(query: str) -> str:
    """A query without its comments and with its texts empty, so that words in them are not taken for its own."""
    return _COMMENT.sub("", _QUOTED.sub('""', query))


def loses_le(plain: str) -> bool:
    """Whether the buckets of a histogram are put together without keeping their bounds."""
    _, asked, inside = plain.partition("histogram_quantile")
    if not asked or "_bucket" not in inside or not _DROPS.search(inside) or _KEEPS_LE.search(inside):
        return False
    without = _WITHOUT.search(inside)
    return without is None or "le" in re.split(r"[\s,]+", without[1])
