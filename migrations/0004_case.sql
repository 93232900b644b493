-- The case: what is known, whose breach it is, who is exposed, what is owed. Runs as tocsin_owner.
SET search_path = tocsin;

CREATE TABLE case_file (
  id uuid PRIMARY KEY,
  reference text NOT NULL UNIQUE CHECK (reference ~ '^[BD]-[0-9]{4}-[0-9]{4,}$'),
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 20000),
  unit text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('real', 'drill')),
  organisation_kind text NOT NULL REFERENCES organisation (kind) ON UPDATE CASCADE,
  state text NOT NULL CHECK (state IN ('investigating', 'determined', 'closed')),
  determination text CHECK (determination IN ('breach', 'not-a-breach')),
  determined_at timestamptz(3),
  determined_by text,
  determination_reason text,
  -- The case clock: wall_start_at and case_start_at are one moment; case time runs speed times as fast.
  wall_start_at timestamptz(3) NOT NULL,
  case_start_at timestamptz(3) NOT NULL,
  speed double precision NOT NULL CHECK (speed > 0),
  detected_at timestamptz(3),
  received_at timestamptz(3) NOT NULL,
  -- Provisional awareness runs from intake; a named person fixes it with evidence.
  aware_at timestamptz(3) NOT NULL,
  aware_zone text NOT NULL,
  aware_offset_minutes int NOT NULL,
  aware_state text NOT NULL DEFAULT 'provisional' CHECK (aware_state IN ('provisional', 'fixed')),
  aware_basis text NOT NULL,
  -- True when 72 hours from provisional awareness were over when the report came in.
  reported_late boolean NOT NULL DEFAULT false,
  source text NOT NULL,
  external_id text,
  catalogue_version int,
  facts_version int NOT NULL DEFAULT 0,
  -- Bumped by every change that asks for scope and obligations to be looked at again; the engine records how far it got.
  revision int NOT NULL DEFAULT 1,
  scoped_revision int NOT NULL DEFAULT 0,
  obligations_revision int NOT NULL DEFAULT 0,
  opened_by text NOT NULL,
  closed_at timestamptz(3),
  closed_reason text,
  CHECK (mode = 'drill' OR (speed = 1 AND organisation_kind = 'own')),
  CHECK ((determination IS NULL) = (determined_at IS NULL)),
  CHECK (state <> 'determined' OR determination IS NOT NULL),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  UNIQUE (id, mode)
);
CREATE UNIQUE INDEX case_file_event ON case_file (source, external_id) WHERE external_id IS NOT NULL;
CREATE SEQUENCE case_number;
GRANT USAGE ON SEQUENCE case_number TO tocsin_app;
GRANT SELECT, INSERT, UPDATE ON case_file TO tocsin_app;
GRANT SELECT ON case_file TO tocsin_watch, tocsin_auditor;
ALTER TABLE case_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_file FORCE ROW LEVEL SECURITY;
CREATE POLICY case_file_by_unit ON case_file USING ((SELECT sees_all()) OR sees_unit(unit)) WITH CHECK ((SELECT sees_all()) OR sees_unit(unit));

