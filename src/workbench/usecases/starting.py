"""``init``: a first project for a folder, from what can be found in it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from msgspec.structs import replace

from workbench import shipped
from workbench.definitions import FILE_NAME, load
from workbench.model.errors import RecordUnavailable, UsageError
from workbench.model.files import write_whole
from workbench.model.text import safe_text
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Release
from workbench.sources.proposing import Proposal
from workbench.usecases import releasing, undoing
from workbench.usecases.context import Context
from workbench.usecases.first_version import FirstVersion
from workbench.usecases.opening import open_context
from workbench.usecases.pairs import as_table, told
from workbench.usecases.project import RECORD, Options, kinds
from workbench.usecases.schemas import write_schemas
from workbench.usecases.starter_file import is_asked, person_here, starter_text
from workbench.usecases.surveying import Findings, survey

_ORDER = (
    "repository", "pipeline", "test reports", "metrics", "sources", "deployment", "pairs", "differences", "release", "candidate",
)  # fmt: skip
_MOST_SHOWN = 8
CHECKLISTS = "checklists"
PAIRS = RECORD.with_name("pairs.csv")
TRUST = "workbench trust"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of ``init`` besides what it finds.

    ``force`` keeps a project file that is there beside the new one; ``version`` is that of the
    release; ``offline`` asks no server; ``checklists`` copies those that come with the
    workbench, to be edited.
    """

    force: bool = False
    version: str | None = None
    offline: bool = False
    checklists: bool = False


