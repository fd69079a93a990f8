-- The shared record: an append-only mailbox of packs for each record.  It gives no meaning to what they hold.
CREATE SCHEMA workbench;
REVOKE ALL ON SCHEMA workbench FROM PUBLIC;

-- One row: the version of these tables, and the oldest version of a desk that can still work with them.
CREATE TABLE workbench.about (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  version integer NOT NULL,
  works_with integer NOT NULL,
  upgraded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE workbench.record (
  record text PRIMARY KEY,
  project text NOT NULL,
  mailbox text NOT NULL UNIQUE,
  made_by name NOT NULL DEFAULT current_user,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  moved_to text
);

-- Which role may see a record, and as which persons of the project it signs; '' signs as nobody.
CREATE TABLE workbench.member (
  record text NOT NULL REFERENCES workbench.record,
  role name NOT NULL,
  person text NOT NULL DEFAULT '',
  added_by name NOT NULL DEFAULT current_user,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (record, role, person)
);

CREATE TABLE workbench.desk (
  record text NOT NULL REFERENCES workbench.record,
  desk text NOT NULL,
  role name NOT NULL DEFAULT current_user,
  named text NOT NULL DEFAULT '',
  joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  left_at timestamptz,
  PRIMARY KEY (record, desk)
);

-- ``desk`` sent it; it holds the entries ``first`` to ``last`` of the desk ``writer``.  ``follows`` is the digest of that
-- desk's entry before, ``tip`` that of its last one.  Number, digest, chain, role and time are the server's own.
CREATE TABLE workbench.pack (
  record text NOT NULL REFERENCES workbench.record,
  number bigint NOT NULL,
  desk text NOT NULL,
  writer text NOT NULL,
  first bigint NOT NULL CHECK (first > 0),
  last bigint NOT NULL CHECK (last >= first),
  follows bytea NOT NULL CHECK (octet_length(follows) IN (0, 32)),
  tip bytea NOT NULL CHECK (octet_length(tip) = 32),
  signs text[] NOT NULL DEFAULT '{}',
  content bytea NOT NULL CHECK (octet_length(content) <= 16777216),
  digest bytea NOT NULL,
  chain bytea NOT NULL,
  purged boolean NOT NULL DEFAULT false,
  role name NOT NULL DEFAULT current_user,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (record, number),
  UNIQUE (record, writer, first),
  FOREIGN KEY (record, desk) REFERENCES workbench.desk
);

CREATE TABLE workbench.evidence (
  record text NOT NULL REFERENCES workbench.record,
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  media text NOT NULL,
  size bigint NOT NULL,
  content bytea NOT NULL CHECK (octet_length(content) <= 67108864),
  desk text NOT NULL,
  role name NOT NULL DEFAULT current_user,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  purged boolean NOT NULL DEFAULT false,
  PRIMARY KEY (record, digest),
  FOREIGN KEY (record, desk) REFERENCES workbench.desk
);

-- What desks saw of the mailbox: signed notes about its first ``number`` packs.
CREATE TABLE workbench.head (
  record text NOT NULL REFERENCES workbench.record,
  number bigint NOT NULL,
  desk text NOT NULL,
  note text NOT NULL CHECK (octet_length(note) <= 65536),
  role name NOT NULL DEFAULT current_user,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (record, desk) REFERENCES workbench.desk
);
CREATE INDEX head_number ON workbench.head (record, number);

-- Who asks, hands in its own name: inside these functions ``current_user`` would be their owner.
CREATE FUNCTION workbench.keeps(asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_has_role(asking, 'workbench_keeper', 'USAGE')
$$;

CREATE FUNCTION workbench.sees(of_record text, asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT workbench.keeps(asking) OR EXISTS (
    SELECT FROM workbench.member m WHERE m.record = of_record AND m.role = asking)
$$;

CREATE FUNCTION workbench.owns(of_record text, of_desk text, asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM workbench.desk d WHERE d.record = of_record AND d.desk = of_desk AND d.role = asking)
$$;

-- Whether nobody else speaks for a desk: its entries may be carried to the server.
CREATE FUNCTION workbench.may_carry(of_record text, of_desk text, asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT workbench.keeps(asking) OR NOT EXISTS (
    SELECT FROM workbench.desk d WHERE d.record = of_record AND d.desk = of_desk AND d.role <> asking)
$$;

CREATE FUNCTION workbench.may_sign(of_record text, persons text[], asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT persons = '{}' OR (
    pg_has_role(asking, 'workbench_signer', 'USAGE')
    AND persons <@ ARRAY(SELECT m.person FROM workbench.member m WHERE m.record = of_record AND m.role = asking AND m.person <> ''))
$$;

-- A desk may be registered by whoever it is of: not once others have sent its entries.
CREATE FUNCTION workbench.may_register(of_record text, of_desk text, asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT workbench.keeps(asking) OR NOT EXISTS (
    SELECT FROM workbench.pack p WHERE p.record = of_record AND p.writer = of_desk AND p.role <> asking)
$$;

-- Packs of a record are numbered one after the other, also where several desks send at once: readers go by the number.
CREATE FUNCTION workbench.number_pack() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before record;
  reached record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('workbench.pack ' || NEW.record, 0));
  IF EXISTS (SELECT FROM workbench.record r WHERE r.record = NEW.record AND r.moved_to IS NOT NULL) THEN
    RAISE EXCEPTION 'workbench: this record was moved to another server' USING ERRCODE = 'WB001';
  END IF;
  SELECT p.number, p.chain INTO before FROM workbench.pack p WHERE p.record = NEW.record ORDER BY p.number DESC LIMIT 1;
  SELECT p.last, p.tip INTO reached FROM workbench.pack p
    WHERE p.record = NEW.record AND p.writer = NEW.writer ORDER BY p.first DESC LIMIT 1;
  IF NEW.first <> coalesce(reached.last, 0) + 1 OR NEW.follows <> coalesce(reached.tip, ''::bytea) THEN
    RAISE EXCEPTION 'workbench: the entries do not follow entry % of that desk', coalesce(reached.last, 0) USING ERRCODE = 'WB002';
  END IF;
  NEW.number := coalesce(before.number, 0) + 1;
  NEW.digest := sha256(NEW.content);
  NEW.chain := sha256(coalesce(before.chain, decode(repeat('00', 32), 'hex')) || NEW.digest);
  NEW.purged := false;
  NEW.role := current_user;
  NEW.sent_at := clock_timestamp();
  RETURN NEW;
END
$$;
CREATE TRIGGER number_pack BEFORE INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.number_pack();

CREATE FUNCTION workbench.tell_pack() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('workbench', NEW.record || ' ' || NEW.number);
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_pack AFTER INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.tell_pack();

-- Nothing is changed or deleted, whoever asks; purging says so for its transaction.
CREATE FUNCTION workbench.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('workbench.purging', true) = 'yes' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'workbench: what was sent is never changed or deleted' USING ERRCODE = 'WB003';
END
$$;
CREATE TRIGGER keep_pack BEFORE UPDATE OR DELETE ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.refuse_change();
CREATE TRIGGER keep_evidence BEFORE UPDATE OR DELETE ON workbench.evidence FOR EACH ROW EXECUTE FUNCTION workbench.refuse_change();
CREATE TRIGGER keep_head BEFORE UPDATE OR DELETE ON workbench.head FOR EACH ROW EXECUTE FUNCTION workbench.refuse_change();
CREATE TRIGGER keep_packs BEFORE TRUNCATE ON workbench.pack FOR EACH STATEMENT EXECUTE FUNCTION workbench.refuse_change();
CREATE TRIGGER keep_all_evidence BEFORE TRUNCATE ON workbench.evidence FOR EACH STATEMENT EXECUTE FUNCTION workbench.refuse_change();
CREATE TRIGGER keep_heads BEFORE TRUNCATE ON workbench.head FOR EACH STATEMENT EXECUTE FUNCTION workbench.refuse_change();

ALTER TABLE workbench.record ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.desk ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.pack ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.head ENABLE ROW LEVEL SECURITY;

CREATE POLICY see ON workbench.record FOR SELECT USING (workbench.sees(record, current_user));
CREATE POLICY begin ON workbench.record FOR INSERT WITH CHECK (workbench.keeps(current_user));
CREATE POLICY move ON workbench.record FOR UPDATE USING (workbench.keeps(current_user));
CREATE POLICY see ON workbench.member FOR SELECT USING (workbench.sees(record, current_user));
CREATE POLICY admit ON workbench.member FOR INSERT WITH CHECK (workbench.keeps(current_user));
CREATE POLICY remove ON workbench.member FOR DELETE USING (workbench.keeps(current_user));
CREATE POLICY see ON workbench.desk FOR SELECT USING (workbench.sees(record, current_user));
CREATE POLICY register ON workbench.desk FOR INSERT WITH CHECK (
  role = current_user AND workbench.sees(record, current_user) AND workbench.may_register(record, desk, current_user));
CREATE POLICY say ON workbench.desk FOR UPDATE USING (role = current_user) WITH CHECK (role = current_user);
CREATE POLICY see ON workbench.pack FOR SELECT USING (workbench.sees(record, current_user));
CREATE POLICY append ON workbench.pack FOR INSERT WITH CHECK (
  workbench.sees(record, current_user)
  AND workbench.owns(record, desk, current_user)
  AND (writer = desk OR workbench.may_carry(record, writer, current_user))
  AND workbench.may_sign(record, signs, current_user));
CREATE POLICY see ON workbench.evidence FOR SELECT USING (workbench.sees(record, current_user));
CREATE POLICY append ON workbench.evidence FOR INSERT WITH CHECK (
  role = current_user AND workbench.sees(record, current_user) AND workbench.owns(record, desk, current_user));
CREATE POLICY see ON workbench.head FOR SELECT USING (workbench.sees(record, current_user));
CREATE POLICY append ON workbench.head FOR INSERT WITH CHECK (
  role = current_user AND workbench.sees(record, current_user) AND workbench.owns(record, desk, current_user));

REVOKE ALL ON ALL TABLES IN SCHEMA workbench FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA workbench FROM PUBLIC;
GRANT USAGE ON SCHEMA workbench TO workbench_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA workbench TO workbench_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA workbench TO workbench_reader;
GRANT INSERT (record, desk, named) ON workbench.desk TO workbench_writer;
GRANT UPDATE (named, left_at) ON workbench.desk TO workbench_writer;
GRANT INSERT (record, desk, writer, first, last, follows, tip, signs, content) ON workbench.pack TO workbench_writer;
GRANT INSERT (record, digest, media, size, content, desk) ON workbench.evidence TO workbench_writer;
GRANT INSERT (record, number, desk, note) ON workbench.head TO workbench_writer;
GRANT INSERT (record, project, mailbox) ON workbench.record TO workbench_keeper;
GRANT UPDATE (moved_to) ON workbench.record TO workbench_keeper;
GRANT INSERT (record, role, person) ON workbench.member TO workbench_keeper;
GRANT DELETE ON workbench.member TO workbench_keeper;
INSERT INTO workbench.about (version, works_with) VALUES (1, 1);
