-- Who is called when somebody does not answer: an ordered list for each person, and who is away. Runs as tocsin_owner.
SET search_path = tocsin;

-- Those called after `person.deputy_id`, which stays the first: a release that knows only the column goes on as before.
CREATE TABLE further_deputy (
  person_id uuid NOT NULL REFERENCES person (id),
  place int NOT NULL CHECK (place >= 2),
  deputy_id uuid NOT NULL REFERENCES person (id),
  PRIMARY KEY (person_id, place),
  UNIQUE (person_id, deputy_id),
  CHECK (deputy_id <> person_id)
);
GRANT SELECT, INSERT, DELETE ON further_deputy TO tocsin_app;
GRANT SELECT ON further_deputy TO tocsin_watch, tocsin_auditor;

-- Away until this wall instant: calls pass this person over. Signing in and every right stay as they are.
ALTER TABLE person ADD COLUMN absent_until timestamptz(3);

-- A person's deputies in the order they are called, whether they can be called or not.
CREATE FUNCTION deputies_of(wanted uuid) RETURNS TABLE (place int, deputy_id uuid) LANGUAGE sql STABLE AS $$
  SELECT min(l.place), l.deputy_id FROM (
    SELECT 1 AS place, p.deputy_id FROM tocsin.person p WHERE p.id = wanted AND p.deputy_id IS NOT NULL
    UNION ALL
    SELECT f.place, f.deputy_id FROM tocsin.further_deputy f WHERE f.person_id = wanted) l
  GROUP BY l.deputy_id
$$;

-- True while a person can be called: neither deactivated nor away.
CREATE FUNCTION is_on_call(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM tocsin.person p WHERE p.id = wanted AND p.active
    AND coalesce(p.absent_until <= clock_timestamp(), true))
$$;

-- Who is called for an alarm, first to last: who is named, else the holder of the role in the unit, then their deputies.
-- Who is away or deactivated is passed over; with nobody left, the holder is called all the same: a call is never lost.
CREATE FUNCTION call_order(named uuid, named_deputy uuid, wanted_role text, wanted_unit text)
RETURNS TABLE (place int, person_id uuid) LANGUAGE sql STABLE AS $$
  WITH holder AS (
    SELECT q.id FROM tocsin.person q
    WHERE q.active AND (q.id = named OR wanted_role = ANY (q.roles) AND (wanted_unit = ANY (q.units) OR '*' = ANY (q.units)))
    ORDER BY q.id IS NOT DISTINCT FROM named DESC, tocsin.is_on_call(q.id) DESC, wanted_unit = ANY (q.units) DESC, q.id LIMIT 1),
  line AS (
    SELECT 0 AS place, h.id FROM holder h
    UNION ALL SELECT 1, named_deputy FROM holder h WHERE h.id = named AND named_deputy IS NOT NULL
    UNION ALL SELECT 1 + d.place, d.deputy_id FROM holder h, tocsin.deputies_of(h.id) d),
  reached AS (
    SELECT min(l.place) AS place, l.id FROM line l WHERE tocsin.is_on_call(l.id) GROUP BY l.id)
  SELECT (row_number() OVER (ORDER BY r.place) - 1)::int, r.id FROM reached r
  UNION ALL SELECT 0, h.id FROM holder h WHERE NOT EXISTS (SELECT 1 FROM reached)
$$;

-- How many deputies down the list a step calls: 0 for the person in charge, 1 for `…/deputy`, n for `…/deputy-n`.
CREATE FUNCTION deputy_place(step text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN step ~ '/deputy$' THEN 1 ELSE coalesce(substring(step FROM '/deputy-(\d{1,4})$')::int, 0) END
$$;
-- The step without the deputy it calls: one alarm, however many people it rang at.
CREATE FUNCTION alarm_step(step text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(step, '/deputy(-\d{1,4})?$', '')
$$;
