BEGIN;
-- The shared record: an append-only mailbox of packs for each record.  It gives no meaning to what they hold.
--
-- Who may what is decided by the engine: by the rights of four groups, and by rules for each row.  Triggers give what a
-- desk cannot be believed about: number, digest, chain, role, time.  They run for the owner of the tables, too; the
-- rules for rows do not, so that a backup is whole.  All rules ask of the role that is acting (``current_user``); a
-- function with the owner's rights is therefore only ever run by a trigger, never called.
CREATE SCHEMA workbench;
REVOKE ALL ON SCHEMA workbench FROM PUBLIC;

-- One row: the version of these tables, and the oldest version of a desk that can still work with them.
CREATE TABLE workbench.about (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  version integer NOT NULL,
  works_with integer NOT NULL,
  upgraded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- ``mailbox`` is made anew wherever a record is put; ``moved_to`` closes it.
CREATE TABLE workbench.record (
  record text PRIMARY KEY CHECK (char_length(record) BETWEEN 1 AND 200 AND record !~ '[[:cntrl:][:space:]]'),
  project text NOT NULL CHECK (char_length(project) <= 200),
  mailbox text NOT NULL UNIQUE CHECK (char_length(mailbox) BETWEEN 1 AND 200 AND mailbox !~ '[[:cntrl:][:space:]]'),
  made_by name NOT NULL DEFAULT current_user,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  moved_to text CHECK (char_length(moved_to) BETWEEN 1 AND 2000)
);

-- What a role may do with one record.  A signer's row names the person of the project that it signs for; the right
-- counts only for a role that is in the group of that name, too.
CREATE TABLE workbench.member (
  record text NOT NULL REFERENCES workbench.record,
  role name NOT NULL,
  person text NOT NULL DEFAULT '' CHECK (char_length(person) <= 200),
  may text NOT NULL CHECK (may IN ('reader', 'writer', 'signer', 'keeper')),
  added_by name NOT NULL DEFAULT current_user,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (record, role, person),
  CHECK ((person <> '') = (may = 'signer'))
);

CREATE TABLE workbench.desk (
  record text NOT NULL REFERENCES workbench.record,
  desk text NOT NULL CHECK (char_length(desk) BETWEEN 1 AND 200 AND desk !~ '[[:cntrl:][:space:]]'),
  role name NOT NULL DEFAULT current_user,
  named text NOT NULL DEFAULT '' CHECK (char_length(named) <= 200),
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
  writer text NOT NULL CHECK (char_length(writer) BETWEEN 1 AND 200 AND writer !~ '[[:cntrl:][:space:]]'),
  first bigint NOT NULL CHECK (first > 0),
  last bigint NOT NULL CHECK (last >= first AND last - first < 100000),
  follows bytea NOT NULL CHECK (octet_length(follows) IN (0, 32)),
  tip bytea NOT NULL CHECK (octet_length(tip) = 32),
  signs text[] NOT NULL DEFAULT '{}' CHECK (cardinality(signs) <= 200 AND octet_length(array_to_string(signs, '')) <= 40000),
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
ALTER TABLE workbench.pack ALTER COLUMN content SET STORAGE EXTERNAL;  -- it is compressed already

-- Where each mailbox and each writer in it ends.  Nobody but the triggers may see or write these two.
CREATE TABLE workbench.ending (
  record text PRIMARY KEY REFERENCES workbench.record,
  number bigint NOT NULL DEFAULT 0,
  chain bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 50);
CREATE TABLE workbench.reached (
  record text NOT NULL REFERENCES workbench.record,
  writer text NOT NULL,
  last bigint NOT NULL,
  tip bytea NOT NULL,
  PRIMARY KEY (record, writer)
) WITH (fillfactor = 70);

CREATE TABLE workbench.evidence (
  record text NOT NULL REFERENCES workbench.record,
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  media text NOT NULL CHECK (char_length(media) <= 200),
  size bigint NOT NULL,
  content bytea NOT NULL CHECK (octet_length(content) <= 67108864),
  desk text NOT NULL,
  role name NOT NULL DEFAULT current_user,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  purged boolean NOT NULL DEFAULT false,
  PRIMARY KEY (record, digest),
  FOREIGN KEY (record, desk) REFERENCES workbench.desk,
  CONSTRAINT evidence_is_what_it_says CHECK (
    CASE WHEN purged THEN content = '' ELSE size = octet_length(content) AND digest = encode(sha256(content), 'hex') END)
);

-- What desks saw of the mailbox: signed notes about its first ``number`` packs.
CREATE TABLE workbench.head (
  record text NOT NULL REFERENCES workbench.record,
  number bigint NOT NULL CHECK (number >= 0),
  desk text NOT NULL,
  note text NOT NULL CHECK (octet_length(note) <= 65536),
  role name NOT NULL DEFAULT current_user,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (record, desk) REFERENCES workbench.desk
);
CREATE INDEX head_number ON workbench.head (record, number);

-- What was purged, by whom: a pack (``number``, and ``content`` that takes its place) or a piece of evidence (``digest``).
CREATE TABLE workbench.purge (
  record text NOT NULL REFERENCES workbench.record,
  number bigint,
  digest text,
  content bytea CHECK (octet_length(content) <= 16777216),
  role name NOT NULL DEFAULT current_user,
  purged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (num_nonnulls(number, digest) = 1)
);

-- Who was let go, and by whom: the row takes the one of ``member`` away.  Nobody may delete that by a statement of its own,
-- since whoever may delete any row of a table may also lock the whole of it.
CREATE TABLE workbench.removal (
  record text NOT NULL REFERENCES workbench.record,
  role name NOT NULL,
  person text NOT NULL DEFAULT '',
  may text NOT NULL,
  removed_by name NOT NULL DEFAULT current_user,
  removed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What the role that asks may do, record by record; views look at tables with their owner's rights.
CREATE VIEW workbench.mine WITH (security_barrier) AS
  SELECT m.record, m.person, m.may,
    m.may <> 'reader' AND pg_has_role(current_user, 'workbench_writer', 'USAGE') AS writes,
    m.may = 'signer' AND pg_has_role(current_user, 'workbench_signer', 'USAGE') AS signs,
    m.may = 'keeper' AND pg_has_role(current_user, 'workbench_keeper', 'USAGE') AS keeps
  FROM workbench.member m WHERE m.role = current_user;

-- How far the server holds the entries of each desk, and whose desk it is: NULL where nobody has registered it.
CREATE VIEW workbench.reach WITH (security_barrier) AS
  SELECT coalesce(r.record, d.record) AS record, coalesce(r.writer, d.desk) AS writer, coalesce(r.last, 0) AS last,
    coalesce(r.tip, '') AS tip, d.role, d.left_at
  FROM workbench.reached r FULL JOIN workbench.desk d ON d.record = r.record AND d.desk = r.writer
  WHERE coalesce(r.record, d.record) IN (SELECT m.record FROM workbench.mine m);

-- ---------------------------------------------------------------------------------------------------------------------
-- Rules for rows.  A rule that can refuse what a person means has a name, which the workbench puts into words.
ALTER TABLE workbench.record ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.desk ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.pack ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.head ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.purge ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.removal ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.ending ENABLE ROW LEVEL SECURITY;
ALTER TABLE workbench.reached ENABLE ROW LEVEL SECURITY;

CREATE POLICY see ON workbench.record FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.member FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.desk FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.pack FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.evidence FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.head FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.purge FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));
CREATE POLICY see ON workbench.removal FOR SELECT USING (record IN (SELECT m.record FROM workbench.mine m));

CREATE POLICY begin ON workbench.record FOR INSERT WITH CHECK (pg_has_role(current_user, 'workbench_keeper', 'USAGE'));
CREATE POLICY move ON workbench.record FOR UPDATE USING (record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));
CREATE POLICY admit ON workbench.member FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));
CREATE POLICY remove ON workbench.removal FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));
CREATE POLICY purge ON workbench.purge FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));

