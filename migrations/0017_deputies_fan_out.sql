-- Telling many customers whose data are merely not excluded starts their own 72 hours: a person says so first.
SET search_path = tocsin;

-- Policy, not law: above how many customers, told on "not excluded" alone, somebody has to say so.
CREATE TABLE fan_out_policy (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  not_excluded_over int NOT NULL DEFAULT 100 CHECK (not_excluded_over >= 0)
);
INSERT INTO fan_out_policy DEFAULT VALUES;
GRANT SELECT ON fan_out_policy TO tocsin_app, tocsin_watch, tocsin_auditor;

-- How many customers of a case are owed a notice on "not excluded" alone, told ones included; counted with the obligations.
CREATE TABLE fan_out (
  case_id uuid PRIMARY KEY REFERENCES case_file (id),
  customers int NOT NULL CHECK (customers >= 0)
);
-- A person's word that so many customers are told all the same.
CREATE TABLE fan_out_leave (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  customers int NOT NULL CHECK (customers > 0),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 5000),
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX fan_out_leave_case ON fan_out_leave (case_id, customers);

-- How many customers wait for a person's word in a case; 0 when none is needed, or it was given for as many.
CREATE FUNCTION fan_out_withheld(wanted_case uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT f.customers FROM tocsin.fan_out f, tocsin.fan_out_policy p
    WHERE f.case_id = wanted_case AND f.customers > p.not_excluded_over AND NOT EXISTS (
      SELECT 1 FROM tocsin.fan_out_leave l WHERE l.case_id = wanted_case AND l.customers >= f.customers)), 0)
$$;
-- True for a version that tells a customer for the first time, and only that its data are not excluded.
CREATE FUNCTION merely_not_excluded(wanted_version uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM tocsin.notice_version v JOIN tocsin.notice n ON n.id = v.notice_id
    WHERE v.id = wanted_version AND n.recipient_kind = 'controller' AND n.phase = 'initial'
      AND v.content ->> 'standing' = 'not-excluded')
$$;

CREATE FUNCTION check_fan_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tocsin.merely_not_excluded(NEW.version_id) AND tocsin.fan_out_withheld(NEW.case_id) > 0 THEN
    RAISE EXCEPTION 'release: nobody has said that % customers are told whose data are merely not excluded',
      tocsin.fan_out_withheld(NEW.case_id) USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_of_fan_out BEFORE INSERT ON release FOR EACH ROW EXECUTE FUNCTION check_fan_out();
ALTER TABLE release ENABLE ALWAYS TRIGGER release_of_fan_out;

CREATE FUNCTION check_fan_out_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT tocsin.acts_as(NEW.person_id) OR NOT tocsin.may_release(NEW.person_id) THEN
    RAISE EXCEPTION 'fan_out_leave: only legal or the executive, in their own name' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fan_out_leave_checked BEFORE INSERT ON fan_out_leave
  FOR EACH ROW EXECUTE FUNCTION check_fan_out_leave();
ALTER TABLE fan_out_leave ENABLE ALWAYS TRIGGER fan_out_leave_checked;

CREATE TRIGGER fan_out_leave_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON fan_out_leave
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE fan_out_leave ENABLE ALWAYS TRIGGER fan_out_leave_stays;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['fan_out', 'fan_out_leave'] LOOP
    EXECUTE format('GRANT SELECT, INSERT ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;
GRANT UPDATE ON fan_out TO tocsin_app;

-- As before, and never past a large fan-out that nobody has allowed.
CREATE OR REPLACE FUNCTION standing_fault(wanted uuid, wanted_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT CASE
      WHEN n.phase <> 'initial' THEN 'it covers initial notices only'
      WHEN NOT n.recipient_kind = ANY (a.recipient_kinds) THEN 'it does not cover this kind of recipient'
      WHEN cardinality(a.affiliate_keys) > 0 AND NOT o.affiliate_key = ANY (a.affiliate_keys) THEN 'it does not cover this affiliate'
      WHEN v.recipient_count > a.max_recipients THEN 'there are more recipients than it allows'
      WHEN o.state <> 'owed' THEN 'the obligation is not owed'
      WHEN o.due_ring_at IS NULL THEN 'the obligation has no due instant'
      WHEN n.state <> 'in-review' OR v.superseded_at IS NOT NULL THEN 'the notice is not in review'
      WHEN v.author <> 'machine/engine' OR coalesce(v.content->>'addition', '') <> '' OR coalesce(v.content->>'subjectEdited', '') <> ''
        THEN 'a person has changed the words'
      WHEN NOT tocsin.wording_reviewed(v.id) THEN 'no reviewer is recorded for its wording'
      WHEN tocsin.merely_not_excluded(v.id) AND tocsin.fan_out_withheld(v.case_id) > 0
        THEN 'nobody has said that so many customers are told whose data are merely not excluded'
      WHEN tocsin.notice_barrier(n.id) = 'held' THEN 'it is held'
      WHEN tocsin.notice_barrier(n.id) = 'barred' THEN 'mail is barred'
      ELSE '' END
    FROM tocsin.standing_authorisation a, tocsin.notice_version v
    JOIN tocsin.notice n ON n.id = v.notice_id JOIN tocsin.obligation o ON o.id = n.obligation_id
    WHERE a.id = wanted AND v.id = wanted_version), 'there is no such authorisation or version')
$$;
