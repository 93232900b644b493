-- Providers of public electronic communications: what the catalogue says of them, their tracks, and the detection their hours run from.
SET search_path = tocsin;

-- Countries in which the affiliate is the national provider; nobody else may be it there.
ALTER TABLE affiliate ADD provider_in text[] NOT NULL DEFAULT '{}';
-- A publicly available electronic communications service. Null: nobody said so, which counts as no.
ALTER TABLE product ADD public_communications boolean;
-- True where the customer is itself the provider that has the contract with the subscribers, Art. 5 Regulation (EU) No 611/2013.
ALTER TABLE engagement ADD wholesale boolean;

-- The affiliate that is the provider of the service, as it was when scoped; null where it is no such service.
ALTER TABLE case_exposure
  ADD provider_key text,
  ADD wholesale boolean NOT NULL DEFAULT false,
  ADD CHECK (NOT wholesale OR provider_key IS NOT NULL);

ALTER TABLE track DROP CONSTRAINT track_role_check;
ALTER TABLE track ADD CONSTRAINT track_role_check
  CHECK (role IN ('controller', 'processor', 'joint-controller', 'provider'));
ALTER TABLE track DROP CONSTRAINT track_check;
ALTER TABLE track ADD CONSTRAINT track_check
  CHECK ((role IN ('processor', 'provider')) = (processing_key = ''));

-- When a provider knew enough for a meaningful notice, Art. 2(2): beside the first sign (detected_at) and awareness.
ALTER TABLE case_file
  ADD service_detected_at timestamptz(3),
  ADD service_detected_zone text,
  ADD service_detected_offset_minutes int,
  ADD service_detected_basis text,
  ADD CHECK (num_nulls(service_detected_at, service_detected_zone, service_detected_offset_minutes, service_detected_basis) IN (0, 4));
