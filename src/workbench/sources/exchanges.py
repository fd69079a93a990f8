"""What goes over the line between us and a source, without secrets, for people who try one."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

import msgspec

from workbench.model.text import safe_text

if TYPE_CHECKING:
    from workbench.sources.client import Request, Response
    from workbench.sources.redact import Redactor

BEGINNING = 2000  # characters of an answer that are shown
# Which question is being asked, by its subject: what is asked once for several belongs to the first.
SUBJECT: ContextVar[str] = ContextVar("SUBJECT", default="")


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its answer.

    ``sent`` are parameters and form, ``content`` what else was sent.  ``status`` is 0 where nothing came back;
    ``size`` is in bytes, and ``beginning`` the first of it as text.
    """

    subject: str
    request: str
    sent: tuple[tuple[str, str], ...] = ()
    content: str = ""
    status: int = 0
    media: str = ""
    size: int = 0
    beginning: str = ""


def exchange(request: Request, response: Response | None, redactor: Redactor) -> Exchange:
    """A request and what came back, secrets removed."""

    def clean(text: str) -> str:
        return safe_text(redactor.text(text))

    def beginning(data: bytes) -> str:
        return redactor.data(data)[: 4 * BEGINNING].decode(errors="replace")[:BEGINNING]

    return Exchange(
        subject=SUBJECT.get(),
        request=clean(request.where),
        sent=tuple((clean(name), clean(value)) for name, value in (*request.params, *request.form)),
        content=beginning(request.content or b""),
        status=response.status if response else 0,
        media=clean(response.media) if response else "",
        size=len(response.body) if response else 0,
        beginning=beginning(response.body) if response else "",
    )
