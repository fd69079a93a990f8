"""The demonstration: a sample project copied to a fresh folder, with its record and clock."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

import msgspec
import yaml

from workbench import shipped
from workbench.checklists import model as checklists
from workbench.checklists.model import ItemState
from workbench.definitions import Definitions
from workbench.environments.model import Refresh, refresh_change
from workbench.evidence.model import Attachment, attachment_change
from workbench.gates.approvals import Approval, Ruling, What, ruled
from workbench.gates.fixed_questions import Answers
from workbench.gates.overrides import Override
from workbench.model.canonical import plain
from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.keys import nearest, new_id, of_release
from workbench.model.times import from_text
from workbench.parity import model as parity
from workbench.parity.reviews import Review
from workbench.record import Author, Blob, Change, Record
from workbench.releases import model as releases
from workbench.releases.model import Artifact, Candidate, Held, Release, ReleaseKind
from workbench.usecases.context import Context, commit
from workbench.usecases.fetching import Wanted as Measured
from workbench.usecases.fetching import fetch
from workbench.usecases.importing import start_record
from workbench.usecases.opening import create_record, open_context, with_record
from workbench.usecases.probing import Wanted, probe
from workbench.usecases.project import RECORD, Options, read_definitions
from workbench.usecases.schemas import write_schemas
from workbench.usecases.soundness import note_end

SCRIPT = "demonstration.yaml"
FIRST = "web-shop"  # the sample project that one sees unless another is named
_LEFT_OUT = shutil.ignore_patterns("recording", "__pycache__", ".workbench", "*.pyc")


class Upcoming(msgspec.Struct, frozen=True, kw_only=True):
    """A build of a demonstration: proposed when it begins, or known but not proposed yet."""

    commit: str
    author: str | None = None
    committed_at: str | None = None
    built_at: str | None = None
    run: str | None = None
    why: str = ""
    artifacts: tuple[Artifact, ...] = ()


class ScriptRelease(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The release in hand when the demonstration begins."""

    version: str
    kind: str = "regular"
    summary: str = ""
    changes: tuple[str, ...] = ()
    planned_at: str | None = None
    owner: str | None = None
    previous: str | None = None
    rollback_target: str | None = None
    rollback_plan: tuple[str, ...] = ()
    cannot_be_undone: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    rollback_triggers: tuple[str, ...] = ()


class ScriptEvidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Evidence that was attached before the demonstration begins."""

    kind: str
    title: str
    link: str | None = None


class ScriptAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer that was given before the demonstration begins."""

    checklist: str
    item: str
    state: str
    by: str
    at: str
    comment: str = ""
    reason: str = ""
    evidence: tuple[ScriptEvidence, ...] = ()


class ScriptOverride(msgspec.Struct, frozen=True, kw_only=True):
    """An override that is in force when the demonstration begins.

    Demonstrations made earlier have more fields, which nobody reads.
    """

    benchmark: str
    reason: str
    by: str
    approved_by: str
    approved_at: str = ""
    at: str
    until: str
    answers: Answers | None = None


class ScriptApproval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second person's word on a high difference that the map begins with as accepted."""

    difference: str
    by: str
    at: str
    words: str = ""


class ScriptReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A review of the parity map, for this or an earlier release."""

    release: str
    by: str
    at: str
    note: str = ""


class ScriptFetch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured before the demonstration begins, from some of the sources."""

    at: str
    sources: tuple[str, ...] = ()


class ScriptCommand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A command that somebody typed before the demonstration begins, without its first word."""

    at: str
    as_: str = msgspec.field(name="as")
    do: str


# Types a command in a folder, as a person, at a moment of the demonstration.
Typist = Callable[[Path, str, str, datetime], None]


class Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``demonstration.yaml`` says.

    ``past`` is what people did since the record ``began``, as the commands that do it.  A demonstration that is about
    one ``release`` says that, and what was said of it, without; ``candidates`` are then those of that release, and
    otherwise all builds that the commands name.
    """

    clock: str
    as_: str = msgspec.field(name="as")
    story: tuple[str, ...] = ()
    began: str | None = None
    past: tuple[ScriptCommand, ...] = ()
    release: ScriptRelease | None = None
    candidates: tuple[Upcoming, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    answers: tuple[ScriptAnswer, ...] = ()
    overrides: tuple[ScriptOverride, ...] = ()
    approvals: tuple[ScriptApproval, ...] = ()
    parity_reviews: tuple[ScriptReview, ...] = ()
    refreshes: tuple[Refresh, ...] = ()
    fetched: tuple[ScriptFetch, ...] = ()
    probed: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()


def names() -> list[str]:
    """The sample projects that come with the workbench."""
    return sorted(path.name for path in shipped.samples().iterdir() if (path / SCRIPT).is_file())


def read_script(root: Path) -> Script | None:
    """The demonstration's script in a project folder, or ``None``."""
    path = root / SCRIPT
    if not path.is_file():
        return None
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), loader), Script, strict=False)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(f"{SCRIPT} cannot be read: {error}", where=str(path)) from None


