"""A fragment: one change told in a file of its own, ``changelog.d/ID.KIND.md``, as towncrier names them.

``ID`` is an issue's number or any word; ``+word`` says that there is no issue.  ``KIND`` is one of
:data:`~workbench.releases.conventional.KINDS`.  What follows the kind, as in ``12.fix.2.md``, counts several
fragments of one issue.  The text is what is told: its first paragraph, in one line.
"""

from __future__ import annotations

import re

import msgspec

from workbench.model.keys import nearest
from workbench.releases.conventional import KINDS, MOST_OF_A_LINE, Group, references

FOLDER = "changelog.d"
LARGEST = 20_000  # bytes of one fragment
_NAME = re.compile(r"(?P<id>\+?[\w-]{1,60})\.(?P<kind>[A-Za-z]{1,20})(?:\.\d{1,3})?\.(?:md|txt|rst)\Z")
# Files of such a folder that tell no change.
_NOT_ONE = re.compile(r"(?:readme|template|index|_template)\b.*|\..*", re.IGNORECASE)
_MARKUP = re.compile(r"^(?:#{1,6} +|[-*+] +|> ?)")


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """A fragment as it was found at the candidate's commit.

    ``path`` is relative to the project, ``blob`` what git calls its contents, ``added_in`` the commits of the range that
    wrote it.  ``kind`` is "" where its name says none, and ``problem`` then says why.
    """

    path: str
    blob: str
    id: str
    kind: str = ""
    text: str = ""
    added_in: tuple[str, ...] = ()
    problem: str = ""

    @property
    def group(self) -> Group:
        return KINDS.get(self.kind, Group.OTHER)

    @property
    def refs(self) -> tuple[str, ...]:
        """The issues that it names: that of its file name first."""
        own = () if self.id.startswith("+") else (f"#{self.id}" if self.id.isdigit() else self.id.upper(),)
        return tuple(dict.fromkeys((*own, *references(self.text))))


def is_fragment(name: str) -> bool:
    """Whether a file of the folder is meant to tell a change, by its name alone."""
    return _NOT_ONE.match(name) is None


def read_fragment(path: str, blob: str, data: bytes | None, added_in: tuple[str, ...] = ()) -> Fragment:
    """A fragment of its name and bytes; ``data`` is ``None`` for what is no file, as a link.

    Whatever is wrong with it is said in ``problem``: it is listed and never left out.
    """
    name = path.rpartition("/")[2]
    found = _NAME.match(name)
    ident = found["id"] if found else name.partition(".")[0][:60] or name[:60]
    kind = found["kind"].lower() if found else ""
    problem = "" if found else f"its name is not ID.KIND.md, as in 12.fix.md: {name[:80]}"
    if found and kind not in KINDS:
        meant = nearest(kind, list(KINDS))
        problem = f"{kind} is not a kind of change" + (f"; {meant} is meant?" if meant else "")
        kind = ""
    if data is None:
        text, problem = "", "it is a link, and is not followed"
    elif len(data) > LARGEST:
        text, problem = "", f"it is larger than {LARGEST:,} bytes"
    else:
        text = first_paragraph(data.decode("utf-8", "replace"))
        problem = problem or ("" if text else "it is empty")
    return Fragment(path=path, blob=blob, id=ident, kind=kind, text=text, added_in=added_in, problem=problem)


def first_paragraph(text: str) -> str:
    """The first paragraph in one line, without the marks of a heading or a list."""
    lines: list[str] = []
    for line in text.splitlines():
        bare = _MARKUP.sub("", line.strip())
        if not bare and lines:
            break
        if bare:
            lines.append(bare)
    return " ".join(" ".join(lines).split())[: 4 * MOST_OF_A_LINE]
