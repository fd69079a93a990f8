"""libpq's files of services: names for servers, ``[name]`` and lines ``host=…`` below it.

libpq reads them itself; they are looked at only to know whether a service leads to another machine.
"""

from __future__ import annotations

import os
from pathlib import Path

from workbench.model.files import open_regular

_LARGEST = 2**20


def read_service(name: str) -> dict[str, str] | None:
    """Host and address of a service, as the first file says that has it; ``None`` where none does."""
    for path in _files():
        try:
            with open_regular(path) as file:
                text = file.read(_LARGEST).decode("utf-8", "replace")
        except OSError:
            continue
        found = _in(text, name)
        if found is not None:
            return found
    return None


def _files() -> list[Path]:
    own = os.environ.get("PGSERVICEFILE")
    if not own:
        home = Path(os.environ.get("APPDATA", "")) / "postgresql" if os.name == "nt" else Path.home()
        own = str(home / ("pg_service.conf" if os.name == "nt" else ".pg_service.conf"))
    everybody = os.environ.get("PGSYSCONFDIR")
    return [Path(own), *([Path(everybody) / "pg_service.conf"] if everybody else [])]


def _in(text: str, name: str) -> dict[str, str] | None:
    found: dict[str, str] | None = None
    for line in (one.strip() for one in text.splitlines()):
        if line.startswith("["):
            if found is not None:
                return found
            found = {} if line == f"[{name}]" else None
        elif found is not None and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            if key.strip() in ("host", "hostaddr"):
                found.setdefault(key.strip(), value.strip())
    return found
