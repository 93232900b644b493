-- What lowers a result is a governed act; assessments are kept, also of groups of people apart. Runs as tocsin_owner.
SET search_path = tocsin;

-- Proposed by one person with reason, evidence and what the logs cover; advised on by the DPO; confirmed by a third.
CREATE TABLE lowering (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES case_file (id),
  kind text NOT NULL CHECK (kind IN ('not-a-breach', 'facts', 'excluded', 'later-awareness', 'not-notified')),
  -- What is to be done, as the command that does it takes it.
  act jsonb NOT NULL,
  reason text NOT NULL CHECK (length(btrim(reason)) > 0),
  evidence text NOT NULL CHECK (length(btrim(evidence)) > 0),
  covered_from timestamptz(3) NOT NULL,
  covered_until timestamptz(3) NOT NULL,
  logs text[] NOT NULL CHECK (cardinality(logs) > 0),
  -- What the logs do not show; said even where it is nothing.
  gaps text NOT NULL CHECK (length(btrim(gaps)) > 0),
  facts_version int NOT NULL,
  -- What the rules say without it, and what is to count instead: both are kept.
  result_before jsonb NOT NULL,
  result_after jsonb NOT NULL,
  proposed_by uuid NOT NULL REFERENCES person (id),
  proposed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  opinion text CHECK (length(btrim(opinion)) > 0),
  opinion_favours boolean,
  opinion_by uuid REFERENCES person (id),
  opinion_at timestamptz(3),
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'confirmed', 'declined')),
  decision_reason text,
  decided_by uuid REFERENCES person (id),
  decided_at timestamptz(3),
  -- A lowering takes effect in the transaction that confirms it, and in no other.
  confirmed_in xid8,
  CHECK (covered_until > covered_from),
  CHECK ((opinion_by IS NULL) = (opinion IS NULL) AND (opinion_by IS NULL) = (opinion_at IS NULL)
    AND (opinion_by IS NULL) = (opinion_favours IS NULL)),
  CHECK ((state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  CHECK (state <> 'confirmed' OR opinion_by IS NOT NULL),
  CHECK (state <> 'confirmed' OR (decided_by <> proposed_by AND opinion_by <> proposed_by AND decided_by <> opinion_by)),
  CHECK ((state = 'confirmed') = (confirmed_in IS NOT NULL))
);
CREATE INDEX lowering_case ON lowering (case_id, id);

CREATE FUNCTION guard_lowering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'proposed' OR NEW.opinion IS NOT NULL OR NOT tocsin.acts_as(NEW.proposed_by) THEN
      RAISE EXCEPTION 'lowering: it begins as a proposal in one''s own name' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'proposed' THEN
    RAISE EXCEPTION 'lowering: what was decided stays' USING ERRCODE = '42501';
  END IF;
  IF ROW(NEW.id, NEW.case_id, NEW.kind, NEW.act, NEW.reason, NEW.evidence, NEW.covered_from, NEW.covered_until, NEW.logs,
       NEW.gaps, NEW.facts_version, NEW.result_before, NEW.result_after, NEW.proposed_by, NEW.proposed_at)
     IS DISTINCT FROM ROW(OLD.id, OLD.case_id, OLD.kind, OLD.act, OLD.reason, OLD.evidence, OLD.covered_from,
       OLD.covered_until, OLD.logs, OLD.gaps, OLD.facts_version, OLD.result_before, OLD.result_after, OLD.proposed_by,
       OLD.proposed_at) THEN
    RAISE EXCEPTION 'lowering: what was proposed cannot change' USING ERRCODE = '42501';
  END IF;
  IF OLD.opinion IS NOT NULL AND ROW(NEW.opinion, NEW.opinion_favours, NEW.opinion_by, NEW.opinion_at)
     IS DISTINCT FROM ROW(OLD.opinion, OLD.opinion_favours, OLD.opinion_by, OLD.opinion_at) THEN
    RAISE EXCEPTION 'lowering: the opinion stays as it was given' USING ERRCODE = '42501';
  END IF;
  IF OLD.opinion IS NULL AND NEW.opinion IS NOT NULL AND (NOT tocsin.acts_as(NEW.opinion_by) OR NOT EXISTS (
       SELECT FROM tocsin.person p WHERE p.id = NEW.opinion_by AND p.active AND 'dpo' = ANY (p.roles))) THEN
    RAISE EXCEPTION 'lowering: the opinion is the DPO''s own' USING ERRCODE = '42501';
  END IF;
  IF NEW.state = 'confirmed' AND (NOT tocsin.acts_as(NEW.decided_by) OR NOT tocsin.may_release(NEW.decided_by)) THEN
    RAISE EXCEPTION 'lowering: only legal or the executive confirm, in their own name' USING ERRCODE = '42501';
  END IF;
  NEW.confirmed_in := CASE WHEN NEW.state = 'confirmed' THEN pg_current_xact_id() END;
  RETURN NEW;
END $$;
CREATE TRIGGER lowering_guarded BEFORE INSERT OR UPDATE ON lowering FOR EACH ROW EXECUTE FUNCTION guard_lowering();
ALTER TABLE lowering ENABLE ALWAYS TRIGGER lowering_guarded;

-- True when this very transaction confirms a lowering of this kind whose act contains what is asked.
CREATE FUNCTION is_lowered_here(wanted_case uuid, wanted_kind text, wanted_act jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM tocsin.lowering l
    WHERE l.case_id = wanted_case AND l.kind = wanted_kind AND l.state = 'confirmed'
      AND l.confirmed_in = pg_current_xact_id_if_assigned() AND l.act @> wanted_act)
$$;
CREATE FUNCTION refuse_lowering(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: it lowers what is owed and needs a confirmed lowering', what USING ERRCODE = '23514';
END $$;

CREATE FUNCTION guard_case_lowering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.determination = 'not-a-breach' AND OLD.determination IS DISTINCT FROM 'not-a-breach'
     AND NOT tocsin.is_lowered_here(NEW.id, 'not-a-breach', '{}') THEN
    PERFORM tocsin.refuse_lowering('not a breach');
  END IF;
  IF NEW.aware_at > OLD.aware_at AND NOT EXISTS (SELECT FROM tocsin.lowering l
       WHERE l.case_id = NEW.id AND l.kind = 'later-awareness' AND l.state = 'confirmed'
         AND l.confirmed_in = pg_current_xact_id_if_assigned() AND (l.act ->> 'awareAt')::timestamptz = NEW.aware_at) THEN
    PERFORM tocsin.refuse_lowering('a later awareness');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_file_lowering BEFORE UPDATE OF determination, aware_at ON case_file
  FOR EACH ROW EXECUTE FUNCTION guard_case_lowering();
ALTER TABLE case_file ENABLE ALWAYS TRIGGER case_file_lowering;

CREATE FUNCTION guard_exposure_lowering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM tocsin.lowering l
    CROSS JOIN LATERAL jsonb_to_recordset(l.act -> 'entries') AS n("select" text, key text)
    WHERE l.case_id = NEW.case_id AND l.kind = 'excluded' AND l.state = 'confirmed'
      AND l.confirmed_in = pg_current_xact_id_if_assigned()
      AND CASE n."select"
        WHEN 'engagement' THEN NEW.kind = 'engagement' AND NEW.key = n.key
        WHEN 'processing' THEN NEW.kind = 'processing' AND NEW.key = n.key
        WHEN 'product' THEN NEW.product_key = n.key
        WHEN 'asset' THEN n.key = ANY (NEW.asset_keys)
        ELSE NEW.customer_key = n.key END) THEN
    PERFORM tocsin.refuse_lowering('excluded');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_exposure_excluded BEFORE INSERT ON case_exposure
  FOR EACH ROW WHEN (NEW.grade = 'excluded') EXECUTE FUNCTION guard_exposure_lowering();
CREATE TRIGGER case_exposure_lowering BEFORE UPDATE OF grade ON case_exposure
  FOR EACH ROW WHEN (NEW.grade = 'excluded' AND OLD.grade <> 'excluded') EXECUTE FUNCTION guard_exposure_lowering();
ALTER TABLE case_exposure ENABLE ALWAYS TRIGGER case_exposure_excluded;
ALTER TABLE case_exposure ENABLE ALWAYS TRIGGER case_exposure_lowering;

-- How far a statement about disclosure goes; null for other facts.
CREATE FUNCTION disclosure_rank(fact_name text, fact_value jsonb, fact_certainty text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN fact_name NOT IN ('confidentiality.state', 'exfiltration') THEN NULL
    WHEN fact_certainty = 'unknown' THEN 1
    ELSE CASE fact_value #>> '{}' WHEN 'not_ruled_out' THEN 1 WHEN 'likely' THEN 2 WHEN 'confirmed' THEN 3 ELSE 0 END END
$$;

-- The same as lowersFact of the domain: a claim that there is nothing to tell, or less than stands of a disclosure.
CREATE FUNCTION guard_fact_lowering() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said text := NEW.value #>> '{}';
  stands tocsin.fact;
  lowers boolean;
BEGIN
  SELECT f.* INTO stands FROM tocsin.fact f
  WHERE f.case_id = NEW.case_id AND f.about = NEW.about AND f.name = NEW.name ORDER BY f.version DESC LIMIT 1;
  IF stands.value = NEW.value AND (stands.certainty = 'unknown') = (NEW.certainty = 'unknown') THEN RETURN NEW; END IF;
  lowers := NEW.certainty <> 'unknown' AND (
    (NEW.name IN ('personalDataInvolved', 'breachOfSecurity') AND said = 'false')
    OR (NEW.name = 'role' AND said = 'processor')
    OR (NEW.name = 'confidentiality.state' AND said IN ('none', 'ruled_out'))
    OR (NEW.name = 'exfiltration' AND said = 'ruled_out'));
  IF NOT lowers AND NEW.name IN ('confidentiality.state', 'exfiltration') THEN
    lowers := coalesce(tocsin.disclosure_rank(stands.name, stands.value, stands.certainty)
      > tocsin.disclosure_rank(NEW.name, NEW.value, NEW.certainty), false);
  END IF;
  IF lowers AND NOT tocsin.is_lowered_here(NEW.case_id, 'facts', jsonb_build_object('facts',
       jsonb_build_array(jsonb_build_object('about', NEW.about, 'name', NEW.name, 'value', NEW.value)))) THEN
    PERFORM tocsin.refuse_lowering(NEW.name);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fact_lowering BEFORE INSERT ON fact
  FOR EACH ROW WHEN (NEW.name IN ('personalDataInvolved', 'breachOfSecurity', 'role', 'confidentiality.state', 'exfiltration'))
  EXECUTE FUNCTION guard_fact_lowering();
ALTER TABLE fact ENABLE ALWAYS TRIGGER fact_lowering;

-- What is owed or undecided becomes "not owed", and an owed due later, by a lowering alone. That no breach occurred was one.
CREATE FUNCTION guard_obligation_lowering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'not-owed' AND OLD.state IN ('owed', 'to-decide', 'discharged')
     AND NOT tocsin.is_lowered_here(NEW.case_id, 'not-notified', jsonb_build_object('obligationId', NEW.id))
     AND NOT EXISTS (SELECT FROM tocsin.case_file c WHERE c.id = NEW.case_id AND c.determination = 'not-a-breach') THEN
    PERFORM tocsin.refuse_lowering('not notified');
  END IF;
  IF OLD.state = 'owed' AND NEW.state = 'owed' AND OLD.due_at IS NOT NULL
     AND (NEW.due_at IS NULL OR NEW.due_at > OLD.due_at)
     AND NOT tocsin.is_lowered_here(NEW.case_id, 'later-awareness', '{}') THEN
    PERFORM tocsin.refuse_lowering('a later due');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER obligation_lowering BEFORE UPDATE OF state, due_at ON obligation
  FOR EACH ROW EXECUTE FUNCTION guard_obligation_lowering();
ALTER TABLE obligation ENABLE ALWAYS TRIGGER obligation_lowering;

-- People of a case who stand apart; what is different for them are facts about `set:<name>`.
CREATE TABLE fact_set (
  case_id uuid NOT NULL REFERENCES case_file (id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60 AND name !~ '[[:cntrl:]:]'),
  -- The own processing they belong to, or `case`.
  about text NOT NULL DEFAULT 'case',
  recorded_by text NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  PRIMARY KEY (case_id, name)
);

-- What the rules made of the facts, for a track and for the case: one each time the engine looks, none is overwritten.
CREATE TABLE assessment (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  case_id uuid NOT NULL REFERENCES case_file (id),
  track_id uuid NOT NULL REFERENCES track (id),
  revision int NOT NULL,
  facts_version int NOT NULL,
  rule_set_version text NOT NULL,
  authority_ids text[] NOT NULL,
  policy jsonb NOT NULL,
  whole jsonb NOT NULL,
  groups jsonb NOT NULL,
  severity jsonb,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (case_id, track_id, revision)
);

-- Numbers the law leaves open: policy, never law, and shown as policy.
CREATE TABLE assessment_policy (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  large_scale int NOT NULL DEFAULT 10000 CHECK (large_scale > 0),
  many_known int NOT NULL DEFAULT 100 CHECK (many_known > 0),
  availability_hours_no_risk int NOT NULL DEFAULT 24 CHECK (availability_hours_no_risk > 0),
  controller_target_hours int NOT NULL DEFAULT 24 CHECK (controller_target_hours > 0),
  authority_target_hours int NOT NULL DEFAULT 48 CHECK (authority_target_hours > 0),
  subject_target_hours int NOT NULL DEFAULT 72 CHECK (subject_target_hours > 0),
  provider_target_hours int NOT NULL DEFAULT 20 CHECK (provider_target_hours > 0),
  wholesale_target_hours int NOT NULL DEFAULT 2 CHECK (wholesale_target_hours > 0)
);
INSERT INTO assessment_policy DEFAULT VALUES;
GRANT SELECT ON assessment_policy TO tocsin_app, tocsin_auditor;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['lowering', 'fact_set', 'assessment'] LOOP
    EXECUTE format('GRANT SELECT, INSERT ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_stays', t);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays');
  END LOOP;
  FOREACH t IN ARRAY ARRAY['fact_set', 'assessment'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_kept', t);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_kept');
  END LOOP;
END $$;
GRANT UPDATE (opinion, opinion_favours, opinion_by, opinion_at, state, decision_reason, decided_by, decided_at)
  ON lowering TO tocsin_app;
