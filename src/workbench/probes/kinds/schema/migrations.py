"""Which migrations were run: tools keep them in tables of well-known names."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.probes.databases import name_sql, shown_name
from workbench.probes.kinds.schema import postgresql
from workbench.sources.sql.session import Answer, Row, Session

# Table, and what tells one migration from another.
KNOWN = {
    "alembic_version": "version_num",
    "schema_migrations": "version",
    "flyway_schema_history": "version",
    "schema_version": "version",
    "django_migrations": "name",
    "databasechangelog": "id",
    "knex_migrations": "name",
    "_prisma_migrations": "migration_name",
    "__EFMigrationsHistory": "MigrationId",
    "goose_db_version": "version_id",
    "SequelizeMeta": "name",
    "doctrine_migration_versions": "version",
    "phinxlog": "version",
}
MOST = 20_000
COLUMNS = ("table", "migration")


def of(session: Session, wanted: str | None) -> Answer:
    """The migrations that were run; a row without one says that the table cannot be read."""
    rows: list[Row] = []
    for schema, table, readable in _tables(session, wanted):
        shown = shown_name(schema, table)
        if not readable:
            rows.append([shown, None])
            continue
        place = name_sql(schema, table)
        column = _column(session, place, KNOWN.get(table))
        answer = session.ask(f"SELECT {column} FROM {place} ORDER BY 1", MOST)
        rows += [[shown, " ".join(value or "" for value in row)] for row in answer.rows]
    return Answer(COLUMNS, ("text", "text"), rows)


def _column(session: Session, place: str, known: str | None) -> str:
    """What is read of the table: the app goes with Django's names, and a table of one's own is read by its first column."""
    names = session.ask(f"SELECT * FROM {place} LIMIT 1").columns
    if known == "name" and "app" in names:
        return f"{name_sql('app')}, {name_sql('name')}"
    chosen = known if known in names else names[0]
    # As text: 2 and 10 are versions, not numbers, and other collations order texts otherwise.
    return f"CAST({name_sql(chosen)} AS text)"


def _tables(session: Session, wanted: str | None) -> Iterator[tuple[str, str, bool]]:
    names = [wanted.rpartition(".")[2]] if wanted else list(KNOWN)
    if session.dialect == "sqlite":
        known = {row[1] for row in session.rows("PRAGMA table_list").rows if row[0] == "main"}
        yield from (("main", name, True) for name in names if name in known)
        return
    for schema, table, readable in session.rows(postgresql.tables_named(names)).rows:
        if not wanted or wanted in (table, f"{schema}.{table}"):
            yield schema or "", table or "", readable == "t"
