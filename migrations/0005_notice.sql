-- The notice: versions, approvals, releases and the dispatch ledger. Runs as tocsin_owner.
SET search_path = tocsin;

CREATE TABLE notice (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL,
  mode text NOT NULL,
  obligation_id uuid NOT NULL REFERENCES obligation (id),
  recipient_kind text NOT NULL CHECK (recipient_kind IN ('authority', 'controller', 'data-subject')),
  phase text NOT NULL DEFAULT 'initial' CHECK (phase IN ('initial', 'supplementary', 'final', 'withdrawal')),
  channel text NOT NULL CHECK (channel IN ('email', 'portal')),
  state text NOT NULL CHECK (state IN
    ('drafting', 'in-review', 'returned', 'released', 'dispatched', 'cancelled')),
  version int NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (case_id, mode) REFERENCES case_file (id, mode),
  UNIQUE (id, case_id, mode)
);
CREATE UNIQUE INDEX notice_live ON notice (obligation_id, phase) WHERE state <> 'cancelled';
CREATE INDEX notice_case ON notice (case_id);

-- One frozen version: what an approval covers. Content is what the wording was made from, kept to show and compare.
CREATE TABLE notice_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  notice_id uuid NOT NULL,
  case_id uuid NOT NULL,
  mode text NOT NULL,
  version int NOT NULL,
  author text NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  -- The canonical JSON whose SHA-256 is the digest: content, sender, channel, recipients' count and root.
  digest_input text NOT NULL,
  sender text NOT NULL,
  subject text NOT NULL,
  content jsonb NOT NULL,
  group_key text NOT NULL,
  recipient_count int NOT NULL CHECK (recipient_count > 0),
  recipient_root bytea NOT NULL CHECK (length(recipient_root) = 32),
  facts_version int NOT NULL,
  encoder text NOT NULL,
  frozen_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  superseded_at timestamptz(3),
  FOREIGN KEY (notice_id, case_id, mode) REFERENCES notice (id, case_id, mode),
  UNIQUE (notice_id, version),
  UNIQUE (id, digest),
  UNIQUE (id, case_id, mode)
);

-- The words of one version in one language: MIME segments with slots between them.
CREATE TABLE notice_variant (
  version_id uuid NOT NULL REFERENCES notice_version (id),
  case_id uuid NOT NULL,
  language text NOT NULL,
  template text NOT NULL,
  template_sha256 bytea NOT NULL,
  subject text NOT NULL,
  text_body text NOT NULL,
  segments jsonb NOT NULL,
  PRIMARY KEY (version_id, language)
);

-- Approvals and releases are written once and never changed.
CREATE TABLE approval (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  version_id uuid NOT NULL,
  case_id uuid NOT NULL,
  digest bytea NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  -- The root over the digests of all notices approved in one act; null for a single one.
  set_root bytea,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (version_id, digest) REFERENCES notice_version (id, digest),
  UNIQUE (version_id, person_id)
);

CREATE TABLE release (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  version_id uuid NOT NULL UNIQUE,
  case_id uuid NOT NULL,
  digest bytea NOT NULL,
  basis text NOT NULL CHECK (basis IN ('approvals', 'standing-authorisation', 'emergency')),
  approvals_needed int NOT NULL CHECK (approvals_needed >= 1),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (version_id, digest) REFERENCES notice_version (id, digest),
  UNIQUE (id, version_id)
);

-- How many distinct approvers besides the author a notice needs; numbers are policy.
CREATE TABLE approval_policy (
  recipient_kind text NOT NULL CHECK (recipient_kind IN ('authority', 'controller', 'data-subject')),
  over_recipients int NOT NULL CHECK (over_recipients >= 0),
  approvers int NOT NULL CHECK (approvers >= 1),
  PRIMARY KEY (recipient_kind, over_recipients)
);
INSERT INTO approval_policy VALUES
  ('authority', 0, 1), ('controller', 0, 1), ('data-subject', 0, 1), ('data-subject', 100, 2);

