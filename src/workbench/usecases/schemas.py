"""JSON Schema of everything that people write: definition files, and tables of a noun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from workbench.definitions.schemas import What
from workbench.definitions.schemas import schema as schema_of
from workbench.model.errors import RecordUnavailable
from workbench.model.files import make_private_folder, write_whole
from workbench.model.noun_fields import table_schema
from workbench.usecases.project import RECORD, Options, kinds, project_folder
from workbench.usecases.team_tables import TABLES

FILES: tuple[What, ...] = ("project", "part", "checklist")
WHAT = (*FILES, *TABLES)

SCHEMAS = RECORD.with_name("schemas")


def schema_comment(what: str, up: str = "") -> str:
    """The line by which an editor finds the schema of a file; ``up`` leads from its folder to the project's."""
    return f"# yaml-language-server: $schema={up}{(SCHEMAS / f'{what}.json').as_posix()}"


def write_schemas(root: Path) -> tuple[Path, ...]:
    """Write every schema where the first line of a project's files looks for it, out of version control."""
    folder = root / SCHEMAS
    try:
        make_private_folder(folder.parent)
        ignore = folder.parent / ".gitignore"
        if not ignore.exists():
            write_whole(ignore, b"*\n")
        folder.mkdir(exist_ok=True)
        written = []
        for what in WHAT:
            written.append(folder / f"{what}.json")
            text = msgspec.json.format(msgspec.json.encode(schema(what)), indent=1)
            write_whole(written[-1], text + b"\n")
    except OSError as error:
        raise RecordUnavailable(
            f"the schemas cannot be written: {error.strerror}",
            where=str(folder),
            hint="is the folder writable?",
        ) from None
    return tuple(written)


def write_schemas_of(options: Options) -> tuple[Path, ...]:
    """The same for the project of a folder; its files may have mistakes."""
    return write_schemas(project_folder(options))


def schema(what: str) -> dict[str, Any]:
    """The schema of one of :data:`WHAT`."""
    for file in FILES:
        if file == what:
            return schema_of(kinds(), file)
    table = TABLES[what]
    return table_schema(table.fields, f"{what.capitalize()} of the release workbench", table.needed)
