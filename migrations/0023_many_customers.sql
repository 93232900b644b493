-- A case of thousands of customers: what is asked of one obligation finds its notices without reading all of them.
-- Runs as tocsin_owner.
SET search_path = tocsin;

-- The unique indexes on an obligation leave out what was cancelled or dispatched, so that no question for all could use them.
CREATE INDEX notice_obligation ON notice (obligation_id);