-- A desk is registered in one's own name, and not once another role has sent its entries; a keeper may give it to a role.
CREATE POLICY register ON workbench.desk FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.writes));
CREATE POLICY desk_in_own_name ON workbench.desk AS RESTRICTIVE FOR INSERT WITH CHECK (
  role = current_user OR record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));
CREATE POLICY desk_of_nobody_else ON workbench.desk AS RESTRICTIVE FOR INSERT WITH CHECK (
  NOT EXISTS (SELECT FROM workbench.pack p WHERE p.record = desk.record AND p.writer = desk.desk AND p.role <> desk.role)
  OR record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));
CREATE POLICY say ON workbench.desk FOR UPDATE
  USING (role = current_user AND record IN (SELECT m.record FROM workbench.mine m WHERE m.writes))
  WITH CHECK (role = current_user);
CREATE POLICY give ON workbench.desk FOR UPDATE USING (record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));

-- A pack is sent from one's own desk.  It holds that desk's entries, or those of a desk that no other role owns; a keeper
-- carries for others.  Who signs for a person is a member as that person; what a keeper carries was signed elsewhere.
CREATE POLICY append ON workbench.pack FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.writes));
CREATE POLICY pack_from_own_desk ON workbench.pack AS RESTRICTIVE FOR INSERT WITH CHECK (
  EXISTS (SELECT FROM workbench.desk d
    WHERE d.record = pack.record AND d.desk = pack.desk AND d.role = current_user AND d.left_at IS NULL));
