"""Whether an answer still holds: what it rests on, who gave it, and what the same person has said besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from enum import StrEnum

import msgspec

from workbench.definitions.shapes import Gate, Person, SignPolicy
from workbench.gates.facts import Facts
from workbench.gates.kind import Alteration
from workbench.model.dates import end_text
from workbench.record import Stored
from workbench.releases.model import Outcome
from workbench.signoff.authorship import may_approve
from workbench.signoff.basis import Basis
from workbench.signoff.comparing import Kept
from workbench.signoff.delegations import Delegation, lent_by
from workbench.signoff.model import Decision, Dismissal, SignOff, replaced
from workbench.signoff.ssh_signatures import Checked


class Currency(StrEnum):
    """PRODUCT 8: whether a sign-off still holds."""

    CURRENT = "current"
    NEWER_EVIDENCE = "newer evidence, same outcome"
    OUT_OF_DATE = "out of date"
    LAPSED = "lapsed"
    WITHOUT_ROLE = "without the role"
    OWN_BUILD = "their own build"
    UNPROVEN = "its signature does not hold"
    UNSIGNED = "not signed with a key"
    UNDELEGATED = "without a delegation"
    APART = "signed a gate that is apart"
    LATE = "too late"
    DISMISSED = "dismissed"
    REPLACED = "replaced"
    REVOKED = "revoked"


# Words that their author has taken back or said anew.
WITHDRAWN = (Currency.REPLACED, Currency.REVOKED)
# A no stops the gate, whatever becomes of what it was said about, and of who said it.
STOPPING = (Decision.REJECT, Decision.SEND_BACK)
_STOPS_NO_MORE = (*WITHDRAWN, Currency.DISMISSED, Currency.LATE)


class SignOffView(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off and whether it still holds, with the change named.

    ``said`` are the words for it where its state alone does not say enough.  ``checked`` is what came of
    the signature of a key over it; ``None`` where no key signed it, and who gave it is asserted.
    """

    stored: Stored
    signoff: SignOff
    currency: Currency
    changes: tuple[Alteration, ...] = ()
    said: str = ""
    checked: Checked | None = None

    @property
    def identity(self) -> str:
        """How it is known who gave it: by a key, or only because somebody said so."""
        if self.checked is None:
            return self.signoff.identity
        if self.checked.holds:
            return f"signed with {self.checked.fingerprint} of {self.checked.person}"
        return f"asserted identity: the signature does not hold, because {self.checked.problem}"

    @property
    def owner(self) -> str:
        """Whose seat it is: somebody else's than the signer's where it was delegated."""
        return self.signoff.for_person or self.signoff.person

    @property
    def signer(self) -> str:
        """Who gave it, and for whom: ``kim for robin``."""
        value = self.signoff
        return f"{value.person} for {value.for_person}" if value.for_person else value.person

    @property
    def counts(self) -> bool:
        return self.currency in (Currency.CURRENT, Currency.NEWER_EVIDENCE)

    @property
    def stops(self) -> bool:
        """Whether it is a no that keeps the gate from being passed."""
        return self.signoff.decision in STOPPING and self.currency not in _STOPS_NO_MORE

    @property
    def why(self) -> str:
        if self.currency is Currency.REVOKED:
            return f"revoked: {self.signoff.revoked_why}"
        if self.said:
            return self.said
        if not self.changes:
            return "a no counts until that person answers again" if self.stops else self.currency.value
        more = f" (and {len(self.changes) - 1} more)" if len(self.changes) > 1 else ""
        words = f"{self.currency.value}: {self.changes[0].words}{more}"
        return f"{words}; a no still counts" if self.stops else words


