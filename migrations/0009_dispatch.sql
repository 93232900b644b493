-- Mass dispatch reads the rows that are due in their order from an index, however many there are. Runs as tocsin_owner.
SET search_path = tocsin;

CREATE INDEX delivery_next ON delivery (notice_id, next_attempt_at NULLS FIRST, id) WHERE state IN ('pending', 'retry');
DROP INDEX delivery_due;

-- A plan made for one row and kept would compare every row of a large release with every other.
ALTER FUNCTION note_delivery() SET enable_nestloop = off;
