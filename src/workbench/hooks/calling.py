"""Calling hooks: all at once, each given up after its own time, and none of them able to stop the others.

What a hook prints or answers is not kept: it may hold a secret.  That it was called, and whether
it worked, is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions.hooks import Hook
from workbench.hooks.kinds import KINDS
from workbench.hooks.model import Told
from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import parse_duration
from workbench.sources.running import output_of
from workbench.sources.secrets import Secrets


class Errand(msgspec.Struct, frozen=True):
    """What one hook is given: the document (JSON in UTF-8), its text alone, where, and for how many seconds."""

    document: bytes
    text: str
    root: Path
    secrets: Secrets
    seconds: float


def call_all(hooks: Sequence[Hook], document: bytes, text: str, root: Path, secrets: Secrets) -> list[Told]:
    """Call these hooks and say of each what came of it.  Blocks for as long as the slowest may take; never raises."""

    async def every() -> list[Told]:
        return list(await asyncio.gather(*(_call(hook, document, text, root, secrets) for hook in hooks)))

    return asyncio.run(every()) if hooks else []


async def _call(hook: Hook, document: bytes, text: str, root: Path, secrets: Secrets) -> Told:
    errand = Errand(document, text, root, secrets, parse_duration(hook.timeout).total_seconds())
    try:
        worked, words = True, await KINDS[hook.kind].load()(hook.config, errand)
    except WorkbenchError as error:
        worked, words = False, error.what
    except Exception as error:  # whatever a hook does, the one who is told of it goes on
        worked, words = False, f"could not be called: {type(error).__name__}"
    return Told(hook=hook.key, worked=worked, words=safe_text(secrets.redactor().text(words), 200))


async def run_command(config: Any, errand: Errand) -> str:
    """Run the command of a hook; the document stands on its standard input, never among its words."""
    await output_of(config.run, errand.root, errand.seconds, given=errand.document + b"\n")
    return "ran"
