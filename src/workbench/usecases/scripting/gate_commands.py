"""What lets a release past and what holds it, signatures, and words on measurements, as commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.benchmarks.measurements import Tightening
from workbench.benchmarks.reviews import BenchmarkReview
from workbench.gates.approvals import Approval, Ruling, What
from workbench.gates.askings import Asking
from workbench.gates.fixed_questions import Answers
from workbench.gates.frozen import OF_PROJECT
from workbench.gates.model import Freeze, Promise
from workbench.gates.overrides import Override
from workbench.gates.purges import PurgeProposal
from workbench.gates.quarantine import Quarantine
from workbench.mailbox.heads import mailbox_of
from workbench.record import EntryView
from workbench.signoff.conditions import ConditionKept
from workbench.signoff.cosigned import Cosigned
from workbench.signoff.delegations import Delegation
from workbench.signoff.hand_backs import HandBack
from workbench.signoff.keyed import KeySignature
from workbench.signoff.model import Decision, Dismissal, Seen, SignOff, Way
from workbench.usecases.scripting.model import Act, Beside, Command, KeptFile, Line, Remark
from workbench.usecases.scripting.telling import Telling, command, command_on, said, value_of

_SHOWN = 12  # digits of a digest that name it


def overrides(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Overrides that were proposed, and taken back."""
    for entry in entries:
        value = value_of(entry, Override)
        part = telling.part(act, value.part, value.title)
        release = telling.of_release(value.release)
        if entry.verb == "lifted":
            yield command_on("override", [part], said(lift=True, reason=entry.reason), release)
            continue
        answers = value.answers or Answers()
        if value.answers is None:
            yield Remark("this override is of before the fixed questions; the command asks for answers")
        regression = {None: (), True: ("--regression",), False: ("--no-regression",)}[answers.regression]
        said_so = said(
            reason=value.reason,
            until=telling.when(value.until),
            approver=value.asked,
            affects=answers.affects,
            from_version=answers.from_version,
            happens=answers.happens,
            recovery=answers.recovery,
            up_to=_up_to(value),
            unmeasured=value.bound is not None and value.bound.unmeasured,
        )
        yield command_on("override", [part], said_so, regression, release)


def _up_to(value: Override) -> str:
    """What an override holds up to, where that is less than what was seen."""
    bound = value.bound
    if bound is None or value.seen is None or bound == value.seen.bound:
        return ""
    return bound.value or str(bound.count)


