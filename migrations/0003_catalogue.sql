-- The catalogue: who we are, what we sell, to whom, on what, and whose data we hold ourselves. Runs as tocsin_owner.
-- Every row is kept with the versions that saw it: version v sees rows with since <= v and (until is null or until > v).
SET search_path = tocsin;

-- One row per import that changed something. Imports are serialised, so versions commit in their order.
CREATE TABLE catalogue_version (
  version int PRIMARY KEY CHECK (version >= 1),
  kind text NOT NULL CHECK (
    kind IN ('affiliate', 'processing', 'product', 'asset', 'customer', 'engagement', 'subject')
  ),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  by text NOT NULL,
  -- SHA-256 of the file as it came in, and the rows it held.
  digest bytea NOT NULL CHECK (length(digest) = 32),
  rows int NOT NULL CHECK (rows >= 1)
);

CREATE TABLE affiliate (
  key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  region text,
  zone text NOT NULL,
  languages text[] NOT NULL CHECK (cardinality(languages) >= 1),
  main_establishment boolean NOT NULL,
  unit text NOT NULL,
  sender_address text NOT NULL,
  dpo_name text NOT NULL,
  dpo_email text NOT NULL,
  dpo_phone text NOT NULL
);

-- What an affiliate does with personal data as controller.
CREATE TABLE processing (
  key text COLLATE "C" NOT NULL,
  affiliate_key text NOT NULL,
  name text NOT NULL,
  purpose text NOT NULL,
  people_categories text[] NOT NULL,
  data_categories text[] NOT NULL,
  cross_border boolean NOT NULL,
  countries text[] NOT NULL
);

CREATE TABLE product (
  key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  visibility text NOT NULL CHECK (visibility IN ('V0', 'V1', 'V2', 'V3', 'V4')),
  description text
);

CREATE TABLE asset (
  key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  site text NOT NULL,
  product_keys text[] NOT NULL,
  processing_keys text[] NOT NULL
);

-- The master agreement stands on the customer; engagements may add terms of their own.
CREATE TABLE customer (
  key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  country text NOT NULL,
  language text NOT NULL,
  contact_name text NOT NULL,
  contact_email text NOT NULL,
  contact_phone text,
  -- Who has confirmed the address; machines send nothing real to an address nobody has confirmed.
  contact_confirmed_by text,
  agreement_reference text NOT NULL,
  agreement_breach_hours numeric CHECK (agreement_breach_hours > 0)
);

CREATE TABLE engagement (
  key text COLLATE "C" NOT NULL,
  customer_key text NOT NULL,
  product_key text NOT NULL,
  affiliate_key text NOT NULL,
  role text NOT NULL CHECK (role IN ('controller', 'processor', 'joint-controller')),
  visibility text NOT NULL CHECK (visibility IN ('V0', 'V1', 'V2', 'V3', 'V4')),
  visibility_evidence text NOT NULL,
  service_reference text NOT NULL,
  asset_keys text[] NOT NULL,
  -- The term of this service, beside the master agreement's: the earlier one counts.
  breach_hours numeric CHECK (breach_hours > 0),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to >= valid_from)
);

-- People whose data an own processing holds on an asset.
CREATE TABLE subject (
  key text COLLATE "C" NOT NULL,
  processing_key text COLLATE "C" NOT NULL,
  asset_key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  language text NOT NULL,
  country text NOT NULL
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['affiliate','processing','product','asset','customer','engagement','subject'] LOOP
    EXECUTE format('ALTER TABLE %I ADD since int NOT NULL CHECK (since >= 1)', t);
    EXECUTE format('ALTER TABLE %I ADD until int CHECK (until > since)', t);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (key, since)', t);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (key) WHERE until IS NULL', t || '_current', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO tocsin_app', t);
  END LOOP;
END $$;
CREATE INDEX engagement_assets ON engagement USING gin (asset_keys);
CREATE INDEX engagement_product ON engagement (product_key);
CREATE INDEX subject_place ON subject (processing_key, asset_key, key);
GRANT SELECT, INSERT ON catalogue_version TO tocsin_app;

-- The auditor checks acts, not people: no right on subject.
GRANT SELECT ON catalogue_version, affiliate, processing, product, asset, customer, engagement TO tocsin_auditor;
GRANT SELECT ON catalogue_version, affiliate TO tocsin_watch;

-- Rows of an import on their way in, every value as text; emptied when the import ends, well or badly.
CREATE UNLOGGED TABLE catalogue_staging (
  import_id uuid NOT NULL,
  -- The line of the file on which the row begins.
  line int NOT NULL,
  cells jsonb NOT NULL,
  PRIMARY KEY (import_id, line)
);
GRANT SELECT, INSERT, DELETE, MAINTAIN ON catalogue_staging TO tocsin_app;
