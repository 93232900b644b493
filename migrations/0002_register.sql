-- The register: one leaf per act, chained per stream, never changed. Runs as tocsin_owner.
SET search_path = tocsin;

-- Whether the actor may read a stream. Cases do not exist yet: 0004 replaces this to look at who may see the case.
CREATE FUNCTION sees_stream(stream text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT tocsin.sees_all() $$;

-- The end of each stream; locked last in a transaction, by lock_stream only.
CREATE TABLE register_stream (
  stream text COLLATE "C" PRIMARY KEY CHECK (
    stream ~ '^(house|case/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$'
  ),
  seq int NOT NULL DEFAULT 0 CHECK (seq >= 0),
  head bytea CHECK (length(head) = 32),
  CHECK ((seq = 0) = (head IS NULL))
) WITH (fillfactor = 70);

CREATE TABLE register_entry (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  stream text COLLATE "C" NOT NULL,
  stream_seq int NOT NULL CHECK (stream_seq >= 1),
  prev bytea CHECK (length(prev) = 32),
  leaf bytea NOT NULL CHECK (octet_length(leaf) <= 1048576),
  leaf_hash bytea NOT NULL CHECK (leaf_hash = sha256('\x00'::bytea || leaf)),
  type text NOT NULL CHECK (type ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$'),
  at timestamptz(3) NOT NULL,
  UNIQUE (stream, stream_seq),
  CHECK ((stream_seq = 1) = (prev IS NULL))
);

-- Salt and value behind a commitment, sealed outside the database. The one part of the register that may be erased.
CREATE TABLE register_opening (
  stream text COLLATE "C" NOT NULL,
  stream_seq int NOT NULL,
  field text COLLATE "C" NOT NULL,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (stream, stream_seq, field),
  FOREIGN KEY (stream, stream_seq) REFERENCES register_entry (stream, stream_seq)
);

-- The place of each entry in the one tree over all streams; given after the commit, so entries see no UPDATE.
CREATE TABLE register_position (
  position bigint PRIMARY KEY CHECK (position >= 0),
  entry_id uuid NOT NULL UNIQUE REFERENCES register_entry (id)
);
-- Entries that wait for a place: reading this is cheap however long the register grows.
CREATE TABLE register_unsequenced (entry_id uuid PRIMARY KEY);

-- Takes the lock of a stream, making its row if need be, and says where the stream stands and what time it is.
-- SECURITY DEFINER: an actor who may append to a stream it cannot read (house) must still continue it.
CREATE FUNCTION lock_stream(wanted text) RETURNS TABLE (seq int, head bytea, at timestamptz(3))
LANGUAGE plpgsql SECURITY DEFINER SET search_path = tocsin, pg_temp AS $$
#variable_conflict use_column
BEGIN
  LOOP
    -- The clock is read after the lock is held, so times follow the order of the stream.
    RETURN QUERY
      SELECT s.seq, s.head, date_trunc('milliseconds', clock_timestamp())::timestamptz(3)
      FROM (SELECT seq, head FROM register_stream WHERE stream = wanted FOR NO KEY UPDATE) s;
    IF FOUND THEN RETURN; END IF;
    INSERT INTO register_stream (stream) VALUES (wanted) ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

-- Lets in only the entry that continues its stream, and only if its columns say what its leaf says. The canonical leaf
-- ends in the keys prev, stream, streamSeq, ts, type, v, so comparing bytes is enough.
CREATE FUNCTION continue_stream() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = tocsin, pg_temp AS $$
DECLARE tail bytea := convert_to(format(
  '"prev":%s,"stream":"%s","streamSeq":%s,"ts":"%s","type":"%s","v":1}',
  coalesce('"' || encode(NEW.prev, 'hex') || '"', 'null'), NEW.stream, NEW.stream_seq,
  to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), NEW.type), 'UTF8');
BEGIN
  IF substring(NEW.leaf FROM octet_length(NEW.leaf) - octet_length(tail) + 1) IS DISTINCT FROM tail THEN
    RAISE EXCEPTION 'register_entry: columns and leaf differ' USING ERRCODE = '23514';
  END IF;
  UPDATE register_stream SET seq = NEW.stream_seq, head = NEW.leaf_hash
  WHERE stream = NEW.stream AND seq = NEW.stream_seq - 1 AND head IS NOT DISTINCT FROM NEW.prev;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'register_entry: % does not continue its stream', NEW.stream_seq USING ERRCODE = '23514';
  END IF;
  INSERT INTO register_unsequenced (entry_id) VALUES (NEW.id);
  RETURN NEW;
END $$;
CREATE TRIGGER register_entry_continues BEFORE INSERT ON register_entry
  FOR EACH ROW EXECUTE FUNCTION continue_stream();
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER register_entry_continues;

-- For each statement, not each row: a row hidden by row-level security must not turn a refusal into "0 rows".
CREATE TRIGGER register_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER register_entry_stays;
CREATE TRIGGER register_position_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_position
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE register_position ENABLE ALWAYS TRIGGER register_position_stays;
CREATE TRIGGER register_opening_stays BEFORE UPDATE OR TRUNCATE ON register_opening
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE register_opening ENABLE ALWAYS TRIGGER register_opening_stays;
CREATE TRIGGER register_stream_stays BEFORE DELETE OR TRUNCATE ON register_stream
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE register_stream ENABLE ALWAYS TRIGGER register_stream_stays;

-- Everyone may add to the house stream (a sign-in is an act too); only those who see the whole group may read it.
-- (SELECT sees_all()) is worked out once a query, and lets the planner read page by page in the order of the index.
ALTER TABLE register_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY register_entry_read ON register_entry FOR SELECT USING ((SELECT sees_all()) OR sees_stream(stream));
CREATE POLICY register_entry_append ON register_entry FOR INSERT
  WITH CHECK (stream = 'house' OR sees_stream(stream));
ALTER TABLE register_opening ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_opening FORCE ROW LEVEL SECURITY;
CREATE POLICY register_opening_read ON register_opening FOR SELECT USING ((SELECT sees_all()) OR sees_stream(stream));
CREATE POLICY register_opening_erase ON register_opening FOR DELETE USING ((SELECT sees_all()) OR sees_stream(stream));
CREATE POLICY register_opening_append ON register_opening FOR INSERT
  WITH CHECK (stream = 'house' OR sees_stream(stream));
-- Not forced: the owner's two functions above keep it for actors who see less.
ALTER TABLE register_stream ENABLE ROW LEVEL SECURITY;
CREATE POLICY register_stream_read ON register_stream FOR SELECT USING ((SELECT sees_all()) OR sees_stream(stream));

REVOKE EXECUTE ON FUNCTION lock_stream(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_stream(text) TO tocsin_app;
GRANT SELECT, INSERT ON register_entry TO tocsin_app;
GRANT SELECT, INSERT, DELETE ON register_opening TO tocsin_app;
GRANT SELECT ON register_stream, register_position, register_unsequenced TO tocsin_app;
GRANT SELECT ON register_entry TO tocsin_watch;
GRANT SELECT, INSERT ON register_position TO tocsin_watch;
GRANT SELECT, DELETE ON register_unsequenced TO tocsin_watch;
GRANT SELECT ON register_entry, register_position, register_stream TO tocsin_signer;
GRANT SELECT ON register_entry, register_position, register_stream, register_unsequenced, register_opening
  TO tocsin_auditor;
