"""What a mail or a chat message says, as text, and whether its words contradict the decision entered from it."""

from __future__ import annotations

import re

from workbench.signoff.model import Decision

_NO = re.compile(
    r"\b(?:rejects?|rejected|refuse[sd]?|declined?|veto(?:ed)?|no[- ]go|disapproved?)\b"
    r"|\b(?:not|never|cannot|can't|won't|don't|wouldn't|couldn't)\s+(?:\w+\s+)?(?:approved?|agree|sign|accept)\b"
    r"|\b(?:send|sends|sent|sending)\b[\w ]{0,30}\bback\b"
    # A plain “No.”, but not “no objections”.
    r"|(?:^|[.!?:;] ?)(?:no|nope)\b(?! (?:further |more |other )?(?:objection|concern|problem|issue|doubt|blocker|risk|question)s?\b)"
)
_IF = re.compile(
    r"\b(?:on (?:the )?conditions?|conditional(?:ly)?|provided that|only if|as long as|unless)\b"
)
_YES = re.compile(r"\b(?:approved?|approves|agreed?|lgtm|go ahead|accept(?:ed)?)\b")
_BLANK = re.compile(r"\s+")


def message_text(data: bytes) -> str:
    """The words of a message: a mail's text parts, or a text in any encoding of Unicode."""
    if b"\nfrom:" in b"\n" + data[:4000].replace(b"\0", b"").lower():
        found = _mail_text(_utf8(data))
        if found.strip():
            return found
    return _text(data)


def is_mail(data: bytes) -> bool:
    """Whether a message is a mail with its head."""
    return b"\nfrom:" in b"\n" + data[:2000].replace(b"\0", b"").lower()


def contradiction(text: str, decision: Decision) -> str:
    """The words of a message that say something else than the decision; "" where none do.

    Lines that quote an earlier message are left out.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith((">", "|")))
    plain = _BLANK.sub(" ", " ".join(lines)).replace("’", "'").lower().strip()
    no, if_, yes = _NO.search(plain), _IF.search(plain), _YES.search(plain)
    if decision in (Decision.APPROVE, Decision.CONDITIONS) and no:
        return no[0].strip(".!?:; ")
    if decision is Decision.APPROVE and if_:
        return if_[0]
    if decision in (Decision.REJECT, Decision.SEND_BACK) and yes and not no:
        return yes[0]
    return ""


def _text(data: bytes) -> str:
    """Text by its byte order mark, or by the zeros of UTF-16 without one, else UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    half = max(1, len(data[:4000]) // 2)
    if data[1:4000:2].count(0) > half * 0.4:
        return data.decode("utf-16-le", "replace")
    if data[0:4000:2].count(0) > half * 0.4:
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8-sig", "replace")


def _utf8(data: bytes) -> bytes:
    return _text(data).encode() if b"\0" in data[:4000] else data


def _mail_text(data: bytes) -> str:
    from email import message_from_bytes, policy  # only mails need it

    try:
        parts = list(message_from_bytes(data, policy=policy.default).walk())
        texts = [part.get_content() for part in parts if part.get_content_maintype() == "text"]
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError, KeyError):
        return ""  # what is no mail after all is read as it stands
    return "\n".join(text for text in texts if isinstance(text, str))
