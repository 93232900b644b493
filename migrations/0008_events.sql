-- Events: what came in signed, once each; what goes out to webhooks, written with the register entry it tells of.
SET search_path = tocsin;

-- Whatever a known source signed is kept under (source, id); no secret stands here.
CREATE TABLE inbound_event (
  source text NOT NULL,
  event_id text NOT NULL,
  type text,
  body_sha256 bytea NOT NULL CHECK (length(body_sha256) = 32),
  outcome text NOT NULL CHECK (outcome IN ('case-opened', 'facts-recorded', 'attached', 'kept')),
  case_id uuid REFERENCES case_file (id),
  reference text,
  -- Why a person must look; names fields, never their values.
  reason text,
  -- The bytes as they came, where no command took over what they say.
  body bytea,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- Came before the event that opens its case, named here; taken up with that one. `unit`: whom its source speaks for.
  awaits_source text,
  awaits_id text,
  unit text NOT NULL,
  -- A person has looked at what was kept.
  settled_at timestamptz(3),
  settled_by text,
  PRIMARY KEY (source, event_id),
  CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
  CHECK ((outcome = 'kept') = (case_id IS NULL)),
  CHECK ((outcome IN ('kept', 'attached')) = (reason IS NOT NULL))
);
CREATE INDEX inbound_event_case ON inbound_event (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX inbound_event_waiting ON inbound_event (at) WHERE outcome = 'kept' AND settled_at IS NULL;
CREATE INDEX inbound_event_awaiting ON inbound_event (awaits_source, awaits_id) WHERE outcome = 'kept' AND awaits_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE (settled_at, settled_by, outcome, case_id, reference, reason, body) ON inbound_event TO tocsin_app;
GRANT SELECT ON inbound_event TO tocsin_auditor;
ALTER TABLE inbound_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbound_event FORCE ROW LEVEL SECURITY;
-- An event that has no case yet belongs to nobody's unit: the whole group's eyes only.
CREATE POLICY inbound_event_by_case ON inbound_event
  USING ((SELECT sees_all()) OR (case_id IS NOT NULL AND sees_case(case_id)))
  WITH CHECK ((SELECT sees_all()));

-- A receiver, by a digest of its address: some addresses are secrets themselves. The watch keeps it as configured.
CREATE TABLE webhook_endpoint (
  key text PRIMARY KEY CHECK (key ~ '^[0-9a-f]{32}$'),
  -- Null: every type.
  types text[],
  -- True: told of drills too.
  exercises boolean NOT NULL,
  active boolean NOT NULL DEFAULT true,
  since timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- The receiver answered 410 Gone; leaving it out of the configuration and back in clears this.
  disabled_at timestamptz(3)
);
GRANT SELECT, INSERT, UPDATE ON webhook_endpoint TO tocsin_watch;
GRANT SELECT ON webhook_endpoint TO tocsin_auditor;

-- One register entry on its way to one receiver. The entry is the content; nothing of it is copied here.
CREATE TABLE outbound_event (
  entry_id uuid NOT NULL REFERENCES register_entry (id),
  endpoint text NOT NULL REFERENCES webhook_endpoint (key),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'abandoned')),
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz(3),
  PRIMARY KEY (entry_id, endpoint),
  CHECK ((state = 'pending') = (settled_at IS NULL))
);
CREATE INDEX outbound_event_next ON outbound_event (endpoint, next_attempt_at) WHERE state = 'pending';
GRANT SELECT, UPDATE ON outbound_event TO tocsin_watch;
GRANT SELECT ON outbound_event TO tocsin_auditor;

-- SECURITY DEFINER: whoever may add the entry need not know who is told of it.
CREATE FUNCTION announce_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = tocsin, pg_temp AS $$
BEGIN
  INSERT INTO outbound_event (entry_id, endpoint)
  SELECT NEW.id, e.key FROM webhook_endpoint e
  WHERE e.active AND e.disabled_at IS NULL
    -- Whoever may add to a case's stream sees the case, so a real one is found; what is not found stays in the house.
    AND (e.exercises OR EXISTS (
      SELECT 1 FROM case_file c WHERE c.id = substr(NEW.stream, 6)::uuid AND c.mode = 'real'))
    AND (e.types IS NULL OR NEW.type = ANY (e.types) OR split_part(NEW.type, '.', 1) || '.*' = ANY (e.types));
  RETURN NULL;
END $$;
CREATE TRIGGER register_entry_announced AFTER INSERT ON register_entry
  FOR EACH ROW WHEN (NEW.stream <> 'house' AND NEW.type ~ '^(case|obligations?|notices?)\.')
  EXECUTE FUNCTION announce_entry();
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER register_entry_announced;
