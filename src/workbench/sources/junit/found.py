"""Test reports in a folder, told from other XML and put into patterns."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.model.text import safe_text
from workbench.sources.proposing import Folder, Proposal

_FOLDERS = frozenset({"test-results", "reports", "surefire-reports", "failsafe-reports", "test-reports"})


def propose(folder: Folder) -> Proposal | None:
    """The reports that lie in the folder."""
    patterns = reports(folder.folder, folder.files)
    if not patterns:
        return None
    quoted = [json.dumps(safe_text(pattern, 200), ensure_ascii=False) for pattern in patterns]
    files = quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
    return Proposal(
        seen=tuple(("test reports", pattern) for pattern in patterns),
        entry=("  - key: reports", "    kind: junit", f"    files: {files}"),
        tests=(
            "      # A report does not say which commit it is about, so an old one does not count.",
            "      - tests_green: {source: reports, max_age: 24h}",
        ),
        about="The tests are green, by a report of today.",
    )


def reports(folder: Path, files: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns for the reports among ``files``, which are relative to ``folder``."""
    by_place: dict[str, list[str]] = {}
    for name in files:
        if name.lower().endswith(".xml") and _may_be_report(name) and _is_report(folder / name):
            place, _, file = name.rpartition("/")
            by_place.setdefault(place, []).append(file)
    if len(by_place) > 5:
        ends = {place.rpartition("/")[2] for place in by_place}
        return tuple(f"**/{end}/*.xml" for end in sorted(ends) if end)[:5]
    return tuple(_pattern(place, names) for place, names in sorted(by_place.items()))


def _pattern(place: str, names: list[str]) -> str:
    prefix = f"{place}/" if place else ""
    if len(names) == 1:
        return prefix + names[0]
    return prefix + ("TEST-*.xml" if all(name.startswith("TEST-") for name in names) else "*.xml")


def _may_be_report(name: str) -> bool:
    parts = name.split("/")
    return "junit" in parts[-1].lower() or parts[-1].startswith("TEST-") or bool(_FOLDERS & set(parts[:-1]))


def _is_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return not path.is_symlink() and b"<testsuite" in file.read(4096)
    except OSError:
        return False