def prepare_here(name: str = FIRST, type_command: Typist | None = None) -> Path:
    """The same in a fresh folder of the present one, which version control is told to leave out."""
    folder = prepare(name, _fresh_folder(name), type_command)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder


def _fresh_folder(name: str) -> Path:
    """``workbench-demo-NAME`` here, with a number if need be; in the temporary folder if here is read-only."""
    here = Path.cwd()
    stem = f"workbench-demo-{name}"
    if not os.access(here, os.W_OK):
        return Path(tempfile.mkdtemp(prefix=f"{stem}-"))
    candidate, number = here / stem, 2
    while candidate.exists():
        candidate, number = here / f"{stem}-{number}", number + 1
    return candidate


def prepare(name: str, to: Path, type_command: Typist | None = None) -> Path:
    """Copy a sample project to a fresh folder and fill its record; returns the folder.

    ``type_command`` types the past of those samples that have one.
    """
    source = shipped.samples() / name
    if name not in names():
        meant = nearest(name, names())
        hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(names())}"
        raise UsageError(f"there is no sample project “{name}”", hint=hint)
    if to.exists() and any(to.iterdir()):
        raise UsageError(f"{to} is not empty; nothing was changed", hint="choose another folder with --to")
    shutil.copytree(source, to, ignore=_LEFT_OUT, dirs_exist_ok=True)
    script = read_script(to)
    assert script is not None
    _fill(to, script, type_command)
    write_schemas(to)
    return to


def _fill(root: Path, script: Script, type_command: Typist | None) -> None:
    clock = from_text(script.clock)
    began = from_text(script.began) if script.began else None
    options = Options(project=root, as_person=script.as_, now=began or clock, moment=began)
    root, definitions = read_definitions(options)

    def fill(record: Record) -> None:
        context = with_record(root, definitions, record, options)
        start_record(context)
        if script.release is not None:
            held = _release(context, script, script.release, context.zone)
            _said_before(context, definitions, script, held)

    with create_record(root, root / RECORD, definitions, options, demonstration=clock, fill=fill) as record:
        note_end(with_record(root, definitions, record, options))
    (root / RECORD).parent.joinpath("person").write_text(script.as_ + "\n", encoding="utf-8")
    for one in script.past:
        assert type_command is not None, f"{root.name} has a past that has to be typed"
        type_command(root, one.do, one.as_, from_text(one.at))
    context = open_context(Options(project=root))
    try:
        _fetched_before(context, script)
        fetch(context)
        _probed_before(context, script)
    finally:
        context.record.close()


def _fetched_before(context: Context, script: Script) -> None:
    """What was measured of the build in hand until the demonstration begins, oldest first."""
    for one in sorted(script.fetched, key=lambda one: from_text(one.at)):
        fetch(_at(context, one.at), Measured(sources=one.sources))


def _at(context: Context, text: str) -> Context:
    """The demonstration as of an earlier moment of it."""
    moment = from_text(text)
    clock = msgspec.structs.replace(context.clock, fixed=moment)
    return msgspec.structs.replace(context, clock=clock, demonstration=moment)


def _probed_before(context: Context, script: Script) -> None:
    """The runs of the probes until the demonstration begins, oldest first; some of them proved them, too."""
    for text in sorted(script.probed):
        then = _at(context, text)
        for one in then.definitions.project.probes:  # one by one: a demonstration is the same each time
            probe(then, Wanted(probes=(one.key,)), prove=text in script.proved)


def _release(context: Context, script: Script, said: ScriptRelease, zone: tzinfo) -> Held:
    value = Release(
        version=said.version,
        kind=ReleaseKind(said.kind),
        summary=said.summary,
        changes=said.changes,
        planned_at=read_moment(said.planned_at, zone) if said.planned_at else None,
        owner=said.owner,
        previous=said.previous,
        rollback_target=said.rollback_target,
        rollback_plan=said.rollback_plan,
        cannot_be_undone=said.cannot_be_undone,
        watch=said.watch,
        rollback_triggers=said.rollback_triggers,
    )
    commit(context, [releases.new_release(value, context.now)])
    for build in script.candidates:
        held = releases.find(context.record, said.version)
        commit(context, [releases.new_candidate(held, candidate_of(build), context.now)])
    return releases.find(context.record, said.version)


def candidate_of(build: Upcoming) -> Candidate:
    """A known build as a candidate."""
    return Candidate(
        release="",
        number=0,
        commit=build.commit,
        artifacts=tuple(Artifact(name=a.name, digest=a.digest) for a in build.artifacts),
        run=build.run,
        author=build.author,
        why=build.why,
        built_at=from_text(build.built_at) if build.built_at else None,
        committed_at=from_text(build.committed_at) if build.committed_at else None,
    )


