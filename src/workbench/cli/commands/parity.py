"""``workbench parity``: the map of what differs between staging and production."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.commands.applying import apply_command, why_option
from workbench.cli.commands.decide_plain import decide_plainly
from workbench.cli.commands.diff import diff
from workbench.cli.commands.discovering import discover
from workbench.cli.commands.priorities import priority, regions
from workbench.cli.commands.proposing import proposals, take
from workbench.cli.commands.statement import statement
from workbench.cli.evidence import evidence_options
from workbench.cli.fields import choice, option, options
from workbench.cli.lazy import Family
from workbench.cli.options import WRITING, Renamed, Settings, Whole, common, only_one, pass_settings, ssh_key
from workbench.model.errors import UsageError
from workbench.model.noun_fields import EDIT, asked_by, field_of, in_order, pairs
from workbench.model.text import number_of
from workbench.parity.decisions import Decision
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference, Wanted
from workbench.record import Stored
from workbench.usecases import answering, filling, mapping, releasing
from workbench.usecases.context import Context
from workbench.usecases.reviewing import ReviewSheet, read_review
from workbench.usecases.views.clearing import decide_command
from workbench.usecases.views.parity import (
    CHOOSE,
    SEVERAL,
    changes_since_decided,
    decision_of,
    decision_words,
    holds,
    marks_of,
    read_list,
    short_id,
    waiting,
    waits_for_second,
)

_SEVERITY, _DECISION, _CATEGORY = (field_of(FIELDS, name) for name in ("severity", "decision", "category"))
# What stands in the heading, or together with another field.
_IN_ANOTHER = ("title", "until", "decided_at", "decided_by")
_fields = options(asked_by(FIELDS, EDIT), leave_out=("title",))
_title = option(field_of(FIELDS, "title"))

_MOST_IN_A_SECTION = 20
_MOST_OF_A_VALUE = 60  # characters of a value in the list; parity show has all


@click.group(cls=Family)
def parity() -> None:
    """The map of what differs between staging and production."""


@parity.command("list")
@click.option("--severity", type=choice(_SEVERITY), help="Only this severity.")
@click.option(
    "--decision",
    type=choice(_DECISION),
    help="Only this decision; one that does not apply any more is undecided.",
)
@click.option("--category", type=choice(_CATEGORY), help="Only this category.")
@click.option("--flow", metavar="KEY", help="Only differences that touch this flow.")
@click.option("--text", metavar="WORDS", help="Only differences with these words in any field.")
@click.option("--new", is_flag=True, help="Only what was found after the last release went out.")
@click.option("--limit", type=Whole(1), default=500, show_default=True, help="At most so many rows.")
@common("project", "record", "now", "json")
@pass_settings
def list_(settings: Settings, /, limit: int, text: str | None, new: bool, **wanted: str | None) -> None:
    """List the map: high and undecided first."""
    with session.reading(settings) as context:
        now, zone = context.now, context.zone
        asked = msgspec.convert({**wanted, "text": text or ""}, Wanted)
        total, shown = read_list(context, asked, limit, new=new)
        waits = waiting(context)
        marks = [] if settings.json else marks_of(context, shown)
    if settings.json:
        rows = [_document(stored, item, now, waits) for stored, item in shown]
        output.emit({"schema": "workbench.differences.1", "total": total, "differences": rows})
        return
    output.table(
        (
            "",
            "id",
            "what differs",
            "staging",
            "production",
            "severity",
            "decision",
            "category",
            "region",
            "flows",
            "owner",
        ),
        [
            (
                mark.symbol,
                short_id(stored.id),
                item.title,
                output.safe(item.staging, _MOST_OF_A_VALUE),
                output.safe(item.production, _MOST_OF_A_VALUE),
                item.severity.value,
                SEVERAL if stored.contested else waits.get(stored.id) or decision_of(item, now, zone),
                item.category.value,
                item.region,
                ", ".join(item.flows),
                item.owner or "",
            )
            for mark, (stored, item) in zip(marks, shown, strict=True)
        ],
        empty="no differences; workbench parity add WHAT, or workbench import differences FILE",
    )
    if total > limit:
        output.talk(f"{total - limit} more; --limit {total} shows all")


@parity.command("show")
@click.argument("ref")
@common("project", "record", "now", "json")
@pass_settings
def show(settings: Settings, ref: str) -> None:
    """Show one difference.  REF is its id, its title, or a part of one."""
    with session.reading(settings) as context:
        stored, item = mapping.find_difference(context, ref)
        now, zone = context.now, context.zone
        changes = changes_since_decided(context, stored, item)
        waits = waiting(context)
    if settings.json:
        output.emit({"schema": "workbench.difference.1", **_document(stored, item, now, waits)})
        return
    output.line(f"{item.title}  ({short_id(stored.id)})")
    if stored.contested:
        output.line(f"{CHOOSE} (workbench settle {short_id(stored.id)} --take DIGEST)")
    fields = in_order([field for field in FIELDS if field.name not in _IN_ANOTHER], "staging", "production")
    decision = waits.get(stored.id) or decision_of(item, now, zone, changes)
    told = pairs(fields, item, zone, decision=decision)
    decided = field_of(FIELDS, "decided_at").tell(item.decided_at, zone)
    place = [field.name for field in fields].index("owner")
    told.insert(place, ("decided", f"{decided} by {item.decided_by}" if decided else ""))
    output.pairs(told)


@parity.command("add")
@click.argument("title")
@_fields
@common("project", "record", "as_person", "json")
@pass_settings
def add(settings: Settings, /, title: str, **given: Any) -> None:
    """Add a difference to the map; only TITLE is required."""
    with session.acting(settings) as context:
        said = filling.change(context, FIELDS, Difference(title=""), {"title": title, **given})
        said = mapping.as_severe_as_said(said) if given["severity"] is None else said
        ident = mapping.add_difference(context, said)
        document = _in_record(context, ident)
    output.done(
        settings,
        f"added {title} ({short_id(ident)})",
        {"schema": "workbench.difference.1", **document},
        hint=decide_command(ident),
    )


@parity.command("edit")
@click.argument("ref")
@_title
@_fields
@why_option
@common("project", "record", "as_person", "json")
@pass_settings
def edit(settings: Settings, /, ref: str, why: str, **given: Any) -> None:
    """Edit a difference; a list replaces the old one."""
    with session.acting(settings) as context:
        stored, item = mapping.find_difference(context, ref)
        changed = filling.change(context, FIELDS, item, given)
        if changed == item:
            raise UsageError("nothing to change", hint="workbench parity edit --help lists the fields")
        mapping.edit_difference(context, stored, changed, why)
        document = _in_record(context, stored.id)
    output.done(settings, f"edited {changed.title}", {"schema": "workbench.difference.1", **document})


parity.add_command(apply_command("differences"))
parity.add_command(diff)
parity.add_command(discover)
parity.add_command(priority)
parity.add_command(proposals)
parity.add_command(regions)
parity.add_command(take)
parity.add_command(statement)


@parity.command("decide")
@click.argument("refs", nargs=-1, metavar="REF...")
@click.option("--accept", is_flag=True, help="The release can live with it: needs --reason and --until.")
@click.option("--mitigate", is_flag=True, help="Something reduces the risk: needs --mitigation.")
@click.option(
    "--close", is_flag=True, help="It will be removed; a high-severity one needs --owner and --until."
)
@click.option(
    "--irrelevant",
    cls=Renamed,
    old="--no-matter",
    is_flag=True,
    help="It does not matter for a release; a high-severity one needs --reason and --until.",
)
@click.option("--undecided", is_flag=True, help="Withdraw the decision.")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@click.option("--mitigation", default="", metavar="TEXT", help="What reduces the risk.")
@click.option("--owner", default="", metavar="PERSON", help="Who owns it from now on.")
@click.option(
    "--until",
    metavar="TIME",
    help="When the decision ends; the difference is then undecided again.  Required for high severity.",
)
@click.option(
    "--up-to",
    default="",
    metavar="DISTANCE",
    help="How far apart the values may get before it no longer covers them: 5 s, 20 %, 10.",
)
@click.option(
    "--predict", default="", metavar="RULE", help="What production will be, scored later: 'KEY <= 0.8 s'."
)
@click.option(
    "--plain",
    "plainly",
    is_flag=True,
    help="Ask line by line, with numbered answers: about REF, or about all that is undecided.",
)
@ssh_key
@common("project", "record", "as_person", "json")
@pass_settings
def decide(
    settings: Settings,
    /,
    ssh_key: str | None,
    refs: tuple[str, ...],
    plainly: bool,
    reason: str,
    mitigation: str,
    owner: str,
    until: str | None,
    up_to: str,
    predict: str,
    **decisions: bool,
) -> int | None:
    """Decide on one or more differences in one act."""
    decision = only_one(decisions)
    if plainly:
        if decision or reason or mitigation or owner or until or up_to or predict:
            raise UsageError("--plain asks for all of it", hint="parity decide [REF...] --plain")
        return decide_plainly(settings, refs)
    if not refs:
        raise UsageError("which difference?", hint="parity decide REF, or parity decide --plain")
    if decision is None:
        raise UsageError(
            "which decision?", hint="one of --accept, --mitigate, --close, --irrelevant, --undecided"
        )
    chosen_decision = Decision[decision.upper()]
    with session.acting(settings, ssh_key) as context:
        chosen = [mapping.find_difference(context, ref) for ref in refs]
        commit = mapping.decide(
            context,
            chosen,
            chosen_decision,
            reason=reason,
            mitigation=mitigation,
            owner=owner,
            until=session.end(context, until),
            up_to=up_to,
            predicts=predict,
        )
        documents = [_in_record(context, stored.id) for stored, _ in chosen]
    titles = ", ".join(item.title for _, item in chosen)
    waits = [stored.id for stored, item in chosen if waits_for_second(item, chosen_decision)]
    output.done(
        settings,
        f"{decision_words(chosen_decision)}: {titles}{'; waiting for a second person' if waits else ''}",
        {"schema": "workbench.decided.1", "change": commit.change_id, "differences": documents},
        hint=f"workbench approve {short_id(waits[0])} --as PERSON" if waits else "workbench gate",
    )
    return None


@parity.command("attach")
@click.argument("ref")
@evidence_options
@common("project", "record", "as_person", "json")
@pass_settings
def attach(settings: Settings, ref: str, link: str, file: Path | None, note: str, title: str) -> None:
    """Attach evidence to a difference: a link, a copy of a file, or a note."""
    with session.acting(settings) as context:
        stored, item = mapping.find_difference(context, ref)
        subject = mapping.subject_of(stored)
        evidence = answering.evidence_for(context, subject, link=link, file=file, note=note, title=title)
        mapping.attach(context, stored, evidence)
        document = _in_record(context, stored.id)
    output.done(settings, f"attached to {item.title}", {"schema": "workbench.difference.1", **document})


@parity.command("remove")
@click.argument("ref")
@click.option("--reason", required=True, metavar="TEXT", help="Why it no longer exists.")
@common("project", "record", "as_person", "json")
@pass_settings
def remove(settings: Settings, ref: str, reason: str) -> None:
    """Remove a difference that no longer exists."""
    with session.acting(settings) as context:
        stored, item = mapping.find_difference(context, ref)
        commit = mapping.remove_difference(context, stored, reason)
    output.done(
        settings,
        f"removed {item.title}",
        {"schema": "workbench.removed.1", "id": stored.id, "change": commit.change_id},
        hint="workbench undo restores it",
    )


@parity.command("reviewed")
@click.option("--note", "--reason", "note", default="", metavar="TEXT", help="What you found.")
@click.option(
    "--nothing-differs",
    is_flag=True,
    help="For an empty map: state that staging and production do not differ; --note says how you know.",
)
@ssh_key
@common(*WRITING)
@pass_settings
def reviewed(settings: Settings, note: str, nothing_differs: bool, ssh_key: str | None) -> None:
    """See what changed since the last review, and say that you reviewed the map for this release."""
    with session.acting(settings, ssh_key) as context:
        held = releasing.find(context, settings.release)
        sheet = read_review(context, held)
        commit = mapping.mark_reviewed(
            context, held, note, nothing_differs=nothing_differs, known=sheet.known
        )
    version = held.release.version
    said = f"stated for {version}: nothing differs" if nothing_differs else f"reviewed the map for {version}"
    if not settings.json:
        output.talk_lines(_sheet_lines(sheet))
    document = {
        "schema": "workbench.reviewed.1",
        "release": version,
        "change": commit.change_id,
        "since_last_review": [
            {"id": each.id, "title": each.title, "what": each.what.value.casefold(), "words": each.words}
            for each in sheet.news
        ],
        "undecided": [title for _, title in sheet.undecided],
    }
    output.done(settings, said, document, hint="workbench gate")


def _sheet_lines(sheet: ReviewSheet) -> Iterator[str]:
    """What was reviewed, in lines."""
    count = number_of(sheet.differences, "difference")
    yield f"{count}, {sheet.last_words}"
    for title, lines in sheet.sections():
        yield title
        yield from (f"  {line}" for line in lines[:_MOST_IN_A_SECTION])
        if len(lines) > _MOST_IN_A_SECTION:
            yield f"  and {len(lines) - _MOST_IN_A_SECTION} more"


def _in_record(context: Context, ident: str) -> dict[str, Any]:
    """A difference as it stands after it was saved."""
    return session.as_it_stands(
        context, lambda: _document(*mapping.find_difference(context, ident), context.now, waiting(context))
    )


def _document(stored: Stored, item: Difference, now: datetime, waits: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": stored.id,
        "base": stored.base,
        **output.fields(item),
        "undecided": holds(item, now) is Decision.UNDECIDED or stored.id in waits,
    }
