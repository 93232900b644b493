-- What follows when a delivery does not simply succeed: copies sent again, bounces that come late, other addresses, calls.
-- Runs as tocsin_owner.
SET search_path = tocsin;

-- True for a person who may put a name under what leaves the house; the DPO controls and never counts, Art. 38(6).
CREATE FUNCTION may_sign(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM tocsin.person p WHERE p.id = wanted AND p.active 
    AND p.roles && ARRAY['legal', 'executive'] AND NOT 'dpo' = ANY (p.roles))
$$;
-- True when this transaction acts for the person: nobody signs in somebody else's name.
CREATE FUNCTION signs_as(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('tocsin.actor', true), '') = 'person/' || wanted::text
$$;

-- A policy two people sign: a machine may send an initial notice to an authority again when its copy is in doubt.
-- Its scope is not a column, because it can have no other: authorities, initial notices, one copy, before the due.
CREATE TABLE resend_clause (
  id uuid PRIMARY KEY,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 5000),
  proposed_by uuid NOT NULL REFERENCES person (id),
  proposed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  signed_by uuid REFERENCES person (id) CHECK (signed_by <> proposed_by),
  signed_at timestamptz(3),
  revoked_by uuid REFERENCES person (id),
  revoked_at timestamptz(3),
  CHECK ((signed_by IS NULL) = (signed_at IS NULL)),
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
CREATE FUNCTION guard_resend_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.signed_by IS NOT NULL OR NEW.revoked_by IS NOT NULL
       OR NOT tocsin.signs_as(NEW.proposed_by) OR NOT tocsin.may_sign(NEW.proposed_by) THEN
      RAISE EXCEPTION 'resend_clause: legal or the executive proposes it, in their own name' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ARRAY['signed_by', 'signed_at', 'revoked_by', 'revoked_at']
     IS DISTINCT FROM to_jsonb(OLD) - ARRAY['signed_by', 'signed_at', 'revoked_by', 'revoked_at']
     OR (OLD.signed_by IS NOT NULL AND (NEW.signed_by, NEW.signed_at) IS DISTINCT FROM (OLD.signed_by, OLD.signed_at))
     OR OLD.revoked_by IS NOT NULL THEN
    RAISE EXCEPTION 'resend_clause: what was signed cannot change' USING ERRCODE = '42501';
  END IF;
  IF (NEW.signed_by IS DISTINCT FROM OLD.signed_by AND NOT (tocsin.signs_as(NEW.signed_by) AND tocsin.may_sign(NEW.signed_by)))
     OR (NEW.revoked_by IS NOT NULL AND NOT (tocsin.signs_as(NEW.revoked_by) AND tocsin.may_sign(NEW.revoked_by))) THEN
    RAISE EXCEPTION 'resend_clause: legal or the executive signs, in their own name' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER resend_clause_guarded BEFORE INSERT OR UPDATE ON resend_clause
  FOR EACH ROW EXECUTE FUNCTION guard_resend_clause();
CREATE TRIGGER resend_clause_stays BEFORE DELETE OR TRUNCATE ON resend_clause
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE resend_clause ENABLE ALWAYS TRIGGER resend_clause_guarded;
ALTER TABLE resend_clause ENABLE ALWAYS TRIGGER resend_clause_stays;
GRANT SELECT, INSERT, UPDATE ON resend_clause TO tocsin_app;
GRANT SELECT ON resend_clause TO tocsin_auditor;

-- Two distinct people have signed, both may still sign, nobody has revoked it.
CREATE FUNCTION resend_clause_stands(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM tocsin.resend_clause k WHERE k.id = wanted AND k.signed_by IS NOT NULL AND k.revoked_by IS NULL
    AND tocsin.may_sign(k.proposed_by) AND tocsin.may_sign(k.signed_by))
$$;

-- Leave for one more copy: who, why, of which one, and the exact bytes, marked as a possible duplicate.
CREATE TABLE resend (
  delivery_id uuid PRIMARY KEY REFERENCES delivery (id) DEFERRABLE INITIALLY DEFERRED,
  original_id uuid NOT NULL UNIQUE REFERENCES delivery (id),
  case_id uuid NOT NULL REFERENCES case_file (id),
  notice_id uuid NOT NULL REFERENCES notice (id),
  basis text NOT NULL CHECK (basis IN ('person', 'standing-clause')),
  person_id uuid REFERENCES person (id),
  clause_id uuid REFERENCES resend_clause (id),
  -- The two who signed the clause, as they stood then.
  signers uuid[] NOT NULL DEFAULT '{}',
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 5000),
  segments jsonb NOT NULL,
  mime_sha256 bytea NOT NULL CHECK (length(mime_sha256) = 32),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CHECK (original_id <> delivery_id),
  CHECK ((basis = 'person') = (person_id IS NOT NULL)),
  CHECK ((basis = 'standing-clause') = (clause_id IS NOT NULL)),
  CHECK ((basis = 'standing-clause') = (cardinality(signers) = 2))
);
CREATE INDEX resend_notice ON resend (notice_id);

