"""What people record of environments: refreshes and their validation, occupancy, an end of life."""

from __future__ import annotations

from datetime import datetime

from workbench.definitions.shapes import Environment
from workbench.environments import model as environments
from workbench.environments.model import EndOfLife, Occupancy, Refresh
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.record import Commit, Stored
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.handed_in import typed


def find_environment(context: Context, key: str | None) -> Environment:
    """The environment of that key; without one, the project's staging.  ``UsageError`` where there is none."""
    definitions = context.definitions
    if key is None:
        if definitions.staging is None:
            raise UsageError(
                "this project has no staging environment",
                hint="list one under environments: in workbench.yaml",
            )
        return definitions.staging
    found = definitions.environment(key)
    if found is None:
        known = [one.key for one in definitions.project.environments]
        meant = nearest(key, known)
        raise UsageError(
            f"there is no environment “{key}”",
            hint=f"did you mean {meant}?" if meant else f"known: {', '.join(known) or 'none'}",
        )
    return found


def new_refresh(context: Context, environment: str) -> Refresh:
    """A refresh of now, of which nothing has been checked."""
    return Refresh(environment=environment, at=context.now, by=context.author().actor)


def new_occupancy(context: Context, environment: str) -> Occupancy:
    """An occupancy from now on, of which nobody has said what it is for."""
    return Occupancy(environment=environment, who="", why="", begins=context.now, by=context.author().actor)


def new_end(context: Context, environment: str) -> EndOfLife:
    """An end of today, of which nobody has said why."""
    return EndOfLife(
        environment=environment, ends=context.now, reason="", by=context.author().actor, at=context.now
    )


def record_refresh(context: Context, refresh: Refresh) -> Commit:
    """BM-11: record that the data of an environment was refreshed."""
    done = commit(
        context, [environments.refresh_change(typed(context, refresh), fresh_id(context), context.now)]
    )
    _answer_again(context, refresh)
    return done


def last_refresh(context: Context, environment: str) -> tuple[Stored, Refresh]:
    """The latest refresh of an environment; ``UsageError`` where none is recorded."""
    found = environments.refreshes(context.record, environment)
    if not found:
        raise UsageError(
            f"no refresh of {environment} is recorded", hint=f"workbench environment refresh {environment}"
        )
    return found[0]


def validate_refresh(context: Context, stored: Stored, refresh: Refresh) -> Commit:
    """Say what the validation of a refresh found."""
    if refresh == stored.decode(Refresh):
        raise UsageError(
            "nothing to change", hint="--rows, --distributions or --plans, with passed or failed"
        )
    done = commit(context, [environments.validated(stored, typed(context, refresh))])
    _answer_again(context, refresh)
    return done


def _answer_again(context: Context, refresh: Refresh) -> None:
    """What benchmarks ask of the record about its data has another answer now."""
    from workbench.usecases.fetching import keep_figures_out_of

    keep_figures_out_of(context, "data_age", "refresh_time", environment=refresh.environment)


def occupy(context: Context, occupancy: Occupancy) -> Commit:
    """ST-2: record who uses an environment."""
    return commit(context, [environments.occupancy_change(typed(context, occupancy), fresh_id(context))])


def find_occupancy(context: Context, environment: str, who: str, at: datetime) -> tuple[Stored, Occupancy]:
    """The occupancy of an environment that goes on at a moment, or else the next one; of ``who``, if named.

    ``UsageError`` where there is none, and where several people are in it and none is named.
    """
    found = [
        (row, value)
        for row, value in environments.occupancies(context.record, environment)
        if (value.ends is None or value.ends > at) and who.casefold() in ("", value.who.casefold())
    ]
    if not found:
        by = f" by {who}" if who else ""
        raise UsageError(f"no occupancy of {environment}{by} is open", hint="workbench environment list")
    now = [pair for pair in found if pair[1].begins <= at] or sorted(found, key=lambda pair: pair[1].begins)[
        :1
    ]
    if len({value.who for _, value in now}) > 1:
        names = ", ".join(sorted({value.who for _, value in now}))
        raise UsageError(f"{environment} is used by several: {names}", hint="say whose ends with --who")
    return now[0]


def free(context: Context, stored: Stored, occupancy: Occupancy, at: datetime) -> Commit:
    """End an occupancy at a moment that is not ahead; one that had not begun then is called off."""
    if at > context.now:
        raise UsageError("an occupancy ends now, or ended earlier", hint="leave the time out")
    return commit(context, [environments.freed(stored, occupancy, at)])


def end_life(context: Context, end: EndOfLife) -> Commit:
    """ST-7: bring the end of an environment's life forward."""
    return commit(context, [environments.end_change(typed(context, end), fresh_id(context))])