-- True when the actor may see the case; rows of every case table hang on it.
CREATE FUNCTION sees_case(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT sees_all() OR EXISTS (SELECT 1 FROM tocsin.case_file c WHERE c.id = wanted)
$$;
CREATE OR REPLACE FUNCTION sees_stream(stream text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT tocsin.sees_all() OR (
    stream LIKE 'case/%' AND tocsin.sees_case(substr(stream, 6)::uuid)
  )
$$;

-- What was named as hit.
CREATE TABLE case_hit (
  case_id uuid NOT NULL REFERENCES case_file (id),
  kind text NOT NULL CHECK (kind IN ('asset', 'product', 'processing')),
  key text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (case_id, kind, key)
);

-- Facts, versioned: the newest row of (about, name) counts; earlier ones stay.
CREATE TABLE fact (
  case_id uuid NOT NULL REFERENCES case_file (id),
  version int NOT NULL,
  about text NOT NULL DEFAULT 'case',
  name text NOT NULL,
  value jsonb NOT NULL,
  certainty text NOT NULL CHECK (certainty IN ('estimated', 'range', 'confirmed', 'unknown')),
  source text NOT NULL,
  observed_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  recorded_by text NOT NULL,
  PRIMARY KEY (case_id, about, name, version)
);
-- For each statement: a row hidden by row-level security must not turn a refusal into "0 rows".
CREATE TRIGGER fact_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON fact
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE fact ENABLE ALWAYS TRIGGER fact_stays;

-- One legal position of one affiliate in the case.
CREATE TABLE track (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  affiliate_key text NOT NULL,
  role text NOT NULL CHECK (role IN ('controller', 'processor', 'joint-controller')),
  processing_key text NOT NULL DEFAULT '',
  aware_at timestamptz(3) NOT NULL,
  aware_zone text NOT NULL,
  aware_offset_minutes int NOT NULL,
  aware_state text NOT NULL CHECK (aware_state IN ('provisional', 'fixed')),
  aware_basis text NOT NULL,
  UNIQUE (case_id, affiliate_key, role, processing_key),
  CHECK ((role = 'processor') = (processing_key = ''))
);

-- How each engagement or own processing stands in the case, with the terms as they were when scoped.
CREATE TABLE case_exposure (
  case_id uuid NOT NULL REFERENCES case_file (id),
  kind text NOT NULL CHECK (kind IN ('engagement', 'processing')),
  key text NOT NULL,
  affiliate_key text NOT NULL,
  role text NOT NULL CHECK (role IN ('controller', 'processor', 'joint-controller')),
  customer_key text,
  product_key text,
  visibility text CHECK (visibility IN ('V0', 'V1', 'V2', 'V3', 'V4')),
  contract_hours numeric CHECK (contract_hours > 0),
  service_reference text,
  asset_keys text[] NOT NULL DEFAULT '{}',
  -- {name, email, phone, language}: the customer's breach contact as it was when scoped.
  contact jsonb,
  grade text NOT NULL CHECK (grade IN ('confirmed', 'likely', 'not-excluded', 'excluded')),
  evidence text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  catalogue_version int NOT NULL,
  PRIMARY KEY (case_id, kind, key),
  CHECK (kind = 'processing' OR (customer_key IS NOT NULL AND product_key IS NOT NULL AND visibility IS NOT NULL))
);
CREATE INDEX case_exposure_customer ON case_exposure (case_id, customer_key);

-- People whose data an own processing holds on what was hit; addresses are read when a notice is frozen.
CREATE TABLE case_subject (
  case_id uuid NOT NULL REFERENCES case_file (id),
  processing_key text NOT NULL,
  subject_key text NOT NULL,
  PRIMARY KEY (case_id, processing_key, subject_key)
);

CREATE TABLE obligation (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  provision text NOT NULL,
  affiliate_key text NOT NULL,
  track_id uuid NOT NULL REFERENCES track (id),
  recipient_kind text NOT NULL CHECK (recipient_kind IN ('authority', 'controller', 'data-subject', 'register')),
  recipient_key text NOT NULL,
  state text NOT NULL CHECK (state IN ('owed', 'not-owed', 'to-decide', 'discharged', 'withdrawn')),
  reason text NOT NULL,
  citation text NOT NULL,
  label text NOT NULL,
  verification text NOT NULL,
  facts_used jsonb NOT NULL,
  rule_set_version text NOT NULL,
  engagement_keys text[] NOT NULL DEFAULT '{}',
  -- The authority chosen and why, its channel and languages; null for other recipients.
  authority jsonb,
  due_at timestamptz(3),
  due_basis text NOT NULL CHECK (due_basis IN ('statute', 'contract', 'policy', 'none')),
  due_ring_at timestamptz(3),
  target_at timestamptz(3),
  decided_by text,
  dispatched_at timestamptz(3),
  receipt_at timestamptz(3),
  discharged_at timestamptz(3),
  late boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (case_id, provision, affiliate_key, recipient_key, track_id),
  CHECK ((due_at IS NULL) = (due_ring_at IS NULL)),
  CHECK (due_basis IN ('statute', 'contract') OR due_at IS NULL),
  CHECK ((state = 'discharged') = (discharged_at IS NOT NULL))
);
CREATE INDEX obligation_case ON obligation (case_id, due_at);

CREATE TABLE task (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  kind text NOT NULL,
  subject text NOT NULL,
  title text NOT NULL,
  role text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz(3),
  done_by text,
  outcome text,
  CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE UNIQUE INDEX task_open ON task (case_id, kind, subject) WHERE state = 'open';

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['case_hit','fact','track','case_exposure','case_subject','obligation','task'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor, tocsin_watch', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;
GRANT DELETE ON case_subject TO tocsin_app;
