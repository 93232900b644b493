-- Noting a window costs the square of its rows no longer, and writes one index.
-- Runs as tocsin_owner.
SET search_path = tocsin;

-- Each row is compared with what it was by a hash: the function that claims rows forbids hashes for its own plan, and a loop
-- over both is what is left.
ALTER FUNCTION note_delivery() SET enable_nestloop = off;
ALTER FUNCTION note_delivery() SET enable_mergejoin = off;
ALTER FUNCTION note_delivery() SET enable_hashjoin = on;
ALTER FUNCTION note_delivery() SET enable_sort = on;

-- Numbers come from one sequence; every question is one about a case.
CREATE UNIQUE INDEX delivery_event_of_case ON delivery_event (case_id, id);
ALTER TABLE delivery_event DROP CONSTRAINT delivery_event_pkey;
ALTER TABLE delivery_event ADD CONSTRAINT delivery_event_pkey PRIMARY KEY USING INDEX delivery_event_of_case;
DROP INDEX delivery_event_case;
