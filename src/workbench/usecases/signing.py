"""Opening sign-off, signing and revoking here; people elsewhere have a module of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Person, SignPolicy
from workbench.gates.evaluate import kind_of, verdicts
from workbench.gates.model import Origin, RequirementState
from workbench.model.errors import DefinitionError, NotAllowed, RecordUnavailable, UsageError
from workbench.model.times import can_be_shown, moment_text, parse_duration
from workbench.record import Blob, Change, Commit
from workbench.releases.model import require_open
from workbench.signoff import model as signing
from workbench.signoff.authorship import may_approve, nobody_knows
from workbench.signoff.conclude import Concluded
from workbench.signoff.holding import STOPPING, WITHDRAWN, Currency, SignOffView, latest_of_each
from workbench.signoff.model import Decision, Dismissal, Opening, SignOff
from workbench.signoff.rosters import Roster
from workbench.signoff.satisfying import Filled, solve
from workbench.signoff.statement import Act
from workbench.usecases import stating
from workbench.usecases.acting import commit_judged
from workbench.usecases.context import Context, commit, fresh_id, require_person
from workbench.usecases.delegating import delegated_by, roster_of, signing_for
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.people import key_or_text, known_person
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.stating import Documents, Stated


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is shown before signing, as documents and digests.

    ``for_person`` is whose seat it is where they sign by a delegation.  ``replaces`` are the ids of their
    own answers that a new one takes the place of.
    """

    release: str
    gate: str
    shown: Blob
    basis: Blob
    evidence: str
    role: str
    person: str
    for_person: str = ""
    replaces: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says."""

    decision: Decision
    comment: str = ""
    conditions: str = ""
    conditions_due: datetime | None = None
    needed: str = ""
    needed_from: str = ""


def policy_of(concluded: Concluded) -> SignPolicy:
    """The signing policy of a gate; a gate without one takes no signatures."""
    policy = concluded.gate.sign
    if policy is None or not policy.roles:
        raise UsageError(
            f"{concluded.gate.title} needs no signatures",
            hint="it passes once its requirements are met",
        )
    return policy


def role_for(
    context: Context,
    concluded: Concluded,
    person: Person,
    role: str | None,
    delegated: Collection[str] | None = None,
) -> str:
    """The role in which a person signs a gate: an asked one that they have, still open first.

    Of several that are open it is one that leaves the gate to be signed by the others.  ``delegated`` are
    the roles of ``person`` in which somebody else signs for them.
    """
    policy = policy_of(concluded)
    asked = [item.role for item in policy.roles]
    if role is not None and role not in asked:
        raise UsageError(f"{concluded.gate.title} asks for no {role}", hint=f"asked: {', '.join(asked)}")
    roster = roster_of(context)
    mine = [
        item
        for item, entry in zip(concluded.roles, policy.roles, strict=True)
        if roster.sits(entry, person) and role in (None, item.role)
        if delegated is None or item.role in delegated
    ]
    if not mine:
        raise NotAllowed(
            f"{person.name} has none of the roles that {concluded.gate.title} asks for",
            where=f"asked: {_asked_words(policy)}; {person.key} has: {', '.join(person.roles) or 'none'}",
            hint="roles are set under people: in workbench.yaml",
        )
    open_ = [item.role for item in mine if item.missing]
    if len(open_) > 1:
        return _leaving_most(roster, concluded, person, open_)
    return open_[0] if open_ else mine[0].role


def _asked_words(policy: SignPolicy) -> str:
    """The roles that a gate asks for, with whom it names: ``security (jo, sam)``."""
    return ", ".join(
        f"{entry.role} ({', '.join(entry.people)})" if entry.people else entry.role for entry in policy.roles
    )


def _leaving_most(roster: Roster, concluded: Concluded, person: Person, roles: Sequence[str]) -> str:
    """Of several roles the first in which somebody can sign so that the others can still fill the rest."""
    gate = concluded.gate
    taken = [
        Filled(gate.key, view.signoff.role, view.owner, view.signoff.person)
        for item in concluded.roles
        for view in item.given
        if person.key not in (view.owner, view.signoff.person)
    ]
    for role in roles:
        mine = Filled(gate.key, role, person.key, person.key)
        if solve(roster.asked([gate], absent=False), roster.lent([gate], absent=False), [*taken, mine]).ok:
            return role
    return roles[0]


def check_may_sign(context: Context, evaluation: Evaluation, concluded: Concluded, person: Person) -> None:
    """The rules that hold before anybody signs."""
    require_open(evaluation.held)
    if evaluation.held.candidate is None:
        raise NotAllowed("there is no candidate to sign", hint="workbench release candidate COMMIT")
    policy = policy_of(concluded)
    if not may_approve(policy, evaluation.held.candidate, person):
        raise NotAllowed(
            f"{person.name} wrote this candidate and may not approve it", hint="ask somebody else"
        )


def check_apart(evaluation: Evaluation, concluded: Concluded, people: Collection[str]) -> None:
    """Nobody approves a gate that is apart from one that they have approved."""
    own = set(policy_of(concluded).apart_from)
    for other in evaluation.gates:
        policy = other.gate.sign
        if other.key != concluded.key and (
            other.key in own or (policy and concluded.key in policy.apart_from)
        ):
            signed = {
                key
                for role in other.roles
                for view in role.given
                for key in (view.owner, view.signoff.person)
            }
            for person in sorted(signed & set(people)):
                raise NotAllowed(
                    f"{person} has signed {other.gate.title}, and {concluded.gate.title} is signed by other people",
                    where=f"apart_from: in the gate {concluded.key if other.key in own else other.key}",
                    hint="ask somebody else; you can still reject, or send it back",
                )


def check_may_approve(concluded: Concluded) -> None:
    """Approving asks that everything but signatures is met, earlier gates too, and that the author is known."""
    unmet = concluded.unmet
    if unmet:
        raise NotAllowed(
            f"you can't approve {concluded.gate.title} yet: {_open_words(unmet[0])}",
            hint="clear it or override it with a reason; you can still reject, or send it back",
        )
    if concluded.unknown_author:
        commit = concluded.unknown_author
        raise NotAllowed(nobody_knows(commit), hint=f"workbench release candidate {commit} --author PERSON")


def check_key(context: Context, concluded: Concluded, decision: Decision) -> None:
    """A yes that no key signs is refused where the gate asks for a key: it would not count."""
    if context.signs is not None or decision in STOPPING or not policy_of(concluded).require_signature:
        return
    from workbench.usecases.ssh_signing import GIT, git_key  # asks git, which most answers need not

    found = git_key(context.root)
    raise NotAllowed(
        f"{concluded.gate.title} asks for the signature of a key, and an answer without one does not count",
        hint=f"--ssh-key {GIT}, which is {found.words}"
        if found is not None
        else "--ssh-key ~/.ssh/id_ed25519",
    )


def _open_words(unmet: RequirementState) -> str:
    if unmet.origin is Origin.EARLIER:
        return f"earlier gates come first: {unmet.why}"
    return f"{unmet.title}: {unmet.why}"


def lacks(answer: Answer) -> dict[str, str]:
    """What an answer still needs, in words, by field."""
    return signing.lacks(
        answer.decision,
        comment=answer.comment,
        conditions=answer.conditions,
        due=answer.conditions_due,
        needed=answer.needed,
    )


def _with_known_person(context: Context, answer: Answer) -> Answer:
    """A gate is sent back to a person of the project, however they are named."""
    if not answer.needed_from.strip():
        return answer
    person = known_person(context.definitions.project.people, answer.needed_from)
    return msgspec.structs.replace(answer, needed_from=person.key)


def check_due(answer: Answer, now: datetime) -> None:
    """Conditions fall due in the future, at a moment that can be told in every zone."""
    due = answer.conditions_due
    if due is not None and (due.tzinfo is None or not can_be_shown(due)):
        raise UsageError(
            f"conditions cannot fall due at {due.isoformat()}",
            hint="give a moment with its time zone, such as 2026-12-01T15:00:00Z",
        )
    if answer.conditions_due is not None and answer.conditions_due <= now:
        raise UsageError("conditions fall due in the future", hint="give a later date")


def prepare(
    context: Context,
    evaluation: Evaluation,
    gate: str | None,
    role: str | None = None,
    for_person: str | None = None,
) -> Shown:
    """What the person who sits here would sign now: without a ``gate``, the next that asks for signatures.

    ``for_person`` names whose seat it is, where they have delegated it; who has no role of their own signs for
    the one person who has delegated theirs.
    """
    person = require_person(context)
    concluded = gate_to_sign(evaluation, gate)
    check_may_sign(context, evaluation, concluded, person)
    if for_person is None and not _sits(context, concluded, person):
        owners = list(dict.fromkeys(delegated_by(context, evaluation, concluded, person)))
        if len(owners) > 1:
            named = " or ".join(owners)
            raise UsageError(
                f"{named} have delegated to you: for whom do you sign?", hint=f"--for {owners[0]}"
            )
        for_person = owners[0] if owners else None
    if for_person is None:
        return shown_to(evaluation, concluded, person.key, role_for(context, concluded, person, role))
    owner, roles = signing_for(context, evaluation, concluded, person, for_person)
    role = role_for(context, concluded, owner, role, roles)
    return shown_to(evaluation, concluded, person.key, role, owner.key)


def _sits(context: Context, concluded: Concluded, person: Person) -> bool:
    """Whether a seat of a gate is one of this person's."""
    roster = roster_of(context)
    return any(roster.sits(entry, person) for entry in policy_of(concluded).roles)


