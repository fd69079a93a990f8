"""``workbench share --check``: the server as it is, asked with this desk's role."""

from __future__ import annotations

from typing import Any

from workbench.cli import output, session
from workbench.cli.options import Settings
from workbench.usecases.sharing.checking import Found, check
from workbench.usecases.views.sharing import check as views


def check_server(settings: Settings) -> int:
    """Prints what was found; 2 where something is wrong."""
    with session.keeping(settings) as context:
        found = check(context)
    if settings.json:
        output.emit(_document(found))
    else:
        output.lines(views.lines(found))
    return 2 if found.state == "fail" else 0


def _document(found: Found) -> dict[str, Any]:
    looked = found.looked
    return {
        "schema": "workbench.share-check.1",
        "state": found.state,
        "url": found.url,
        "versions": {"server": found.version, "works_with": found.works_with, "workbench": found.own},
        "server": output.fields(looked.engine),
        "role": {"name": looked.engine.role, "groups": looked.groups, "rights": looked.rights},
        "clock": {
            "server": looked.clock.at,
            "ahead_seconds": looked.clock.ahead.total_seconds(),
            "within_seconds": looked.clock.within.total_seconds(),
        },
        "content": output.fields(looked.content),
        "desks": [output.fields(one) for one in looked.desks],
        "refused": found.refused,
        "to_send": found.unsent,
        "carried": found.carried,
        "append_only": {"attempts": looked.attempts, "tables": looked.guarded},
        "purged_left": {"packs": found.remains.packs, "evidence": found.remains.evidence},
        "archiving": output.fields(looked.archiving),
        "checks": list(found.checks),
    }
