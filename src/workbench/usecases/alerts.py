"""The alerts of now, asked of the sources that have any; they are shown and never recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.definitions import Definitions
from workbench.model.errors import NotTrusted
from workbench.model.times import Clock
from workbench.sources.fetch import Fetch
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Alerts
from workbench.sources.secrets import Secrets
from workbench.usecases.context import Context, elsewhen
from workbench.usecases.fetching import RECORDINGS
from workbench.usecases.trusting import require_trust, trusts


class AlertQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What asking takes, without the record: it can be asked in any thread.

    ``replay`` is the folder of recordings that a demonstration answers from; ``not_now`` that one looks from
    another moment, of which no server can tell.
    """

    root: Path
    definitions: Definitions
    clock: Clock
    at: datetime
    replay: Path | None = None
    not_now: bool = False


def alert_question(context: Context) -> AlertQuestion:
    """The question, as it stands now."""
    replay = context.root / RECORDINGS if context.demonstration is not None else None
    return AlertQuestion(
        root=context.root,
        definitions=context.definitions,
        clock=context.clock,
        at=context.now,
        replay=replay,
        not_now=elsewhen(context),
    )


def kinds_of_alerts() -> str:
    """The kinds of source that can be asked for alerts, in words."""
    return " or ".join(name for name, kind in KINDS.items() if kind.alerts)


def sources_of_alerts(definitions: Definitions) -> list[str]:
    """The keys of the sources that can be asked for alerts."""
    return [one.key for one in definitions.project.sources if KINDS[one.kind].alerts]


def read_alerts(question: AlertQuestion) -> Sequence[Alerts]:
    """What each source says; nothing is sent of a project that nobody trusts.  Blocks while servers are asked."""
    keys = sources_of_alerts(question.definitions)
    if not keys:
        return ()
    if question.not_now:
        return [Alerts(source=key, at=question.at, why="only alerts of now are known") for key in keys]
    if question.replay is None:
        try:
            require_trust(question.root, question.definitions, {f"sources/{key}" for key in keys})
        except NotTrusted as error:
            why = f"{error.what}; {error.hint}"
            return [Alerts(source=key, at=question.at, why=why) for key in keys]
    return _asked(question, keys)


def _asked(question: AlertQuestion, keys: Sequence[str]) -> Sequence[Alerts]:
    from workbench.sources.alerting import ask_alerts  # asyncio and the client, for those who ask

    allowed = question.replay is None and trusts(question.root, question.definitions)
    return ask_alerts(
        Fetch(
            sources=tuple(one for one in question.definitions.project.sources if one.key in keys),
            questions=(),
            root=question.root,
            clock=question.clock,
            secrets=Secrets(allow=allowed, folder=question.root),
            replay=question.replay,
        ),
        question.at,
    )
