"""The checkout around a project, for kinds of source that read in it."""

from __future__ import annotations

from pathlib import Path

from workbench.sources.proposing import Folder
from workbench.usecases.git import ask_git, read_remote
from workbench.usecases.yaml_files import yaml_file


def checkout(root: Path) -> Folder:
    """The project's folder and where its checkout begins and comes from; its files are not listed."""
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    address = ask_git(top, "remote", "get-url", "origin") if top else None
    host, path = read_remote(address) if address else (None, None)
    return Folder(folder=root, top=top or root, host=host, path=path, yaml=yaml_file)
