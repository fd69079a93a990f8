"""``parity proposals`` and ``parity take``: what probes propose for the map, and taking it in."""

from __future__ import annotations

from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.parity.proposals import Proposal
from workbench.usecases import proposing
from workbench.usecases.views.parity import short_id

_MOST_OF_A_VALUE = 40  # characters of a value in the list
_DONE = {"add": "added", "widened": "updated", "close": "removed"}


@click.command("proposals")
@click.option("--probe", "probes", multiple=True, metavar="KEY", help="Only what this probe proposes.")
@click.option("--all", "everything", is_flag=True, help="Also what the map says already.")
@common("project", "record", "now", "json")
@pass_settings
def proposals(settings: Settings, probes: tuple[str, ...], everything: bool) -> None:
    """List what the last runs of the probes propose for the map."""
    with session.reading(settings) as context:
        found = proposing.read_proposals(context, probes)
    shown = [one for one in found if everything or one.open]
    quiet = sum(not one.open for one in found)
    if settings.json:
        rows = [_document(one) for one in shown]
        output.emit({"schema": "workbench.proposals.1", "proposals": rows, "quiet": quiet})
        return
    output.table(
        ("", "what", "what differs", "staging", "production", "why"),
        [
            (
                one.kind.value,
                one.key,
                one.title,
                output.safe(one.staging, _MOST_OF_A_VALUE),
                output.safe(one.production, _MOST_OF_A_VALUE),
                one.words,
            )
            for one in shown
        ],
        empty="nothing is proposed; workbench probe looks for differences",
    )
    if quiet and not everything:
        output.talk(f"{number_of(quiet, 'difference')} on the map as found; --all lists them too")


@click.command("take")
@click.argument("refs", nargs=-1, metavar="[PROBE[:PATH]]...")
@click.option("--all", "everything", is_flag=True, help="Everything that is proposed.")
@common("project", "record", "as_person", "json")
@pass_settings
def take(settings: Settings, refs: tuple[str, ...], everything: bool) -> None:
    """Take what probes propose into the map, in one act.

    PROBE:PATH names one proposal, PROBE alone all that it proposes.  A new difference is added,
    one of the same name that has no probe is linked, and one that is found no more is removed.
    """
    if bool(refs) == everything:
        raise UsageError(
            "which proposals?" if not refs else "--all and names contradict each other",
            hint="parity take PROBE:PATH, or parity take --all; workbench parity proposals lists them",
        )
    with session.acting(settings) as context:
        found = proposing.read_proposals(context)
        if everything:
            chosen = proposing.all_to_take(context, found)
        else:
            chosen = proposing.find_proposals(context, found, refs)
        taken = proposing.take(context, chosen)
    counts = [
        f"{sum(one.kind.value == kind for one, _ in taken.taken)} {word}"
        for kind, word in _DONE.items()
        if any(one.kind.value == kind for one, _ in taken.taken)
    ]
    document = {
        "schema": "workbench.taken.1",
        "change": taken.commit.change_id,
        "taken": [{**_document(one), "difference": ident} for one, ident in taken.taken],
    }
    first = next((ident for one, ident in taken.taken if one.kind.value != "close"), None)
    hint = f"workbench parity decide {short_id(first)}" if first else "workbench parity list"
    output.done(settings, ", ".join(counts), document, hint=hint)


def _document(one: Proposal) -> dict[str, Any]:
    names = ("probe", "path", "title", "staging", "production", "words", "region", "secret")
    return {
        "kind": one.kind.value,
        "key": one.key,
        **{name: getattr(one, name) for name in names},
        "category": one.category.value,
        "severity": one.severity.value,
        "flows": list(one.flows),
        "difference": one.difference or None,
    }