CREATE FUNCTION approvers_needed(wanted_version uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT p.approvers
  FROM tocsin.notice_version v
  JOIN tocsin.notice n ON n.id = v.notice_id
  JOIN tocsin.approval_policy p ON p.recipient_kind = n.recipient_kind AND v.recipient_count > p.over_recipients
  WHERE v.id = wanted_version
  ORDER BY p.over_recipients DESC LIMIT 1
$$;

-- Distinct approvers of exactly these bytes, the author left out, whose authority to approve still stands.
CREATE FUNCTION approvers_counted(wanted_version uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT count(DISTINCT p.id)::int
  FROM tocsin.approval a
  JOIN tocsin.notice_version v ON v.id = a.version_id AND v.digest = a.digest
  JOIN tocsin.person p ON p.id = a.person_id AND p.active AND p.roles && ARRAY['legal', 'executive']
  WHERE a.version_id = wanted_version AND v.superseded_at IS NULL AND 'person/' || p.id::text <> v.author
$$;

CREATE FUNCTION check_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed int;
BEGIN
  IF NEW.basis <> 'approvals' THEN
    RAISE EXCEPTION 'release: no valid % exists', NEW.basis USING ERRCODE = '23514';
  END IF;
  needed := tocsin.approvers_needed(NEW.version_id);
  IF needed IS NULL OR NEW.approvals_needed < needed OR tocsin.approvers_counted(NEW.version_id) < needed THEN
    RAISE EXCEPTION 'release: not enough distinct approvers besides the author' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_checked BEFORE INSERT ON release FOR EACH ROW EXECUTE FUNCTION check_release();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['approval', 'release', 'notice_variant'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_stays', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_stays_whole', t);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays');
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays_whole');
  END LOOP;
END $$;

-- A frozen version never changes but for being superseded.
CREATE FUNCTION guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'superseded_at' IS DISTINCT FROM to_jsonb(OLD) - 'superseded_at' THEN
    RAISE EXCEPTION 'notice_version is frozen' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notice_version_frozen BEFORE UPDATE ON notice_version FOR EACH ROW EXECUTE FUNCTION guard_version();
CREATE TRIGGER notice_version_stays BEFORE DELETE ON notice_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE notice_version ENABLE ALWAYS TRIGGER notice_version_frozen;
ALTER TABLE notice_version ENABLE ALWAYS TRIGGER notice_version_stays;

-- The ledger: one row, one envelope, one SMTP transaction.
CREATE TABLE delivery (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  notice_id uuid NOT NULL,
  version_id uuid NOT NULL,
  case_id uuid NOT NULL,
  mode text NOT NULL,
  -- Drills go to the sandbox only.
  transport text NOT NULL CHECK (transport IN ('sandbox', 'relay')),
  recipient_key text NOT NULL,
  address text NOT NULL CHECK (address ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
  language text NOT NULL,
  merge jsonb NOT NULL,
  message_id text NOT NULL,
  mime_sha256 bytea NOT NULL CHECK (length(mime_sha256) = 32),
  mime_bytes int NOT NULL CHECK (mime_bytes > 0),
  resend_no int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'prepared' CHECK (state IN
    ('prepared', 'pending', 'claimed', 'at-dot', 'retry', 'sent', 'bounced', 'in-doubt', 'suppressed', 'cancelled', 'abandoned')),
  release_id uuid,
  attempts int NOT NULL DEFAULT 0,
  attempt_id uuid,
  lease_until timestamptz(3),
  next_attempt_at timestamptz(3),
  at_dot_at timestamptz(3),
  ended_at timestamptz(3),
  reply text,
  FOREIGN KEY (version_id, case_id, mode) REFERENCES notice_version (id, case_id, mode),
  FOREIGN KEY (version_id, language) REFERENCES notice_variant (version_id, language),
  FOREIGN KEY (release_id, version_id) REFERENCES release (id, version_id),
  UNIQUE (version_id, recipient_key, resend_no),
  UNIQUE (message_id),
  CHECK (mode = 'real' OR transport = 'sandbox'),
  -- Release before delivery: nothing but a prepared, cancelled or suppressed row stands without one.
  CHECK (release_id IS NOT NULL OR state IN ('prepared', 'cancelled', 'suppressed')),
  -- In doubt, the attempt keeps the row: it alone may still learn that the server took the message.
  CHECK ((state IN ('claimed', 'at-dot', 'in-doubt')) = (attempt_id IS NOT NULL)),
  CHECK ((state IN ('claimed', 'at-dot')) = (lease_until IS NOT NULL)),
  CHECK (state <> 'at-dot' OR at_dot_at IS NOT NULL)
);
CREATE INDEX delivery_due ON delivery (notice_id, next_attempt_at, id) WHERE state IN ('pending', 'retry');
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state IN ('claimed', 'at-dot');
CREATE INDEX delivery_notice ON delivery (notice_id, state);
CREATE INDEX delivery_version ON delivery (version_id, state);

-- What was approved stays: address, words and digest of a row never change once written.
CREATE FUNCTION guard_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW.id, NEW.notice_id, NEW.version_id, NEW.case_id, NEW.mode, NEW.transport, NEW.recipient_key, NEW.address,
         NEW.language, NEW.merge, NEW.message_id, NEW.mime_sha256, NEW.mime_bytes, NEW.resend_no)
     IS DISTINCT FROM
     ROW(OLD.id, OLD.notice_id, OLD.version_id, OLD.case_id, OLD.mode, OLD.transport, OLD.recipient_key, OLD.address,
         OLD.language, OLD.merge, OLD.message_id, OLD.mime_sha256, OLD.mime_bytes, OLD.resend_no)
     OR (OLD.release_id IS NOT NULL AND NEW.release_id IS DISTINCT FROM OLD.release_id) THEN
    RAISE EXCEPTION 'delivery: what was frozen cannot change' USING ERRCODE = '42501';
  END IF;
  -- The only ways between states (src/ledger/delivery.ts); never out of one that has ended, never from doubt to a retry.
  IF NEW.state <> OLD.state AND NOT (CASE OLD.state
      WHEN 'prepared' THEN NEW.state IN ('pending', 'cancelled', 'suppressed')
      WHEN 'pending' THEN NEW.state IN ('claimed', 'cancelled', 'suppressed')
      WHEN 'retry' THEN NEW.state IN ('claimed', 'cancelled', 'suppressed')
      WHEN 'claimed' THEN NEW.state IN ('at-dot', 'retry', 'bounced', 'cancelled')
      WHEN 'at-dot' THEN NEW.state IN ('sent', 'retry', 'bounced', 'in-doubt')
      WHEN 'in-doubt' THEN NEW.state IN ('sent', 'abandoned')
      ELSE false END) THEN
    RAISE EXCEPTION 'delivery: % cannot become %', OLD.state, NEW.state USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_frozen BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION guard_delivery();
CREATE TRIGGER delivery_stays BEFORE DELETE ON delivery FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_frozen;
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_stays;

-- Every transition of a delivery, folded into a register leaf by root; written by the database itself.
CREATE TABLE delivery_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery_id uuid NOT NULL REFERENCES delivery (id),
  case_id uuid NOT NULL,
  from_state text,
  to_state text NOT NULL,
  attempt_id uuid,
  reply text,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL
);
-- Which events a `delivery.folded` entry of the case covers; the entry holds the same numbers and root.
CREATE TABLE delivery_fold (
  case_id uuid NOT NULL,
  from_event bigint NOT NULL,
  to_event bigint NOT NULL CHECK (to_event >= from_event),
  events int NOT NULL CHECK (events BETWEEN 1 AND 1000),
  root bytea NOT NULL CHECK (length(root) = 32),
  PRIMARY KEY (case_id, to_event)
);
CREATE TRIGGER delivery_fold_stays BEFORE UPDATE OR DELETE ON delivery_fold FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_fold_stays_whole BEFORE TRUNCATE ON delivery_fold FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE delivery_fold ENABLE ALWAYS TRIGGER delivery_fold_stays;
ALTER TABLE delivery_fold ENABLE ALWAYS TRIGGER delivery_fold_stays_whole;
CREATE INDEX delivery_event_case ON delivery_event (case_id, id);
CREATE TRIGGER delivery_event_stays BEFORE UPDATE OR DELETE ON delivery_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_event_stays_whole BEFORE TRUNCATE ON delivery_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_stays;
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_stays_whole;

-- Written per statement, so that ten thousand rows cost one insert. The shared lock lets a fold wait until no event
-- with a lower number is still uncommitted.
CREATE FUNCTION note_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE who text := coalesce(nullif(current_setting('tocsin.actor', true), ''), 'unknown');
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('delivery ' || c.case_id::text, 0))
  FROM (SELECT DISTINCT case_id FROM new_row ORDER BY case_id) c;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO tocsin.delivery_event (delivery_id, case_id, from_state, to_state, attempt_id, reply, actor)
    SELECT n.id, n.case_id, NULL, n.state, n.attempt_id, n.reply, who FROM new_row n ORDER BY n.id;
  ELSE
    INSERT INTO tocsin.delivery_event (delivery_id, case_id, from_state, to_state, attempt_id, reply, actor)
    SELECT n.id, n.case_id, o.state, n.state, coalesce(n.attempt_id, o.attempt_id), n.reply, who
    FROM new_row n JOIN old_row o ON o.id = n.id
    WHERE n.state IS DISTINCT FROM o.state OR n.attempt_id IS DISTINCT FROM o.attempt_id ORDER BY n.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_noted_first AFTER INSERT ON delivery
  REFERENCING NEW TABLE AS new_row FOR EACH STATEMENT EXECUTE FUNCTION note_delivery();
