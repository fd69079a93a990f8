"""Writes the scripts that docs/compose runs when its server begins: the groups and the tables, as the workbench has them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FOLDER = Path(__file__).parent / "compose" / "init"
_CERTIFICATE = """\
-- Who is in this group comes with a certificate instead of a password (pg_hba.conf).
CREATE ROLE workbench_certificate NOLOGIN;
"""


def scripts() -> dict[str, str]:
    """The text of each script by its name; they run in the order of their names, as the administrator."""
    mailbox = files("workbench.mailbox")
    groups, tables = (
        mailbox.joinpath(name).read_text(encoding="utf-8") for name in ("groups.sql", "schema.sql")
    )
    return {"10-groups.sql": f"{groups}\n{_CERTIFICATE}", "20-tables.sql": f"BEGIN;\n{tables}COMMIT;\n"}


if __name__ == "__main__":
    for name, text in scripts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
