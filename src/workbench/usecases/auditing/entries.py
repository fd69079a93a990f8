"""From entries of the ledger to what an auditor reads: one function for each noun that an audit tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.gates.approvals import Approval, Ruling, What
from workbench.gates.askings import Asking
from workbench.gates.break_glass import BreakGlass
from workbench.gates.model import Freeze
from workbench.gates.overrides import Override
from workbench.gates.purges import PurgeProposal
from workbench.gates.quarantine import Quarantine
from workbench.incidents.model import Incident
from workbench.mailbox.heads import mailbox_of
from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import day_text
from workbench.record import EntryView, Stored
from workbench.record.ledger import PURGE
from workbench.releases.model import Release
from workbench.releases.shipment import Shipment
from workbench.signoff.cosigned import Cosigned
from workbench.signoff.delegations import Delegation
from workbench.signoff.keyed import Keyring
from workbench.signoff.model import Decision, Dismissal, SignOff, signoffs
from workbench.signoff.reconnected import RECONNECTION, Reconnection
from workbench.usecases.askings import doubts
from workbench.usecases.auditing.shapes import Happening, Sort
from workbench.usecases.context import Context
from workbench.usecases.scripting.telling import value_of
from workbench.usecases.views.askings import job_words, said_words

Fields = dict[str, Any]
_TEXT = 2000  # characters of one reason
_SAID = {
    Decision.APPROVE: (Sort.APPROVAL, "approved"),
    Decision.CONDITIONS: (Sort.APPROVAL, "approved with conditions"),
    Decision.SEND_BACK: (Sort.REJECTION, "sent back"),
    Decision.REJECT: (Sort.REJECTION, "rejected"),
}

_ABOUT = {What.BREAK_GLASS: "break-glass reviewed,", What.DIFFERENCE: "decision on a difference"}


class Teller:
    """Tells entries; ``versions`` are those of releases by id."""

    def __init__(self, context: Context, versions: Mapping[str, str]) -> None:
        self.context = context
        self.versions = versions
        self._given: dict[str, tuple[Mapping[str, Stored], Keyring]] = {}
        self.production = (
            context.definitions.production.key if context.definitions.production else "production"
        )

    def tell(self, entry: EntryView) -> Iterator[Happening]:
        """What an entry says to an auditor; one that cannot be read is told as that."""
        try:
            fields = list(_TELL[entry.entity](self, entry)) if entry.value is not None else [_gone(entry)]
        except (WorkbenchError, msgspec.MsgspecError, ValueError, KeyError):
            fields = [{"sort": Sort.PURGE, "what": "cannot be read", "flag": "written by a newer workbench"}]
        for one in fields:
            yield Happening(**{**self._of(entry), **{key: _safe(value) for key, value in one.items()}})

    def _of(self, entry: EntryView) -> Fields:
        claimed = entry.claimed_at
        demonstration = self.context.demonstration is not None and claimed is not None
        return {
            "at": claimed if demonstration else entry.recorded_at,
            "claimed_at": None if demonstration or claimed == entry.recorded_at else claimed,
            "who": _safe(entry.actor),
            "known": _safe(entry.identity),
            "why": _safe(entry.reason or ""),
            "entry": entry.digest,
            "seq": entry.seq,
        }

    def known(self, entry: EntryView, value: SignOff) -> tuple[str, str]:
        """How it is known who gave an answer, and what is to be looked at about that.

        A key's signature is checked, by the people of the files here: that an answer names a key proves nothing.
        """
        asserted = value.identity or entry.identity
        answers, keyring = self._answers(value.release)
        stored = answers.get(entry.id)
        checked = keyring.of(stored, value) if stored is not None else None
        if checked is None:
            return asserted, "its signature is not in the record" if value.key else ""
        if checked.holds:
            return f"signed with {checked.fingerprint} of {checked.person}", ""
        return asserted, f"its signature does not hold: {checked.problem}"

    def _answers(self, release: str) -> tuple[Mapping[str, Stored], Keyring]:
        """The answers about a release by their ids, and what judges the signatures over them."""
        if release not in self._given:
            found = signoffs(self.context.record, release)
            keyring = Keyring(
                self.context.record,
                self.context.definitions.project.people,
                self.version(release),
                answers=found,
                demonstration=self.context.demonstration is not None,
            )
            self._given[release] = {stored.id: stored for stored, _ in found}, keyring
        return self._given[release]

    def version(self, ident: str) -> str:
        return self.versions.get(ident, ident)

    def day(self, moment: datetime) -> str:
        return day_text(moment, self.context.zone)


def _safe(value: Any) -> Any:
    return safe_text(value, _TEXT) if type(value) is str else value


def _gone(entry: EntryView) -> Fields:
    """An entry that removes something, or whose content was purged."""
    if entry.purged:
        return {
            "sort": Sort.PURGE,
            "what": f"content of a {entry.entity} purged",
            "flag": "its content is gone",
        }
    return {"sort": Sort.EXCEPTION, "what": f"{entry.entity} removed"}


def _verb(entry: EntryView, words: str) -> str:
    """What was done, said of an undo as well."""
    return f"undid: {words}" if entry.undoes else words


# --- releases -----------------------------------------------------------------------------------


def _release(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Release)
    told = {
        "planned": "planned",
        "rolled_back": "rolled back",
        "abandoned": "abandoned",
        "reopened": "reopened",
    }
    if entry.verb in told:
        ended = value.outcome_at if entry.verb in ("rolled_back", "abandoned") else None
        apart = (
            ended is not None and abs((ended - (entry.claimed_at or entry.recorded_at)).total_seconds()) > 60
        )
        yield {
            "sort": Sort.RELEASE, "what": _verb(entry, told[entry.verb]), "release": value.version,
            "environment": teller.production if entry.verb == "rolled_back" else "",
            "artifact": f"{teller.context.definitions.project.project}@{value.version}",
            **({"claimed_at": ended} if apart else {}),
        }  # fmt: skip


def _shipment(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Shipment)
    common = {
        "sort": Sort.RELEASE,
        "release": value.version,
        "environment": value.environment or teller.production,
    }
    if entry.verb == "withdrawn":
        yield {
            **common,
            "what": _verb(entry, "not shipped after all"),
            "why": value.withdrawn_why,
            "flag": "a shipment was withdrawn",
        }
        return
    flag = "" if value.through else "shipped before every gate had passed"
    first = value.artifacts[0] if value.artifacts else None
    yield {
        **common,
        "what": _verb(entry, "shipped" if entry.verb == "recorded" else "report kept later"),
        "subject": f"commit {value.commit[:12]}" if value.commit else "",
        "artifact": f"{first.name}@{first.digest}"
        if first
        else f"{teller.context.definitions.project.project}@{value.version}",
        "claimed_at": value.at if value.at != value.entered_at else None,
        "why": value.reason,
        "evidence": tuple(filter(None, (value.report, value.basis, value.definitions, value.statement))),
        "flag": flag,
    }


# --- words of people ----------------------------------------------------------------------------


def _signoff(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, SignOff)
    common = {"release": teller.version(value.release), "gate": value.gate, "who": value.person}
    if entry.verb == "revoked":
        yield {**common, "sort": Sort.REJECTION, "what": _verb(entry, "revoked"), "why": value.revoked_why}
        return
    sort, what = _SAID[value.decision]
    because = value.comment
    if value.conditions:
        due = f" by {teller.day(value.conditions_due)}" if value.conditions_due else ""
        because = f"on condition{due}: {value.conditions}" + (f"; {value.comment}" if value.comment else "")
    elif value.needed:
        because = f"needed: {value.needed}" + (f", from {value.needed_from}" if value.needed_from else "")
    known, flag = teller.known(entry, value)
    entered = (
        f", entered by {value.entered_by}" if value.entered_by and value.entered_by != value.person else ""
    )
    on_behalf = f" for {value.for_person}" if value.for_person else ""
    yield {
        **common,
        "sort": sort,
        "what": _verb(entry, what + on_behalf),
        "subject": f"as {value.role}, build {value.commit[:12]}",
        "known": f"{known}{entered}",
        "why": because,
        "evidence": tuple(filter(None, (value.statement, value.shown, value.basis, value.signature))),
        "flag": value.late or flag,
    }


def _dismissal(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Dismissal)
    yield {
        "sort": Sort.REJECTION, "what": _verb(entry, "rejection dismissed"), "subject": f"of {value.person}",
        "release": teller.version(value.release), "gate": value.gate, "why": value.reason,
        "evidence": tuple(filter(None, (value.statement,))), "flag": "a rejection was set aside by somebody else",
    }  # fmt: skip


def _approval(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Approval)
    sort = {What.PURGE: Sort.PURGE, What.BREAK_GLASS: Sort.BREAK_GLASS}.get(value.what, Sort.EXCEPTION)
    said = "approved" if value.decision is Ruling.APPROVE else "rejected"
    about = teller.context.record.get("override", value.ref) if value.what is What.OVERRIDE else None
    yield {
        "sort": sort, "what": _verb(entry, f"{_ABOUT.get(value.what, value.what.value)} {said}"), "subject": value.title,
        "who": value.person, "known": value.identity or entry.identity,
        "release": teller.version(about.decode(Override).release) if about is not None else "",
        "evidence": tuple(filter(None, (value.statement,))),
    }  # fmt: skip


def _delegation(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Delegation)
    ended = entry.verb == "ended"
    yield {
        "sort": Sort.APPROVAL, "what": _verb(entry, "delegation ended" if ended else "delegated"),
        "subject": f"{value.person} to {value.to}, until {teller.day(value.until)}",
    }  # fmt: skip


# --- what was let past, and what stopped it -----------------------------------------------------


def _override(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Override)
    what = "override lifted" if entry.verb == "lifted" else "override proposed"
    yield {
        "sort": Sort.EXCEPTION, "what": _verb(entry, what), "subject": value.title or value.part,
        "release": teller.version(value.release), "why": f"{value.reason} (until {teller.day(value.until)})",
    }  # fmt: skip


def _quarantine(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Quarantine)
    what = "quarantine lifted" if entry.verb == "lifted" else "quarantine proposed"
    yield {
        "sort": Sort.EXCEPTION, "what": _verb(entry, what), "subject": value.title or value.part,
        "why": f"{value.reason} (until {teller.day(value.until)})",
    }  # fmt: skip


def _freeze(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Freeze)
    lifted = entry.verb == "lifted"
    yield {
        "sort": Sort.FREEZE,
        "what": _verb(entry, "freeze lifted" if lifted else "frozen"),
        "subject": value.reason if lifted else "",
        "why": (value.lifted_why or "") if lifted else value.reason,
    }


def _break_glass(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, BreakGlass)
    open_ = "; ".join(one.title for one in value.skipped[:8])
    yield {
        "sort": Sort.BREAK_GLASS, "what": _verb(entry, "broke the glass"), "release": value.version,
        "subject": f"open then: {open_}" if open_ else "", "who": value.by, "why": value.reason,
        "evidence": tuple(filter(None, (value.statement,))), "flag": "one person let it out past its gates",
    }  # fmt: skip


def _asking(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Asking)
    anyway = "went on although the gate was blocked" if value.went_on else ""
    yield {
        "sort": Sort.ASKING, "what": "asked", "subject": said_words(value), "release": value.release, "gate": value.gate,
        "claimed_at": value.asked_at, "why": job_words(value), "evidence": (value.note,),
        "flag": "; ".join(filter(None, (anyway, *doubts(teller.context, value)))),
    }  # fmt: skip


def _purge_proposal(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, PurgeProposal)
    yield {
        "sort": Sort.PURGE,
        "what": _verb(entry, "purge proposed"),
        "subject": value.title,
        "why": value.reason,
    }


def _purge(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    yield {"sort": Sort.PURGE, "what": "purged", "subject": entry.id, "flag": "content was removed for good"}


def _incident(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Incident)
    before = entry.before or {}
    ended = value.closed_at is not None and not before.get("closed_at")
    if entry.before is None or ended:
        yield {
            "sort": Sort.INCIDENT, "what": _verb(entry, f"ended: {value.ended.value}" if ended else "declared"),
            "subject": value.title, "environment": value.environment, "why": value.ended_why if ended else value.summary,
            "release": teller.version(value.release) if value.release else "",
        }  # fmt: skip


def _cosigned(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Cosigned)
    of_server = mailbox_of(value.origin) is not None
    log = (
        "of the server's packs"
        if of_server
        else f"of the ledger of the desk {value.origin.rpartition('/')[2][-12:]}"
    )
    what, unit = _verb(entry, "head signed"), "pack" if of_server else "entry"
    yield {
        "sort": Sort.HEAD, "what": what, "subject": f"{log}, up to {unit} {value.size}", "who": ", ".join(value.signers),
        "known": f"signed with a key, added by {value.by}", "evidence": (value.note,),
    }  # fmt: skip


def _reconnection(teller: Teller, entry: EntryView) -> Iterator[Fields]:
    value = value_of(entry, Reconnection)
    first = value.faults[0].words if value.faults else ""
    more = f", and {len(value.faults) - 1} more" if len(value.faults) > 1 else ""
    yield {
        "sort": Sort.RECONNECTION, "what": _verb(entry, "accepted what the server did"), "subject": f"{first}{more}",
        "who": value.by, "why": value.reason, "flag": "the server was restored or changed",
    }  # fmt: skip


_TELL: Mapping[str, Callable[[Teller, EntryView], Iterator[Fields]]] = {
    "release": _release,
    "shipment": _shipment,
    "signoff": _signoff,
    "dismissal": _dismissal,
    "approval": _approval,
    "delegation": _delegation,
    "override": _override,
    "quarantine": _quarantine,
    "freeze": _freeze,
    "break_glass": _break_glass,
    "asking": _asking,
    "purge_proposal": _purge_proposal,
    PURGE: _purge,
    "cosigned": _cosigned,
    RECONNECTION: _reconnection,
    "incident": _incident,
}
TOLD = tuple(_TELL)
