"""``workbench shown``: what was kept when somebody acted, as it was."""

from __future__ import annotations

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.usecases.kept_documents import What
from workbench.usecases.views.kept import Shown, read_shown


@click.command()
@click.argument("ref")
@click.option(
    "--what",
    type=click.Choice([each.value for each in What]),
    default=What.DOCUMENT.value,
    show_default=True,
    help="What was on screen, what decides, the definitions, or what was said.",
)
@common("project", "record", "release", "json")
@pass_settings
def shown(settings: Settings, ref: str, what: str) -> None:
    """Show again what was kept when somebody acted, as it was.

    REF is a signature as GATE/PERSON, an overridden part, a version that was shipped, or the
    digest of an entry or its beginning.
    """
    with session.reading(settings) as context:
        found = read_shown(context, ref, What(what), settings.release)
    if settings.json:
        output.emit(_document(found))
        return
    output.talk(f"{found.act}, {found.at}")
    output.talk(f"{found.title}{f', {found.schema}' if found.schema else ''}")
    if found.remark:
        output.talk(found.remark)
    for line in found.lines:
        output.say(line)
    if found.others:
        output.talk("kept as well: " + ", ".join(f"--what {each.value}" for each in found.others))


def _document(found: Shown) -> dict[str, object]:
    data = found.kept.data
    return {
        "schema": "workbench.shown-again.1",
        "act": found.act,
        "at": found.at,
        "what": found.kept.what.value,
        "digest": found.kept.digest,
        "kept": data is not None,
        "why": found.kept.why,
        "remark": found.remark,
        "others": [each.value for each in found.others],
        "document": _read(data),
    }


def _read(data: bytes | None) -> object:
    try:
        return msgspec.json.decode(data) if data is not None else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return data.decode("utf-8", "replace") if data is not None else None
