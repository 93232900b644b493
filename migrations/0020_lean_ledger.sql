-- A change of state of a delivery writes one row and one event, and no index: mass dispatch is paid for by the ledger.
-- Runs as tocsin_owner, with workers stopped: it drops indexes.
SET search_path = tocsin;

-- An index whose columns or condition know the state would be written with every change of it, and all others with it.
DROP INDEX delivery_notice, delivery_version, delivery_leased, delivery_next;
CREATE INDEX delivery_in_order ON delivery (notice_id, id);
-- Room on its own page for the next state of a row.
ALTER TABLE delivery SET (fillfactor = 50);

-- Events come from the trigger alone, which now writes them by its owner's right: what it writes needs no second look.
ALTER TABLE delivery_event DROP CONSTRAINT delivery_event_delivery_id_fkey;
ALTER FUNCTION note_delivery() SECURITY DEFINER SET search_path = pg_catalog, tocsin;
REVOKE INSERT ON delivery_event FROM tocsin_app;

-- The same two guards as before (migration 0005), as conditions: the function is called for what it refuses.
DROP TRIGGER delivery_frozen ON delivery;
CREATE FUNCTION refuse_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_ARGV[0] = 'frozen' THEN
    RAISE EXCEPTION 'delivery: what was frozen cannot change' USING ERRCODE = '42501';
  END IF;
  RAISE EXCEPTION 'delivery: % cannot become %', OLD.state, NEW.state USING ERRCODE = '23514';
END $$;
CREATE TRIGGER delivery_frozen BEFORE UPDATE ON delivery FOR EACH ROW
  WHEN (NEW.erased_at IS NOT DISTINCT FROM OLD.erased_at AND (
    NEW.id <> OLD.id OR NEW.notice_id <> OLD.notice_id OR NEW.version_id <> OLD.version_id OR NEW.case_id <> OLD.case_id
    OR NEW.mode <> OLD.mode OR NEW.transport <> OLD.transport OR NEW.recipient_key <> OLD.recipient_key
    OR NEW.address <> OLD.address OR NEW.language <> OLD.language OR NEW.merge <> OLD.merge
    OR NEW.message_id <> OLD.message_id OR NEW.mime_sha256 <> OLD.mime_sha256 OR NEW.mime_bytes <> OLD.mime_bytes
    OR NEW.resend_no <> OLD.resend_no
    OR (OLD.release_id IS NOT NULL AND NEW.release_id IS DISTINCT FROM OLD.release_id)))
  EXECUTE FUNCTION refuse_delivery('frozen');
-- The only ways between states (src/ledger/delivery.ts); never out of one that has ended, never from doubt to a retry.
CREATE TRIGGER delivery_moves BEFORE UPDATE ON delivery FOR EACH ROW
  WHEN (NEW.erased_at IS NOT DISTINCT FROM OLD.erased_at AND NEW.state <> OLD.state AND NOT (CASE OLD.state
      WHEN 'prepared' THEN NEW.state IN ('pending', 'cancelled', 'suppressed')
      WHEN 'pending' THEN NEW.state IN ('claimed', 'at-dot', 'cancelled', 'suppressed')
      WHEN 'retry' THEN NEW.state IN ('claimed', 'at-dot', 'cancelled', 'suppressed')
      WHEN 'claimed' THEN NEW.state IN ('at-dot', 'retry', 'bounced', 'cancelled')
      WHEN 'at-dot' THEN NEW.state IN ('sent', 'retry', 'bounced', 'in-doubt')
      WHEN 'in-doubt' THEN NEW.state IN ('sent', 'abandoned')
      ELSE false END))
  EXECUTE FUNCTION refuse_delivery('moves');
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_frozen;
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_moves;
DROP FUNCTION guard_delivery();

-- The one question asked before anything leaves: a release stands while its version is the live one, what gave it leave
-- still does, and nothing holds the notice back. No row when it does not.
CREATE FUNCTION standing_release(of_notice uuid)
RETURNS TABLE (version_id uuid, sender text, encoder text) LANGUAGE sql STABLE AS $$
  SELECT v.id, v.sender, v.encoder
  FROM tocsin.notice n
  JOIN tocsin.notice_version v ON v.notice_id = n.id AND v.superseded_at IS NULL
  JOIN tocsin.release r ON r.version_id = v.id AND r.digest = v.digest
  WHERE n.id = of_notice AND n.state = 'released'
    AND tocsin.release_stands(r.id) AND tocsin.notice_barrier(n.id) IS NULL
$$;

-- Claims due rows of a notice whose release stands, in the order of their ids: with an attempt straight to the dot, without
-- one each for an attempt of its own. Planned once a session, and for rows nobody has counted yet: a plan that sorts what
-- is left for every window costs more than the mail.
CREATE FUNCTION take_deliveries(of_notice uuid, at_most int, after_id uuid, lease_seconds float8, attempt uuid)
RETURNS TABLE (
  "deliveryId" uuid, "attemptId" uuid, "caseId" uuid, "noticeId" uuid, "versionId" uuid, language text, transport text,
  sender text, address text, merge jsonb, "messageId" text, "mimeSha256" bytea, encoder text, attempts int, "resendNo" int)
LANGUAGE plpgsql
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE standing record;
BEGIN
  SELECT s.version_id, s.sender, s.encoder INTO standing FROM tocsin.standing_release(of_notice) s;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN QUERY
  WITH due AS (
    SELECT d.id FROM tocsin.delivery d
    WHERE d.notice_id = of_notice AND d.id > after_id AND d.version_id = standing.version_id
      AND d.state IN ('pending', 'retry') AND (d.next_attempt_at IS NULL OR d.next_attempt_at <= clock_timestamp())
    ORDER BY d.id LIMIT at_most FOR UPDATE OF d SKIP LOCKED)
  UPDATE tocsin.delivery d SET
    state = CASE WHEN attempt IS NULL THEN 'claimed' ELSE 'at-dot' END,
    attempt_id = coalesce(attempt, uuidv7()),
    at_dot_at = CASE WHEN attempt IS NULL THEN d.at_dot_at ELSE clock_timestamp() END,
    attempts = d.attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => lease_seconds), next_attempt_at = NULL
  FROM due WHERE d.id = due.id
  RETURNING d.id, d.attempt_id, d.case_id, d.notice_id, d.version_id, d.language, d.transport,
    standing.sender::text, d.address, d.merge, d.message_id, d.mime_sha256, standing.encoder::text, d.attempts, d.resend_no;
END $$;

-- The leaf of one transition: SHA-256 over 0x00 and its canonical JSON (RFC 8785): members in the order of their names.
CREATE FUNCTION delivery_event_leaf(e delivery_event) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256('\x00'::bytea || convert_to(
    '{"actor":' || to_json(e.actor)
    || ',"at":"' || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    || '","attemptId":' || coalesce('"' || e.attempt_id || '"', 'null')
    || ',"deliveryId":"' || e.delivery_id
    || '","eventId":' || e.id
    || ',"fromState":' || coalesce('"' || e.from_state || '"', 'null')
    || ',"replySha256":' || coalesce('"' || encode(coalesce(e.reply_sha256, sha256(convert_to(e.reply, 'UTF8'))), 'hex') || '"', 'null')
    || ',"toState":"' || e.to_state || '"}', 'UTF8'))
$$;
