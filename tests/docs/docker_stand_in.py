"""What ``docker compose`` would do with docs/compose, for a page that is typed where there is no Docker.

``docker`` on the PATH of the test leads here.  ``STAND_IN_INSIDE`` is the folder that stands for the container,
``PGPORT`` the port.  Who is asked for a password types ``STAND_IN_PASSWORD``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.compose import ComposeServer, as_postgres

UP = ["compose", "up", "--detach", "--wait"]


def main(words: list[str]) -> int:
    server = ComposeServer(Path.cwd(), Path(os.environ["STAND_IN_INSIDE"]), int(os.environ["PGPORT"]))
    if words == UP:
        server.start()
        return 0
    if words == ["compose", "down"]:
        server.stop()
        return 0
    assert words[:2] == ["compose", "exec"] and "server" in words, words
    place = words.index("server")
    assert [one for one in words[2:place] if one != "--no-TTY"] == ["--user", "postgres"], words
    return _exec(server, words[place + 1 :], os.environ["STAND_IN_PASSWORD"])


def _exec(server: ComposeServer, command: list[str], password: str) -> int:
    """Runs a program in the container; without a terminal it reads what it asks for from its input."""
    asks = "--pwprompt" in command
    done = subprocess.run(
        command,
        input=f"{password}\n{password}\n".encode() if asks else sys.stdin.buffer.read(),
        stdout=subprocess.PIPE if asks else None,
        stderr=subprocess.PIPE if asks else None,
        start_new_session=True,
        check=False,
        **as_postgres(server),
    )
    if asks and done.returncode:
        sys.stderr.buffer.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