_IDENTITY = "part of the demonstration"


class _Act(msgspec.Struct, frozen=True):
    """What somebody did.  ``approves`` is their word on something done before, by its id."""

    at: datetime
    by: str
    changes: list[Change]
    blobs: list[Blob] = []
    approves: Approval | None = None


def _said_before(context: Context, definitions: Definitions, script: Script, held: Held) -> None:
    """What people said before the demonstration begins, each as an act of their own, in order."""
    zone = context.zone
    acts = [_answer(definitions, answer, held) for answer in script.answers]
    for override in script.overrides:
        acts += _override(definitions, override, held, zone)
    acts += [_accepted(context, approval) for approval in script.approvals]
    acts += [_review(review, held) for review in script.parity_reviews]
    acts += [
        _Act(one.at, one.by, [refresh_change(one, new_id(one.at), context.now)]) for one in script.refreshes
    ]
    for act in sorted(acts, key=lambda act: act.at):
        changes = act.changes if act.approves is None else [_approval(context, act.approves)]
        context.record.commit(
            changes,
            author=Author(actor=act.by, identity=_IDENTITY, os_user=context.author().os_user),
            clock=context.clock,
            definitions=context.definitions.digest,
            blobs=act.blobs,
            claimed_at=act.at,
        )


def _override(
    definitions: Definitions, override: ScriptOverride, held: Held, zone: tzinfo
) -> tuple[_Act, _Act]:
    """What was let past, and the second person's word on it."""
    at = from_text(override.at)
    approved_at = from_text(override.approved_at) if override.approved_at else at
    benchmark = definitions.benchmark(override.benchmark)
    value = Override(
        release=held.id,
        part=f"benchmark/{override.benchmark}",
        title=benchmark.title if benchmark else override.benchmark,
        reason=override.reason.strip(),
        author=override.by,
        asked=override.approved_by,
        at=at,
        until=read_moment(override.until, zone, end=True),
        answers=override.answers,
    )
    change = Change("override", new_id(at), "proposed to override", plain(value), None, value.reason)
    approval = Approval(
        subject="",
        what=What.OVERRIDE,
        ref=change.id,
        title=value.title,
        person=override.approved_by,
        decision=Ruling.APPROVE,
        at=approved_at,
        identity=_IDENTITY,
    )
    return _Act(at, override.by, [change]), _Act(approved_at, override.approved_by, [], approves=approval)


def _accepted(context: Context, approval: ScriptApproval) -> _Act:
    """A second person's word on an accepted difference of the map."""
    at = from_text(approval.at)
    stored, value = parity.find(context.record, approval.difference)
    said = Approval(
        subject="",
        decided=parity.digest_of_decision(stored.id, value),
        what=What.DIFFERENCE,
        ref=stored.id,
        title=value.title,
        person=approval.by,
        decision=Ruling.APPROVE,
        words=approval.words,
        at=at,
        identity=_IDENTITY,
    )
    return _Act(at, approval.by, [], approves=said)


def _approval(context: Context, value: Approval) -> Change:
    """A word on what stands in the record by now."""
    proposal = context.record.get(value.what.value, value.ref)
    assert proposal is not None  # it was proposed before
    return ruled(None, msgspec.structs.replace(value, subject=proposal.base))


def _review(review: ScriptReview, held: Held) -> _Act:
    at = from_text(review.at)
    release = held.id if review.release == held.release.version else review.release
    value = Review(release=release, by=review.by, at=at, differences=0, note=review.note)
    return _Act(at, review.by, [Change("parity_review", new_id(at), "reviewed", plain(value))])


def _answer(definitions: Definitions, answer: ScriptAnswer, held: Held) -> _Act:
    checklist = definitions.checklist(answer.checklist)
    item = next((i for i in checklist.items if i.key == answer.item), None) if checklist else None
    if item is None:
        raise UsageError(f"{SCRIPT} answers {answer.checklist}/{answer.item}, which no checklist has")
    at = from_text(answer.at)
    change = checklists.answered(
        item, answer.checklist, of_release(held.id), held.candidate_id, None, ItemState(answer.state),
        by=answer.by, at=at, reason=answer.reason, comment=answer.comment,
    )  # fmt: skip
    changes, blobs = [change], []
    for evidence in answer.evidence:
        blob = Blob.of(evidence.title.encode(), "text/plain") if evidence.kind == "note" else None
        blobs += [blob] if blob else []
        attachment = Attachment(
            subject=f"answer:{change.id}", kind=evidence.kind, title=evidence.title, by=answer.by, at=at,
            link=evidence.link, digest=blob.digest if blob else None, candidate=held.candidate_id,
        )  # fmt: skip
        changes.append(attachment_change(attachment))
    return _Act(at, answer.by, changes, blobs)


def story(root: Path) -> tuple[str, ...]:
    """What is going on in a demonstration, paragraph by paragraph."""
    script = read_script(root)
    return script.story if script else ()
