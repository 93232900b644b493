-- Where people are called while mail itself is suspected, and by which way each ring was handed on. Runs as tocsin_owner.
SET search_path = tocsin;

-- Never the house's own mail: the commands compare more than this, the database holds the least of it.
ALTER TABLE person ADD CONSTRAINT person_out_of_band_apart CHECK (
  lower(substring(out_of_band FROM '[^@]+$')) IS DISTINCT FROM lower(substring(email FROM '[^@]+$')) OR out_of_band IS NULL);

-- Null where an earlier version handed it on, by mail.
ALTER TABLE alarm_outbox ADD COLUMN handed_way text CHECK (handed_way IN ('mail', 'out-of-band', 'telephone'));
