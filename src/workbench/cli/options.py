"""The options that every command has, accepted before the command and after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from workbench.model.canonical import MAX_INTEGER
from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.text import safe_text

F = TypeVar("F", bound=Callable[..., Any])


class Settings(msgspec.Struct):
    """What was said by the common options, wherever they stood; ``moment`` is never said, but for a demonstration's past."""

    project: Path | None = None
    record: Path | None = None
    as_person: str | None = None
    now: datetime | None = None
    release: str | None = None
    json: bool = False
    moment: datetime | None = None


class Moment(click.ParamType):
    """A date, or a date and time; UTC unless an offset is given."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return read_moment(value)
        except UsageError as error:
            self.fail(f"{error.what}; {error.hint}", param, ctx)


class Whole(click.ParamType):
    """A whole number in plain digits that a record can hold, from ``least`` on."""

    name = "number"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value).strip()
        plain = text.isascii() and text.isdigit() and len(text) <= 16
        if not plain or not self.least <= int(text) <= MAX_INTEGER:
            what = f"“{safe_text(value, 60)}” is not a whole number"
            self.fail(f"{what} from {self.least:,} to {MAX_INTEGER:,}", param, ctx)
        return int(text)


class Renamed(click.Option):
    """An option with a new name; the ``old`` one still works, and no help names it."""

    def __init__(self, *declared: Any, old: str, **settings: Any) -> None:
        super().__init__(*declared, **settings)
        self._old = old

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        told, self.opts = self.opts, [*self.opts, self._old]
        super().add_to_parser(parser, ctx)
        self.opts = told


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value not in (None, False):
            setattr(ctx.ensure_object(Settings), name, value)

    return callback


_DECLARED: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "project": (
        ("--project",),
        {"type": click.Path(path_type=Path), "metavar": "DIR", "help": "The project's folder."},
    ),
    "record": (
        ("--record", "--record-file", "record_file"),
        {"type": click.Path(path_type=Path), "metavar": "FILE", "help": "The release record's file."},
    ),
    "as_person": (("--as", "as_person"), {"metavar": "PERSON", "help": "Who you are."}),
    "now": (
        ("--now",),
        {"type": Moment(), "metavar": "TIME", "help": "Evaluate as of this moment; nothing is written then."},
    ),
    "release": (("--release",), {"metavar": "R", "help": "Another release than the current one."}),
    "json": (("--json", "as_json"), {"is_flag": True, "help": "Print one JSON object."}),
}
EVERYTHING = tuple(_DECLARED)
# ``--now`` only evaluates: what writes does not take it.
WRITING = tuple(name for name in EVERYTHING if name != "now")


def only_one(flags: Mapping[str, bool]) -> str | None:
    """The flag that was given, if any, by its parameter's name; two contradict each other."""
    given = [name for name, said in flags.items() if said]
    if len(given) > 1:
        named = " and ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(f"{named} contradict each other", hint="give one of them")
    return given[0] if given else None


def common(*names: str) -> Callable[[F], F]:
    """Add common options to a command; without names, all of them."""

    def decorate(function: F) -> F:
        for name in reversed(names or EVERYTHING):
            declared, settings = _DECLARED[name]
            function = click.option(*declared, expose_value=False, callback=_keep(name), **settings)(function)
        return function

    return decorate


def record_file_only(function: F) -> F:
    """``--record-file`` alone, for a command whose ``--record`` means something else."""
    settings = _DECLARED["record"][1]
    return click.option("--record-file", expose_value=False, callback=_keep("record"), **settings)(function)


def ssh_key(function: F) -> F:
    """``--ssh-key FILE`` for a command whose statement can be signed; the command gets it as ``ssh_key``."""
    return click.option(
        "--ssh-key",
        metavar="FILE",
        help="Sign it with this SSH key: a private key's file, a .pub file whose key the agent holds, or `git` for git's.",
    )(function)


pass_settings = click.make_pass_decorator(Settings, ensure=True)
