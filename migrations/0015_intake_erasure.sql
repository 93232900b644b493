-- What names people in a closed case can be erased once, and nothing else of what was frozen moves with it.
SET search_path = tocsin;

ALTER TABLE delivery ADD COLUMN erased_at timestamptz(3);
-- Stands in for the reply in the root of its fold once the reply itself is gone.
ALTER TABLE delivery_event ADD COLUMN reply_sha256 bytea CHECK (length(reply_sha256) = 32);
GRANT UPDATE (reply, reply_sha256) ON delivery_event TO tocsin_app;

-- The guard of every other change is left as it is; an update that erases has a guard of its own.
DROP TRIGGER delivery_frozen ON delivery;
CREATE TRIGGER delivery_frozen BEFORE UPDATE ON delivery FOR EACH ROW
  WHEN (NEW.erased_at IS NOT DISTINCT FROM OLD.erased_at) EXECUTE FUNCTION guard_delivery();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_frozen;

CREATE FUNCTION guard_delivery_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE personal text[] := ARRAY['address', 'merge', 'reply', 'erased_at'];
BEGIN
  IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL
     OR NEW.address <> 'erased@erased.invalid' OR NEW.merge <> '{}' OR NEW.reply IS NOT NULL
     OR to_jsonb(NEW) - personal IS DISTINCT FROM to_jsonb(OLD) - personal
     OR OLD.state NOT IN ('sent', 'bounced', 'suppressed', 'cancelled', 'abandoned')
     OR NOT EXISTS (SELECT 1 FROM tocsin.case_file c WHERE c.id = OLD.case_id AND c.state = 'closed') THEN
    RAISE EXCEPTION 'delivery: erasing takes what names people, once, of an ended row in a closed case'
      USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_erased BEFORE UPDATE ON delivery FOR EACH ROW
  WHEN (NEW.erased_at IS DISTINCT FROM OLD.erased_at) EXECUTE FUNCTION guard_delivery_erasure();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_erased;

DROP TRIGGER delivery_event_stays ON delivery_event;
CREATE TRIGGER delivery_event_stays BEFORE DELETE ON delivery_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_stays;
CREATE FUNCTION guard_event_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE personal text[] := ARRAY['reply', 'reply_sha256'];
BEGIN
  IF OLD.reply IS NULL OR NEW.reply IS NOT NULL
     OR NEW.reply_sha256 IS DISTINCT FROM sha256(convert_to(OLD.reply, 'UTF8'))
     OR to_jsonb(NEW) - personal IS DISTINCT FROM to_jsonb(OLD) - personal
     OR NOT EXISTS (SELECT 1 FROM tocsin.delivery d WHERE d.id = OLD.delivery_id AND d.erased_at IS NOT NULL) THEN
    RAISE EXCEPTION 'delivery_event is append-only: only the reply of an erased delivery gives way to its digest'
      USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delivery_event_erased BEFORE UPDATE ON delivery_event FOR EACH ROW EXECUTE FUNCTION guard_event_erasure();
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_erased;
