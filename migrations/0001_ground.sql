-- The ground everything stands on: schema, actor of a transaction, people, tokens, idempotency, wakes.
-- Runs as tocsin_owner. Working roles get only what they need.
CREATE SCHEMA tocsin;
GRANT USAGE ON SCHEMA tocsin TO tocsin_app, tocsin_watch, tocsin_signer, tocsin_auditor;
SET search_path = tocsin;

-- What the organisation is: the demo organisation can open drills only (see case_file).
CREATE TABLE organisation (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  kind text NOT NULL UNIQUE CHECK (kind IN ('own', 'demo')),
  name text NOT NULL
);
GRANT SELECT, INSERT ON organisation TO tocsin_app;
GRANT SELECT ON organisation TO tocsin_watch, tocsin_auditor;

-- True when this transaction's actor may see cases of the unit; nothing set means nothing seen.
CREATE FUNCTION sees_unit(unit text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('tocsin.units', true), '') = '*'
      OR unit = ANY (string_to_array(coalesce(current_setting('tocsin.units', true), ''), ','))
      OR '*' = ANY (string_to_array(coalesce(current_setting('tocsin.units', true), ''), ','))
$$;
CREATE FUNCTION sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT '*' = ANY (string_to_array(coalesce(current_setting('tocsin.units', true), ''), ','))
$$;

-- For append-only tables: whatever the role, a row once written stays.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;

CREATE TABLE person (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  issuer text NOT NULL,
  subject text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  roles text[] NOT NULL CHECK (roles <@ ARRAY['responder','legal','dpo','executive','auditor','administrator']),
  units text[] NOT NULL,
  deputy_id uuid REFERENCES person (id),
  active boolean NOT NULL DEFAULT true,
  UNIQUE (issuer, subject)
);
GRANT SELECT, INSERT, UPDATE ON person TO tocsin_app;
GRANT SELECT ON person TO tocsin_watch, tocsin_auditor;

CREATE TABLE access_token (
  token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
  person_id uuid NOT NULL REFERENCES person (id),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3)
);
GRANT SELECT, INSERT, UPDATE ON access_token TO tocsin_app;

-- One row per (actor, key): the same body replays its answer, another body is refused.
CREATE TABLE idempotency (
  actor text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  body_sha256 bytea NOT NULL CHECK (length(body_sha256) = 32),
  answer jsonb NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (actor, key)
);
GRANT SELECT, INSERT ON idempotency TO tocsin_app;

-- What a workflow must be told; repeated by the relay until Temporal accepts it.
CREATE TABLE wake (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workflow text NOT NULL CHECK (workflow IN ('breach-case', 'notice')),
  subject_id uuid NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  accepted_at timestamptz(3)
);
CREATE INDEX wake_pending ON wake (id) WHERE accepted_at IS NULL;
CREATE INDEX wake_subject ON wake (subject_id, at);
GRANT SELECT, INSERT, UPDATE ON wake TO tocsin_app, tocsin_watch;