PLAIN = Wish()


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What ``init`` did.  ``found`` and ``steps`` are lines for people; ``steps`` say what to type.

    ``offline`` is what to type where there is no network; empty where no server is asked.
    """

    root: Path
    file: Path
    findings: Findings
    person: str
    release: str
    candidate: str | None
    found: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    offline: str = ""


def init(folder: Path, wish: Wish = PLAIN) -> Begun:
    """Write a starter project, begin its record, and plan a first release with what is checked out.

    An existing project file is refused unless that is wished for.
    """
    findings = _as_wished(survey(folder), wish)
    root = findings.folder
    kept = _write(root / FILE_NAME, starter_text(findings, checklists=wish.checklists), wish.force)
    try:
        if wish.checklists:
            _copy_checklists(root)
        load(root, kinds())  # a mistake in it would be ours: nothing is begun with it
        person, version, candidate = _begin(root, findings, wish)
    except BaseException:
        # Whoever tries again must not be told that there is a project already.
        (root / FILE_NAME).unlink(missing_ok=True)
        if kept is not None:
            kept.replace(root / FILE_NAME)
        raise
    _lay_out(root, findings)
    return Begun(
        root=root,
        file=root / FILE_NAME,
        findings=findings,
        person=person,
        release=version,
        candidate=candidate,
        found=tuple(_found(findings, version)),
        steps=tuple(_steps(findings, candidate)),
        offline="workbench init --force --offline" if _asked(findings) else "",
    )


def _as_wished(findings: Findings, wish: Wish) -> Findings:
    if wish.version is not None:
        version = wish.version.strip()
        if not version or safe_text(version, 80) != version:
            raise UsageError(
                f"“{safe_text(version, 80)}” is not a version", hint="for example --version 2.14.0"
            )
        findings = replace(findings, version=FirstVersion(version, "as you said"))
    if wish.offline:
        kept = tuple(Proposal(seen=found.seen) if found.asks else found for found in findings.proposals)
        findings = replace(findings, proposals=kept)
    return findings


def _copy_checklists(root: Path) -> None:
    """Put the checklists that come with the workbench beside the project file; those that are there stay."""
    to = root / CHECKLISTS
    try:
        to.mkdir(exist_ok=True)
        for path in sorted(shipped.checklists().glob("*.yaml")):
            if not (to / path.name).exists():
                write_whole(to / path.name, path.read_bytes())
    except OSError as error:
        raise RecordUnavailable(
            f"the checklists cannot be copied: {error.strerror}",
            where=str(to),
            hint="is the folder writable?",
        ) from None


def _begin(root: Path, findings: Findings, wish: Wish) -> tuple[str, str, str | None]:
    context = open_context(Options(project=root), create=True)
    try:
        person = _sit_down(context, findings)
        return person, *_first_release(context, findings, person, wish)
    finally:
        context.record.close()


def _lay_out(root: Path, findings: Findings) -> None:
    """What goes beside the record, out of version control: the schemas, and the pairs as a table."""
    write_schemas(root)
    if findings.pairs:
        write_whole(root / PAIRS, as_table(findings.pairs).encode())


def _write(path: Path, text: str, force: bool) -> Path | None:
    """Write the file; where one was replaced, the place that it is kept in."""
    kept = None
    if path.is_symlink() or path.exists():
        if not force:
            raise UsageError(
                f"there is a {FILE_NAME} here already; nothing was changed",
                where=str(path),
                hint="workbench check checks it; --force writes a new one and keeps this one",
            )
        kept = path.replace(path.with_name(f"{FILE_NAME}.before"))
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise RecordUnavailable(
            f"{FILE_NAME} cannot be written: {error.strerror}",
            where=str(path.parent),
            hint="is the folder writable?",
        ) from None
    return kept


def _sit_down(context: Context, findings: Findings) -> str:
    """Make sure that the person in the new file is the one who sits here."""
    key = person_here(findings)[0]
    if context.author().actor != key:
        (context.root / RECORD).with_name("person").write_text(f"{key}\n", encoding="utf-8")
    return key


def _first_release(context: Context, findings: Findings, person: str, wish: Wish) -> tuple[str, str | None]:
    if context.record.count("release"):
        held = releases.find(context.record)
        if wish.version is None or findings.version.text == held.release.version:
            return held.release.version, held.candidate.commit if held.candidate else None
        _take_back(context, held.release.version)
    candidate = None
    if findings.commit:
        mine = _same_address(findings.committed_by, findings.user_email)
        candidate = Candidate(release="", number=0, commit=findings.commit, author=person if mine else None)
    releasing.plan(context, Release(version=findings.version.text, owner=person), candidate)
    return findings.version.text, findings.commit


def _take_back(context: Context, version: str) -> None:
    """Undo the plan of a release that was called otherwise, if nothing has been done for it yet."""
    last = list(context.record.history(limit=20))
    planned = any(
        entry.entity == "release" and entry.verb == "planned" and entry.change_id == last[0].change_id
        for entry in last
    )
    if not planned:
        raise UsageError(
            f"{version} is the current release already, and more was done since; nothing was changed",
            hint="workbench release new VERSION plans another one, "
            f"workbench release abandon {version} --reason WHY ends this one",
        )
    undoing.undo(context)


# --- what is said about it ---------------------------------------------------------------


def _same_address(one: str | None, other: str | None) -> bool:
    """Whether both are the same e-mail address; letters may differ in case."""
    return one is not None and other is not None and one.lower() == other.lower() != ""


def _found(findings: Findings, version: str) -> list[str]:
    seen = [pair for proposal in findings.proposals for pair in proposal.seen]
    if findings.host and "repository" not in dict(seen):
        seen.append(("repository", f"on {findings.host}"))
    seen += [("pipeline", name) for name in findings.other_pipelines]
    seen += [("deployment", name) for name in _some(findings.deployment)]
    seen += [("pairs", name) for name in _some(tuple(told(findings.pairs)))]
    seen += [("differences", name) for name in findings.tables]
    why = findings.version.why if version == findings.version.text else "already the current release"
    seen.append(("release", f"{version}: {why}"))
    if findings.commit:
        pushed = "" if findings.pushed else "; not pushed yet, as far as this checkout knows"
        seen.append(("candidate", f"{findings.commit[:7]}, what is checked out here{pushed}"))
    lines = [f"{what:<12} {found}" for what, found in sorted(seen, key=lambda pair: _ORDER.index(pair[0]))]
    if findings.cut_short:
        lines.append("the folder is large, so only part of it was searched")
    return lines


def _some(names: tuple[str, ...]) -> list[str]:
    """The first of them, and how many more there are."""
    more = len(names) - _MOST_SHOWN
    return [*names[:_MOST_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def _asked(findings: Findings) -> list[str]:
    """Whom the sources ask, where that needs trust."""
    return [proposal.asks for proposal in findings.proposals if proposal.asks]


def _steps(findings: Findings, candidate: str | None) -> list[tuple[str, str]]:
    """What to type, the first verdict first."""
    steps = []
    if asked := _asked(findings):
        steps.append((TRUST, f"agree that this project may ask {' and '.join(asked)}"))
    if asked and not findings.pushed:
        steps.append(("git push", f"{' and '.join(asked)} cannot test a commit that is not pushed"))
    if candidate is None:
        steps.append(("workbench release candidate COMMIT", "propose the build to ship"))
    steps.append(("workbench fetch", "the last test run") if is_asked(findings) else _typed())
    steps.append(("workbench gate", "can it ship?"))
    steps += [proposal.then for proposal in findings.proposals if proposal.then]
    if findings.tables:
        steps.append(
            (f"workbench import differences {_shell(findings.tables[0])}", "what differs, from your table")
        )
    if findings.pairs:
        steps.append(("workbench parity discover", "what the pairs say differently: your first parity map"))
    if not findings.tables and not findings.pairs:
        steps.append(
            ('workbench parity add "load balancer" --staging none', "the first difference you think of")
        )
    steps.append(("workbench", "all of it on screen"))
    return steps


def _typed() -> tuple[str, str]:
    return ("workbench benchmark enter failed-jobs 0 --link URL", "what your pipeline says about this commit")


def _shell(text: str) -> str:
    if re.fullmatch(r"[\w./-]+", text):
        return text
    import shlex

    return shlex.quote(text)
