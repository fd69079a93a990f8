"""docs/compose, carried out on this machine: its files in other places, its container's work done by Debian's PostgreSQL.

What the image ``postgres`` does when it first starts is done here in the same order: ``initdb`` with the
administrator's password, the database, the scripts of ``/docker-entrypoint-initdb.d``, then the server with the
command of ``compose.yaml``.
"""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from tests.real.conftest import free_port
from tests.real.postgresql import program

FOLDER = Path(__file__).parents[2] / "docs" / "compose"
PASSWORD = "of-the-administrator"
_DATA, _SCRIPTS = "/var/lib/postgresql/data", "/docker-entrypoint-initdb.d"
_TLS, _ENTRY, _SECRET = "/var/lib/postgresql/tls", "docker-entrypoint.sh", "/run/secrets/administrator"


class Once(yaml.SafeLoader):
    """A key that stands twice in a mapping is an error, as it is to Compose."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key stands twice in {keys}"
        return super().construct_mapping(node, deep)


def read() -> dict[str, Any]:
    """``compose.yaml``."""
    found: dict[str, Any] = yaml.load((FOLDER / "compose.yaml").read_text(encoding="utf-8"), Once)
    return found


class ComposeServer:
    """The service ``server`` of ``compose.yaml`` in a folder, on a port of this machine.

    ``own`` is the folder that the administrator has copied, ``inside`` stands for the container and its volumes.
    """

    def __init__(self, own: Path, inside: Path, port: int) -> None:
        self.own, self._inside, self.port = own, inside, port
        self._service = read()["services"]["server"]

    @classmethod
    def new(cls) -> ComposeServer:
        """One in a folder of its own, with certificates and a password, on a free port; not yet started."""
        folder = Path(tempfile.mkdtemp(prefix="workbench-compose-"))
        shutil.copytree(FOLDER, folder / "compose")
        made = cls(folder / "compose", folder / "inside", free_port())
        made.type("sh tls.sh server localhost 127.0.0.1")
        (made.own / "administrator.password").write_text(PASSWORD + "\n", encoding="utf-8")
        return made

    def type(self, command: str) -> str:
        """Runs a command in the administrator's folder; returns what it prints."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.own, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def start(self) -> None:
        """What ``docker compose up`` does."""
        self._inside.mkdir(exist_ok=True)
        self._mount()
        command = self._entry()
        if not (self._place(_DATA) / "PG_VERSION").exists():
            self._begin(command)
        self._run(program("pg_ctl"), "start", "--wait", "-D", str(self._place(_DATA)), "-l", str(self._log), "-o", self._options(command))  # fmt: skip

    def stop(self) -> None:
        """Ends the server; what it stored stays."""
        self._run(program("pg_ctl"), "stop", "-D", str(self._place(_DATA)), "-m", "immediate", check=False)

    def remove(self) -> None:
        """Ends the server and removes all of it."""
        self.stop()
        shutil.rmtree(self.own.parent, ignore_errors=True)

    def inside(self, statement: str, database: str = "workbench") -> list[str]:
        """What ``docker compose exec -u postgres server psql`` prints, a line for each row."""
        done = self._run(
            "psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", str(self._inside), "-p", str(self.port), "-U", "postgres",
            "-d", database, "-c", statement,
        )  # fmt: skip
        return done.stdout.splitlines()

    def inside_run(self, *command: str, data: bytes = b"") -> bytes:
        """What ``docker compose exec -T -u postgres server COMMAND`` prints."""
        done = subprocess.run(command, check=True, input=data, capture_output=True, **as_postgres(self))
        return done.stdout

    @property
    def socket(self) -> Path:
        """The folder of the server's socket: what is inside the container connects there."""
        return self._inside

    def url(self, role: str, *, host: str = "localhost", **parameters: str) -> str:
        """The address that a desk uses; its password comes from the environment."""
        said = {"sslrootcert": str(self.own / "ca/ca.crt"), **parameters}
        asked = "&".join(f"{name}={value}" for name, value in said.items())
        return f"postgresql://{role}@{host}:{self.port}/workbench?{asked}"

    @property
    def _log(self) -> Path:
        return self._inside / "log"

    def _place(self, name: str) -> Path:
        """Where a path of the container lies here."""
        return self._inside / name.removeprefix("/")

    def _here(self, text: str) -> str:
        """A text of the container with the places of this machine."""
        names = {_DATA, _TLS, _SECRET, *(one.split(":")[1] for one in self._service["volumes"])}
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, str(self._place(name)))
        return text

    def _mount(self) -> None:
        for volume in self._service["volumes"]:
            outside, inside, *readonly = volume.split(":")
            place = self._place(inside)
            place.parent.mkdir(parents=True, exist_ok=True)
            if not outside.startswith("./"):
                place.mkdir(exist_ok=True)  # a volume of Docker's
                continue
            assert readonly == ["ro"]
            shutil.rmtree(place, ignore_errors=True)
            source = self.own / outside
            shutil.copytree(source, place) if source.is_dir() else shutil.copy(source, place)
        secret = self._place(_SECRET)
        secret.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.own / read()["secrets"]["administrator"]["file"], secret)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "postgres:postgres", str(self._inside)], check=True)
            subprocess.run(["chmod", "o+x", str(self._inside.parent)], check=True)

    def _entry(self) -> list[str]:
        """Runs the container's entrypoint; returns the command that it hands on to the image's own."""
        (entry,) = self._service["entrypoint"]
        text = self._here(self._place(entry).read_text(encoding="utf-8"))
        if os.geteuid() != 0:  # root in the container; here the owner is right already
            text = text.replace("-o postgres -g postgres ", "")
        script, programs, handed_on = (self._inside / name for name in ("start.sh", "bin", "handed-on"))
        script.write_text(text, encoding="utf-8")
        programs.mkdir(exist_ok=True)
        stand_in = programs / _ENTRY
        stand_in.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{handed_on}'\n", encoding="utf-8")
        stand_in.chmod(0o755)
        command = [self._here(word) for word in self._service["command"]]
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(["sh", str(script), *command], check=True, env={"PATH": path}, timeout=60)
        return handed_on.read_text(encoding="utf-8").splitlines()

    def _options(self, command: list[str]) -> str:
        assert command[0] == "postgres"
        here = ["-p", str(self.port), "-k", str(self._inside), "--listen_addresses=localhost", "--fsync=off"]
        return shlex.join([*command[1:], *here])

    def _begin(self, command: list[str]) -> None:
        environment: Mapping[str, str] = self._service["environment"]
        assert environment["POSTGRES_PASSWORD_FILE"] == _SECRET
        data = str(self._place(_DATA))
        self._run(
            program("initdb"), "-D", data, "--username=postgres", f"--pwfile={self._place(_SECRET)}", "--no-sync",
            *environment["POSTGRES_INITDB_ARGS"].split(),
        )  # fmt: skip
        inside_only = f"{self._options(command)} --listen_addresses=''"
        self._run(program("pg_ctl"), "start", "--wait", "-D", data, "-l", str(self._log), "-o", inside_only)
        self.inside(f"CREATE DATABASE {environment['POSTGRES_DB']}", "postgres")
        for script in sorted(self._place(_SCRIPTS).iterdir()):
            assert script.suffix == ".sql", "only this sort of script is carried out here"
            self.inside_run(
                "psql",
                "-X",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                environment["POSTGRES_DB"],
                data=script.read_bytes(),
            )
        self._run(program("pg_ctl"), "stop", "--wait", "-D", data, "-m", "fast")

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd=self._inside, env=_environ(), **_account(),
        ) if command[1:2] != ("start",) else self._started(command)  # fmt: skip
        if check and done.returncode:
            log = self._log.read_text()[-2000:] if self._log.exists() else ""
            raise AssertionError(f"{shlex.join(command)}\n{done.stdout}\n{log}")
        return done

    def _started(self, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """A server keeps the streams of whoever started it: it gets none."""
        nothing = subprocess.DEVNULL
        done = subprocess.run(
            command, check=False, stdin=nothing, stdout=nothing, stderr=nothing, cwd=self._inside, env=_environ(),
            **_account(),
        )  # fmt: skip
        return subprocess.CompletedProcess(command, done.returncode, "")


def as_postgres(server: ComposeServer) -> dict[str, Any]:
    """As which user and where a program runs in the container, as words for :mod:`subprocess`."""
    environ = {"PGHOST": str(server.socket), "PGPORT": str(server.port), "PGUSER": "postgres"}
    return {"cwd": server.socket, "env": _environ() | environ, **_account()}


def _environ() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    found = pwd.getpwnam("postgres")
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
