-- The groups that people's roles are members of.  They belong to the whole server; who may create roles runs this once.
-- A keeper may put roles into the other three.  Before PostgreSQL 16 it may take anybody out of them, too, and one group out
-- of another; this puts the groups right again.
DO $$
DECLARE
  name text;
  pair text[];
BEGIN
  FOREACH name IN ARRAY ARRAY['workbench_reader', 'workbench_writer', 'workbench_signer', 'workbench_keeper'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
  FOREACH pair SLICE 1 IN ARRAY ARRAY[
    ['workbench_reader', 'workbench_writer'], ['workbench_writer', 'workbench_signer'], ['workbench_reader', 'workbench_keeper'],
    ['workbench_writer', 'workbench_keeper'], ['workbench_signer', 'workbench_keeper']] LOOP
    IF NOT EXISTS (
      SELECT FROM pg_catalog.pg_auth_members m WHERE m.roleid = pair[1]::regrole AND m.member = pair[2]::regrole
        AND (m.admin_option OR pair[2] <> 'workbench_keeper')) THEN
      EXECUTE format('GRANT %I TO %I%s', pair[1], pair[2], CASE WHEN pair[2] = 'workbench_keeper' THEN ' WITH ADMIN OPTION' ELSE '' END);
    END IF;
  END LOOP;
END
$$;

-- Who is in this group comes with a certificate instead of a password (pg_hba.conf).
CREATE ROLE workbench_certificate NOLOGIN;
