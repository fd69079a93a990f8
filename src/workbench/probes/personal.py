"""Columns that hold what belongs to people, told by their names: their values are neither shown nor kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

_NAMES = re.compile(
    r"(?i)(?:^|_)(?:e_?mails?|mail|phones?|mobile|fax|(?:first|last|full|middle|given|family|maiden|sur|birth|nick|user)_?name"
    r"|birth\w*|born|dob|ssn|sin|nin|passport|licen[cs]e|iban|bic|(?:credit_)?card\w*|pan|cvv|account_(?:number|no)"
    r"|street|address\w*|zip(?:_?code)?|post(?:al)?_?code|tax_?(?:id|number)|vat_?(?:id|number)|salary|income|gender|religion"
    r"|health|diagnosis|ip(?:_?addr(?:ess)?)?|latitude|longitude|password\w*|secret\w*|token\w*)(?:_|$)"
)


def named_personal(name: str) -> bool:
    """Whether a column of this name holds what belongs to a person, as people name such: ``birthDate``, ``e_mail``."""
    return _NAMES.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)) is not None


def is_personal(table: str, column: str, declared: Iterable[str]) -> bool:
    """Whether a column is declared personal (``customers.email``, ``*`` allowed), or named like one."""
    full = f"{table}.{column}"
    return named_personal(column) or any(fnmatchcase(full, pattern) for pattern in declared)