def gate_to_sign(evaluation: Evaluation, gate: str | None) -> Concluded:
    """The gate of that key; without one, the first that is not passed and asks for signatures."""
    open_ = [each.gate for each in evaluation.gates if not each.through]
    asking = (each.key for each in open_ if each.sign is not None and each.sign.roles)
    return evaluation.gate(gate or next(asking, None))


def shown_to(
    evaluation: Evaluation, concluded: Concluded, person: str, role: str, for_person: str = ""
) -> Shown:
    """The documents behind a signature: what is shown, and what decides whether it holds."""
    documents = stating.documents_of(evaluation, concluded)
    return Shown(
        release=evaluation.held.release.version,
        gate=concluded.gate.key,
        shown=documents.shown,
        basis=documents.basis,
        evidence=documents.evidence,
        role=role,
        person=person,
        for_person=for_person,
        replaces=answers_of(concluded, person),
    )


def answers_of(concluded: Concluded, person: str) -> tuple[str, ...]:
    """The ids of a person's answers on a gate, and of those given for them, that no other one of theirs replaces."""
    given = [view for view in concluded.signoffs if view.currency is not Currency.LATE]
    mine = [view for view in given if person in (view.signoff.person, view.owner)]
    gone = signing.replaced([(view.stored, view.signoff) for view in mine])
    # One that a key signed may still hold although one that no key signed says that it replaces it.
    standing = (view for view in mine if view.stored.id not in gone or view.counts or view.stops)
    return tuple(sorted(view.stored.id for view in standing))


