"""What a probe is given to look with: the project's files, its sources, and commands that it declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.model.errors import NotTrusted, SourceError
from workbench.model.files import read_regular
from workbench.model.kinds import Uses
from workbench.probes.hiding import Hide
from workbench.sources.channel import Channel
from workbench.sources.project_files import find
from workbench.sources.reading import SourceLike
from workbench.sources.running import output_of

LARGEST_FILE = 8_000_000  # bytes of one file of configuration


class Reach:
    """One probe's way out.  Nothing is read, run or reached but what it has declared.

    ``hide`` makes fingerprints of what is not even to be captured, such as values that belong to people.
    """

    def __init__(
        self,
        *,
        root: Path,
        now: datetime,
        channels: Callable[[str], Channel],
        uses: Uses,
        trusted: bool,
        seconds: float,
        hide: Hide,
        variables: Mapping[str, str] = {},
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.root = root
        self.now = now
        self.seconds = seconds
        self.hide = hide
        self.variables = variables
        self.cancelled = cancelled
        self._channels = channels
        self._uses = uses
        self._trusted = trusted

    def files(self, patterns: str | Sequence[str]) -> list[tuple[str, bytes]]:
        """The files of the project that match, by name; ``SourceError`` where none does, or one cannot be read.

        Blocks: call it in a thread where there may be many.
        """
        wanted = [patterns] if isinstance(patterns, str) else list(patterns)
        return [(self._name(path), self._bytes(path)) for path in self._found(wanted)]

    def ends(self, patterns: str | Sequence[str]) -> list[tuple[str, bytes]]:
        """The same for logs: of a file beyond the limit its last lines, which are the newest."""
        wanted = [patterns] if isinstance(patterns, str) else list(patterns)
        return [(self._name(path), self._end(path)) for path in self._found(wanted)]

    def channel(self, source: str) -> Channel:
        """The way to a source of the project, by its key."""
        return self._channels(source)

    def source(self, key: object) -> SourceLike | None:
        """The source of the project of that key, if there is one."""
        try:
            return self._channels(key).source if isinstance(key, str) else None
        except SourceError:
            return None

    def config(self, source: str) -> msgspec.Struct | None:
        """The settings of a source of the project."""
        return self._channels(source).source.config

    async def command(self, line: str) -> bytes:
        """What a declared command prints.  It runs in the project's folder, without a shell or input.

        ``SourceError`` where it fails, prints more than 8 MB, or takes longer than the probe may.
        """
        if line not in self._uses.commands:
            raise NotTrusted(f"the probe runs “{line}” without declaring it, so nobody could agree to it")
        if not self._trusted:
            raise NotTrusted(
                f"this project is not trusted to run “{line}”",
                hint="look at what it asks for: workbench trust",
            )
        return await output_of(line, self.root, self.seconds)

    def _found(self, wanted: list[str]) -> list[Path]:
        paths = find(self.root, wanted)
        if not paths:
            raise SourceError(
                f"no file matches {', '.join(wanted)}", hint="write the path relative to the project's folder"
            )
        return paths

    def _end(self, path: Path) -> bytes:
        try:
            size = path.stat().st_size
            if size <= LARGEST_FILE or not path.resolve().is_relative_to(self.root.resolve()):
                return self._bytes(path)
            with path.open("rb") as file:
                file.seek(size - LARGEST_FILE)
                return file.read(LARGEST_FILE).partition(b"\n")[2]
        except OSError as error:
            raise SourceError(f"it cannot be read: {error.strerror}", where=self._name(path)) from None

    def _name(self, path: Path) -> str:
        top = self.root.resolve()
        return str(path.relative_to(top)) if path.is_relative_to(top) else path.name

    def _bytes(self, path: Path) -> bytes:
        try:
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise SourceError(f"{path.name} is a link out of the project", where=self._name(path))
            if path.stat().st_size > LARGEST_FILE:
                raise SourceError(
                    f"the file is larger than {LARGEST_FILE // 10**6} MB", where=self._name(path)
                )
            return read_regular(path)
        except OSError as error:
            raise SourceError(f"it cannot be read: {error.strerror}", where=self._name(path)) from None