class Team(msgspec.Struct, frozen=True):
    """Who may say what: the people of the definitions that judge, by key, and the gate's policy.

    ``judged`` is false for a release that nobody signs any more: its signatures stay as they were given.
    ``delegations`` are all that were ever made: an answer needs one that was in force when it was given.
    """

    people: Mapping[str, Person]
    policy: SignPolicy | None
    judged: bool = True
    delegations: Sequence[Delegation] = ()
    zone: tzinfo = UTC

    @property
    def asks_keys(self) -> bool:
        """Whether only what a key signed counts here."""
        return self.judged and self.policy is not None and self.policy.require_signature

    def stays(self, value: SignOff, checked: Checked | None) -> bool:
        """Whether an answer is a no of a key, where only keys count: then nothing but a key sets it aside."""
        return self.asks_keys and value.decision in STOPPING and checked is not None

    def lacks(self, person: str, role: str) -> str:
        """Why somebody's word does not count in a role; "" where it does."""
        found = self.people.get(person)
        if not self.judged or (found is not None and role in found.roles):
            return ""
        if found is None:
            return f"{person} is no longer listed under people: in this project"
        return f"{person} no longer has the role {role}"

    def not_named(self, person: str, role: str) -> str:
        """Why somebody's approval does not count where a gate names who may sign in a role; "" where it does."""
        entries = [entry for entry in self.policy.roles if entry.role == role] if self.policy else []
        named = [key for entry in entries for key in entry.people]
        if not self.judged or not named or person in named:
            return ""
        return f"{person} is none of those whom this gate names as {role}"


def team_of(
    policy: SignPolicy | None, facts: Facts, people: Iterable[Person], delegations: Sequence[Delegation] = ()
) -> Team:
    """The people and the policy that a gate is judged by."""
    open_ = facts.release.outcome is Outcome.OPEN
    return Team({person.key: person for person in people}, policy, open_, delegations, facts.zone)


def view_of(
    stored: Stored,
    value: SignOff,
    *,
    basis: Basis,
    facts: Facts,
    team: Team,
    kept: Kept,
    dismissals: Sequence[Dismissal],
    checked: Checked | None = None,
    condition_kept: bool = False,
) -> SignOffView:
    """One answer by itself; what the same person said besides is looked at by :func:`last_words`."""
    currency, changes, said = _state(value, basis, facts, team, kept, dismissals, checked, condition_kept)
    return SignOffView(
        stored=stored, signoff=value, currency=currency, changes=changes, said=said, checked=checked
    )


_State = tuple[Currency, tuple[Alteration, ...], str]


def _state(
    value: SignOff,
    basis: Basis,
    facts: Facts,
    team: Team,
    kept: Kept,
    dismissals: Sequence[Dismissal],
    checked: Checked | None,
    condition_kept: bool,
) -> _State:
    if value.revoked_at and not team.stays(value, checked):
        return Currency.REVOKED, (), ""
    if value.late and not (team.judged and value.decision in STOPPING):
        return (
            Currency.LATE,
            (),
            f"arrived after {facts.release.version} was {value.late}, so it does not count",
        )
    if value.decision in STOPPING:
        dismissed = next((item for item in dismissals if not team.lacks(item.by, value.role)), None)
        if dismissed is not None:
            return Currency.DISMISSED, (), f"dismissed by {dismissed.by}: {dismissed.reason}"
        if value.revoked_at:
            currency, changes, _ = _grounds(value, basis, facts, team.policy, kept, condition_kept)
            return (
                currency,
                changes,
                "a key signed this no, and no key has revoked it: it counts until they answer again",
            )
    elif refused := _refused(value, facts, team) or _unproven(value, team, checked):
        return refused
    return _grounds(value, basis, facts, team.policy, kept, condition_kept)


def _refused(value: SignOff, facts: Facts, team: Team) -> _State | None:
    """Whose approval does not count, whatever it rests on."""
    owner = value.for_person or value.person
    if lacking := team.lacks(owner, value.role):
        return Currency.WITHOUT_ROLE, (), lacking
    if value.for_person and (missing := _undelegated(value, team)):
        return Currency.UNDELEGATED, (), missing
    for key in dict.fromkeys((owner, value.person)):
        if outside := team.not_named(key, value.role):
            return Currency.WITHOUT_ROLE, (), outside
        person = team.people.get(key)
        if team.judged and person is not None and not may_approve(team.policy, facts.candidate, person):
            return Currency.OWN_BUILD, (), f"{person.key} wrote this build and cannot approve it"
    return None


def _undelegated(value: SignOff, team: Team) -> str:
    """Why an answer for somebody else is not theirs; "" where they had delegated it when it was given."""
    if not team.judged:
        return ""
    if team.policy is not None and team.policy.require_signature:
        return "this gate asks for the signature of a key, and no key has signed the delegation"
    if value.person not in team.people:
        return f"{value.person} is no longer listed under people: in this project"
    lent = lent_by(team.delegations, value.for_person, value.person, value.role, value.gate, value.at)
    if lent is not None:
        return ""
    return f"{value.for_person} had not delegated {value.role} to {value.person} when this was given"