def standing_answer(concluded: Concluded, person: str) -> SignOffView | None:
    """The answer of a person on a gate that still counts or still stops it, if there is one."""
    mine = (view for view in latest_of_each(concluded.signoffs) if view.signoff.person == person)
    return next(mine, None)


def check_says_something_new(concluded: Concluded, shown: Shown, answer: Answer, zone: tzinfo) -> None:
    """One signature of a person is enough: the same answer once more is refused, and it says who is missing.

    A changed answer, or one in another role, replaces the one that stands; one that no longer
    counts can be given again.
    """
    person = shown.person
    view = standing_answer(concluded, person)
    if view is None or not view.counts or not _says_the_same(view.signoff, shown, answer):
        return
    when = moment_text(view.signoff.at, zone)
    missing = still_missing(concluded)
    raise NotAllowed(
        f"{person} already gave this {_SAID[answer.decision]} of {concluded.gate.title}, {when}",
        where=f"still missing: {'; '.join(missing)}" if missing else "no other signature is missing",
        hint=f"workbench ask {_first(concluded)} asks them; workbench revoke {concluded.gate.key} revokes yours"
        if missing
        else f"workbench revoke {concluded.gate.key} revokes it",
    )


def _says_the_same(before: SignOff, shown: Shown, answer: Answer) -> bool:
    said = (
        before.role,
        before.for_person,
        before.decision,
        before.conditions,
        before.conditions_due,
        before.needed,
    )
    return said == (
        shown.role, shown.for_person, answer.decision, answer.conditions.strip(), answer.conditions_due, answer.needed.strip()
    )  # fmt: skip


