"""Where the checklists, sample projects and pages of the guide that come with the workbench are.

In a wheel they are inside the package (``setup.py`` puts them there); in a checkout, and
so in an editable install, they are the folders at its top.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "data"
_CHECKOUT = _PACKAGE.parents[1]


def checklists() -> Path:
    """The folder of the built-in checklists, ``<key>.yaml`` each."""
    return _folder("checklists")


def samples() -> Path:
    """The folder of the sample projects, one folder each."""
    return _folder("sample_projects")


def docs() -> Path:
    """The folder of the guide, a page each in Markdown."""
    return _folder("docs")


def _folder(name: str) -> Path:
    installed = _INSTALLED / name
    return installed if installed.is_dir() else _CHECKOUT / name
