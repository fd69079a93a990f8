"""``init``: a first project for a folder, from what can be found in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec

from workbench.definitions import FILE_NAME, load
from workbench.model.errors import RecordUnavailable, UsageError
from workbench.model.keys import slug
from workbench.model.text import safe_text
from workbench.releases.model import Candidate, Release
from workbench.sources.kinds import KINDS
from workbench.sources.proposing import Proposal
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.identity import system_user
from workbench.usecases.opening import open_context
from workbench.usecases.project import RECORD, Options, kinds
from workbench.usecases.surveying import Findings, survey

_ROLE = "release-owner"
_ORDER = (
    "repository", "pipeline", "test reports", "deployment", "differences", "release", "candidate",
)  # fmt: skip
# Where no source can be asked for test results, a person types them.
_TYPED = Proposal(
    tests=("      - benchmarks: {benchmark: failed-jobs}",),
    about="The pipeline is green for exactly this commit.",
)
_NO_LETTERS = slug("")  # what a text without Latin letters or digits becomes


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What ``init`` did.  ``found`` and ``steps`` are lines for people; ``steps`` say what to type."""

    root: Path
    file: Path
    findings: Findings
    person: str
    release: str
    candidate: str | None
    found: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]


def init(folder: Path, *, force: bool = False) -> Begun:
    """Write a starter project, begin its record, and plan a first release with what is checked out.

    An existing project file is refused; with ``force`` it is kept beside the new one.
    """
    findings = survey(folder)
    root = findings.folder
    kept = _write(root / FILE_NAME, starter_text(findings), force)
    try:
        load(root, kinds())  # a mistake in it would be ours: nothing is begun with it
        person, version, candidate = _begin(root, findings)
    except BaseException:
        # Whoever tries again must not be told that there is a project already.
        (root / FILE_NAME).unlink(missing_ok=True)
        if kept is not None:
            kept.replace(root / FILE_NAME)
        raise
    return Begun(
        root=root,
        file=root / FILE_NAME,
        findings=findings,
        person=person,
        release=version,
        candidate=candidate,
        found=tuple(_found(findings, version)),
        steps=tuple(_steps(findings, candidate)),
    )


def _begin(root: Path, findings: Findings) -> tuple[str, str, str | None]:
    context = open_context(Options(project=root), create=True)
    try:
        person = _sit_down(context, findings)
        return person, *_first_release(context, findings, person)
    finally:
        context.record.close()


