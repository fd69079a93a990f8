"""A server that the document is posted to: a chat, a pager, an automation."""

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import urlsplit

from msgspec import field

from workbench.model.fields import SecretText, Shape, Url
from workbench.model.kinds import NOTHING, Doubt, HookKind, Uses, later
from workbench.model.tokens import variables_in


class HttpHook(Shape, frozen=True, kw_only=True):
    """An address that is posted to."""

    url: Url
    """The whole address.  A secret part of its path is written ``${NAME}``; the host is not."""
    headers: dict[str, SecretText] = field(default_factory=dict)
    """Sent along; values may hold ``${NAME}``."""
    send: Literal["document", "text"] = "document"
    """The whole document, or its text alone as ``{"text": …}``, which chats take."""


def uses(config: Any) -> Uses:
    """The host, and the variables of the address and the headers."""
    if not isinstance(config, HttpHook):
        return NOTHING
    return Uses(hosts=(config.url,), variables=variables_in(config.url, *config.headers.values()))


def doubts(config: Any, project: Any) -> Iterable[Doubt]:
    """People agree to a host, so it has to be known before it is called."""
    if "${" in urlsplit(config.url).netloc or config.url.startswith("${"):
        what = "the host of a hook stands in the file, for people agree to it"
        yield Doubt("url", what, "write https://chat.example.com/${NAME}", error=True)


KIND = HookKind(
    name="http",
    about="A server that is posted to: a chat, a pager, an automation",
    config=HttpHook,
    load=later("workbench.hooks.posting:post"),
    uses=uses,
    shorthand="url",
    doubts=doubts,
)