CREATE POLICY pack_of_nobody_else ON workbench.pack AS RESTRICTIVE FOR INSERT WITH CHECK (
  writer = desk
  OR NOT EXISTS (SELECT FROM workbench.desk d
    WHERE d.record = pack.record AND d.desk = pack.writer AND d.role <> current_user)
  OR record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));
CREATE POLICY pack_signs_for_oneself ON workbench.pack AS RESTRICTIVE FOR INSERT WITH CHECK (
  signs = '{}'
  OR signs <@ ARRAY(SELECT m.person FROM workbench.mine m WHERE m.record = pack.record AND m.signs)
  OR writer <> desk AND record IN (SELECT m.record FROM workbench.mine m WHERE m.keeps));

CREATE POLICY append ON workbench.evidence FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.writes));
CREATE POLICY evidence_from_own_desk ON workbench.evidence AS RESTRICTIVE FOR INSERT WITH CHECK (
  role = current_user AND EXISTS (SELECT FROM workbench.desk d
    WHERE d.record = evidence.record AND d.desk = evidence.desk AND d.role = current_user AND d.left_at IS NULL));
CREATE POLICY append ON workbench.head FOR INSERT WITH CHECK (record IN (SELECT m.record FROM workbench.mine m WHERE m.writes));
CREATE POLICY head_from_own_desk ON workbench.head AS RESTRICTIVE FOR INSERT WITH CHECK (
  role = current_user AND EXISTS (SELECT FROM workbench.desk d
    WHERE d.record = head.record AND d.desk = head.desk AND d.role = current_user AND d.left_at IS NULL));

-- ---------------------------------------------------------------------------------------------------------------------
-- What triggers do.  Those of one table run in the order of their names.

-- Who sends is noted by the rights of who sends; a role that may not write learns nothing of where anything ends.
CREATE FUNCTION workbench.note_sender() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM workbench.mine m WHERE m.record = NEW.record AND m.writes) THEN
    RAISE EXCEPTION 'workbench: this role may not write to that record' USING ERRCODE = '42501';
  END IF;
  NEW.role := current_user;
  NEW.sent_at := clock_timestamp();
  NEW.purged := false;
  RETURN NEW;
END
$$;
CREATE TRIGGER a_note_sender BEFORE INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.note_sender();
CREATE TRIGGER a_note_sender BEFORE INSERT ON workbench.evidence FOR EACH ROW EXECUTE FUNCTION workbench.note_sender();

-- Packs of a record are numbered one after the other, also where several desks send at once: readers go by the number.
-- The row of ``ending`` stays locked until the transaction ends, so that a number is seen only after those before it.
-- A transaction that looks at an older state is refused by the engine (40001).
CREATE FUNCTION workbench.number_pack() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reached record;
BEGIN
  NEW.digest := sha256(NEW.content);
  UPDATE workbench.ending e SET number = e.number + 1, chain = sha256(e.chain || NEW.digest)
    WHERE e.record = NEW.record RETURNING e.number, e.chain INTO NEW.number, NEW.chain;
  NEW.sent_at := clock_timestamp();  -- now that it is its turn: times come in the order of numbers
  IF EXISTS (SELECT FROM workbench.record r WHERE r.record = NEW.record AND r.moved_to IS NOT NULL) THEN
    RAISE EXCEPTION 'workbench: this record was moved to another server' USING ERRCODE = 'WB001';
  END IF;
  SELECT r.last, r.tip INTO reached FROM workbench.reached r WHERE r.record = NEW.record AND r.writer = NEW.writer;
  IF NEW.first IS DISTINCT FROM coalesce(reached.last, 0) + 1 OR NEW.follows IS DISTINCT FROM coalesce(reached.tip, '') THEN
    RAISE EXCEPTION 'workbench: the entries do not follow entry % of that desk', coalesce(reached.last, 0) USING ERRCODE = 'WB002';
  END IF;
  INSERT INTO workbench.reached AS r (record, writer, last, tip) VALUES (NEW.record, NEW.writer, NEW.last, NEW.tip)
    ON CONFLICT (record, writer) DO UPDATE SET last = excluded.last, tip = excluded.tip;
  RETURN NEW;