def _unproven(value: SignOff, team: Team, checked: Checked | None) -> _State | None:
    """A signature that does not hold is worse than none; and a gate may ask for one."""
    if not team.judged:
        return None
    if checked is not None and not checked.holds:
        return Currency.UNPROVEN, (), f"its signature does not hold: {checked.problem}"
    if checked is None and team.policy is not None and team.policy.require_signature:
        return (
            Currency.UNSIGNED,
            (),
            f"this gate asks for the signature of a key, and {value.person} gave none",
        )
    return None


def _grounds(
    value: SignOff,
    basis: Basis,
    facts: Facts,
    policy: SignPolicy | None,
    kept: Kept,
    condition_kept: bool,
) -> _State:
    """Whether what an answer rests on still stands."""
    if value.basis != basis.digest:
        changes = tuple(kept.changes(value, basis))
        if changes:
            lapsed = all(change.lapse for change in changes)
            return (Currency.LAPSED if lapsed else Currency.OUT_OF_DATE), changes, ""
    if value.conditions_due and value.conditions_due <= facts.now and not condition_kept:
        due = Alteration(
            f"its condition was due on {end_text(value.conditions_due, facts.zone)}: {value.conditions}",
            lapse=True,
        )
        return Currency.LAPSED, (due,), ""
    if value.evidence != basis.evidence:
        if policy and not policy.newer_evidence:
            newer = Alteration("measured again since; this gate's policy requires signing again")
            return Currency.OUT_OF_DATE, (newer,), ""
        return Currency.NEWER_EVIDENCE, (), ""
    return Currency.CURRENT, (), ""


_NOBODY_TWICE: Mapping[str, str] = {}


def last_words(
    views: Sequence[SignOffView],
    candidate: str | None,
    same: Mapping[str, str] = _NOBODY_TWICE,
    *,
    asks_keys: bool = False,
) -> tuple[SignOffView, ...]:
    """Of the answers of one person on a gate, the one that counts; the others are replaced by it.

    What an answer says that it replaces is replaced, even if the answer is revoked.  Where
    several are left, none of them knew of the others: the stricter one holds.  The same goes for
    answers for one person's seat by several people.  ``same`` says who is one person.  With ``asks_keys`` what a
    key signed is replaced only by what a key signed: anybody can write the rest in somebody's name.
    """
    gone = _gone([view for view in views if view.currency is not Currency.LATE], asks_keys)
    left: dict[str, list[SignOffView]] = {}
    for view in views:
        if view.stored.id not in gone and view.currency is not Currency.LATE:
            left.setdefault(same.get(view.signoff.person, view.signoff.person), []).append(view)
    signers = {person: min(each, key=lambda v: _rank(v, candidate)) for person, each in left.items()}
    seats: dict[str, list[SignOffView]] = {}
    for view in signers.values():
        if view.counts or view.stops:
            seats.setdefault(same.get(view.owner, view.owner), []).append(view)
    owners = {person: min(each, key=lambda v: _rank(v, candidate)) for person, each in seats.items()}
    return tuple(_placed(view, gone, _holding(view, signers, owners, same)) for view in views)


def _gone(views: Sequence[SignOffView], asks_keys: bool) -> frozenset[str]:
    """The ids of the answers that others replace."""
    answers = [(view.stored, view.signoff) for view in views]
    if not asks_keys:
        return replaced(answers)
    keyed = {view.stored.id for view in views if view.checked is not None}
    proven = {view.stored.id for view in views if view.checked is not None and view.checked.holds}
    return (replaced(answers) - keyed) | replaced(answers, proven)


def _holding(
    view: SignOffView,
    signers: Mapping[str, SignOffView],
    owners: Mapping[str, SignOffView],
    same: Mapping[str, str],
) -> SignOffView | None:
    """What holds in the place of an answer: of its signer, and then of whose seat it is."""
    signed = signers.get(same.get(view.signoff.person, view.signoff.person))
    if signed is not view or not (view.counts or view.stops):
        return signed
    return owners.get(same.get(view.owner, view.owner))


