"""Names of files in a bundle: what may be one, wherever the bundle is unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workbench.model.errors import RecordError
from workbench.model.text import safe_text

LONGEST = 200  # characters; an archive of 1988's format holds no more in two fields
_DEEPEST = 6
_PART = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]*\Z")
# Names that Windows takes for a device, whatever follows the dot.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789"}
)


class NotIntact(RecordError):
    """A bundle that is not as it was made, or that no ``workbench bundle`` has made."""


def refused(path: object, why: str, hint: str = "ask for the bundle again") -> NotIntact:
    """What is said of one file of a bundle that cannot be."""
    return NotIntact(f"not intact: “{safe_text(path, 120)}” {why}", hint=hint)


def check_name(name: str) -> None:
    """Refuses a name that leads out of the bundle, or that some system reads as something else."""
    if why := _wrong_with(name):
        raise refused(name, why, "nothing was unpacked")


def _wrong_with(name: str) -> str:
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "is an absolute path"
    if "\\" in name:
        return "has a backslash, which some systems read as a folder"
    parts = name.split("/")
    if ".." in parts:
        return "leads out of the bundle"
    if any(part.split(".")[0].lower() in _DEVICES for part in parts):
        return "is the name of a device on some systems"
    if len(name) > LONGEST or len(parts) > _DEEPEST:
        return "is too long or too deep a name"
    if not all(_PART.match(part) and not part.endswith(".") for part in parts):
        return "is a name that no bundle has: letters, digits and . _ + - are used"
    return ""


def check_twins(names: Iterable[str]) -> None:
    """Refuses two names that are one file on some systems: the same, or the same but for capitals; or a file that is a folder."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        low = name.lower()
        if low in seen:
            same = seen[low] == name
            raise refused(
                name, "is there twice" if same else f"and “{seen[low]}” are one file on some systems"
            )
        seen[low] = name
        parts = low.split("/")
        folders.update({"/".join(parts[:depth]): name for depth in range(1, len(parts))})
    for low in sorted(folders.keys() & seen.keys()):
        raise refused(seen[low], "is a file and a folder at once")
