"""What PostgreSQL's catalogs say of a schema, in the tables that :mod:`look` reads."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.probes.databases import SHOWN_NAME, like_sql, list_sql

# What comes with an extension is told by the extension's version.  ``to_jsonb`` reads columns that older servers lack.
_OURS = (
    "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 FROM pg_depend d "
    "WHERE d.classid = '{catalog}'::regclass AND d.objid = {oid} AND d.deptype = 'e')"
)
_RELATIONS = (
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r','p','v','m','f') "
    "AND NOT coalesce((to_jsonb(c) ->> 'relispartition')::boolean, false) AND "
    + _OURS.format(catalog="pg_class", oid="c.oid")
)
_INNER = "JOIN (SELECT c.oid, c.relname, n.nspname {relations}) t ON t.oid = "

_QUERIES = {
    "objects": """
SELECT n.nspname AS schema, c.relname AS name,
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialised view' ELSE 'foreign table' END
  || CASE WHEN c.relpersistence = 'u' THEN ', unlogged' ELSE '' END
  || CASE WHEN c.relrowsecurity THEN ', row level security' ELSE '' END AS kind,
  CASE WHEN c.relkind IN ('v','m') THEN pg_get_viewdef(c.oid) END AS definition
{relations}""",
    "columns": """
SELECT t.nspname AS schema, t.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
  CASE WHEN a.attnotnull THEN 'not null' END AS "null",
  CASE WHEN coalesce(to_jsonb(a) ->> 'attgenerated', '') = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "default",
  CASE WHEN coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '' THEN pg_get_expr(d.adbin, d.adrelid)
    WHEN a.attidentity <> '' THEN 'identity' END AS generated,
  CASE WHEN a.attcollation <> y.typcollation THEN (SELECT collname FROM pg_collation WHERE oid = a.attcollation) END
    AS collation
FROM pg_attribute a {inner} a.attrelid JOIN pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped""",
    "parts": """
SELECT t.nspname AS schema, t.relname AS "table", 'index' AS kind, i.relname AS name,
  CASE WHEN x.indisunique THEN 'unique ' ELSE '' END || regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', '')
  || CASE WHEN x.indisvalid THEN '' ELSE ', not valid' END AS definition
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid {inner} x.indrelid
UNION ALL
SELECT t.nspname, t.relname, 'constraint', o.conname, pg_get_constraintdef(o.oid)
FROM pg_constraint o {inner} o.conrelid WHERE o.contype IN ('p', 'u', 'f', 'c', 'x')
UNION ALL
SELECT t.nspname, t.relname, 'trigger', g.tgname, regexp_replace(pg_get_triggerdef(g.oid), '^CREATE (CONSTRAINT )?TRIGGER ', '')
  || CASE g.tgenabled WHEN 'D' THEN ', disabled' ELSE '' END
FROM pg_trigger g {inner} g.tgrelid WHERE NOT g.tgisinternal
UNION ALL
SELECT t.nspname, t.relname, 'policy', p.polname,
  p.polcmd::text || ' using ' || coalesce(pg_get_expr(p.polqual, p.polrelid), 'true')
FROM pg_policy p {inner} p.polrelid""",
    "grants": """
SELECT n.nspname AS schema, c.relname AS name, NULL AS "column", coalesce(r.rolname, 'PUBLIC') AS who,
  string_agg(acl.privilege_type, ', ' ORDER BY acl.privilege_type) AS may
FROM (SELECT c.oid AS id, c.relacl, c.relowner {relations} AND c.relacl IS NOT NULL) g
JOIN pg_class c ON c.oid = g.id JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(g.relacl) acl LEFT JOIN pg_roles r ON r.oid = acl.grantee
WHERE acl.grantee <> g.relowner GROUP BY 1, 2, 4
UNION ALL
SELECT t.nspname, t.relname, a.attname, coalesce(r.rolname, 'PUBLIC'), string_agg(acl.privilege_type, ', ' ORDER BY acl.privilege_type)
FROM pg_attribute a {inner} a.attrelid CROSS JOIN LATERAL aclexplode(a.attacl) acl
LEFT JOIN pg_roles r ON r.oid = acl.grantee WHERE a.attacl IS NOT NULL AND NOT a.attisdropped GROUP BY 1, 2, 3, 4
UNION ALL
SELECT n.nspname, NULL, NULL, coalesce(r.rolname, 'PUBLIC'), string_agg(acl.privilege_type, ', ' ORDER BY acl.privilege_type)
FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) acl LEFT JOIN pg_roles r ON r.oid = acl.grantee
WHERE acl.grantee <> n.nspowner AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' GROUP BY 1, 4""",
    "others": """
SELECT 'extension' AS kind, NULL AS schema, extname AS name, extversion AS definition FROM pg_extension
UNION ALL
SELECT 'enum', n.nspname, y.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace JOIN pg_enum e ON e.enumtypid = y.oid
WHERE {our_type} GROUP BY 2, 3
UNION ALL
SELECT 'domain', n.nspname, y.typname, format_type(y.typbasetype, y.typtypmod)
  || coalesce((SELECT ' ' || string_agg(pg_get_constraintdef(o.oid), ' ' ORDER BY o.conname) FROM pg_constraint o
    WHERE o.contypid = y.oid), '')
FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace WHERE y.typtype = 'd' AND {our_type}
UNION ALL
SELECT 'sequence', n.nspname, c.relname, format_type(s.seqtypid, NULL) || ' by ' || s.seqincrement
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {our_class} AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
  AND d.deptype IN ('a', 'i'))
UNION ALL
SELECT 'function', n.nspname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
  l.lanname || CASE WHEN p.prosecdef THEN ', rights of its owner' ELSE '' END || ', gives '
  || coalesce(pg_get_function_result(p.oid), 'nothing') || ', text ' || left(md5(p.prosrc), 12)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang WHERE {our_function}
UNION ALL
SELECT 'server', NULL, name, reset_val FROM pg_settings WHERE name IN ('server_version', 'server_encoding', 'TimeZone')
UNION ALL
SELECT 'server', NULL, 'collation', datcollate FROM pg_database WHERE datname = current_database()""",
}


def queries(schemas: Sequence[str], tables: Sequence[str]) -> dict[str, str]:
    """The questions by the name of the table that each of them fills."""
    only = f" AND n.nspname IN ({list_sql(schemas)})" if schemas else ""
    relations = f"{_RELATIONS}{only} AND {like_sql(SHOWN_NAME, tables)}"
    parts = {
        "{relations}": relations,
        "{inner}": _INNER.format(relations=relations),
        "{our_type}": _OURS.format(catalog="pg_type", oid="y.oid") + only,
        "{our_class}": _OURS.format(catalog="pg_class", oid="c.oid") + only,
        "{our_function}": _OURS.format(catalog="pg_proc", oid="p.oid") + only,
    }
    found = {}
    for name, query in _QUERIES.items():
        for mark, text in parts.items():
            query = query.replace(mark, text)
        found[name] = query
    return found


def tables_named(names: Sequence[str]) -> str:
    """Which of these tables there are, where, and whether we may read them."""
    return (
        "SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT') FROM pg_class c "
        f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname IN ({list_sql(names)}) AND c.relkind IN ('r', 'p')"
    )
