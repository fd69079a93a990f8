"""A project's folder to try the doors on, and a command line to type into, both in this process.

A place is made once and put back as it was before each example, so that examples do not depend
on one another.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from workbench.cli import run

ALLOWED = frozenset({0, 1, 2, 3, 4, 130})
_STEERING = {*map(chr, range(0x0A)), *map(chr, range(0x0B, 0x20)), *map(chr, range(0x7F, 0xA0))}
_REORDERING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Said(msgspec.Struct, frozen=True):
    """What a command answered; ``words`` are what was typed."""

    words: tuple[str, ...]
    code: int
    out: bytes
    err: str

    @property
    def steering(self) -> set[str]:
        """Letters on standard error that would steer a terminal or turn the text around."""
        return set(self.err) & (_STEERING | _REORDERING)


class Place:
    """A folder with a project in ``root`` and a data folder of its own beside it."""

    def __init__(self, make: Callable[[Path], None], root: str = "shop") -> None:
        self._made = tempfile.TemporaryDirectory(prefix="workbench-fuzz-")
        self.folder = Path(self._made.name, "now")
        self._kept = Path(self._made.name, "kept")
        self.root = self.folder / root
        self.folder.mkdir()
        with self.inside():
            make(self.root)
        shutil.copytree(self.folder, self._kept, symlinks=True)
        self._before = _signs(self.folder)

    @contextlib.contextmanager
    def inside(self, **environ: str | None) -> Iterator[None]:
        """In the project's folder, with a person's environment that does not depend on the machine."""
        before, here = dict(os.environ), Path.cwd()
        for name in [each for each in before if each.startswith(("WORKBENCH_", "GITHUB_"))]:
            del os.environ[name]
        os.environ["WORKBENCH_DATA"] = str(self.folder / "data")
        for name, value in environ.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        if self.root.is_dir():
            os.chdir(self.root)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)

    def within(self, name: str) -> Path:
        """The path of something in the project, for a name that may be odd; ``ValueError`` where it leads out.

        What is put and removed in its place is never anything of the machine that runs the tests.
        """
        path = Path(os.path.realpath(self.root / name))
        if path == self.root.resolve() or not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"{name!r} is not in the project")
        return path

    def original(self, name: str) -> bytes:
        """What a file of the project held when the place was made."""
        return (self._kept / self.root.name / name).read_bytes()

    def names(self) -> list[str]:
        """The files of the place as it was made, relative to ``folder``."""
        return [name for name, sign in self._before.items() if len(sign) > 1]

    def put_back(self) -> None:
        """As it was when it was made: only what has changed is copied again."""
        now = _signs(self.folder)
        if now == self._before:
            return
        for name in sorted(set(now) - set(self._before), reverse=True):
            if os.path.lexists(self.folder / name):
                _remove(self.folder / name)
        for name, sign in self._before.items():
            if now.get(name) != sign:
                _copy(self._kept / name, self.folder / name)
        self._before = _signs(self.folder)

    @staticmethod
    @contextlib.contextmanager
    def streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
        """Streams that hold bytes: what is read, and what was printed."""
        before = sys.stdin, sys.stdout, sys.stderr
        out, err = io.BytesIO(), io.BytesIO()
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", errors="surrogateescape")
        sys.stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", write_through=True)
        try:
            yield out, err
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(ValueError):
                    stream.flush()
                    stream.detach()  # its bytes are still read
            sys.stdin, sys.stdout, sys.stderr = before

    def type_in(
        self,
        *words: str,
        stdin: bytes = b"",
        go: Callable[[Place], None] = lambda place: None,
        **environ: str | None,
    ) -> Said:
        """Type a command as a person would whose output goes into a file, and who may ``go`` elsewhere first."""
        with self.inside(**environ), self.streams(stdin) as (out, err):
            go(self)
            code = run([*words])
        return Said(tuple(words), code, out.getvalue(), err.getvalue().decode("utf-8", "replace"))

    def survives(
        self,
        *words: str,
        stdin: bytes = b"",
        go: Callable[[Place], None] = lambda place: None,
        **environ: str | None,
    ) -> Said:
        """Type a command that must end in a code we promise, with words that cannot steer a terminal."""
        said = self.type_in(*words, stdin=stdin, go=go, WORKBENCH_DEBUG="1", **environ)
        shown = [word[:80] for word in words]
        assert said.code in ALLOWED, f"{shown}: {said.code}\n{said.err[-6000:]}"
        assert "Traceback" not in said.err, f"{shown}: {said.code}\n{said.err[-6000:]}"
        assert not said.steering, f"{shown}: {said.steering!a} in {said.err[:2000]!a}"
        assert said.code in (0, 1, 130) or said.err.strip() or said.out.strip(), (
            f"{shown}: {said.code} without a word"
        )
        return said


def _signs(folder: Path) -> dict[str, tuple[int, ...]]:
    """Every entry below a folder by its relative name, with what changes when it does."""
    found: dict[str, tuple[int, ...]] = {}
    todo = [""]
    while todo:
        here = todo.pop()
        with os.scandir(folder / here) as entries:
            for entry in entries:
                name = f"{here}{entry.name}"
                status = entry.stat(follow_symlinks=False)
                is_folder = entry.is_dir(follow_symlinks=False)
                found[name] = (
                    (status.st_mode,)
                    if is_folder
                    else (status.st_mode, status.st_mtime_ns, status.st_size, status.st_ino)
                )
                if is_folder:
                    todo.append(f"{name}/")
    return dict(sorted(found.items()))


def _copy(kept: Path, target: Path) -> None:
    is_folder = kept.is_dir() and not kept.is_symlink()
    if os.path.lexists(target) and (not is_folder or target.is_symlink() or not target.is_dir()):
        _remove(target)
    if is_folder:
        target.mkdir(exist_ok=True)
        shutil.copymode(kept, target)
    else:
        shutil.copy2(kept, target, follow_symlinks=False)


def _remove(path: Path) -> None:
    """Below a folder of this harness only: it is called with names that were found there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
