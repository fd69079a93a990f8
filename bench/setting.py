"""What the rows share during one run: a folder, and the projects in it, each made once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.large import Size, fill, project


class Setting:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime.now(UTC)
        self._made: dict[object, Path] = {}

    def web_shop(self) -> Path:
        """The web shop's demonstration."""
        if "web-shop" not in self._made:
            from workbench.usecases.demonstration import prepare

            self._made["web-shop"] = prepare("web-shop", self.folder / "web-shop")
        return self._made["web-shop"]

    def large(self, size: Size, url: str = "http://127.0.0.1:9090") -> Path:
        """A large project with its record."""
        key = (size, url)
        if key not in self._made:
            root = project(self.folder / f"large-{len(self._made)}", size, url)
            self._made[key] = fill(root, size, self.now)
        return self._made[key]
