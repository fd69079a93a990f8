"""What every source that is a server says in YAML, and what it uses of the machine."""

from collections.abc import Iterable

from workbench.model.fields import CommandText, DurationText, SecretText, Shape, SizeText, Url
from workbench.model.kinds import Uses
from workbench.model.quantity import parse_size
from workbench.model.tokens import variables_in

LARGEST = 64_000_000  # bytes of one answer: what the record keeps of one piece of evidence


class Command(Shape, frozen=True, kw_only=True):
    """A command whose first line of output is the secret.  It runs without a shell."""

    command: CommandText
    """The command line; words are split as in a shell, and nothing else is."""


class Server(Shape, frozen=True, kw_only=True):
    """A server that is asked over HTTP."""

    url: Url
    """The server's address, with its prefix if it has one."""
    token: SecretText | Command | None = None
    """Sent as ``Authorization: Bearer …``: ``${NAME}``, or a command that prints it."""
    timeout: DurationText = "30s"
    """How long one request may take."""
    max_answer: SizeText | None = None
    """How large one answer may be; 8 MB unless said, 64 MB at most."""

    def __post_init__(self) -> None:
        if self.max_answer is not None and parse_size(self.max_answer) > LARGEST:
            raise ValueError(f"max_answer can be {LARGEST // 10**6} MB at most: more is not kept as evidence")


def uses(server: Server, texts: Iterable[str] = ()) -> Uses:
    """The host that a server stands for, its token's command or variables, and those of further texts."""
    token = server.token
    return Uses(
        hosts=(server.url,),
        commands=(token.command,) if isinstance(token, Command) else (),
        variables=variables_in(server.url, token if isinstance(token, str) else None, *texts),
    )