-- No further copy without its leave; never within 15 minutes of the dot; a machine only for authorities and before the due.
CREATE FUNCTION check_resend() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r tocsin.resend; o tocsin.delivery;
BEGIN
  SELECT * INTO r FROM tocsin.resend WHERE delivery_id = NEW.id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'delivery: a further copy needs its resend' USING ERRCODE = '23514';
  END IF;
  SELECT * INTO o FROM tocsin.delivery WHERE id = r.original_id;
  IF ROW(NEW.notice_id, NEW.version_id, NEW.case_id, NEW.transport, NEW.recipient_key, NEW.address, NEW.language, NEW.merge,
         NEW.release_id, NEW.resend_no, NEW.mime_sha256)
     IS DISTINCT FROM
     ROW(o.notice_id, o.version_id, o.case_id, o.transport, o.recipient_key, o.address, o.language, o.merge,
         o.release_id, o.resend_no + 1, r.mime_sha256)
     OR NEW.message_id = o.message_id OR NEW.state <> 'pending' THEN
    RAISE EXCEPTION 'delivery: a further copy goes where the first one went, under the same release' USING ERRCODE = '23514';
  END IF;
  IF o.state NOT IN ('in-doubt', 'abandoned') OR o.at_dot_at > clock_timestamp() - interval '15 minutes' THEN
    RAISE EXCEPTION 'delivery: only a copy in doubt for 15 minutes is sent again' USING ERRCODE = '23514';
  END IF;
  IF r.basis = 'person' AND NOT (tocsin.signs_as(r.person_id) AND tocsin.may_sign(r.person_id)) THEN
    RAISE EXCEPTION 'resend: legal or the executive decides it, in their own name' USING ERRCODE = '42501';
  END IF;
  IF r.basis = 'standing-clause' AND NOT EXISTS (
       SELECT 1 FROM tocsin.resends_by_clause(NEW.notice_id) c JOIN tocsin.resend_clause k ON k.id = r.clause_id
       WHERE c.delivery_id = o.id AND c.at <= clock_timestamp() AND tocsin.resend_clause_stands(k.id)
         AND r.signers = ARRAY[k.proposed_by, k.signed_by]) THEN
    RAISE EXCEPTION 'resend: no standing clause allows it' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Copies in doubt that a clause lets a machine send again, and from when; empty without a clause, and after the due.
