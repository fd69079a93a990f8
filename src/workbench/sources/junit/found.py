"""Test reports in a folder, told by what is in them, without those that came with the checkout."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.model.files import open_regular
from workbench.model.text import safe_text
from workbench.sources.proposing import Folder, Proposal

_HEAD = 4096  # bytes in which a report says that it is one
_MOST_PATTERNS = 8
_BAZEL = "bazel-testlogs"
_ROOT = re.compile(r"<(?:\w{1,20}:)?testsuites?[\s/>]")


def propose(folder: Folder) -> Proposal | None:
    """The reports that lie in the folder; what its version control holds is no test run."""
    found = [
        name for name in folder.files if name.lower().endswith(".xml") and is_report(folder.folder / name)
    ]
    patterns = covering([name for name in found if name not in folder.tracked], folder.files)
    seen = [("test reports", pattern) for pattern in patterns]
    kept = [name for name in found if name in folder.tracked]
    if kept:
        more = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
        seen.append(("test reports", f"{kept[0]}{more}: left out, what is in version control is no test run"))
    if (folder.folder / _BAZEL).is_symlink():
        seen.append(
            ("test reports", f"{_BAZEL}: left out, the link leads out of this folder; copy its files here")
        )
    if not patterns:
        return Proposal(seen=tuple(seen)) if seen else None
    quoted = [json.dumps(safe_text(pattern, 200), ensure_ascii=False) for pattern in patterns]
    files = quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
    return Proposal(
        seen=tuple(seen),
        entry=("  - key: reports", "    kind: junit", f"    files: {files}"),
        tests=(
            "      # A report does not say which commit it is about, so an old one does not count.",
            "      - tests_green: {source: reports, max_age: 24h}",
        ),
        about="The tests are green, by a report of today.",
    )


def is_report(path: Path) -> bool:
    """Whether a file is JUnit XML, by its first element."""
    try:
        if path.is_symlink():
            return False
        with open_regular(path) as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return is_junit(head)


def is_junit(head: bytes) -> bool:
    """Whether a file that begins like this is JUnit XML."""
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return _begins(head.decode("utf-16" if wide else "utf-8", errors="replace").lstrip("\ufeff"))


def _begins(text: str) -> bool:
    """Whether the first element is a suite; what may stand before one is passed over."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        for begin, end in (("<?", "?>"), ("<!--", "-->"), ("<!DOCTYPE", ">")):
            if text.startswith(begin, at):
                stop = text.find(end, at)
                if stop < 0:
                    return False
                at = stop + len(end)
                break
        else:
            return _ROOT.match(text, at) is not None


# --- patterns ----------------------------------------------------------------------------


def covering(reports: Sequence[str], files: Iterable[str]) -> tuple[str, ...]:
    """A few patterns that match these reports and no other XML file of the folder."""
    if not reports:
        return ()
    wanted = set(reports)
    others = [name for name in files if name.lower().endswith(".xml") and name not in wanted]
    by_place: dict[str, list[str]] = defaultdict(list)
    for name in reports:
        place, _, file = name.rpartition("/")
        by_place[place].append(file)
    if len(by_place) > _MOST_PATTERNS:
        return _wide(by_place, reports, others)
    return tuple(
        pattern for place, names in sorted(by_place.items()) for pattern in _of_a_place(place, names, others)
    )[: 2 * _MOST_PATTERNS]


def _of_a_place(place: str, names: list[str], others: list[str]) -> list[str]:
    prefix = f"{place}/" if place else ""
    for form in _forms(names):
        if not any(matches(prefix + form, name) for name in others):
            return [prefix + form]
    return [prefix + name for name in sorted(names)]


def _wide(by_place: dict[str, list[str]], reports: Sequence[str], others: list[str]) -> tuple[str, ...]:
    """Patterns for many places: by the folder that holds them all, else by what each is called."""
    forms = _forms([name.rpartition("/")[2] for name in reports])
    top = _common(list(by_place))
    ends = sorted({place.rpartition("/")[2] for place in by_place if place})
    for form in forms:
        for patterns in ([f"{top}/**/{form}"] if top else [], [f"**/{end}/{form}" for end in ends]):
            clean = not any(matches(pattern, name) for pattern in patterns for name in others)
            if patterns and clean and len(patterns) <= _MOST_PATTERNS:
                return tuple(patterns)
    narrow = (
        pattern for place, names in sorted(by_place.items()) for pattern in _of_a_place(place, names, others)
    )
    return tuple(narrow)


def _forms(names: list[str]) -> list[str]:
    """How files of these names may be written, the narrowest first."""
    if len(set(names)) == 1:
        return names[:1]
    starts = ["TEST-*.xml"] if all(name.startswith("TEST-") for name in names) else []
    return [*starts, "*.xml"] if all(name.endswith(".xml") for name in names) else starts


def _common(places: list[str]) -> str:
    first, *rest = (place.split("/") for place in places)
    count = 0
    while count < len(first) and all(other[: count + 1] == first[: count + 1] for other in rest):
        count += 1
    return "/".join(first[:count])


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern of a source takes in a file; ``**`` is any number of folders."""
    parts = re.split(r"(\*\*/|\*)", pattern)
    regular = {"**/": r"(?:[^/]+/)*", "*": "[^/]*"}
    return re.fullmatch("".join(regular.get(part) or re.escape(part) for part in parts), name) is not None
