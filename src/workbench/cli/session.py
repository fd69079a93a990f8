"""Opening what a command needs, and closing it again.

What opens a record is imported when one is opened: ``check``, ``trust`` and ``schema`` start without it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.options import Settings
from workbench.model.errors import UsageError
from workbench.usecases.project import Options, other_time, read_definitions

if TYPE_CHECKING:
    from workbench.usecases.context import Context


def options_of(settings: Settings) -> Options:
    """The common options as use cases take them."""
    return Options(
        project=settings.project,
        record=settings.record,
        as_person=settings.as_person,
        now=settings.now,
        release=settings.release,
        moment=settings.moment,
    )


@contextmanager
def reading(settings: Settings) -> Iterator[Context]:
    """The project and its record, for a command that changes nothing."""
    yield from _opened(settings, readonly=True)


@contextmanager
def acting(settings: Settings, ssh_key: str | None = None) -> Iterator[Context]:
    """The project and its record, for a command that changes something; ``ssh_key`` signs what is said."""
    _own_time(settings)
    yield from _opened(settings, readonly=False, ssh_key=ssh_key)


def _with_key(context: Context, ssh_key: str) -> Context:
    from workbench.usecases.ssh_signing import with_key  # only who signs with a key pays for it

    return with_key(context, ssh_key, asks=can_ask(), tell=output.talk)


def _tell_unused(context: Context) -> None:
    """Not every act makes a statement; who brought a key for one that does not is told."""
    if context.signs is not None and not getattr(context.signs, "made", 1):
        output.talk("your key signed nothing: this makes no statement")


def can_ask() -> bool:
    """Whether somebody sits at a terminal who can type a passphrase."""
    return sys.stdin.isatty()


def signing_alone(ssh_key: str) -> Callable[[bytes], str]:
    """What signs a statement where there is no project that lists anybody's keys."""
    from workbench.signoff.ssh_signatures import Namespace
    from workbench.usecases.ssh_signing import sign_bytes, signing_key

    key, asks = signing_key(ssh_key, Path.cwd()), can_ask()
    return lambda data: sign_bytes(
        data, key, Namespace.STATEMENT, asks=asks, tell=output.talk
    ).armored.decode()


@contextmanager
def keeping(settings: Settings, *, readonly: bool = True) -> Iterator[Context]:
    """The record, for a command that needs it alone: also while the project's files have mistakes."""
    from workbench.usecases.opening import open_kept

    if not readonly:
        _own_time(settings)
    yield from _closing(open_kept(options_of(settings), readonly=readonly), readonly=readonly)


def _own_time(settings: Settings) -> None:
    """``workbench --now TIME`` before a command that writes; told before anybody is asked anything."""
    if settings.now is not None:
        raise other_time()


def _opened(settings: Settings, *, readonly: bool, ssh_key: str | None = None) -> Iterator[Context]:
    from workbench.usecases.opening import open_context

    context = open_context(options_of(settings), readonly=readonly)
    yield from _closing(context, readonly=readonly, ssh_key=ssh_key)


def _closing(context: Context, *, readonly: bool, ssh_key: str | None = None) -> Iterator[Context]:
    try:
        if not readonly:
            _check_end(context)
        acting = context if ssh_key is None else _with_key(context, ssh_key)
        yield acting
        _tell_unused(acting)
    except Exception as error:
        _blame_record(context, error)
        raise
    finally:
        _close(context)


def _blame_record(context: Context, error: Exception) -> None:
    """What nobody foresaw may come of a record that is damaged; then that is said."""
    from workbench.usecases.soundness import blame_record

    if not isinstance(error, click.ClickException):
        blame_record(context, error)


def _check_end(context: Context) -> None:
    """Refuse a record that was cut before anybody is asked anything."""
    from workbench.usecases.soundness import check_end

    check_end(context)


def _close(context: Context) -> None:
    """Close the record, and tell what went wrong after something was saved."""
    context.record.close()
    output.talk_lines(f"workbench: {text}" for text in context.remarks)


def moment(context: Context, text: str | None) -> datetime | None:
    """A date or time as typed, or how long from now; dates begin at midnight in the project's zone."""
    from workbench.usecases import filling

    return filling.moment(text, context.now, context.zone)


def end(context: Context, text: str | None) -> datetime | None:
    """Until when, in the same ways; a day alone counts whole."""
    return end_from(text, context.now, context.zone)


def end_from(text: str | None, now: datetime, zone: tzinfo) -> datetime | None:
    """The same where there is no project: from ``now``, in ``zone``."""
    from workbench.usecases import filling

    return filling.end(text, now, zone)


@contextmanager
def making(settings: Settings, ssh_key: str | None = None) -> Iterator[tuple[Context, bool]]:
    """Like :func:`acting`, but a record that does not exist yet is made; whether it was."""
    from workbench.usecases.opening import has_record, open_context

    _own_time(settings)
    options = options_of(settings)
    root, _ = read_definitions(options)
    made = not has_record(root, options)
    context = open_context(options, create=True)
    try:
        _check_end(context)
        yield context if ssh_key is None else _with_key(context, ssh_key), made
    except Exception as error:
        _blame_record(context, error)
        raise
    finally:
        _close(context)


def as_it_stands(context: Context, read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was just saved, read again; nothing, and a word about it, where somebody took it back meanwhile."""
    try:
        return read()
    except UsageError:
        context.remarks.append("it was saved, and someone undid it at once: workbench history shows both")
        return {}
