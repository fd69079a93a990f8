"""What helm and kustomize make of a project's files: run only where a person agreed to it, and where they are there."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from workbench.definitions.loading import FILE_NAME
from workbench.definitions.project import Definitions
from workbench.definitions.shapes import Probe
from workbench.model.errors import DefinitionError, WorkbenchError
from workbench.model.times import parse_duration
from workbench.probes.given import Given
from workbench.probes.kinds.configuration import ConfigurationProbe
from workbench.sources.running import output_of
from workbench.usecases.discovering import Discovery, Rendered, discover
from workbench.usecases.discovering_sources import with_sources
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.trusting import trusts

_PROGRAMS = frozenset({"helm", "kustomize", "kubectl", "helmfile"})


def discover_in(folder: Path, options: Options) -> Discovery:
    """What a folder's files say differently; where it is a project, with what that lets helm and kustomize render."""
    if not (folder / FILE_NAME).exists():
        return with_sources(discover(folder))
    try:
        root, definitions = read_definitions(msgspec.structs.replace(options, project=folder))
    except DefinitionError:
        return with_sources(discover(folder))
    return discover_rendered(root, definitions)


def discover_rendered(root: Path, definitions: Definitions) -> Discovery:
    """What a project's files say differently, those that it lets helm and kustomize render as they make them."""
    made, notes = rendered(root, definitions)
    found = with_sources(discover(root, made), definitions)
    return msgspec.structs.replace(found, notes=(*notes, *found.notes)) if notes else found


def rendered(root: Path, definitions: Definitions) -> tuple[tuple[Rendered, ...], tuple[str, ...]]:
    """What the project's probes of kind ``configuration`` have rendered for both sides, and why something is not there.

    Nothing is run that the project does not declare, or that nobody agreed to.
    """
    asked = list(_asked(definitions.project.probes))
    if not asked:
        return (), ()
    if not trusts(root, definitions):
        return (), ("files are compared as they are: workbench trust lets helm and kustomize render them",)
    found, notes = [], []
    for probe, commands in asked:
        program = shlex.split(commands[0])[0]
        if shutil.which(program) is None:
            notes.append(f"{probe.key}: files are compared as they are, for {program} is not there")
            continue
        try:
            found.append(asyncio.run(_rendered(root, probe, commands)))
        except WorkbenchError as error:
            notes.append(f"{probe.key}: files are compared as they are: {error.what}")
    return tuple(found), tuple(notes)


def _asked(probes: Iterable[Probe]) -> Iterator[tuple[Probe, tuple[str, str]]]:
    """The probes both of whose sides are rendered, with the commands that do it."""
    for probe in probes:
        config = probe.config
        if not isinstance(config, ConfigurationProbe):
            continue
        commands = tuple(
            side.command
            for side in (config.staging, config.production)
            if isinstance(side, Given) and side.command and _renders(side.command)
        )
        if len(commands) == 2:
            yield probe, (commands[0], commands[1])


def _renders(command: str) -> bool:
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return bool(words) and Path(words[0]).name in _PROGRAMS


async def _rendered(root: Path, probe: Probe, commands: tuple[str, str]) -> Rendered:
    seconds = parse_duration(probe.timeout).total_seconds()
    both = await asyncio.gather(*(output_of(one, root, seconds) for one in commands))
    named = {word for command in commands for word in shlex.split(command)[1:]}
    inputs = sorted(name for word in named if (name := _inside(root, word)))
    return Rendered(
        title=probe.key,
        staging=commands[0],
        production=commands[1],
        captures=(both[0], both[1]),
        inputs=tuple(inputs),
    )


def _inside(root: Path, word: str) -> str:
    """A word of a command as a path of the project; "" for what is none."""
    path = (root / word.partition("=")[2] if word.startswith("--") else root / word).resolve()
    top = root.resolve()
    return (
        path.relative_to(top).as_posix() if path != top and path.is_relative_to(top) and path.exists() else ""
    )
