"""A command that is given the document on its standard input."""

from typing import Any

from workbench.model.fields import CommandText, Shape
from workbench.model.kinds import NOTHING, HookKind, Uses, later


class CommandHook(Shape, frozen=True, kw_only=True):
    """A command that is run."""

    run: CommandText
    """The command line.  It runs in the project's folder, without a shell, and reads the document as JSON on its standard input."""


def uses(config: Any) -> Uses:
    """The command."""
    return Uses(commands=(config.run,)) if isinstance(config, CommandHook) else NOTHING


KIND = HookKind(
    name="command",
    about="A command of this machine, which reads the document on its standard input",
    config=CommandHook,
    load=later("workbench.hooks.calling:run_command"),
    uses=uses,
    shorthand="run",
)
