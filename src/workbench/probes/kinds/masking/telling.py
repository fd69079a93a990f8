"""What gives a value away as a real person's: its mail domain, or a card number in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

# RFC 2606 and RFC 6761 keep these for examples and tests: no mail is ever delivered there.
_RESERVED = ("example.com", "example.net", "example.org", "example", "test", "invalid", "localhost")
_MAIL = re.compile(r"[^@\s<>]{1,64}@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)")
_CARD = re.compile(r"(?<![0-9])[2-6](?:[ -]?[0-9]){12,18}(?![0-9])")


def domain_of(value: str) -> str | None:
    """The domain of the mail address in a value, in small letters; ``None`` without one."""
    match = _MAIL.search(value)
    return match[1].lower() if match else None


def is_reserved(domain: str, allowed: Iterable[str]) -> bool:
    """Whether no mail can reach a person there: a domain for examples, or one that is allowed, or below one."""
    return any(domain == one or domain.endswith(f".{one}") for one in (*_RESERVED, *map(str.lower, allowed)))


def is_card(value: str) -> bool:
    """Whether a value holds a card number: 13 to 19 digits, perhaps in groups, that pass Luhn's check (ISO/IEC 7812-1)."""
    return any(luhn(re.sub(r"[ -]", "", match[0])) for match in _CARD.finditer(value))


def luhn(digits: str) -> bool:
    """Luhn's check: every second digit from the right doubled, the sum of all digits divisible by 10."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0
