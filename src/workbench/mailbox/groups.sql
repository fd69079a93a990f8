-- The groups that people's roles are members of.  They belong to the whole server; who may create roles runs this once.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['workbench_reader', 'workbench_writer', 'workbench_signer', 'workbench_keeper'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
END
$$;
GRANT workbench_reader TO workbench_writer;
GRANT workbench_writer TO workbench_signer;
GRANT workbench_writer TO workbench_keeper;
