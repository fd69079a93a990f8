"""What a tool is, and where it works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from tests.generators.cleaning import Machine, cleaned

TOP = Path(__file__).parents[2]
CACHE = TOP / ".cache" / "generators"
GENERATED = TOP / "tests" / "data" / "generated"
LARGEST = 200_000  # bytes of a file that is kept
SECONDS = 300  # for one command


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """One program, or several that belong together.

    ``python``, ``npm`` and ``debian`` are the packages that it needs, ``name==1.2`` or ``name@1.2`` where they can be
    pinned; Debian's are unpacked, not installed, unless the machine has them.  ``programs`` have to be on the machine
    already.  ``make`` runs it.
    """

    name: str
    make: Callable[[Workshop], None]
    python: Sequence[str] = ()
    npm: Sequence[str] = ()
    debian: Sequence[str] = ()
    programs: Sequence[str] = ()


class Kept(msgspec.Struct, frozen=True):
    """A file that is kept, and what the run that wrote it is known to have done."""

    name: str
    known: str


class Workshop:
    """One tool while it works: an empty ``folder``, its programs, and what is kept of what they write."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.home = CACHE / tool.name
        self.folder = self.home / "work"
        self.versions: dict[str, str] = {}
        self.kept: list[Kept] = []
        self._begun = datetime.now(UTC)
        self._results: dict[str, bytes] = {}

    def install(self) -> None:
        """Its packages, where they are not there yet, and an empty folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        wanted = json.dumps([*self.tool.python, "/", *self.tool.npm, "/", *self.tool.debian])
        stamp = self.home / "installed.json"
        if not stamp.exists() or stamp.read_text() != wanted:
            self._install()
            stamp.write_text(wanted)
        for program in self.tool.programs:
            if shutil.which(program) is None:
                raise SystemExit(f"{self.tool.name}: {program} is not on this machine")
        for package in (*self.tool.python, *self.tool.npm):
            name, _, version = package.replace("==", "@").rpartition("@")
            self.versions[name] = version

    def program(self, name: str) -> str:
        """The path of one of its programs, or the machine's own."""
        for place in (
            "python/bin",
            "npm/node_modules/.bin",
            "debian/usr/bin",
            "debian/usr/lib/nagios/plugins",
        ):
            if (path := self.home / place / name).exists():
                return str(path)
        found = shutil.which(name)
        if found is None:
            raise SystemExit(f"{self.tool.name}: there is no program called {name}")
        return found

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(
        self,
        program: str,
        *words: str,
        codes: Sequence[int] = (0,),
        env: Mapping[str, str] = {},
        given: str = "",
    ) -> str:
        """Run a program in the folder, and what it printed; its exit code has to be one of ``codes``."""
        done = subprocess.run(
            [self.program(program), *words],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), "TZ": "UTC", "NO_COLOR": "1", **env},
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode not in codes:
            sys.stderr.write(done.stdout[-4_000:] + done.stderr[-4_000:])
            raise SystemExit(f"{self.tool.name}: {program} ended with {done.returncode}, not {codes}")
        return done.stdout

    def keep(self, name: str, known: str, data: Path | str | bytes | None = None) -> None:
        """Keep the file ``name`` of the folder, or ``data`` under that name; ``known`` says what has to be in it."""
        found = self.folder / name if data is None else data
        raw = found.read_bytes() if isinstance(found, Path) else found
        self._results[name] = raw.encode() if isinstance(raw, str) else raw
        self.kept.append(Kept(name, known))

    def finish(self) -> None:
        """Clean what is kept and put it in place of what was generated earlier."""
        machine = Machine.here(self.folder, self.home, TOP, begun=self._begun)
        target = GENERATED / self.tool.name
        results = {name: cleaned(raw, machine) for name, raw in self._results.items()}
        for name, data in results.items():
            if len(data) > LARGEST:
                raise SystemExit(
                    f"{self.tool.name}: {name} has {len(data):,} bytes; keep at most {LARGEST:,}"
                )
        shutil.rmtree(target, ignore_errors=True)
        for name, data in results.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(data)
        (target / "VERSIONS.md").write_text(self._about())

    def _about(self) -> str:
        lines = [f"# Made by `make generators ONLY={self.tool.name}`", ""]
        lines += [f"- {name} {version}" for name, version in self.versions.items()]
        lines += ["", "| file | what the run did |", "| --- | --- |"]
        lines += [f"| `{kept.name}` | {kept.known} |" for kept in self.kept]
        return "\n".join(lines) + "\n"

    def _install(self) -> None:
        for place in ("python", "npm", "debian"):
            shutil.rmtree(self.home / place, ignore_errors=True)
        if self.tool.python:
            _must([sys.executable, "-m", "venv", str(self.home / "python")])
            pip = str(self.home / "python" / "bin" / "pip")
            _must([pip, "install", "--quiet", "--disable-pip-version-check", *self.tool.python])
        if self.tool.npm:
            quiet = ("--silent", "--no-audit", "--no-fund", "--no-save")
            _must(["npm", "install", *quiet, "--prefix", str(self.home / "npm"), *self.tool.npm])
        if self.tool.debian:
            packages = self.home / "debian"
            packages.mkdir(parents=True)
            _must(["apt-get", "download", "--quiet", *self.tool.debian], packages)
            for package in packages.glob("*.deb"):
                _must(["dpkg-deb", "--extract", str(package), str(packages)])


def _must(words: Sequence[str], folder: Path | None = None) -> None:
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
