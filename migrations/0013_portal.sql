-- Authorities that take notices only from a person: who files, since when that was tried, and what was filed.
SET search_path = tocsin;

-- How long a filing is taken to need until somebody rehearsed it, and how long a rehearsal counts; numbers are policy.
CREATE TABLE filing_policy (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  default_minutes int NOT NULL CHECK (default_minutes BETWEEN 1 AND 4320),
  stale_months int NOT NULL CHECK (stale_months BETWEEN 1 AND 60)
);
INSERT INTO filing_policy (default_minutes, stale_months) VALUES (120, 6);

-- What a named person found when they last looked; the newest row for an authority and affiliate stands.
CREATE TABLE readiness (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  authority_id text COLLATE "C" NOT NULL,
  -- Null: for every affiliate that has no record of its own.
  affiliate_key text COLLATE "C",
  account text NOT NULL CHECK (account IN ('exists', 'missing', 'not-needed')),
  account_holder_id uuid REFERENCES person (id),
  eid text NOT NULL CHECK (eid IN ('held', 'missing', 'not-needed')),
  eid_holder_id uuid REFERENCES person (id),
  deputy_id uuid REFERENCES person (id),
  tested_on date,
  filing_minutes int CHECK (filing_minutes BETWEEN 1 AND 4320),
  form_version text,
  note text,
  recorded_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL,
  CHECK ((account = 'exists') = (account_holder_id IS NOT NULL)),
  CHECK ((eid = 'held') = (eid_holder_id IS NOT NULL)),
  -- A time was measured on a day.
  CHECK (filing_minutes IS NULL OR tested_on IS NOT NULL)
);
CREATE INDEX readiness_newest ON readiness (authority_id, affiliate_key, id DESC);

-- The address a machine may send an authority's notices to: who says so, on what evidence. One is in force at most.
CREATE TABLE authority_address (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  authority_id text COLLATE "C" NOT NULL,
  email text NOT NULL CHECK (email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
  state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'superseded', 'withdrawn')),
  evidence text NOT NULL,
  named_by uuid NOT NULL REFERENCES person (id),
  named_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- The second person, who any change after the first confirmation needs.
  seconded_by uuid REFERENCES person (id),
  confirmed_at timestamptz(3),
  ended_at timestamptz(3),
  CHECK (seconded_by IS DISTINCT FROM named_by),
  CHECK ((state = 'proposed') = (confirmed_at IS NULL) OR state IN ('superseded', 'withdrawn')),
  CHECK ((state IN ('superseded', 'withdrawn')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX authority_address_in_force ON authority_address (authority_id) WHERE state = 'confirmed';
CREATE UNIQUE INDEX authority_address_proposed ON authority_address (authority_id) WHERE state = 'proposed';

-- What was confirmed stays; only its state moves on. A change is in force with a second person or not at all.
CREATE FUNCTION guard_authority_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND ROW(NEW.id, NEW.authority_id, NEW.email, NEW.evidence, NEW.named_by, NEW.named_at)
     IS DISTINCT FROM ROW(OLD.id, OLD.authority_id, OLD.email, OLD.evidence, OLD.named_by, OLD.named_at) THEN
    RAISE EXCEPTION 'authority_address: what was named cannot change' USING ERRCODE = '42501';
  END IF;
  IF NEW.state = 'confirmed' AND NEW.seconded_by IS NULL AND EXISTS (
       SELECT FROM tocsin.authority_address a
       WHERE a.authority_id = NEW.authority_id AND a.id <> NEW.id AND a.confirmed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'authority_address: a change needs a second person' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER authority_address_guarded BEFORE INSERT OR UPDATE ON authority_address
  FOR EACH ROW EXECUTE FUNCTION guard_authority_address();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['readiness', 'authority_address'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_stays', t);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays');
  END LOOP;
END $$;
CREATE TRIGGER readiness_kept BEFORE UPDATE ON readiness FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE readiness ENABLE ALWAYS TRIGGER readiness_kept;

-- How long a filing there takes: as rehearsed for this affiliate, else for all of them, else the policy's figure.
CREATE FUNCTION filing_minutes(wanted_authority text, wanted_affiliate text) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT r.filing_minutes FROM tocsin.readiness r
     WHERE r.authority_id = wanted_authority AND (r.affiliate_key = wanted_affiliate OR r.affiliate_key IS NULL)
     ORDER BY r.affiliate_key NULLS LAST, r.id DESC LIMIT 1),
    (SELECT p.default_minutes FROM tocsin.filing_policy p))
$$;

GRANT SELECT ON filing_policy, readiness, authority_address TO tocsin_app, tocsin_auditor;
GRANT INSERT ON readiness, authority_address TO tocsin_app;
GRANT UPDATE (state, seconded_by, confirmed_at, ended_at) ON authority_address TO tocsin_app;

-- An alarm may call somebody by name: the one who files, then the deputy; without them, whoever holds the role.
ALTER TABLE alarm ADD COLUMN person_id uuid REFERENCES person (id), ADD COLUMN deputy_id uuid REFERENCES person (id);
ALTER TABLE alarm_outbox ADD COLUMN person_id uuid, ADD COLUMN deputy_id uuid;

-- Packs are part of a version; evidence and receipts are not. Nothing of a document ever changes.
ALTER TABLE document
  ADD COLUMN notice_id uuid REFERENCES notice (id),
  ADD COLUMN version_id uuid REFERENCES notice_version (id),
  ADD COLUMN purpose text NOT NULL DEFAULT 'evidence' CHECK (purpose IN ('filing-pack', 'evidence', 'receipt')),
  ADD COLUMN added_by text NOT NULL DEFAULT 'machine/engine',
  ADD CONSTRAINT document_of_version CHECK ((purpose = 'filing-pack') = (version_id IS NOT NULL)),
  ADD CONSTRAINT document_of_receipt CHECK (purpose <> 'receipt' OR notice_id IS NOT NULL);
CREATE INDEX document_case ON document (case_id, id);
CREATE INDEX document_notice ON document (notice_id) WHERE notice_id IS NOT NULL;

-- The authority's own number for the matter, and the file a receipt came as.
ALTER TABLE receipt
  ADD COLUMN reference text,
  ADD COLUMN document_id uuid REFERENCES document (id);
CREATE INDEX receipt_reference ON receipt (notice_id, id DESC) WHERE reference IS NOT NULL;