END
$$;
CREATE TRIGGER b_number_pack BEFORE INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.number_pack();

CREATE FUNCTION workbench.tell_pack() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('workbench', NEW.record || ' ' || NEW.number);
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_pack AFTER INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.tell_pack();

-- Whoever puts a record here keeps it.
CREATE FUNCTION workbench.begin_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO workbench.ending (record) VALUES (NEW.record);
  INSERT INTO workbench.member (record, role, may, added_by) VALUES (NEW.record, NEW.made_by, 'keeper', NEW.made_by);
  RETURN NULL;
END
$$;
CREATE TRIGGER begin_record AFTER INSERT ON workbench.record FOR EACH ROW EXECUTE FUNCTION workbench.begin_record();

-- A mailbox is closed once, after the packs that are being sent: nothing comes after.  The row of ``ending`` is written
-- and not only locked, so that a transaction that looks at an older state is refused, as where packs are numbered.
CREATE FUNCTION workbench.close_record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE workbench.ending e SET number = e.number WHERE e.record = OLD.record;
  IF OLD.moved_to IS NOT NULL OR NEW.moved_to IS NULL
    OR (NEW.record, NEW.project, NEW.mailbox, NEW.made_by, NEW.made_at)
      IS DISTINCT FROM (OLD.record, OLD.project, OLD.mailbox, OLD.made_by, OLD.made_at) THEN
    RAISE EXCEPTION 'workbench: a record that was moved stays so, and nothing else of it is changed' USING ERRCODE = 'WB003';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER close_record BEFORE UPDATE ON workbench.record FOR EACH ROW EXECUTE FUNCTION workbench.close_record();

-- The same for rights that are taken away: from an older state nobody sends on, or removes the last keeper.
CREATE FUNCTION workbench.keep_a_keeper() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE workbench.ending e SET number = e.number WHERE e.record = OLD.record;
  IF OLD.may = 'keeper' AND NOT EXISTS (
    SELECT FROM workbench.member m WHERE m.record = OLD.record AND m.may = 'keeper' AND m.role <> OLD.role) THEN
    RAISE EXCEPTION 'workbench: nobody else keeps this record' USING ERRCODE = 'WB004';
  END IF;
  RETURN OLD;
END
$$;
CREATE TRIGGER keep_a_keeper BEFORE DELETE ON workbench.member FOR EACH ROW EXECUTE FUNCTION workbench.keep_a_keeper();

-- Who asks for it is noted, and whether it is a keeper asked, before anything is done or told with the rights of the owner.
CREATE FUNCTION workbench.ask_keeper() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM workbench.mine m WHERE m.record = NEW.record AND m.keeps) THEN
    RAISE EXCEPTION 'workbench: this role does not keep that record' USING ERRCODE = '42501';
  END IF;
  IF TG_TABLE_NAME = 'purge' THEN
    NEW.role := current_user;
    NEW.purged_at := clock_timestamp();
  ELSE
    NEW.removed_by := current_user;
    NEW.removed_at := clock_timestamp();
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER a_ask_keeper BEFORE INSERT ON workbench.purge FOR EACH ROW EXECUTE FUNCTION workbench.ask_keeper();
CREATE TRIGGER a_ask_keeper BEFORE INSERT ON workbench.removal FOR EACH ROW EXECUTE FUNCTION workbench.ask_keeper();

-- A removal of what is not there is no row, as a DELETE would have found none.
CREATE FUNCTION workbench.remove_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM workbench.member m WHERE m.record = NEW.record AND m.role = NEW.role AND m.person = NEW.person
    RETURNING m.may INTO NEW.may;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER b_remove_member BEFORE INSERT ON workbench.removal FOR EACH ROW EXECUTE FUNCTION workbench.remove_member();