def quarantines(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Flaky checks that were set aside, and that count again."""
    for entry in entries:
        value = value_of(entry, Quarantine)
        if entry.verb == "lifted":
            yield command_on("quarantine", [value.part], said(lift=True, reason=entry.reason))
            continue
        until = telling.when(value.until)
        said_so = said(reason=value.reason, until=until, approver=value.asked, owner=value.owner)
        yield command_on("quarantine", [value.part], said_so)


def delegations(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Seats that were lent, and delegations that were ended early."""
    for entry in entries:
        value = value_of(entry, Delegation)
        if entry.verb == "ended":
            yield command_on("delegate", [], said(revoke=f"{value.role}/{value.to}", reason=entry.reason))
            continue
        begins = telling.when(value.begins, end=False) if value.begins != value.at else None
        until = telling.when(value.until)
        said_so = {"to": value.to, "gate": value.gate, "from": begins, "until": until, "reason": value.reason}
        yield command_on("delegate", [value.role], said(**said_so))


def hand_backs(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Gates that were handed back to whoever had sent them back."""
    for entry in entries:
        value = value_of(entry, HandBack)
        said_so = said(reason=value.reason, to=value.person)
        yield command_on("hand-back", [value.gate], said_so, telling.of_release(value.release))


def conditions_kept(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Conditions of approvals that somebody said were kept."""
    for entry in entries:
        value = value_of(entry, ConditionKept)
        link = str(telling.ever("attachment", value.evidence).get("link") or "") if value.evidence else ""
        said_so = said(kept=value.words, of=value.person, link=link)
        yield command_on("condition", [value.gate], said_so, telling.of_release(value.release))


def benchmark_reviews(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Benchmarks that a person reviewed."""
    for entry in entries:
        value = value_of(entry, BenchmarkReview)
        keys = [value.benchmark] if value.benchmark else []
        said_so = said(whole=not keys, note=value.note)
        yield command_on("benchmark reviewed", keys, said_so, telling.of_release(value.release))


def approvals(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """A second person's word on a proposal."""
    for entry in entries:
        value = value_of(entry, Approval)
        ref, release = _proposal(telling, act, value)
        rejects = value.decision is Ruling.REJECT
        said_so = said(reject=rejects, reason=value.words)
        yield command_on("approve", [ref], said_so, telling.of_release(release))


def _proposal(telling: Telling, act: Act, value: Approval) -> tuple[str, str]:
    """What names a proposal, and the release that it belongs to, if to one."""
    if value.what is What.OVERRIDE:
        proposed = telling.ever("override", value.ref)
        return telling.part(act, str(proposed.get("part", "")), value.title), str(proposed.get("release", ""))
    if value.what is What.QUARANTINE:
        return str(telling.ever("quarantine", value.ref).get("part", "")), ""
    if value.what in (What.PHASE, What.BASELINE):
        return f"{value.what.value}/{telling.ever(value.what.value, value.ref).get('benchmark', '')}", ""
    if value.what is What.ITEM:
        release, _, item = value.ref.partition("/")
        return item, release
    if value.what is What.BREAK_GLASS:
        return f"break-glass/{telling.ever('break_glass', value.ref).get('version', '')}", ""
    if value.what is What.PURGE:
        return str(telling.ever("purge_proposal", value.ref).get("digest", ""))[:_SHOWN], ""
    return value.title, ""


def freezes(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Promotion was frozen, or is free again; what an incident froze is told with it."""
    if act.of("incident"):
        return
    for entry in entries:
        value = value_of(entry, Freeze)
        if value.lifted_at is None:
            if not value.incident:
                yield command("freeze", said(reason=value.reason))
            continue
        which = [telling.incident(act, value.incident)] if value.incident else _of_project(telling)
        yield command_on("freeze", which, said(lift=True, reason=value.lifted_why))


def _of_project(telling: Telling) -> list[str]:
    """What names the project's own freeze; nothing where no other one was ever there."""
    return [OF_PROJECT] if telling.record.count("incident") else []


def promises(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Who takes care of what is open, until when."""
    for entry in entries:
        value = value_of(entry, Promise)
        said_so = said(owner=value.owner, by=telling.when(value.by), note=value.note)
        release = telling.of_release(value.subject.removeprefix("release/"))
        yield command_on("promise", [telling.part(act, value.part)], said_so, release)


def signatures(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Answers to a gate, here and from elsewhere, and those that were taken back."""
    for entry in entries:
        value = value_of(entry, SignOff)
        if entry.verb == "revoked":
            reason = said(reason=value.revoked_why)
            yield command("revoke", value.gate, reason, telling.of_release(value.release))
        elif value.way is Way.HERE:
            yield _signed(telling, value)
        elif value.way is Way.REQUEST:
            yield from _replied(telling, value)
        else:
            yield Remark(_by_message(value))


def key_signatures(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Signatures of keys that were added to what had been said; no script can give them for anybody."""
    if len(entries) == len(act.entries):
        for entry in entries:
            value = value_of(entry, KeySignature)
            yield Remark(
                f"{value.person} signed what they had said before with {value.key}; nobody can do it for them"
            )


def cosigned_heads(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Heads that others signed: the file that was added is theirs."""
    for entry in entries:
        value = value_of(entry, Cosigned)
        signed = ", ".join(value.signers)
        if mailbox_of(value.origin) is not None:
            yield Remark(
                f"the head at pack {value.size} of the server, signed by {signed}: workbench sync --ssh-key FILE"
            )
        else:
            yield Remark(f"added the head at entry {value.size}, signed by {signed}: workbench head add FILE")


def _signed(telling: Telling, value: SignOff) -> Command:
    return command(
        "sign",
        value.gate,
        ("--role", value.role),
        said(_for=value.for_person),
        decision_words(telling, value),
        said(comment=value.comment, replace=bool(value.replaces)),
        ("--confirm", telling.version(value.release)),
        telling.of_release(value.release),
    )


def decision_words(telling: Telling, value: SignOff) -> tuple[str, ...]:
    """An answer as options."""
    if value.decision is Decision.CONDITIONS:
        return said(conditions=value.conditions, due=telling.when(value.conditions_due))
    if value.decision is Decision.SEND_BACK:
        return said(send_back=value.needed, _from=value.needed_from)
    return said(**{value.decision.value: True})


def _replied(telling: Telling, value: SignOff) -> Iterator[Command]:
    """A request that was answered in a file: there it is answered, and here it is taken in."""
    request, reply = Beside(f"request-{value.code}.json"), Beside(f"reply-{value.code}.json")
    yield command(
        ("sign", request),
        decision_words(telling, value),
        said(comment=value.comment),
        ("--confirm", telling.version(value.release), "--output", reply),
    )
    yield command("import", reply)


def _by_message(value: SignOff) -> str:
    """A message quotes the code of one request, which no other request has."""
    what = value.decision.value.replace("_", " ")
    return (
        f"{value.person} answered {value.gate} by message: {what}; "
        f"workbench sign --received FILE --code {value.code} entered it"
    )


def dismissals(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Somebody's no was set aside."""
    for entry in entries:
        value = value_of(entry, Dismissal)
        said_so = said(dismiss=value.person, reason=value.reason)
        yield command("sign", value.gate, said_so, telling.of_release(value.release))


def requests(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Somebody elsewhere was asked to sign."""
    for entry in entries:
        value = value_of(entry, Seen)
        to = ("--output", Beside(f"request-{value.code}.json"))
        asked = ("sign", value.gate, "--request", value.person, "--role", value.role)
        yield command(asked, to, telling.of_release(value.release))


def tightenings(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """An advisory benchmark was made blocking."""
    for entry in entries:
        value = value_of(entry, Tightening)
        yield command("benchmark", "tighten", value.benchmark, said(reason=entry.reason))


def purges(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Somebody proposed that something goes for good."""
    for entry in entries:
        value = value_of(entry, PurgeProposal)
        yield command("purge", value.digest[:_SHOWN], said(reason=value.reason))


def askings(telling: Telling, act: Act, entries: Sequence[EntryView]) -> Iterator[Line]:
    """Notes of gates that were asked in CI, brought home."""
    for entry in entries:
        value = value_of(entry, Asking)
        if entry.blobs:
            yield command("import", [KeptFile(entry.blobs[0], f"asking-{value.gate}.json")])
