"""Write the table of messages in docs/team.md from the program: `make team`, after one has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from workbench.mailbox import errors
from workbench.usecases.sharing.synced import Obstacle, Synced, Unsent
from workbench.usecases.views.sharing import sync

PAGE = Path(__file__).with_name("team.md")
BEGIN, END = "<!-- messages -->\n", "<!-- end -->"


def messages() -> Iterator[tuple[str, str]]:
    """What is said, and what to do about it: of a connection, of rights, of the server, of a sync."""
    found = errors.messages()
    for why in Obstacle:
        unsent = Unsent(why=why, person="PERSON", desk="DESK", number=7)
        found[sync.obstacle(unsent)] = next(iter(sync.advice(Synced(unsent=unsent))))
    for what, hint in found.items():
        yield _plain(what), _plain(hint)


def _plain(text: str) -> str:
    """Without what differs from case to case, nor what leads to this very page."""
    text = text.replace(" (docs/team.md)", "")
    return re.sub(r"\s*\{\w+\}", " …", text).replace(": …", " …").strip()


def written(page: str) -> str:
    """The page with the table between its marks as the program has it now."""
    head = "| what is said | what to do |\n| --- | --- |\n"
    rows = "".join(f"| {_cell(what)} | {_cell(hint)} |\n" for what, hint in messages())
    found = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    return found.sub(lambda _: f"{BEGIN}{head}{rows}{END}", page)


def _cell(text: str) -> str:
    commands = re.sub(
        r"\b(workbench (?:share|sync|join|member|verify|repair)(?: (?:--?[a-z]+|[A-Z]{3,}|list|add|reader|writer|signer|keeper))*)",
        r"`\1`",
        text,
    )
    return commands.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
