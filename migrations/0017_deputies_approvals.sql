-- Calls about notices that wait for approval: shared by all of a case that ask for it at one time, and ended by approving.
SET search_path = tocsin;

-- The subject of the calls about a notice: none where it was never frozen since.
ALTER TABLE notice ADD COLUMN call_subject text;
CREATE INDEX notice_waits ON notice (call_subject) WHERE state = 'in-review';

ALTER TABLE alarm
  -- Rings at everybody who may release, at once.
  ADD COLUMN everyone boolean NOT NULL DEFAULT false,
  -- Rings only while a notice of this subject is in review.
  ADD COLUMN while_in_review boolean NOT NULL DEFAULT false;

-- True while an alarm still has what it is about.
CREATE FUNCTION still_waits(wanted alarm) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT wanted.while_in_review OR EXISTS (
    SELECT 1 FROM tocsin.notice n WHERE n.call_subject = wanted.subject AND n.state = 'in-review')
$$;

-- The step without the deputy, or which of everybody, it calls: one alarm, however many people it rang at.
CREATE OR REPLACE FUNCTION alarm_step(step text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(step, '/(deputy(-\d{1,4})?|\d{1,4})$', '')
$$;