def still_missing(concluded: Concluded) -> list[str]:
    """The roles that have not signed a gate, each with who can: ``product owner (sam)``."""
    return [
        f"{role.role.replace('-', ' ')} ({' or '.join(role.can) or 'nobody has this role'})"
        for role in concluded.roles
        if role.missing
    ]


def _first(concluded: Concluded) -> str:
    able = [key for role in concluded.roles if role.missing for key in role.can]
    return able[0] if able else "PERSON"


_SAID = {
    Decision.APPROVE: "approval",
    Decision.CONDITIONS: "approval with conditions",
    Decision.SEND_BACK: "“send back”",
    Decision.REJECT: "rejection",
}


def replaced_words(concluded: Concluded, person: str, zone: tzinfo) -> str:
    """What a new answer of this person takes the place of, where that still stands; "" where nothing does."""
    view = standing_answer(concluded, person)
    if view is None:
        return ""
    when = moment_text(view.signoff.at, zone)
    return f"your {_SAID[view.signoff.decision]} of {concluded.gate.title}, {when},"


def sign(context: Context, shown: Shown, answer: Answer) -> Commit:
    """Sign what was shown.  If it has changed since, nothing is signed and the person is told.

    The release is judged once, at the moment of signing; where somebody writes between that
    and the signature, once more.
    """
    check_files(context)
    done = commit_judged(
        context, shown.release, lambda evaluation: _checked(context, evaluation, shown, answer)
    )
    keep_copy(context)
    return done


def check_files(context: Context) -> None:
    """``NotAllowed`` where the project's files are no longer those that were read: what they ask may be something else."""
    try:
        _, now = read_definitions(Options(project=context.root))
    except DefinitionError as error:
        raise NotAllowed(
            f"the project's files have changed and have a mistake: {error.problems[0].what}",
            hint="correct it, then look at it again",
        ) from None
    if now.digest != context.definitions.digest:
        raise NotAllowed(
            "the project's files have changed since you were shown this", hint="look at it again, then sign"
        )


def _checked(
    context: Context, evaluation: Evaluation, shown: Shown, answer: Answer
) -> tuple[list[Change], Sequence[Blob]]:
    """The changes that sign what was shown, with what is kept, if it still stands and this person may."""
    person = require_person(context)
    if person.key != shown.person:
        raise NotAllowed(
            f"this was shown to {shown.person}, not to {person.key}", hint="look at it again, then sign"
        )
    concluded = evaluation.gate(shown.gate)
    check_may_sign(context, evaluation, concluded, person)
    if shown.for_person:
        signing_for(context, evaluation, concluded, person, shown.for_person)
    if answer.decision not in STOPPING:
        check_may_approve(concluded)
        check_apart(evaluation, concluded, {person.key, shown.for_person} - {""})
    answer = _with_known_person(context, answer)
    check_due(answer, context.now)
    check_says_something_new(concluded, shown, answer, context.zone)
    if evaluation.bases.of(shown.gate).digest != shown.basis.digest:
        raise NotAllowed(
            "what you were shown has changed in the meantime", hint="look at it again, then sign"
        )
    if answers_of(concluded, shown.person) != shown.replaces:
        raise NotAllowed("you have answered this gate in the meantime", hint="look at it again, then sign")
    stated = _stated(context, evaluation, concluded, shown, answer)
    value = _signoff(context, evaluation, shown, answer, stated)
    return [*opening(context, evaluation, concluded), signing.signed(value, fresh_id(context))], stated.blobs


