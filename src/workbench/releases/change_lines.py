"""From what git listed to the lines of the notes: reverts folded, fragments before commits, nothing dropped.

Every commit of the range is exactly one of: told in a line of its own, told by a fragment, a merge that git wrote,
folded away with what reverts it, or listed under “Other changes”.  :class:`Coverage` counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from workbench.releases.commit_log import Listed, LoggedCommit
from workbench.releases.conventional import Group, numbers
from workbench.releases.fragments import Fragment


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what changes.

    ``key`` names it for a person: a fragment's file name, or the first twelve digits of a commit.  ``commits`` are those
    that it tells, in full; ``fragment`` is its path, ``blob`` what git calls its contents, where one tells it.
    """

    key: str
    group: Group
    text: str
    scope: str = ""
    breaks: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    fragment: str = ""
    blob: str = ""
    problem: str = ""


class Known(StrEnum):
    """What is known of a range of commits."""

    WHOLE = "whole"
    PART = "part"
    NOT_KNOWN = "not known"


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a range of commits is told; the counts add up to ``commits``.

    ``why`` says what is not known.  ``other`` counts the commits without a conventional first line and without a
    fragment: they are listed as they stand.  ``missing`` run in production and are not in the candidate.
    """

    known: Known
    why: tuple[str, ...] = ()
    since: str = ""
    since_version: str = ""
    until: str = ""
    commits: int = 0
    conventional: int = 0
    by_fragment: int = 0
    merges: int = 0
    reverted: int = 0
    other: int = 0
    beyond: int = 0
    missing: int = 0

    @property
    def told(self) -> int:
        """Commits that somebody described for people."""
        return self.conventional + self.by_fragment


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """The lines by group and the coverage of the range that they tell."""

    lines: tuple[Told, ...] = ()
    coverage: Coverage
    missing: tuple[str, ...] = ()


NOT_LISTED = "no one has listed the commits of this candidate"


def unknown(*why: str, until: str = "") -> Changes:
    """Nothing is known of the range: never “no changes”."""
    return Changes(coverage=Coverage(known=Known.NOT_KNOWN, why=why, until=until))


def arrange(
    listed: Listed, *, since: str, since_version: str, until: str, why: Sequence[str] = ()
) -> Changes:
    """The lines of a range; ``why`` are further reasons why it is known in part only."""
    folded = _folded(listed.commits)
    telling = {fragment.path: _commits_of(fragment, listed.commits) for fragment in listed.fragments}
    by_fragment = {commit for commits in telling.values() for commit in commits}
    lines = [_of_fragment(one, telling[one.path], listed.commits) for one in listed.fragments]
    counts = {"conventional": 0, "by_fragment": 0, "merges": 0, "reverted": 0, "other": 0}
    for one in listed.commits:
        fate = _fate(one, folded, by_fragment)
        counts[fate] += 1
        if fate in ("conventional", "other"):
            lines.append(_of_commit(one))
    order = list(Group)
    reasons = (*why, *_partly(listed))
    return Changes(
        lines=tuple(sorted(lines, key=lambda line: order.index(line.group))),
        coverage=Coverage(
            known=Known.PART if reasons else Known.WHOLE,
            why=reasons,
            since=since,
            since_version=since_version,
            until=until,
            commits=len(listed.commits) + listed.beyond,
            beyond=listed.beyond,
            missing=listed.missing_count,
            **counts,
        ),
        missing=tuple(f"{one.commit[:12]} {_words(one)}" for one in listed.missing),
    )


def _partly(listed: Listed) -> Iterator[str]:
    if listed.shallow:
        yield "the checkout was shallow, so commits may be lacking: git fetch --unshallow, then list again"
    if listed.beyond:
        yield f"{listed.beyond:,} older commits of the range were too many to read"
    if listed.fragments_beyond:
        yield f"{listed.fragments_beyond:,} fragments were too many to read"


def _fate(one: LoggedCommit, folded: frozenset[str], by_fragment: set[str]) -> str:
    """The one way in which a commit is accounted for."""
    if one.commit in folded:
        return "reverted"
    if one.commit in by_fragment:
        return "by_fragment"
    if one.message.type:
        return "conventional"
    if one.parents > 1 and one.message.routine_merge and not one.message.breaks:
        return "merges"
    return "conventional" if one.message.breaks or _reverts(one) else "other"


def _reverts(one: LoggedCommit) -> bool:
    return bool(one.message.reverts or one.message.reverts_text)


def _folded(commits: Sequence[LoggedCommit]) -> frozenset[str]:
    """The commits that are undone within the range, and those that undo nothing else.

    Newest first: what a later revert undid reverts nothing itself, so that a revert of a revert brings the change back.
    """
    gone: set[str] = set()
    for place, one in enumerate(commits):
        if one.commit in gone or not _reverts(one):
            continue
        older = [other for other in commits[place + 1 :] if other.commit not in gone]
        named = [_named(commit, older) for commit in one.message.reverts] or [
            _described(one.message.reverts_text, older)
        ]
        found = [commit for commit in named if commit]
        gone.update(found)
        if len(found) == len(named):
            gone.add(one.commit)
    return frozenset(gone)


def _named(beginning: str, older: Iterable[LoggedCommit]) -> str:
    return next((other.commit for other in older if other.commit.startswith(beginning)), "")


def _described(text: str, older: Iterable[LoggedCommit]) -> str:
    """The newest of the older commits with that first line; "" where none has it."""
    return next((other.commit for other in older if text and _subject(other) == text), "")


def _subject(one: LoggedCommit) -> str:
    message = one.message
    if not message.type:
        return message.text
    scope = f"({message.scope})" if message.scope else ""
    return f"{message.type}{scope}: {message.text}"


def _commits_of(fragment: Fragment, commits: Sequence[LoggedCommit]) -> tuple[str, ...]:
    """What a fragment tells: the commits that wrote it, and those that name its issue."""
    wanted = numbers(fragment.refs[:1]) if not fragment.id.startswith("+") else frozenset()
    return tuple(
        one.commit
        for one in commits
        if one.commit in fragment.added_in or (wanted and wanted & numbers(one.message.refs))
    )


def _of_fragment(one: Fragment, told: tuple[str, ...], commits: Sequence[LoggedCommit]) -> Told:
    name = one.path.rpartition("/")[2]
    known = [commit for commit in commits if commit.commit in told]
    people = dict.fromkeys(name for commit in known for name in _people(commit))
    return Told(
        key=name,
        group=one.group,
        text=one.text or name,
        commits=told,
        refs=one.refs,
        people=tuple(people),
        fragment=one.path,
        blob=one.blob,
        problem=one.problem,
    )


def _of_commit(one: LoggedCommit) -> Told:
    group = one.message.group
    if group is Group.OTHER and _reverts(one):
        group = Group.REVERTED
    return Told(
        key=one.commit[:12],
        group=group,
        text=_words(one),
        scope=one.message.scope,
        breaks=tuple(text for text in one.message.breaks if text != one.message.text),
        commits=(one.commit,),
        refs=one.message.refs,
        people=_people(one),
    )


def _words(one: LoggedCommit) -> str:
    return one.message.text or "(a commit without a message)"


def _people(one: LoggedCommit) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (one.author, *one.message.co_authors) if name))