CREATE FUNCTION resends_by_clause(wanted uuid) RETURNS TABLE (delivery_id uuid, at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT c.id, c.at FROM (
    SELECT d.id, greatest(d.at_dot_at + interval '15 minutes', d.next_attempt_at) AS at, o.due_ring_at
    FROM tocsin.delivery d
    JOIN tocsin.notice n ON n.id = d.notice_id AND n.recipient_kind = 'authority' AND n.phase = 'initial' AND n.state = 'released'
    JOIN tocsin.notice_version v ON v.id = d.version_id AND v.superseded_at IS NULL
    JOIN tocsin.obligation o ON o.id = n.obligation_id
    WHERE d.notice_id = wanted AND d.state = 'in-doubt' AND d.resend_no = 0
      AND NOT EXISTS (SELECT 1 FROM tocsin.delivery c WHERE c.version_id = d.version_id
        AND c.recipient_key = d.recipient_key AND c.resend_no > 0)
      AND EXISTS (SELECT 1 FROM tocsin.resend_clause k WHERE tocsin.resend_clause_stands(k.id))) c
  WHERE c.at < c.due_ring_at AND clock_timestamp() < c.due_ring_at
$$ ROWS 1;
ALTER FUNCTION resends_by_clause(uuid) SET search_path = tocsin;

CREATE TRIGGER delivery_resend_checked BEFORE INSERT ON delivery
  FOR EACH ROW WHEN (NEW.resend_no > 0) EXECUTE FUNCTION check_resend();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_resend_checked;

-- A message that came back after its server had taken it: evidence, because what was sent stays sent.
CREATE TABLE late_bounce (
  delivery_id uuid PRIMARY KEY REFERENCES delivery (id),
  case_id uuid NOT NULL REFERENCES case_file (id),
  notice_id uuid NOT NULL REFERENCES notice (id),
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 5000),
  -- Case time.
  bounced_at timestamptz(3) NOT NULL,
  recorded_by text NOT NULL,
  recorded_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX late_bounce_notice ON late_bounce (notice_id);

-- Another address for a recipient of a case, found by a person; the newest row counts when a version is frozen.
CREATE TABLE corrected_address (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  notice_id uuid NOT NULL REFERENCES notice (id),
  recipient_key text NOT NULL,
  address text NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 5000),
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX corrected_address_notice ON corrected_address (notice_id, recipient_key, id);
-- A version that only goes to those an earlier one did not reach.
ALTER TABLE notice_version ADD COLUMN corrects boolean NOT NULL DEFAULT false;

-- Told by word of mouth or on paper: to whom it was said, and which recipients are told by it.
ALTER TABLE receipt DROP CONSTRAINT receipt_kind_check;
ALTER TABLE receipt ADD CONSTRAINT receipt_kind_check
  CHECK (kind IN ('server-acceptance', 'reference', 'reply', 'file', 'telephone', 'post'));
ALTER TABLE receipt ADD COLUMN covers text[] NOT NULL DEFAULT '{}';
ALTER TABLE receipt ADD COLUMN told text;
ALTER TABLE receipt ADD CONSTRAINT receipt_told CHECK (kind NOT IN ('telephone', 'post') OR told IS NOT NULL);

GRANT UPDATE (told) ON receipt TO tocsin_app;
-- Recipients of a notice who are known to have it: by mail that did not come back, or by a recorded call, letter or answer.
CREATE FUNCTION told(wanted uuid) RETURNS TABLE (recipient_key text) LANGUAGE sql STABLE AS $$
  SELECT s.recipient_key FROM tocsin.delivery s WHERE s.notice_id = wanted AND s.state = 'sent'
    AND NOT EXISTS (SELECT 1 FROM tocsin.late_bounce b WHERE b.delivery_id = s.id)
  UNION ALL
  SELECT unnest(r.covers) FROM tocsin.receipt r WHERE r.notice_id = wanted
$$;
-- Recipients of a notice whom nothing is known to have reached: by mail, or by a recorded call, letter or answer.
CREATE FUNCTION untold(wanted uuid) RETURNS TABLE (recipient_key text) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT d.recipient_key
  FROM tocsin.delivery d JOIN tocsin.notice_version v ON v.id = d.version_id
  WHERE d.notice_id = wanted AND d.release_id IS NOT NULL AND d.state <> 'suppressed'
    AND v.version >= (SELECT coalesce(max(w.version), 0) FROM tocsin.notice_version w WHERE w.notice_id = wanted AND NOT w.corrects)
    AND d.recipient_key NOT IN (SELECT t.recipient_key FROM tocsin.told(wanted) t)
$$;

-- Written once; what names people gives way when a closed case is erased, and nothing else ever does.
CREATE FUNCTION guard_doubt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE personal text[] := ARRAY['address', 'reason', 'evidence']; field text;
BEGIN
  FOREACH field IN ARRAY personal LOOP
    IF to_jsonb(NEW) ->> field IS DISTINCT FROM to_jsonb(OLD) ->> field
       AND to_jsonb(NEW) ->> field NOT IN ('erased', 'erased@erased.invalid') THEN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
    END IF;
  END LOOP;
  IF TG_TABLE_NAME = 'resend' OR to_jsonb(NEW) - personal IS DISTINCT FROM to_jsonb(OLD) - personal
     OR NOT EXISTS (SELECT 1 FROM tocsin.case_file c WHERE c.id = OLD.case_id AND c.state = 'closed') THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['resend', 'late_bounce', 'corrected_address'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_stays', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION guard_doubt()', t || '_guarded', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_stays_whole', t);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays');
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_guarded');
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays_whole');
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;

-- Case minutes; policy, not law.
CREATE TABLE doubt_policy (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  -- How long a customer may leave a notice unanswered before somebody telephones.
  telephone_after_minutes int NOT NULL DEFAULT 240 CHECK (telephone_after_minutes > 0)
);
INSERT INTO doubt_policy DEFAULT VALUES;
GRANT SELECT ON doubt_policy TO tocsin_app, tocsin_watch, tocsin_auditor;

-- The watch opens the task that an alarm is about in the transaction that rings it: once, whatever else is down.
GRANT INSERT ON task TO tocsin_watch;
ALTER TABLE alarm ADD COLUMN task_kind text;
ALTER TABLE alarm ADD COLUMN task_title text;