def _stated(
    context: Context, evaluation: Evaluation, concluded: Concluded, shown: Shown, answer: Answer
) -> Stated:
    return stating.state(
        context,
        evaluation,
        Act.SIGN,
        Documents(shown=shown.shown, basis=shown.basis, evidence=shown.evidence),
        gate=shown.gate,
        person=shown.person,
        for_person=shown.for_person,
        role=shown.role,
        decision=answer.decision.value,
        words=answer.comment.strip(),
        conditions=answer.conditions.strip(),
        conditions_due=answer.conditions_due,
        meaning=policy_of(concluded).meaning,
        needed=answer.needed.strip(),
        needed_from=answer.needed_from.strip(),
        replaces=shown.replaces,
    )


def _signoff(
    context: Context, evaluation: Evaluation, shown: Shown, answer: Answer, stated: Stated
) -> SignOff:
    held = evaluation.held
    assert held.candidate is not None and held.candidate_id is not None
    return SignOff(
        release=held.id,
        candidate=held.candidate_id,
        commit=held.candidate.commit,
        gate=shown.gate,
        person=shown.person,
        for_person=shown.for_person,
        role=shown.role,
        decision=answer.decision,
        meaning=stated.statement.meaning,
        at=context.now,
        shown=shown.shown.digest,
        basis=shown.basis.digest,
        evidence=shown.evidence,
        comment=stated.statement.words,
        conditions=stated.statement.conditions,
        conditions_due=answer.conditions_due,
        needed=stated.statement.needed,
        needed_from=stated.statement.needed_from,
        replaces=shown.replaces,
        statement=stated.digest,
        signature=stated.signature,
        key=stated.key,
        identity=f"asserted identity ({context.author().identity})",
    )


def dismiss(context: Context, evaluation: Evaluation, gate: str | None, person: str, reason: str) -> Commit:
    """Set somebody's no aside, with a reason: only another person of that role may, and the no stays in the record."""
    sitting = require_person(context)
    person = key_or_text(context.definitions.project.people, person)
    concluded = gate_to_sign(evaluation, gate)
    check_may_sign(context, evaluation, concluded, sitting)
    view = next((view for view in concluded.stops if view.signoff.person == person), None)
    if view is None:
        raise UsageError(f"no answer by {person} is stopping {concluded.gate.title}", hint="workbench gate")
    _check_key_over_no(context, concluded, view, "dismissed")
    role = view.signoff.role
    if sitting.key != person and role not in sitting.roles:
        raise NotAllowed(
            f"only another {role} may dismiss what {person} said as {role}",
            where=f"{sitting.key} has: {', '.join(sitting.roles) or 'none'}",
            hint="roles are set under people: in workbench.yaml",
        )
    documents = stating.documents_of(evaluation, concluded)
    stated = stating.state(
        context,
        evaluation,
        Act.DISMISS,
        documents,
        subject=view.stored.base,
        gate=concluded.gate.key,
        role=role,
        words=reason.strip(),
    )
    value = Dismissal(
        release=evaluation.held.id,
        gate=concluded.gate.key,
        signoff=view.stored.id,
        person=person,
        role=role,
        by=sitting.key,
        at=context.now,
        reason=stated.statement.words,
        statement=stated.digest,
    )
    changes = [signing.dismissed(value), *stated.keyed]
    return commit(context, changes, blobs=stated.blobs, if_head=evaluation.head)