def _write(path: Path, text: str, force: bool) -> Path | None:
    """Write the file; where one was replaced, the place that it is kept in."""
    kept = None
    if path.is_symlink() or path.exists():
        if not force:
            raise UsageError(
                f"there is a {FILE_NAME} here already; nothing was changed",
                where=str(path),
                hint="workbench check looks it over; --force writes a new one and keeps this one",
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
    key = _person(findings)[0]
    if context.author().actor != key:
        (context.root / RECORD).with_name("person").write_text(f"{key}\n", encoding="utf-8")
    return key


def _first_release(context: Context, findings: Findings, person: str) -> tuple[str, str | None]:
    if context.record.count("release"):
        from workbench.releases import model as releases

        held = releases.find(context.record)
        return held.release.version, held.candidate.commit if held.candidate else None
    version = findings.version.text
    candidate = None
    if findings.commit:
        mine = _same_address(findings.committed_by, findings.user_email)
        candidate = Candidate(release="", number=0, commit=findings.commit, author=person if mine else None)
    releasing.plan(context, Release(version=version, owner=person), candidate)
    return version, findings.commit


# --- what is said about it ---------------------------------------------------------------


def _same_address(one: str | None, other: str | None) -> bool:
    """Whether both are the same e-mail address; letters may differ in case."""
    return one is not None and other is not None and one.lower() == other.lower() != ""


def _found(findings: Findings, version: str) -> list[str]:
    seen = [pair for proposal in findings.proposals for pair in proposal.seen]
    if findings.host and "repository" not in dict(seen):
        seen.append(("repository", f"on {findings.host}"))
    seen += [("pipeline", name) for name in findings.other_pipelines]
    seen += [("deployment", name) for name in findings.deployment]
    seen += [("differences", name) for name in findings.tables]
    seen.append(("release", f"{version}: {findings.version.why}"))
    if findings.commit:
        seen.append(("candidate", f"{findings.commit[:7]}, what is checked out here"))
    lines = [f"{what:<12} {found}" for what, found in sorted(seen, key=lambda pair: _ORDER.index(pair[0]))]
    if findings.cut_short:
        lines.append("the folder is large, so not all of it was looked at")
    return lines


def _steps(findings: Findings, candidate: str | None) -> list[tuple[str, str]]:
    steps = []
    if findings.tables:
        steps.append(
            (f"workbench import differences {_shell(findings.tables[0])}", "what differs, from your table")
        )
    else:
        steps.append(
            ('workbench parity add "load balancer" --staging none', "the first difference you think of")
        )
    asked = [proposal.asks for proposal in findings.proposals if proposal.asks]
    if asked:
        steps.append(("workbench trust", f"agree that this project may ask {' and '.join(asked)}"))
    if candidate is None:
        steps.append(("workbench release candidate COMMIT", "the build that is to go out"))
    steps.append(("workbench fetch", "the last test run") if _is_asked(findings) else _typed())
    steps.append(("workbench gate", "may it go on?"))
    steps.append(("workbench", "all of it on screen"))
    return steps


def _typed() -> tuple[str, str]:
    return ("workbench benchmark enter failed-jobs 0 --link URL", "what your pipeline says about this commit")


def _is_asked(findings: Findings) -> bool:
    return any(proposal.tests for proposal in findings.proposals)


def _shell(text: str) -> str:
    if re.fullmatch(r"[\w./-]+", text):
        return text
    import shlex

    return shlex.quote(text)


# --- the file ----------------------------------------------------------------------------


def starter_text(findings: Findings) -> str:
    """A short, commented ``workbench.yaml`` with three gates."""
    title = safe_text(findings.folder.name, 80) or "project"
    return "\n".join(
        [
            "# What the workbench knows about this project.  It reads this file and never writes to it.",
            "# workbench check looks it over; workbench schema helps your editor to complete it.",
            f"project: {_key(slug(title) if slug(title) != _NO_LETTERS else 'project')}",
            f"title: {_quoted(title)}",
            "timezone: UTC  # the days in your tables are days of this zone, for example Europe/Amsterdam",
            "",
            *_people(findings),
            "",
            *_environments(findings),
            "",
            *_sources(findings),
            "",
            *_benchmarks(findings),
            *_gates(findings),
            "",
        ]
    )


def _quoted(text: str) -> str:
    """A text in double quotes, which YAML reads as JSON does."""
    return json.dumps(safe_text(text, 200), ensure_ascii=False)


def _key(key: str) -> str:
    """A key, in quotes where YAML would take it for something else than text."""
    words = {"null", "yes", "no", "on", "off", "true", "false", "y", "n"}
    return key if re.match(r"[a-z]", key) and key not in words else f'"{key}"'


def _person(findings: Findings) -> tuple[str, str]:
    """Key and name of the person who sits here."""
    name = safe_text(findings.user_name or "", 80).strip() or system_user() or "me"
    known = (name.split()[0], (findings.user_email or "").partition("@")[0], "me")
    return next(key for text in known if (key := slug(text)) != _NO_LETTERS), name


def _people(findings: Findings) -> list[str]:
    key, name = _person(findings)
    email = f", email: {_quoted(findings.user_email)}" if findings.user_email else ""
    return [
        "# Who may act.  Roles have names of your own; the gates below ask for them.",
        "people:",
        f"  - {{key: {_key(key)}, name: {_quoted(name)}, roles: [{_ROLE}]{email}}}",
    ]


def _environments(findings: Findings) -> list[str]:
    seen = [f"# Seen here: {', '.join(findings.deployment)}"] if findings.deployment else []
    return [
        "# The two that are compared.",
        *seen,
        "environments:",
        "  - {key: production, kind: production}",
        "  - {key: staging, kind: staging}",
    ]


def _sources(findings: Findings) -> list[str]:
    later = [proposal.later for proposal in findings.proposals if proposal.later]
    lines = ["  ".join(["# Where answers come from.", *later])]
    lines += [line for proposal in findings.proposals for line in proposal.remarks]
    entries = [line for proposal in findings.proposals for line in proposal.entry]
    return [*lines, "sources:", *(entries or [f"  - {{key: hand, kind: {_by_hand()}}}"])]


def _by_hand() -> str:
    """The kind of source that a person answers."""
    return next(name for name, kind in KINDS.items() if kind.by_hand)


def _benchmarks(findings: Findings) -> list[str]:
    if _is_asked(findings):
        return []
    where = f" ({', '.join(findings.other_pipelines)})" if findings.other_pipelines else ""
    how = f"Open the pipeline{where} of this commit and count the jobs that failed."
    return [
        "# Nothing was found that could be asked for test results, so a person types them, with a link as evidence:",
        "#   workbench benchmark enter failed-jobs 0 --link https://…",
        "benchmarks:",
        "  - key: failed-jobs",
        "    title: Failed jobs of the pipeline",
        "    environment: staging",
        "    measure:",
        "      source: hand",
        f"      how: {_quoted(how)}",
        '    pass: "== 0"',
        "    mode: blocking",
        "    max_age: this candidate",
        "",
    ]


def _gates(findings: Findings) -> list[str]:
    asked = next((proposal for proposal in findings.proposals if proposal.tests), _TYPED)
    return [
        "# What a release has to pass, in order.",
        "gates:",
        "  - key: ci",
        "    title: CI",
        f"    about: {asked.about}",
        "    requires:",
        *asked.tests,
        "  - key: differences",
        "    title: Differences",
        "    about: We know what staging cannot tell us, and what we do about it.",
        "    requires:",
        "      - parity_reviewed: 90d",
        "      - differences_decided: high",
        "  - key: go",
        "    title: Go",
        "    about: Somebody has read all of it and says yes.",
        "    requires:",
        "      - not_frozen: {}",
        "    sign:",
        f"      roles: [{{role: {_ROLE}}}]",
        "      own: true  # false, once there are two of you: nobody then approves their own work",
    ]
