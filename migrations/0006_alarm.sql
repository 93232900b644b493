-- Alarms: what must ring, and what has rung. The watch needs these tables and nothing else of a case.
SET search_path = tocsin;

CREATE TABLE alarm (
  subject text NOT NULL,
  step text NOT NULL,
  due_at timestamptz(3) NOT NULL,
  -- The wall instant at which it rings.
  ring_at timestamptz(3) NOT NULL,
  case_id uuid NOT NULL REFERENCES case_file (id),
  role text NOT NULL,
  line text NOT NULL,
  silenced_at timestamptz(3),
  -- The due it has rung for; a moved due rings again.
  rung_due_at timestamptz(3),
  PRIMARY KEY (subject, step)
);
CREATE INDEX alarm_next ON alarm (ring_at)
  WHERE silenced_at IS NULL AND rung_due_at IS DISTINCT FROM due_at;

-- Unique on (subject, step, due_at): a moved due rings again, nothing rings twice.
CREATE TABLE alarm_outbox (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  subject text NOT NULL,
  step text NOT NULL,
  due_at timestamptz(3) NOT NULL,
  ring_at timestamptz(3) NOT NULL,
  case_id uuid NOT NULL,
  role text NOT NULL,
  line text NOT NULL,
  -- 0 for the person in charge; 1 for the deputy called because nobody answered.
  rung_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  handed_at timestamptz(3),
  handed_to text,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  answered_at timestamptz(3),
  answered_by text,
  escalated_at timestamptz(3),
  UNIQUE (subject, step, due_at)
);
CREATE INDEX alarm_outbox_unsent ON alarm_outbox (next_attempt_at) WHERE handed_at IS NULL;
CREATE INDEX alarm_outbox_unanswered ON alarm_outbox (handed_at) WHERE answered_at IS NULL AND escalated_at IS NULL;
CREATE INDEX alarm_outbox_case ON alarm_outbox (case_id);

GRANT SELECT, INSERT, UPDATE ON alarm TO tocsin_app, tocsin_watch;
GRANT SELECT, INSERT, UPDATE ON alarm_outbox TO tocsin_app, tocsin_watch;
GRANT SELECT ON alarm, alarm_outbox TO tocsin_auditor;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['alarm', 'alarm_outbox'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;

-- The watch enters what it rang.
GRANT SELECT, INSERT ON register_entry TO tocsin_watch;
GRANT EXECUTE ON FUNCTION lock_stream(text) TO tocsin_watch;

-- What runs and since when: heartbeats of the watch and the worker.
CREATE TABLE heartbeat (
  name text PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
GRANT SELECT, INSERT, UPDATE ON heartbeat TO tocsin_app, tocsin_watch;
GRANT SELECT ON heartbeat TO tocsin_auditor;