def opening(context: Context, evaluation: Evaluation, concluded: Concluded) -> list[Change]:
    """The first signature or request opens sign-off and pins the measurements until a deadline."""
    existing = signing.openings(context.record, evaluation.held.id).get(concluded.gate.key)
    candidate = evaluation.held.candidate_id
    assert candidate is not None
    if existing and existing[1].candidate == candidate and existing[1].until > context.now:
        return []
    judged, pins = _pinned(evaluation, concluded)
    opening = Opening(
        release=evaluation.held.id,
        candidate=candidate,
        gate=concluded.gate.key,
        at=context.now,
        until=context.now + parse_duration(policy_of(concluded).open_for),
        by=context.author().actor,
        measurements=pins,
        verdicts={key: item.verdict.value for key, item in judged.items() if key in pins},
    )
    return [signing.opened(existing[0] if existing else None, opening)]


def _pinned(evaluation: Evaluation, concluded: Concluded) -> tuple[dict[str, Judged], dict[str, list[str]]]:
    """The verdicts of a gate and those before it, and the measurements that are pinned, by subject."""
    judged: dict[str, Judged] = {}
    pins: dict[str, list[str]] = {}
    own = evaluation.gates.index(concluded)
    for place, item in enumerate(evaluation.gates):
        if place <= own:
            judged |= verdicts(item.gate, evaluation.facts)
        for kind, asks in map(kind_of, item.gate.requires):
            if place <= own or kind.tests(asks):  # test runs are of the commit, whichever gate asks
                pins |= {key: list(refs) for key, refs in kind.pins(asks, evaluation.facts).items()}
    return judged, pins


def keep_copy(context: Context) -> None:
    """A safe copy after each sign-off, outside of the checkout."""
    from workbench.usecases.safekeeping import backup
    from workbench.usecases.soundness import remark

    try:
        backup(context)
    except RecordUnavailable as error:
        remark(context, error)


def _check_key_over_no(context: Context, concluded: Concluded, view: SignOffView, verb: str) -> None:
    """A no that a key signed stays where the gate asks for keys, until a key sets it aside."""
    if view.checked is None or view.signoff.decision not in STOPPING:
        return
    if not policy_of(concluded).require_signature or (verb == "dismissed" and context.signs is not None):
        return
    gate = concluded.gate.key
    again = f"workbench sign {gate} --ssh-key FILE answers anew"
    other = f"workbench sign {gate} --dismiss {view.signoff.person} --reason WHY --ssh-key FILE"
    raise NotAllowed(
        f"{concluded.gate.title} asks for the signatures of keys: a no that a key signed is not {verb} without one",
        hint=again if verb == "revoked" else other,
    )


def revoke(
    context: Context, evaluation: Evaluation, gate: str, why: str, person: str | None = None
) -> Commit:
    """Take back one's own sign-off of a gate, with a reason."""
    require_open(evaluation.held)
    mine = person or context.author().actor
    concluded = evaluation.gate(gate)
    found = [v for v in concluded.signoffs if v.signoff.person == mine and v.currency not in WITHDRAWN]
    if not found:
        raise UsageError(f"{mine} has not signed {concluded.gate.title}")
    view = found[-1]
    if view.signoff.person != context.author().actor:
        raise NotAllowed("only the person who signed can revoke a sign-off")
    _check_key_over_no(context, concluded, view, "revoked")
    return commit(
        context,
        [signing.revoked(view.stored, view.signoff, at=context.now, why=without_secrets_in(context, why))],
    )


def since_last_looked(evaluation: Evaluation, concluded: Concluded, person: str) -> list[str]:
    """What changed since this person last signed this gate, in words."""
    mine = [view for view in concluded.signoffs if view.signoff.person == person]
    return [change.words for change in mine[-1].changes] if mine else []


def given(concluded: Concluded) -> list[SignOffView]:
    """The sign-offs of a gate that are each person's last word."""
    return latest_of_each(concluded.signoffs)
