"""One entry by one person at night: a release goes out past its gates, and what was skipped is listed with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.definitions.hooks import HookEvent
from workbench.gates import break_glass as room
from workbench.gates.break_glass import BreakGlass, Reviewed, Skipped
from workbench.gates.model import open_parts
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.reasons import readable_reason
from workbench.model.times import moment_text
from workbench.record import Blob, Change
from workbench.releases.model import Candidate, Held, Release, ReleaseKind
from workbench.usecases import releasing
from workbench.usecases.acting import commit_judged
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.hooks import tell
from workbench.usecases.shipping import shipped
from workbench.usecases.signing import keep_copy


def break_glass(
    context: Context,
    version: str | None = None,
    *,
    reason: str,
    at: datetime | None = None,
    run: str | None = None,
) -> BreakGlass:
    """Let the release out past its gates, now or up to 24 h ago; every open line is listed by itself.

    Somebody else has to review it within two working days.  It is judged as it is entered.
    """
    reason = without_secrets_in(context, readable_reason(reason, "break-glass"))
    made: list[BreakGlass] = []

    def make(evaluation: Evaluation) -> tuple[list[Change], tuple[Blob, ...]]:
        value = _broken(context, evaluation, reason, at)
        if not value.skipped:
            raise NotAllowed(
                f"nothing of {evaluation.held.title} is open, so there is nothing to break",
                hint="workbench release shipped",
            )
        changes, blobs = shipped(context, evaluation, run, reason, value.at)
        existing = context.record.get("break_glass", value.release)
        change = room.new_break_glass(value, context.zone, existing)
        made[:] = [msgspec.convert(change.value, BreakGlass)]
        return [*changes, change], blobs

    commit_judged(context, version, make)
    keep_copy(context)
    _tell(context, made[0])
    return made[0]


def plan_at_night(context: Context, version: str, candidate: Candidate) -> Held:
    """The hotfix that nobody has planned yet, with the build that goes out."""
    return releasing.plan(context, Release(version=version, kind=ReleaseKind.HOTFIX), candidate)


def reviews(context: Context) -> list[Reviewed]:
    """Every break-glass with its review, the newest first."""
    return room.all_break_glass(context.record, context.definitions.project.people)


def _broken(context: Context, evaluation: Evaluation, reason: str, at: datetime | None) -> BreakGlass:
    held = evaluation.held
    if held.candidate is None:
        raise UsageError(
            f"{held.release.version} has no build that could go out",
            hint="workbench release candidate COMMIT, or break-glass --new VERSION --commit SHA",
        )
    now = context.now
    return BreakGlass(
        release=held.id,
        version=held.release.version,
        candidate=held.candidate_id or "",
        commit=held.candidate.commit,
        at=at or now,
        said_at=now,
        by=context.author().actor,
        reason=reason,
        skipped=skipped(evaluation),
        due=now,  # set when it is entered
    )


def skipped(evaluation: Evaluation) -> tuple[Skipped, ...]:
    """Every line that is open now, each by itself: what a break-glass passes over."""
    return tuple(
        Skipped(part.key, concluded.key, part.title, part.why)
        for concluded, part in open_parts(evaluation.gates)
    )


def _tell(context: Context, value: BreakGlass) -> None:
    title = f"{value.version} went out past its gates"
    lines = [
        f"{title}: {value.reason} ({value.by})",
        f"To be reviewed by somebody else until {moment_text(value.due, context.zone)}",
        *(f"skipped: {one.title}: {one.why}" for one in value.skipped),
    ]
    document = {
        "about": f"break_glass/{value.release}",
        "release": value.release,
        "title": title,
        "text": "\n".join(lines),
        "skipped": _plain(value.skipped),
        "due": value.due,
    }
    tell(context, HookEvent.BREAK_GLASS, document)


def _plain(skipped: Sequence[Skipped]) -> list[dict[str, str]]:
    return [{"part": one.part, "gate": one.gate, "title": one.title, "why": one.why} for one in skipped]