-- A purge leaves number, digest and chain, and says who purged; the row of ``purge`` itself holds no content.
CREATE FUNCTION workbench.carry_out_purge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched bigint;
BEGIN
  IF NEW.number IS NOT NULL THEN
    UPDATE workbench.pack p SET content = coalesce(NEW.content, ''), purged = true
      WHERE p.record = NEW.record AND p.number = NEW.number;
  ELSE
    UPDATE workbench.evidence e SET content = '', purged = true WHERE e.record = NEW.record AND e.digest = NEW.digest;
  END IF;
  GET DIAGNOSTICS touched = ROW_COUNT;
  IF touched = 0 THEN
    RAISE EXCEPTION 'workbench: there is nothing of that name to purge' USING ERRCODE = 'WB005';
  END IF;
  NEW.content := NULL;
  RETURN NEW;
END
$$;
CREATE TRIGGER carry_out_purge BEFORE INSERT ON workbench.purge FOR EACH ROW EXECUTE FUNCTION workbench.carry_out_purge();

-- Nothing is changed or deleted, whoever asks.  A purge comes from the trigger above, and touches the content alone.
CREATE FUNCTION workbench.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('pack', 'evidence') AND pg_trigger_depth() > 1 THEN
    IF NEW.purged AND to_jsonb(NEW) - '{content,purged}'::text[] = to_jsonb(OLD) - '{content,purged}'::text[] THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'workbench: what was sent is never changed or deleted' USING ERRCODE = 'WB003';
END
$$;
DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['pack', 'evidence', 'head', 'purge', 'removal'] LOOP
    EXECUTE format('CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON workbench.%I '
      'FOR EACH ROW EXECUTE FUNCTION workbench.refuse_change()', kept);
  END LOOP;
  FOREACH kept IN ARRAY ARRAY['record', 'desk', 'ending', 'reached'] LOOP
    EXECUTE format('CREATE TRIGGER keep_rows BEFORE DELETE ON workbench.%I '
      'FOR EACH ROW EXECUTE FUNCTION workbench.refuse_change()', kept);
  END LOOP;
  FOREACH kept IN ARRAY ARRAY['record', 'member', 'desk', 'pack', 'ending', 'reached', 'evidence', 'head', 'purge',
    'removal'] LOOP
    EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON workbench.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION workbench.refuse_change()', kept);
  END LOOP;
END
$$;

-- For keepers, with the rights of who calls them.
CREATE FUNCTION workbench.purge_pack(of_record text, pack_number bigint, cleaned bytea) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO workbench.purge (record, number, content) VALUES (of_record, pack_number, cleaned)
$$;
CREATE FUNCTION workbench.purge_evidence(of_record text, of_digest text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO workbench.purge (record, digest) VALUES (of_record, of_digest)
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Rights of the groups.  No group has DELETE or TRUNCATE on anything, or UPDATE on a whole table: with these
-- comes the right to lock it.  PUBLIC has nothing at all.
REVOKE ALL ON ALL TABLES IN SCHEMA workbench FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA workbench FROM PUBLIC;
GRANT USAGE ON SCHEMA workbench TO workbench_reader;
GRANT SELECT ON workbench.about, workbench.record, workbench.member, workbench.desk, workbench.pack, workbench.evidence,
  workbench.head, workbench.purge, workbench.removal, workbench.mine, workbench.reach TO workbench_reader;
GRANT INSERT (record, desk, named) ON workbench.desk TO workbench_writer;
GRANT UPDATE (named, left_at) ON workbench.desk TO workbench_writer;
GRANT INSERT (record, desk, writer, first, last, follows, tip, signs, content) ON workbench.pack TO workbench_writer;
GRANT INSERT (record, digest, media, size, content, desk) ON workbench.evidence TO workbench_writer;
GRANT INSERT (record, number, desk, note) ON workbench.head TO workbench_writer;
GRANT INSERT (record, project, mailbox), UPDATE (moved_to) ON workbench.record TO workbench_keeper;
GRANT INSERT (record, role, person, may) ON workbench.member TO workbench_keeper;
GRANT INSERT (record, role, person) ON workbench.removal TO workbench_keeper;
GRANT INSERT (role), UPDATE (role) ON workbench.desk TO workbench_keeper;
GRANT INSERT (record, number, digest, content) ON workbench.purge TO workbench_keeper;
GRANT EXECUTE ON FUNCTION workbench.purge_pack, workbench.purge_evidence TO workbench_keeper;
INSERT INTO workbench.about (version, works_with) VALUES (1, 1);
COMMIT;
