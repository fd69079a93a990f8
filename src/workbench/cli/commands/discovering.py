"""``parity discover``: what the files of staging and production say differently, as a first parity map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import DefinitionError, RecordUnavailable, UsageError
from workbench.model.text import number_of
from workbench.usecases import discovered
from workbench.usecases.discovered import Added
from workbench.usecases.discovering import Discovered, Discovery

_MOST = 100  # differences that are listed
_MOST_OF_A_VALUE = 60  # characters of a value in the list


@click.command("discover")
@click.argument(
    "directory", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]"
)
@click.option(
    "--add",
    "refs",
    multiple=True,
    metavar="ID",
    help="Put this difference on the map; may be repeated; “all” puts all of them there.",
)
@click.option(
    "--probes", "as_probes", is_flag=True, help="Print probes that keep watching, as YAML to paste."
)
@common("project", "record", "as_person", "json")
@pass_settings
def discover(settings: Settings, directory: Path | None, refs: tuple[str, ...], as_probes: bool) -> None:
    """Find what staging and production say differently in the files of this folder.

    Files for staging and for production are paired by path and name and compared parameter by
    parameter.  Nothing is run, nobody is asked, and nothing enters the map until it is chosen.
    """
    from workbench.usecases.rendering import discover_in  # asyncio, for what helm and kustomize render

    folder = directory or settings.project or Path()
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder {folder}", hint="name one that holds the files of both environments"
        )
    found = discover_in(folder, session.options_of(settings))
    if as_probes:
        output.lines(discovered.probes_for(found).splitlines())
        return
    if refs:
        _add(settings, found, refs)
        return
    known = _known(settings, found)
    if settings.json:
        output.emit(_document(found, known))
        return
    _print(found, known)


def _known(settings: Settings, found: Discovery) -> Mapping[str, str]:
    """What the map says of it already; nothing where there is no project yet."""
    try:
        with session.reading(settings) as context:
            return {id: row.words for id, row in discovered.on_map(context, found).items()}
    except (UsageError, DefinitionError, RecordUnavailable):
        return {}


def _add(settings: Settings, found: Discovery, refs: tuple[str, ...]) -> None:
    chosen = discovered.choose(found, refs)
    with session.acting(settings) as context:
        added = discovered.add(context, chosen)
    told = [
        f"added {number_of(len(added.added), 'difference')}" if added.added else "",
        f"changed {number_of(len(added.changed), 'difference')}" if added.changed else "",
        f"{added.known} on the map already" if added.known else "",
    ]
    output.done(
        settings,
        ", ".join(filter(None, told)) or "nothing differs",
        _document(found, {}, added),
        hint="workbench parity decide --plain" if added.added or added.changed else "workbench parity list",
    )


def _print(found: Discovery, known: Mapping[str, str]) -> None:
    if not found.compared:
        output.line("nothing here is there twice, for staging and for production")
        output.talk(
            "looked for: overlays, values-*.yaml, .env.*, compose.*.yaml, folders named for an environment"
        )
        return
    for one in found.proposals[:_MOST]:
        said = known.get(one.id, "")
        output.line(f"{one.id}  {one.title}{f'  ({said})' if said else ''}")
        output.lines(f"        {line}" for line in _sides(one))
    if len(found.proposals) > _MOST:
        output.line(f"… {len(found.proposals) - _MOST} more; --json lists all")
    differing, equal = number_of(len(found.proposals), "difference"), number_of(found.equal, "parameter")
    output.line(f"{differing}, {equal} equal in {number_of(len(found.compared), 'pair')}")
    for note in found.notes:
        output.talk(note)
    if found.cut_short:
        output.talk("the folder is large, so only part of it was searched")
    if any(one.id not in known for one in found.proposals):
        output.talk(
            "next: workbench parity discover --add ID, or --add all; --probes prints probes that keep watching"
        )


def _sides(one: Discovered) -> Iterator[str]:
    """Both values, each with the place that it stands in."""
    texts = [
        output.safe(discovered.value_words(text), _MOST_OF_A_VALUE) for text in (one.staging, one.production)
    ]
    places = list(one.where)
    width = max(map(len, texts))
    for side, text, value in zip(
        ("staging", "production"), texts, (one.staging, one.production), strict=True
    ):
        place = places.pop(0) if places and value is not None else ""
        yield f"{side:<11} {text:<{width}}  {place}".rstrip()


def _document(found: Discovery, known: Mapping[str, str], added: Added | None = None) -> dict[str, Any]:
    return {
        "schema": "workbench.discovered.1",
        "proposals": [_proposal(one, known) for one in found.proposals],
        "equal": found.equal,
        "compared": [
            {"title": one.title, "staging": list(one.staging), "production": list(one.production)}
            for one in found.compared
        ],
        "notes": list(found.notes),
        "added": list(added.added) if added else [],
        "changed": list(added.changed) if added else [],
        "change": added.commit.change_id if added and added.commit else None,
    }


def _proposal(one: Discovered, known: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "category": one.category.value,
        "severity": one.severity.value,
        "path": one.path,
        "staging": one.staging,
        "production": one.production,
        "where": list(one.where),
        "map": known.get(one.id),
    }
