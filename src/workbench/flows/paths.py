"""FI-6: which files belong to a flow, by patterns and by the folders of its services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from workbench.flows.model import Flow


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """That files of a flow changed: how many, the first of them, and ``why`` it belongs to the flow."""

    files: int
    first: str
    why: str


def touch(flow: Flow, files: Sequence[str]) -> Touch | None:
    """What of these files belongs to a flow: by its ``paths``, else by a folder with a service's name."""
    if not files:
        return None
    for names, expression, why in (
        (flow.paths, _patterns(flow.paths), "by its paths"),
        (flow.services, _folders(flow.services), "by a folder with the name of its service"),
    ):
        found = [file for file in files if expression.search(file)] if names else []
        if found:
            return Touch(files=len(found), first=found[0], why=why)
    return None


def belongs(flows: Sequence[Flow], file: str) -> bool:
    """Whether a file belongs to any of these flows."""
    return any(touch(flow, (file,)) is not None for flow in flows)


@lru_cache(maxsize=512)
def _patterns(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_expression(pattern)})" for pattern in patterns) or r"(?!)")


@lru_cache(maxsize=512)
def _folders(services: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(service) for service in services if service)
    return re.compile(rf"(?:\A|/)(?:{names})/", re.IGNORECASE) if names else re.compile(r"(?!)")


def _expression(pattern: str) -> str:
    """A pattern as a regular expression, as a ``.gitignore`` reads it.

    ``*`` and ``?`` stay within a name, ``**`` goes across folders; a pattern with a slash inside is
    anchored at the repository, one without matches at any depth; a folder stands for all in it.
    """
    anchored = "/" in pattern.strip().rstrip("/")
    body = pattern.strip().strip("/")
    parts = re.split(r"(\*\*/|/\*\*|\*\*|\*|\?)", body)
    special = {"**/": "(?:.*/)?", "/**": "(?:/.*)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    inner = "".join(special.get(part) or re.escape(part) for part in parts)
    begins = r"\A" if anchored else r"(?:\A|/)"
    return rf"{begins}{inner}(?:/|\Z)"
