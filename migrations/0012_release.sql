-- The other ways a notice may be released or held: reviewed wording, standing authorisations, emergency approvals, holds,
-- and a mail channel that is barred. Runs as tocsin_owner.
SET search_path = tocsin;

-- Policy, not law: how near a due must be for an emergency.
CREATE TABLE release_policy (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  emergency_minutes int NOT NULL DEFAULT 120 CHECK (emergency_minutes > 0)
);
INSERT INTO release_policy DEFAULT VALUES;

-- True when this transaction acts for the person: nobody signs in somebody else's name.
CREATE FUNCTION acts_as(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('tocsin.actor', true), '') = 'person/' || wanted::text
$$;
-- Who may release: legal or the executive. The DPO advises and controls, so a person who is DPO never counts, Art. 38(6).
CREATE FUNCTION may_release(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM tocsin.person p WHERE p.id = wanted AND p.active
    AND p.roles && ARRAY['legal', 'executive'] AND NOT 'dpo' = ANY (p.roles))
$$;

-- A lawyer's review of one template's words in one language, bound to their digest: other words need another review.
CREATE TABLE wording_review (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  template text NOT NULL CHECK (length(template) BETWEEN 1 AND 200),
  language text NOT NULL CHECK (language ~ '^[a-z]{2}$'),
  template_sha256 bytea NOT NULL CHECK (length(template_sha256) = 32),
  verdict text NOT NULL CHECK (verdict IN ('reviewed', 'withdrawn')),
  note text NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX wording_review_newest ON wording_review (template, language, template_sha256, id);

CREATE FUNCTION check_wording_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT tocsin.acts_as(NEW.person_id)
     OR NOT EXISTS (SELECT 1 FROM tocsin.person p WHERE p.id = NEW.person_id AND p.active AND 'legal' = ANY (p.roles)) THEN
    RAISE EXCEPTION 'wording_review: a lawyer reviews in their own name' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER wording_review_checked BEFORE INSERT ON wording_review
  FOR EACH ROW EXECUTE FUNCTION check_wording_review();

-- True when the newest word of a lawyer on every variant's template is "reviewed".
CREATE FUNCTION wording_reviewed(wanted_version uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_and(coalesce((
      SELECT r.verdict = 'reviewed' FROM tocsin.wording_review r
      WHERE r.template = w.template AND r.language = w.language AND r.template_sha256 = w.template_sha256
      ORDER BY r.id DESC LIMIT 1), false)), false)
  FROM tocsin.notice_variant w WHERE w.version_id = wanted_version
$$;

-- A policy signed in advance by two people, under which an initial notice may leave without a fresh approval.
CREATE TABLE standing_authorisation (
  id uuid PRIMARY KEY,
  title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  -- Never data subjects.
  recipient_kinds text[] NOT NULL CHECK (cardinality(recipient_kinds) > 0 AND recipient_kinds <@ ARRAY['authority', 'controller']),
  -- Empty: every affiliate.
  affiliate_keys text[] NOT NULL,
  max_recipients int NOT NULL CHECK (max_recipients > 0),
  -- It stands in only when the due is nearer than this, and nobody has approved by the second, both in case time.
  within_hours_of_due int NOT NULL CHECK (within_hours_of_due BETWEEN 1 AND 720),
  unapproved_minutes_before_due int NOT NULL CHECK (unapproved_minutes_before_due > 0),
  valid_from timestamptz(3) NOT NULL,
  valid_until timestamptz(3) NOT NULL,
  reason text NOT NULL,
  proposed_by uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CHECK (valid_until > valid_from),
  CHECK (unapproved_minutes_before_due <= within_hours_of_due * 60)
);
CREATE TABLE standing_signature (
  authorisation_id uuid NOT NULL REFERENCES standing_authorisation (id),
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (authorisation_id, person_id)
);
CREATE TABLE standing_opinion (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  authorisation_id uuid NOT NULL REFERENCES standing_authorisation (id),
  person_id uuid NOT NULL REFERENCES person (id),
  text text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE standing_revocation (
  authorisation_id uuid PRIMARY KEY REFERENCES standing_authorisation (id),
  person_id uuid NOT NULL REFERENCES person (id),
  reason text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION check_standing_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT tocsin.acts_as(NEW.person_id) OR NOT tocsin.may_release(NEW.person_id) THEN
    RAISE EXCEPTION 'standing_signature: only legal or the executive sign, in their own name' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM tocsin.standing_revocation r WHERE r.authorisation_id = NEW.authorisation_id) THEN
    RAISE EXCEPTION 'standing_signature: the authorisation is revoked' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER standing_signature_checked BEFORE INSERT ON standing_signature
  FOR EACH ROW EXECUTE FUNCTION check_standing_signature();

-- Distinct signers whose right to release still stands.
CREATE FUNCTION standing_signers(wanted uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT count(*)::int FROM tocsin.standing_signature s WHERE s.authorisation_id = wanted AND tocsin.may_release(s.person_id)
$$;
-- Why an authorisation is not in force now, in words; null when it is.
CREATE FUNCTION authorisation_fault(wanted uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT CASE
      WHEN EXISTS (SELECT 1 FROM tocsin.standing_revocation r WHERE r.authorisation_id = a.id) THEN 'it is revoked'
      WHEN tocsin.standing_signers(a.id) < 2 THEN 'it is not signed by two people who may sign'
      WHEN clock_timestamp() < a.valid_from THEN 'it is not valid yet'
      WHEN clock_timestamp() >= a.valid_until THEN 'it is no longer valid'
      ELSE '' END
    FROM tocsin.standing_authorisation a WHERE a.id = wanted), 'there is no such authorisation')
$$;

-- One person's leave in an emergency, with the reason typed by that person.
CREATE TABLE emergency_approval (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  version_id uuid NOT NULL UNIQUE,
  case_id uuid NOT NULL REFERENCES case_file (id),
  digest bytea NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  reason text NOT NULL CHECK (length(btrim(reason)) >= 10),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (version_id, digest) REFERENCES notice_version (id, digest),
  UNIQUE (id, version_id)
);
-- What a second person found afterwards: confirmed, or objected to, which asks for a supplement.
CREATE TABLE second_review (
  emergency_id uuid PRIMARY KEY REFERENCES emergency_approval (id),
  case_id uuid NOT NULL REFERENCES case_file (id),
  person_id uuid NOT NULL REFERENCES person (id),
  verdict text NOT NULL CHECK (verdict IN ('confirmed', 'objected')),
  reason text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

ALTER TABLE release ADD COLUMN authorisation_id uuid REFERENCES standing_authorisation (id);
ALTER TABLE release ADD COLUMN emergency_id uuid REFERENCES emergency_approval (id);
ALTER TABLE release ADD CONSTRAINT release_basis_named CHECK (
  (basis = 'standing-authorisation') = (authorisation_id IS NOT NULL) AND (basis = 'emergency') = (emergency_id IS NOT NULL));

-- A lawful request to delay telling people. Authorities and controllers only when a second person confirms it.
CREATE TABLE hold (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES case_file (id),
  recipient_kinds text[] NOT NULL
    CHECK (cardinality(recipient_kinds) > 0 AND recipient_kinds <@ ARRAY['authority', 'controller', 'data-subject']),
  requested_by text NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 500),
  reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 500),
  document text NOT NULL,
  reason text NOT NULL,
  -- Case time, and the wall instant that is the same moment.
  expires_at timestamptz(3) NOT NULL,
  expires_ring_at timestamptz(3) NOT NULL,
  recorded_by uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (id, case_id)
);
CREATE INDEX hold_case ON hold (case_id);
CREATE TABLE hold_confirmation (
  hold_id uuid NOT NULL,
  case_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (hold_id, person_id),
  FOREIGN KEY (hold_id, case_id) REFERENCES hold (id, case_id)
);
CREATE TABLE hold_lift (
  hold_id uuid PRIMARY KEY,
  case_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  reason text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (hold_id, case_id) REFERENCES hold (id, case_id)
);

-- True when a lawyer and, as another person, the executive stand behind the hold.
CREATE FUNCTION hold_by_counsel(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH behind AS (
    SELECT p.id, p.roles FROM tocsin.hold h
    JOIN tocsin.person p ON p.active AND (p.id = h.recorded_by
      OR p.id IN (SELECT c.person_id FROM tocsin.hold_confirmation c WHERE c.hold_id = h.id))
    WHERE h.id = wanted)
  SELECT EXISTS (SELECT 1 FROM behind one JOIN behind other ON one.id <> other.id
    WHERE 'legal' = ANY (one.roles) AND 'executive' = ANY (other.roles))
$$;
-- Until which wall instant the notices of a kind are held in a case; null when they are not.
CREATE FUNCTION held_until(wanted_case uuid, kind text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT max(h.expires_ring_at) FROM tocsin.hold h
  WHERE h.case_id = wanted_case AND kind = ANY (h.recipient_kinds) AND h.expires_ring_at > clock_timestamp()
    AND NOT EXISTS (SELECT 1 FROM tocsin.hold_lift l WHERE l.hold_id = h.id)
    AND (kind = 'data-subject' OR tocsin.hold_by_counsel(h.id))
$$;

-- Mail is suspected: of one case, or (no case) of the whole house. It opens again when two people say so.
CREATE TABLE channel_bar (
  id uuid PRIMARY KEY,
  case_id uuid REFERENCES case_file (id),
  reason text NOT NULL,
  person_id uuid NOT NULL REFERENCES person (id),
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX channel_bar_case ON channel_bar (case_id);
CREATE TABLE channel_opening (
  bar_id uuid NOT NULL REFERENCES channel_bar (id),
  person_id uuid NOT NULL REFERENCES person (id),
  reason text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (bar_id, person_id)
);
CREATE FUNCTION check_channel_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT tocsin.acts_as(NEW.person_id) OR NOT EXISTS (SELECT 1 FROM tocsin.person p WHERE p.id = NEW.person_id AND p.active
      AND p.roles && ARRAY['responder', 'legal', 'executive']) THEN
    RAISE EXCEPTION 'channel_opening: two people open it again, each in their own name' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER channel_opening_checked BEFORE INSERT ON channel_opening
  FOR EACH ROW EXECUTE FUNCTION check_channel_opening();
-- When the bar ended: with the second person's word; null while it stands.
CREATE FUNCTION bar_ended_at(wanted uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT o.at FROM tocsin.channel_opening o WHERE o.bar_id = wanted ORDER BY o.at OFFSET 1 LIMIT 1
$$;
CREATE FUNCTION mail_barred(wanted_case uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM tocsin.channel_bar b
    WHERE (b.case_id = wanted_case OR b.case_id IS NULL) AND tocsin.bar_ended_at(b.id) IS NULL)
$$;

-- What keeps a released notice from leaving now: 'held' or 'barred'; null when nothing does.
CREATE FUNCTION notice_barrier(wanted uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN tocsin.held_until(n.case_id, n.recipient_kind) IS NOT NULL THEN 'held'
    WHEN n.channel = 'email' AND tocsin.mail_barred(n.case_id) THEN 'barred' END
  FROM tocsin.notice n WHERE n.id = wanted
$$;

-- A version frozen while mail was suspected may carry a changed address: a second person looks at it.
CREATE OR REPLACE FUNCTION approvers_needed(wanted_version uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT greatest(p.approvers, CASE WHEN n.channel = 'email' AND EXISTS (
      SELECT 1 FROM tocsin.channel_bar b WHERE (b.case_id = v.case_id OR b.case_id IS NULL) AND b.at <= v.frozen_at
        AND v.frozen_at < coalesce(tocsin.bar_ended_at(b.id), 'infinity')) THEN 2 ELSE 1 END)
  FROM tocsin.notice_version v
  JOIN tocsin.notice n ON n.id = v.notice_id
  JOIN tocsin.approval_policy p ON p.recipient_kind = n.recipient_kind AND v.recipient_count > p.over_recipients
  WHERE v.id = wanted_version
  ORDER BY p.over_recipients DESC LIMIT 1
$$;
CREATE OR REPLACE FUNCTION approvers_counted(wanted_version uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT count(DISTINCT a.person_id)::int
  FROM tocsin.approval a
  JOIN tocsin.notice_version v ON v.id = a.version_id AND v.digest = a.digest
  WHERE a.version_id = wanted_version AND v.superseded_at IS NULL AND 'person/' || a.person_id::text <> v.author
    AND tocsin.may_release(a.person_id)
$$;

-- Why a version is outside the bounds of an authorisation that is in force, in words; null when it is inside. The
-- instant is not looked at here, nor the channel: at a portal an authorisation calls people, it sends nothing.
CREATE FUNCTION standing_fault(wanted uuid, wanted_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
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
      WHEN tocsin.notice_barrier(n.id) = 'held' THEN 'it is held'
      WHEN tocsin.notice_barrier(n.id) = 'barred' THEN 'mail is barred'
      ELSE '' END
    FROM tocsin.standing_authorisation a, tocsin.notice_version v
    JOIN tocsin.notice n ON n.id = v.notice_id JOIN tocsin.obligation o ON o.id = n.obligation_id
    WHERE a.id = wanted AND v.id = wanted_version), 'there is no such authorisation or version')
$$;

-- The wall instant `minutes` of case time before the due. Who had less time than that since the freeze has half of it; a
-- notice frozen after its due waits as long again: people always come first.
CREATE FUNCTION before_due(wanted_version uuid, minutes double precision) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN v.frozen_at <= o.due_ring_at - l.lead THEN o.due_ring_at - l.lead
    WHEN v.frozen_at < o.due_ring_at THEN v.frozen_at + (o.due_ring_at - v.frozen_at) / 2
    ELSE v.frozen_at + l.lead END
  FROM tocsin.notice_version v
  JOIN tocsin.notice n ON n.id = v.notice_id JOIN tocsin.obligation o ON o.id = n.obligation_id
  JOIN tocsin.case_file c ON c.id = v.case_id
  CROSS JOIN LATERAL (SELECT make_interval(secs => minutes * 60 / c.speed) AS lead) l
  WHERE v.id = wanted_version
$$;

CREATE FUNCTION check_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT tocsin.acts_as(NEW.person_id) OR NOT tocsin.may_release(NEW.person_id) THEN
    RAISE EXCEPTION 'emergency_approval: only legal or the executive, in their own name' USING ERRCODE = '42501';
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM tocsin.notice_version v JOIN tocsin.notice n ON n.id = v.notice_id
    JOIN tocsin.obligation o ON o.id = n.obligation_id JOIN tocsin.case_file c ON c.id = n.case_id, tocsin.release_policy p
    WHERE v.id = NEW.version_id AND v.superseded_at IS NULL AND n.state = 'in-review' AND n.phase = 'initial'
      AND n.recipient_kind IN ('authority', 'controller') AND o.state = 'owed'
      AND o.due_ring_at - make_interval(secs => p.emergency_minutes * 60 / c.speed) <= clock_timestamp()) THEN
    RAISE EXCEPTION 'emergency_approval: only an initial notice to an authority or controller whose due is near or past'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER emergency_approval_checked BEFORE INSERT ON emergency_approval
  FOR EACH ROW EXECUTE FUNCTION check_emergency();

CREATE FUNCTION check_second_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT tocsin.acts_as(NEW.person_id) OR NOT tocsin.may_release(NEW.person_id)
     OR EXISTS (SELECT 1 FROM tocsin.emergency_approval e WHERE e.id = NEW.emergency_id AND e.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'second_review: another person than the one who approved, in their own name' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER second_review_checked BEFORE INSERT ON second_review
  FOR EACH ROW EXECUTE FUNCTION check_second_review();

CREATE OR REPLACE FUNCTION check_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed int; fault text; minutes int;
BEGIN
  IF NEW.basis = 'approvals' THEN
    needed := tocsin.approvers_needed(NEW.version_id);
    IF needed IS NULL OR NEW.approvals_needed < needed OR tocsin.approvers_counted(NEW.version_id) < needed THEN
      RAISE EXCEPTION 'release: not enough distinct approvers besides the author' USING ERRCODE = '23514';
    END IF;
  ELSIF NEW.basis = 'standing-authorisation' THEN
    fault := nullif(tocsin.authorisation_fault(NEW.authorisation_id), '');
    fault := coalesce(fault, nullif(tocsin.standing_fault(NEW.authorisation_id, NEW.version_id), ''));
    IF fault IS NULL AND (SELECT n.channel FROM tocsin.notice n JOIN tocsin.notice_version v ON v.notice_id = n.id
        WHERE v.id = NEW.version_id) <> 'email' THEN
      fault := 'a person has to file this';
    END IF;
    SELECT a.unapproved_minutes_before_due INTO minutes FROM tocsin.standing_authorisation a WHERE a.id = NEW.authorisation_id;
    IF fault IS NULL AND tocsin.before_due(NEW.version_id, minutes) > clock_timestamp() THEN
      fault := 'the due is not near enough';
    END IF;
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION 'release: the standing authorisation does not allow it: %', fault USING ERRCODE = '23514';
    END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM tocsin.emergency_approval e WHERE e.id = NEW.emergency_id AND e.version_id = NEW.version_id
      AND e.digest = NEW.digest AND tocsin.may_release(e.person_id)) THEN
    RAISE EXCEPTION 'release: no valid emergency approval of these bytes' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;

-- Whether what gave a release its leave still stands: asked at every claim.
CREATE FUNCTION release_stands(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE r.basis
    WHEN 'approvals' THEN tocsin.approvers_counted(r.version_id) >= greatest(r.approvals_needed, tocsin.approvers_needed(r.version_id))
    WHEN 'standing-authorisation' THEN tocsin.authorisation_fault(r.authorisation_id) = '' AND tocsin.wording_reviewed(r.version_id)
    ELSE (SELECT tocsin.may_release(e.person_id) FROM tocsin.emergency_approval e WHERE e.id = r.emergency_id) END
  FROM tocsin.release r WHERE r.id = wanted
$$;

-- The wall instant at which the engine acts on a notice in review by itself, and the due it has called people for.
ALTER TABLE notice ADD COLUMN act_at timestamptz(3);
ALTER TABLE notice ADD COLUMN called_for timestamptz(3);
CREATE INDEX notice_act ON notice (act_at) WHERE act_at IS NOT NULL;

-- Where a person is reached when mail itself is suspected, set in advance.
ALTER TABLE person ADD COLUMN out_of_band text CHECK (out_of_band ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$');

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['wording_review','standing_authorisation','standing_signature','standing_opinion',
      'standing_revocation','emergency_approval','second_review','hold','hold_confirmation','hold_lift','channel_bar',
      'channel_opening'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t || '_stays', t);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t, t || '_stays');
    EXECUTE format('GRANT SELECT, INSERT ON %I TO tocsin_app', t);
    EXECUTE format('GRANT SELECT ON %I TO tocsin_auditor', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['wording_review_checked ON wording_review','standing_signature_checked ON standing_signature',
      'emergency_approval_checked ON emergency_approval','second_review_checked ON second_review',
      'channel_opening_checked ON channel_opening','release_checked ON release'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', split_part(t, ' ON ', 2), split_part(t, ' ON ', 1));
  END LOOP;
  FOREACH t IN ARRAY ARRAY['emergency_approval','second_review','hold','hold_confirmation','hold_lift'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT sees_all()) OR sees_case(case_id)) WITH CHECK ((SELECT sees_all()) OR sees_case(case_id))', t || '_by_case', t);
  END LOOP;
END $$;
ALTER TABLE channel_bar ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_bar FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_bar_by_case ON channel_bar
  USING (case_id IS NULL OR (SELECT sees_all()) OR sees_case(case_id))
  WITH CHECK ((SELECT sees_all()) OR (case_id IS NOT NULL AND sees_case(case_id)));
GRANT SELECT ON release_policy TO tocsin_app, tocsin_auditor;
GRANT SELECT ON channel_bar, channel_opening TO tocsin_watch;