CREATE TRIGGER delivery_noted AFTER UPDATE ON delivery
  REFERENCING OLD TABLE AS old_row NEW TABLE AS new_row FOR EACH STATEMENT EXECUTE FUNCTION note_delivery();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_noted_first;
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_noted;

-- Evidence from outside that a notice arrived: a server's acceptance, a portal's reference number, a file.
CREATE TABLE receipt (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  notice_id uuid NOT NULL REFERENCES notice (id),
  kind text NOT NULL CHECK (kind IN ('server-acceptance', 'reference', 'reply', 'file')),
  evidence text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL
);
CREATE INDEX receipt_notice ON receipt (notice_id);

-- Opinions of the DPO, reasons for sending back: on record, never an approval.
CREATE TABLE review_note (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  notice_id uuid NOT NULL REFERENCES notice (id),
  version int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opinion', 'return', 'cancellation')),
  text text NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX review_note_notice ON review_note (notice_id);

-- Documents (filing packs, exports): bytes at rest, encrypted by the adapter.
CREATE TABLE document (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  name text NOT NULL,
  media_type text NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  size_bytes int NOT NULL CHECK (size_bytes BETWEEN 0 AND 26214400),
  key_id text NOT NULL,
  body bytea NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['notice','notice_version','notice_variant','approval','release','delivery','delivery_event',
                           'delivery_fold','receipt','review_note','document'] LOOP
    EXECUTE format('GRANT SELECT, INSERT ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;
GRANT UPDATE ON notice, notice_version, delivery TO tocsin_app;
GRANT SELECT ON approval_policy TO tocsin_app, tocsin_auditor;
GRANT SELECT ON notice, delivery TO tocsin_watch;
