-- What waits at the door calls people: alarms of the house, and events of a case settled by those who see the case.
SET search_path = tocsin;

-- Null: an alarm of the house, about no case. Only who sees the whole group is called or finds it.
ALTER TABLE alarm ALTER COLUMN case_id DROP NOT NULL;
ALTER TABLE alarm_outbox ALTER COLUMN case_id DROP NOT NULL;

-- An event that belongs to a case is settled or taken up by whoever sees the case; one without a case is the group's.
ALTER POLICY inbound_event_by_case ON inbound_event
  WITH CHECK ((SELECT sees_all()) OR (case_id IS NOT NULL AND sees_case(case_id)));
CREATE INDEX inbound_event_attached ON inbound_event (case_id) WHERE body IS NOT NULL;
