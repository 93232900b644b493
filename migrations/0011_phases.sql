-- Notices in phases: supplements, final notices, withdrawals, further parts for people added later. Runs as tocsin_owner.
SET search_path = tocsin;

-- Which of several of one phase: supplements one after another, or an initial notice to people found later.
ALTER TABLE notice ADD COLUMN part int NOT NULL DEFAULT 1 CHECK (part >= 1);
-- The first notice, which the recipient knows; null on that one.
ALTER TABLE notice ADD COLUMN refers_to uuid REFERENCES notice (id);
-- Our own aim, in case time, where the law says only "without undue further delay".
ALTER TABLE notice ADD COLUMN target_at timestamptz(3);
-- Why an earlier notice no longer stands.
ALTER TABLE notice ADD COLUMN cause text CHECK (cause IN ('not-a-breach', 'not-affected', 'wrong-recipient'));
ALTER TABLE notice ADD CONSTRAINT notice_cause CHECK ((phase = 'withdrawal') = (cause IS NOT NULL));
ALTER TABLE notice ADD CONSTRAINT notice_refers CHECK (phase = 'initial' OR refers_to IS NOT NULL);

-- One unsent notice of a phase at a time, and each part once; a cancelled one stands for nothing.
DROP INDEX notice_live;
CREATE UNIQUE INDEX notice_unsent ON notice (obligation_id, phase) WHERE state NOT IN ('dispatched', 'cancelled');
CREATE UNIQUE INDEX notice_part ON notice (obligation_id, phase, part) WHERE state <> 'cancelled';

-- The case revision up to which what this recipient was told has been compared with what is known.
ALTER TABLE obligation ADD COLUMN told_revision int NOT NULL DEFAULT 0;

-- What people establish about a case besides its facts: why it is late, and that the investigation is over.
CREATE TABLE case_finding (
  case_id uuid PRIMARY KEY REFERENCES case_file (id),
  delay_reasons text,
  ended_at timestamptz(3),
  ended_by text,
  -- Facts declared not obtainable when the investigation ended.
  not_obtainable text[] NOT NULL DEFAULT '{}',
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- A person's decision that a recipient is not told of changes; `known` is what was known then, compared with from then on.
CREATE TABLE supplement_decision (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  obligation_id uuid NOT NULL REFERENCES obligation (id),
  notice_id uuid REFERENCES notice (id),
  known jsonb NOT NULL,
  reason text NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX supplement_decision_obligation ON supplement_decision (obligation_id, at);
CREATE TRIGGER supplement_decision_stays BEFORE UPDATE OR DELETE ON supplement_decision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER supplement_decision_stays_whole BEFORE TRUNCATE ON supplement_decision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE supplement_decision ENABLE ALWAYS TRIGGER supplement_decision_stays;
ALTER TABLE supplement_decision ENABLE ALWAYS TRIGGER supplement_decision_stays_whole;

-- When the last withdrawal of an obligation's notices left: what was told before it no longer stands.
CREATE FUNCTION withdrawn_last(wanted uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce(max(created_at), '-infinity') FROM tocsin.notice
  WHERE obligation_id = wanted AND phase = 'withdrawal' AND state = 'dispatched'
$$;

-- Nobody is told the same twice: a further part of an initial notice never goes to whom an earlier part may have reached.
CREATE FUNCTION check_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1
    FROM tocsin.notice_version v
    JOIN tocsin.notice n ON n.id = v.notice_id AND n.phase = 'initial' AND n.part > 1 AND n.recipient_kind = 'data-subject'
    JOIN tocsin.delivery d ON d.version_id = v.id
    JOIN tocsin.notice m ON m.obligation_id = n.obligation_id AND m.phase = 'initial' AND m.id <> n.id
      AND m.created_at > tocsin.withdrawn_last(n.obligation_id)
    JOIN tocsin.delivery e ON e.notice_id = m.id AND e.release_id IS NOT NULL
      AND (e.recipient_key = d.recipient_key OR lower(e.address) = lower(d.address))
      AND e.state NOT IN ('cancelled', 'suppressed')
    WHERE v.id = NEW.version_id
  ) THEN
    RAISE EXCEPTION 'release: somebody in this part has been told by an earlier one' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_of_part BEFORE INSERT ON release FOR EACH ROW EXECUTE FUNCTION check_part();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['case_finding', 'supplement_decision'] LOOP
    EXECUTE format('GRANT SELECT, INSERT ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;
GRANT UPDATE ON case_finding TO tocsin_app;
