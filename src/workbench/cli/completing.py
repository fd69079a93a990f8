"""What can follow on a command line: commands and options from the tree, names from the record.

A shell asks through ``_WORKBENCH_COMPLETE``, the app asks :func:`complete`.  Nothing is said where a
project or its record cannot be read: whoever types goes on typing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.usecases.project import Options

if TYPE_CHECKING:
    import click
    from click.shell_completion import ShellComplete

ASKED = "_WORKBENCH_COMPLETE"
_SHELLS = ("bash", "zsh", "fish")
_FILES = ("file", "dir")


def complete(root: click.Command, options: Options, text: str) -> list[str]:
    """The words that the last word of ``text`` can become, whole; the command stands without ``workbench``."""
    import shlex

    from workbench.cli.options import Settings

    try:
        words = shlex.split(text)
    except ValueError:  # a quotation that is not closed yet
        words = text.split()
    unfinished = bool(words) and not text.endswith(" ")
    last = words.pop() if unfinished else ""
    settings = Settings(
        project=options.project, record=options.record, as_person=options.as_person, release=options.release
    )
    return [word for word, kind in _found(root, settings, words, last) if kind not in _FILES]


def _found(root: click.Command, settings: object, words: Sequence[str], last: str) -> list[tuple[str, str]]:
    """Words and kinds, as click names them."""
    from click.shell_completion import CompletionItem

    try:
        items: list[CompletionItem] = _knowing()(root, {"obj": settings}, "workbench", ASKED).get_completions(
            list(words), last
        )
    except Exception:  # a mistake in what stands before: there is nothing to propose
        return []
    return [(str(item.value), item.type) for item in items]


def answer(root: click.Command, asked: str) -> int:
    """What a shell is told that asks for completions: ``bash_complete`` and the like; the exit code."""
    from click.shell_completion import get_completion_class

    from workbench.cli.options import Settings

    shell, _, what = asked.partition("_")
    found = get_completion_class(shell) if shell in _SHELLS else None
    if found is None or what not in ("complete", "source"):
        return 2
    if what == "source":
        print(source(root, shell))
        return 0
    asking = type("Asking", (_knowing(), found), {})(root, {"obj": Settings()}, "workbench", ASKED)
    try:
        print(asking.complete())
    except Exception:  # quiet: it would stand in the middle of what somebody types
        return 0
    return 0


def source(root: click.Command, shell: str) -> str:
    """The script that makes a shell complete the commands."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    asking = found(root, {}, "workbench", ASKED)
    text = asking.source_template % asking.source_vars()
    # Bash puts a name into the line as it is: with blanks in it, it would be several words.
    return text.replace("COMPREPLY+=($value)", 'COMPREPLY+=("$(printf %q "$value")")')


# What an argument or an option of these names holds: of one command, or wherever it stands.
_OF_COMMAND: Mapping[tuple[str, str], str] = {
    ("parity", "ref"): "difference",
    ("parity", "refs"): "difference",
    ("flow", "key"): "flow",
    ("incident", "ref"): "incident",
    ("incident", "into"): "incident",
    ("freeze", "what"): "incident",
    ("benchmark", "key"): "benchmark",
    ("benchmark", "measurement"): "benchmark",
    ("fetch", "benchmarks"): "benchmark",
    ("checklist", "ref"): "list or item",
    ("checklist", "checklist"): "checklist",
    ("walk", "checklist"): "checklist",
    ("sign", "target"): "gate",
    ("approve", "ref"): "part",
    ("check", "explain"): "benchmark",
}
_OF_NAME: Mapping[str, str] = {
    "part": "part",
    "gate": "gate",
    "version": "release",
    "release": "release",
    "previous": "release",
    "rollback_target": "release",
    "flow": "flow",
    "flows": "flow",
    "sources": "source",
    "environment": "environment",
    "environments": "environment",
    "incident": "incident",
}
_NEW = {("release new", "version"), ("flow add", "key")}


def noun_of(path: str, param: click.Parameter) -> str:
    """What kind of thing an argument or an option of a command names; "" where it is no name."""
    name = param.name or ""
    if (path, name) in _NEW:
        return ""
    if param.metavar == "PERSON" or name == "person":
        return "person"
    return _OF_COMMAND.get((path.partition(" ")[0], name)) or _OF_NAME.get(name, "")


def _names(context: click.Context, wanted: object, last: str) -> list[str] | None:
    """Names of the record that begin with ``last``; ``None`` where none is asked for."""
    import click

    from workbench.cli.options import Settings
    from workbench.cli.session import options_of
    from workbench.usecases.known_names import known_names

    if not isinstance(wanted, click.Parameter) or isinstance(wanted.type, (click.Choice, click.Path)):
        return None
    path = context.command_path.partition(" ")[2]
    noun = noun_of(path, wanted)
    if not noun or (isinstance(wanted, click.Option) and wanted.is_flag):
        return None
    names = known_names(options_of(context.ensure_object(Settings)), noun)
    return [name for name in names if name.startswith(last)]


def _knowing() -> type[ShellComplete]:
    """Click's completion, with names from the record where an argument or an option wants one."""
    from click.shell_completion import (
        CompletionItem,
        ShellComplete,
        _resolve_context,
        _resolve_incomplete,
    )

    class Knowing(ShellComplete):
        def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
            context = _resolve_context(self.cli, self.ctx_args, self.prog_name, args)
            wanted, incomplete = _resolve_incomplete(context, args, incomplete)
            names = _names(context, wanted, incomplete)
            if names is None:
                return wanted.shell_complete(context, incomplete)
            return [CompletionItem(name) for name in names]

    return Knowing