def _placed(view: SignOffView, gone: frozenset[str], holding: SignOffView | None) -> SignOffView:
    if view.currency in (Currency.REVOKED, Currency.LATE) or view is holding:
        return view
    if view.stored.id not in gone and view.currency in (Currency.UNPROVEN, Currency.UNSIGNED):
        return view  # it never counted, whatever else its person said
    if view.stored.id in gone or holding is None:
        said = "superseded by a later signature of the same person"
    elif holding.currency in (Currency.REVOKED, Currency.DISMISSED):
        said = f"superseded: {_WORDS[holding.signoff.decision]} by the same person was revoked; neither knew of the other"
    elif holding.signoff.person != view.signoff.person:
        said = (
            f"superseded: {_WORDS[holding.signoff.decision]} by {holding.signer} counts for the same person"
        )
    else:
        said = f"superseded: {_WORDS[holding.signoff.decision]} by the same person counts; neither knew of the other"
    return msgspec.structs.replace(view, currency=Currency.REPLACED, changes=(), said=said)


def apart(
    said: Mapping[str, Sequence[SignOffView]], gates: Sequence[Gate], same: Mapping[str, str]
) -> dict[str, tuple[SignOffView, ...]]:
    """Answers by gate, where whoever signed a gate that another one is apart from does not count there.

    Of two gates that both say so, the answer that was given first counts.
    """
    policies = {gate.key: gate.sign for gate in gates}
    from_ = {
        key: set(policy.apart_from) - {key} if policy else set[str]() for key, policy in policies.items()
    }
    return {
        key: tuple(
            _set_apart(view, [(other, key in from_.get(other, ())) for other in from_[key]], said, same)
            for view in views
        )
        for key, views in said.items()
    }


def _set_apart(
    view: SignOffView,
    others: Sequence[tuple[str, bool]],
    said: Mapping[str, Sequence[SignOffView]],
    same: Mapping[str, str],
) -> SignOffView:
    if not view.counts or view.signoff.decision in STOPPING:
        return view
    people = {same.get(key, key) for key in (view.owner, view.signoff.person)}
    for other, mutual in others:
        for there in said.get(other, ()):
            theirs = {same.get(key, key) for key in (there.owner, there.signoff.person)} & people
            later = (there.signoff.at, there.stored.id) < (view.signoff.at, view.stored.id)
            if theirs and there.counts and there.signoff.decision not in STOPPING and (later or not mutual):
                words = f"{sorted(theirs)[0]} has signed {other}, and this gate is signed by other people (apart_from)"
                return msgspec.structs.replace(view, currency=Currency.APART, changes=(), said=words)
    return view


_WORDS = {
    Decision.APPROVE: "an approval",
    Decision.CONDITIONS: "an approval with conditions",
    Decision.SEND_BACK: "a “send back”",
    Decision.REJECT: "a rejection",
}
_STRICTNESS = {Decision.REJECT: 0, Decision.SEND_BACK: 1, Decision.CONDITIONS: 3, Decision.APPROVE: 4}
_REVOKED, _OTHER_BUILD = 2, 5


def _rank(view: SignOffView, candidate: str | None) -> tuple[int, bool, str]:
    """The stricter an answer, the lower: a revoked answer is stricter than a yes.

    What is no stop and was said of another build does not touch this one.
    """
    if view.stops:
        strictness = _STRICTNESS[view.signoff.decision]
    elif view.signoff.candidate != candidate:
        strictness = _OTHER_BUILD
    elif view.currency in (Currency.REVOKED, Currency.DISMISSED):
        strictness = _REVOKED
    else:
        strictness = _STRICTNESS[view.signoff.decision]
    return strictness, not view.counts, view.stored.id


def latest_of_each(views: Iterable[SignOffView]) -> list[SignOffView]:
    """The last word of each person that still holds; a no holds until it is replaced or dismissed."""
    return [view for view in views if view.stops or (view.counts and view.signoff.decision not in STOPPING)]


def stop_words(view: SignOffView, team: Team) -> str:
    """What a no says, and whether somebody else has to take it away because its author cannot."""
    value = view.signoff
    if value.decision is Decision.SEND_BACK:
        who = f", from {value.needed_from}" if value.needed_from else ""
        said = f"sent back by {view.signer}: needs {value.needed}{who}"
    else:
        said = f"rejected by {view.signer}: {value.comment}"
    lacking = team.lacks(view.owner, value.role)
    return f"{said} ({lacking})" if lacking else said
