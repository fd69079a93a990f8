"""``workbench delegate``: another person signs in one's place until an end."""

from __future__ import annotations

import click

from workbench.cli import output, session
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.times import moment_text
from workbench.usecases import delegating
from workbench.usecases.views.marks import Mark


@click.command()
@click.argument("role", required=False)
@click.option("--to", metavar="PERSON", help="Who signs in your place.")
@click.option("--gate", default="", metavar="GATE", help="In one gate only; in all if omitted.")
@click.option("--from", "begins", metavar="TIME", help="From when; from now on if omitted.")
@click.option("--until", metavar="TIME", help="When it ends; what was signed until then stays signed.")
@click.option("--reason", default="", metavar="TEXT", help="Why, or with --revoke: why it ends early.")
@click.option("--revoke", metavar="WHICH", help="End one early: its id or the end of it, its role or person.")
@click.option("--list", "listed", is_flag=True, help="List the delegations, those in force first.")
@common(*WRITING)
@pass_settings
def delegate(
    settings: Settings,
    role: str | None,
    to: str | None,
    gate: str,
    begins: str | None,
    until: str | None,
    reason: str,
    revoke: str | None,
    listed: bool,
) -> None:
    """Let another person sign in one of your roles, until an end.

    They sign with `sign GATE --for YOU`; it fills your seat, and they count once for the gate.  Only
    you can delegate, and only a role that you have yourself.
    """
    if listed or (role is None and revoke is None and to is None):
        if role or to or until or revoke:
            raise UsageError("--list takes nothing else", hint="workbench delegate --list")
        _list(settings)
    elif revoke is not None:
        _end(settings, revoke, reason, more=any((role, to, until, begins)))
    else:
        _delegate(settings, role, to, gate, begins, until, reason)


def _delegate(
    settings: Settings,
    role: str | None,
    to: str | None,
    gate: str,
    begins: str | None,
    until: str | None,
    reason: str,
) -> None:
    if not (role and to and until and reason):
        raise UsageError(
            "a delegation names a role, a person, an end and a reason",
            hint="workbench delegate ROLE --to PERSON --until DATE --reason WHY",
        )
    with session.acting(settings) as context:
        end = session.end(context, until)
        assert end is not None
        commit = delegating.delegate(
            context,
            role,
            to,
            until=end,
            reason=reason,
            begins=session.moment(context, begins),
            gate=gate,
        )
        found = delegating.delegation_of(context, commit)
        words = delegating.words(found.delegation, context.zone)
    document = {
        "schema": "workbench.delegation.1",
        **output.fields(found.delegation),
        "id": found.id,
        "state": found.state,
        "change": commit.change_id,
    }
    output.done(
        settings,
        words,
        document,
        hint=f"workbench sign GATE --for {found.delegation.person} --as {found.delegation.to}",
    )


def _end(settings: Settings, which: str, reason: str, *, more: bool) -> None:
    if more:
        raise UsageError("--revoke takes a reason and nothing else", hint="--revoke WHICH --reason WHY")
    if not reason:
        raise UsageError("why does it end?", hint="--revoke WHICH --reason WHY")
    with session.acting(settings) as context:
        commit = delegating.end(context, which, reason)
        found = delegating.delegation_of(context, commit)
    document = {
        "schema": "workbench.delegation.1",
        **output.fields(found.delegation),
        "id": found.id,
        "state": found.state,
        "change": commit.change_id,
    }
    value = found.delegation
    words = f"{value.to} no longer signs as {value.role} for {value.person}; what was signed stays signed"
    output.done(settings, words, document, hint="workbench delegate --list")


def _list(settings: Settings) -> None:
    with session.reading(settings) as context:
        found, zone = delegating.read_delegations(context), context.zone
    if settings.json:
        rows = [{**output.fields(one.delegation), "id": one.id, "state": one.state} for one in found]
        output.emit({"schema": "workbench.delegations.1", "delegations": rows})
        return
    output.table(
        ("", "id", "role", "of", "to", "gate", "until", "state", "reason"),
        [
            (
                (Mark.DONE if one.state == "in force" else Mark.NOT_APPLICABLE).symbol,
                one.id[-6:],
                one.delegation.role,
                one.delegation.person,
                one.delegation.to,
                one.delegation.gate or "all",
                moment_text(one.delegation.until, zone),
                one.state,
                one.delegation.ended_why or one.delegation.reason,
            )
            for one in found
        ],
        empty="nobody has delegated anything",
    )
