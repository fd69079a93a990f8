"""Each act of the record as the commands of the command line that do the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.record import EntryView
from workbench.record.ledger import DESK, PURGE
from workbench.record.ledger import RECORD as BEGINNING
from workbench.usecases.context import Context
from workbench.usecases.scripting import (
    baseline_commands,
    checklist_commands,
    desk_commands,
    drill_commands,
    environment_commands,
    gate_commands,
    incident_commands,
    investigation_commands,
    map_commands,
    measuring_commands,
    notes_commands,
    poll_commands,
    probe_commands,
    release_commands,
    review_commands,
    routine_commands,
    statement_commands,
)
from workbench.usecases.scripting.model import Act, Command, Line, Remark, ToldAct
from workbench.usecases.scripting.reading import EVERYTHING, Since, read_act, read_acts
from workbench.usecases.scripting.telling import Teller, Telling, command, said
from workbench.usecases.undoing import RECENT
from workbench.usecases.views.history import names_for, sentence

# Who tells the entries about a noun of the record; each noun is here or among those that say nothing.
TELLERS: Mapping[str, Teller] = {
    "release": release_commands.releases,
    "candidate": release_commands.candidates,
    "changed_files": release_commands.changed_files,
    "commit_log": notes_commands.commit_logs,
    "own_words": notes_commands.own_words,
    "hidden_change": notes_commands.hidden_changes,
    "flow": map_commands.flows,
    "difference": map_commands.differences,
    "parity_review": map_commands.reviews,
    "claim": statement_commands.claims,
    "incident": incident_commands.incidents,
    "timeline_line": incident_commands.lines,
    "investigation": investigation_commands.investigations,
    "incident_review": review_commands.incident_reviews,
    "action": review_commands.actions,
    "alarm": review_commands.alarms,
    "refresh": environment_commands.refreshes,
    "occupancy": environment_commands.occupancies,
    "end_of_life": environment_commands.ends_of_life,
    "answer": checklist_commands.answers,
    "attachment": checklist_commands.attachments,
    "comment": checklist_commands.comments,
    "routine_done": routine_commands.doings,
    "result_file": measuring_commands.result_files,
    "batch": measuring_commands.batches,
    "invalidation": measuring_commands.invalidations,
    "probe_run": probe_commands.runs,
    "probe_proof": probe_commands.proofs,
    "phase": baseline_commands.phases,
    "baseline": baseline_commands.baselines,
    "tightening": gate_commands.tightenings,
    "fault_trial": measuring_commands.fault_trials,
    "benchmark_review": gate_commands.benchmark_reviews,
    "drill": drill_commands.drills,
    "gameday": drill_commands.gamedays,
    "override": gate_commands.overrides,
    "quarantine": gate_commands.quarantines,
    "approval": gate_commands.approvals,
    "freeze": gate_commands.freezes,
    "promise": gate_commands.promises,
    "asking": gate_commands.askings,
    "break_glass": release_commands.break_glass,
    "prediction": release_commands.predictions,
    "signoff": gate_commands.signatures,
    "cosigned": gate_commands.cosigned_heads,
    "signature": gate_commands.key_signatures,
    "dismissal": gate_commands.dismissals,
    "delegation": gate_commands.delegations,
    "hand_back": gate_commands.hand_backs,
    "condition_kept": gate_commands.conditions_kept,
    "request": gate_commands.requests,
    "poll": poll_commands.polls,
    "poll_vote": poll_commands.votes,
    "purge_proposal": gate_commands.purges,
    "handover": desk_commands.handovers,
    "reconnection": desk_commands.reconnections,
    "dropped_entry": desk_commands.dropped,
}
# What comes with another entry, or what the record notes by itself.
SILENT = frozenset(
    (
        "shipment", "notice", "opening", "imported_flow", "imported_difference", "table_reading", BEGINNING, DESK, PURGE,
    )
)  # fmt: skip


def tell(context: Context, since: Since = EVERYTHING) -> list[ToldAct]:
    """The acts since then, oldest first, each with its commands; the sources of one fetch are one act."""
    telling = Telling(context)
    told = (ToldAct(act, tuple(lines_of(telling, act))) for act in _joined(read_acts(context.record, since)))
    return [item for item in told if item.lines]


def tell_entry(context: Context, entry: EntryView) -> ToldAct | None:
    """The act that an entry belongs to, with its commands."""
    entries = _of_change(context, entry)
    act = Act(entries)
    lines = tuple(lines_of(Telling(context), act))
    return ToldAct(act, lines) if lines else None


def _of_change(context: Context, entry: EntryView) -> tuple[EntryView, ...]:
    """All entries of the same change: they stand beside one another in the ledger."""
    first, last = entry.seq - entry.part + 1, entry.seq - entry.part + entry.parts
    page = context.record.history(limit=entry.parts, before_seq=last + 1)
    return tuple(one for one in reversed(page) if one.seq >= first and one.change_id == entry.change_id)


def _joined(acts: Iterable[Act]) -> Iterator[Act]:
    waiting: Act | None = None
    for act in acts:
        if waiting is not None and measuring_commands.same_fetch(waiting, act):
            waiting = Act((*waiting.entries, *act.entries))
            continue
        if waiting is not None:
            yield waiting
        waiting = act if measuring_commands.is_fetch(act) else None
        if waiting is None:
            yield act
    if waiting is not None:
        yield waiting


def lines_of(telling: Telling, act: Act) -> Iterator[Line]:
    """An act as commands, and remarks on what no command says."""
    if act.undoes is not None:
        yield from _undone(telling, act, act.undoes)
        return
    for entity, entries in _by_noun(act).items():
        if entity in SILENT:
            continue
        if any(entry.purged for entry in entries):
            yield Remark(f"what was said here of a {entity.replace('_', ' ')} has been purged")
        elif any(entry.verb == _CHOSE for entry in entries):
            yield from _settled(telling, entries)
        elif entity in TELLERS:
            yield from TELLERS[entity](telling, act, entries)
        else:
            yield Remark("; ".join(_sentences(telling, entries)))


def _by_noun(act: Act) -> dict[str, list[EntryView]]:
    found: dict[str, list[EntryView]] = {}
    for entry in act.entries:
        found.setdefault(entry.entity, []).append(entry)
    return found


_CHOSE = "chose a version of"


def _settled(telling: Telling, entries: Sequence[EntryView]) -> Iterator[Line]:
    """What several desks changed at once: on a record that has one desk there is nothing to choose."""
    for entry in entries:
        yield Remark(f"workbench settle {entry.id[-12:]} --take DIGEST: {_sentences(telling, [entry])[0]}")


def _sentences(telling: Telling, entries: Sequence[EntryView]) -> list[str]:
    names = names_for(telling.context, entries)
    return [sentence(entry, names) for entry in entries]


def _undone(telling: Telling, act: Act, change: str) -> Iterator[Line]:
    """As many undos as the act was told with commands; who undoes an undo does it again."""
    undone = read_act(telling.record, change, act.entries)
    if undone is None:
        yield command("undo")
        return
    yield Remark("; ".join(_sentences(telling, [e for e in act.entries if e.entity not in SILENT][:3])))
    commands = list(lines_of(telling, undone))
    word = "redo" if _is_undo(telling, undone) else "undo"
    again = command(word, said(yes=act.at - undone.at > RECENT))
    yield from [again] * sum(isinstance(line, Command) for line in commands)


def _is_undo(telling: Telling, act: Act) -> bool:
    """Whether an act took back something that was done; what took an undo back put it there again."""
    if act.undoes is None:
        return False
    undone = read_act(telling.record, act.undoes, act.entries)
    return undone is None or not _is_undo(telling, undone)
