"""``workbench share --sql`` and ``--upgrade``: what the administrator of the database does, or runs in our place."""

from __future__ import annotations

from workbench.cli import output, session
from workbench.cli.options import Settings
from workbench.usecases.sharing import administering
from workbench.usecases.views.sharing import tables as views


def print_statements(settings: Settings, url: str | None) -> int:
    """Prints what an administrator runs once, so that the role in ``url`` can share a record; nothing is connected to."""
    _print(settings, administering.statements(role=administering.role_of(url) if url else ""))
    return 0


def print_upgrade(settings: Settings) -> int:
    """Prints what the owner of the tables runs to bring them up to date."""
    with session.keeping(settings) as context:
        text = administering.upgrade_statements(context)
    if not text and not settings.json:
        output.talk(views.UP_TO_DATE)
    else:
        _print(settings, text)
    return 0


def upgrade_tables(settings: Settings) -> int:
    """Brings the tables up to date."""
    with session.keeping(settings) as context:
        done = administering.upgrade(context)
    document = {
        "schema": "workbench.share-upgrade.1",
        "before": done.before,
        "after": done.after,
        "works_with": done.works_with,
        "steps": done.steps,
    }
    output.done(settings, views.upgraded_words(done), document)
    return 0


def _print(settings: Settings, text: str) -> None:
    if settings.json:
        output.emit({"schema": "workbench.share-sql.1", "sql": text})
    else:
        output.text(text)
