"""A list of signers in a file of its own, as ``ssh-keygen -Y verify -f`` reads it (ssh-keygen(1), ALLOWED SIGNERS).

Principals are the keys of people here.  What would widen the list without naming a person (patterns, certificates of
an authority) is refused, and so is an option that is not known: it might have narrowed the list.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from workbench.model.errors import UsageError
from workbench.model.ssh_keys import KeyProblem, read_public_key
from workbench.model.text import safe_text
from workbench.signoff.ssh_signatures import ALL, Signer

LARGEST = 1_000_000  # bytes of a list
_OPTION = re.compile(r'(?i:(namespaces|valid-after|valid-before))="([^"]*)"\Z')
_FIELDS = re.compile(r'\s*(?P<principals>"[^"]*"|\S+)\s+(?P<rest>.*)\Z')
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*\Z)')
_MOMENT = re.compile(r"(\d{8})(\d{4}(\d{2})?)?(Z?)\Z")


def read_allowed_signers(text: str, where: str) -> tuple[Signer, ...]:
    """The signers of a list; ``UsageError`` names the file ``where`` and the line that cannot be taken."""
    found: list[Signer] = []
    for number, line in enumerate(text.split("\n"), 1):  # as ssh-keygen: no other sign ends a line
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found += _signers(line)
        except (KeyProblem, ValueError) as error:
            raise UsageError(
                f"line {number} of the list of signers cannot be taken: {safe_text(str(error), 200)}",
                where=safe_text(where),
                hint="one line for each key: PERSON [options] ssh-ed25519 AAAA…",
            ) from None
    return tuple(found)


def _signers(line: str) -> list[Signer]:
    fields = _FIELDS.match(line)
    if fields is None:
        raise ValueError("a person and a key are expected")
    principals = [name.strip() for name in fields["principals"].strip('"').split(",")]
    if any(not name or re.search(r"[*?!]", name) for name in principals):
        raise ValueError("a pattern names no person")
    rest = fields["rest"].strip()
    options = ""
    if not rest.startswith(("ssh-", "sk-", "ecdsa-", "rsa-", "dsa")):
        word = _WORD.match(rest)
        options, rest = (word[0], rest[word.end() :].strip()) if word else ("", rest)
    key = read_public_key(rest)
    given = [_option(text) for text in _COMMA.split(options)] if options else []
    said = dict(given)
    if len(said) < len(given):
        raise ValueError("an option stands twice")
    namespaces = tuple(name.strip() for name in said.get("namespaces", ALL).split(","))
    if any(re.search(r"[!\[\]]", name) for name in namespaces):
        raise ValueError("a namespace that is excluded cannot be taken: name those that count")
    since, before = _moment(said.get("valid-after")), _moment(said.get("valid-before"))
    if before is not None:
        before += timedelta(seconds=1)  # ssh-keygen still takes the second that it names
    return [
        Signer(person=name, key=key, since=since, before=before, namespaces=namespaces) for name in principals
    ]


def _option(text: str) -> tuple[str, str]:
    found = _OPTION.match(text)
    if found is None:
        raise ValueError(f"the option “{text}” is not known here")
    return found[1].lower(), found[2]


def _moment(text: str | None) -> datetime | None:
    """A moment as ``ssh-keygen`` writes it: ``20261231``, ``202612312359``, with ``Z`` for UTC, else of this machine."""
    if text is None:
        return None
    found = _MOMENT.match(text)
    if found is None:
        raise ValueError(f"“{text}” is no moment such as 20261231 or 20261231235900Z")
    digits = found[1] + (found[2] or "0000")
    form = "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d%H%M"
    moment = datetime.strptime(digits + "+0000", form + "%z")
    if found[4]:
        return moment.astimezone(UTC)
    local = moment.replace(tzinfo=None).astimezone().utcoffset() or timedelta()
    return moment.replace(tzinfo=timezone(local)).astimezone(UTC)
