"""Where the configuration of one environment comes from: files of the project, a command, or a server."""

from collections.abc import Iterable, Iterator
from typing import Any

from workbench.model.fields import CommandText, Key, PathPattern, Shape
from workbench.model.kinds import Doubt, Uses


class Given(Shape, frozen=True, kw_only=True):
    """Configuration that a command prints or a server answers with."""

    command: CommandText | None = None
    """A command that prints it, such as ``kustomize build overlays/staging``; it runs without a shell."""
    source: Key | None = None
    """A source of kind ``http`` that answers with it."""
    path: str = "/"
    """What follows the source's ``url``."""
    name: str = ""
    """The file that it would be, which says how it is read: ``shop.env``, ``values.yaml``."""


Origin = PathPattern | list[PathPattern] | Given


def patterns_of(origin: Origin) -> list[str]:
    """The patterns of files that it names, if it names files."""
    if isinstance(origin, Given):
        return []
    return [origin] if isinstance(origin, str) else list(origin)


def sources_in(origins: Iterable[Origin]) -> tuple[str, ...]:
    """The sources that are asked."""
    return tuple(dict.fromkeys(one.source for one in origins if isinstance(one, Given) and one.source))


def named_in(origins: Iterable[Origin]) -> tuple[str, ...]:
    """The sources that are asked, where a source's key may stand in place of files: those are told by ``.``, ``/``, ``*``."""
    keys = {one: None for one in origins if isinstance(one, str) and not any(mark in one for mark in "./*")}
    return tuple({**keys, **dict.fromkeys(sources_in(origins))})


def uses_of(origins: Iterable[Origin]) -> Uses:
    """The commands that are run."""
    return Uses(commands=tuple(one.command for one in origins if isinstance(one, Given) and one.command))


def doubts_of(config: Shape, names: Iterable[str]) -> Iterator[Doubt]:
    """What is wrong with where configuration is said to come from, at the fields of these names."""
    for name in names:
        origin = getattr(config, name)
        if isinstance(origin, Given):
            if (origin.command is None) == (origin.source is None):
                yield Doubt(
                    name, "it names neither or both of a command and a source", "name one of them", error=True
                )
            elif origin.source is not None and not origin.path.startswith("/"):
                yield Doubt(name, f"the path “{origin.path}” has to begin with /", error=True)
        elif not patterns_of(origin):
            yield Doubt(name, "it names no file", "name one, such as deploy/staging/*.env", error=True)


def uses_of_both(config: Any) -> Uses:
    """The commands that print what a probe compares."""
    return uses_of((config.staging, config.production))


def doubts_of_both(config: Any, project: Any) -> list[Doubt]:
    """What can be said of where both sides come from before anything is read."""
    return list(doubts_of(config, ("staging", "production")))
