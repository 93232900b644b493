-- What contracts say of telling a customer, beyond hours; how each due was counted.
SET search_path = tocsin;

DO $$
DECLARE
  t text;
  p text;
BEGIN
  FOR t, p IN VALUES ('customer', 'agreement_breach'), ('engagement', 'breach') LOOP
    EXECUTE format('ALTER TABLE %I ADD %I int CHECK (%I BETWEEN 1 AND 99)', t, p || '_business_days', p || '_business_days');
    EXECUTE format('ALTER TABLE %I ADD %I text, ADD %I text, ADD %I text, ADD %I text, ADD %I text, ADD %I text, ADD %I text',
      t, p || '_calendar', p || '_cut_off', p || '_zone', p || '_trigger', p || '_channel', p || '_contact', p || '_given');
    EXECUTE format('ALTER TABLE %I ADD CHECK (%I IN (''email'', ''portal'', ''telephone''))', t, p || '_channel');
    EXECUTE format('ALTER TABLE %I ADD CHECK (%I IN (''awareness'', ''suspicion'', ''confirmation''))', t, p || '_trigger');
    EXECUTE format('ALTER TABLE %I ADD CHECK (%I IN (''sent'', ''received'', ''confirmed''))', t, p || '_given');
    EXECUTE format('ALTER TABLE %I ADD CHECK (%I IS NULL OR (%I IS NULL AND num_nulls(%I, %I) = 0))',
      t, p || '_business_days', p || '_hours', p || '_calendar', p || '_zone');
  END LOOP;
END $$;

-- One term as a case keeps it; null where the contract says nothing.
CREATE FUNCTION contract_term(stands_in text, hours numeric, business_days int, calendar text, cut_off text, zone text,
  starts_on text, channel text, contact text, given text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN num_nonnulls(hours, business_days, channel, given) > 0 THEN jsonb_build_object(
    'standsIn', stands_in,
    'period', CASE
      WHEN business_days IS NOT NULL THEN jsonb_build_object('unit', 'business-days', 'count', business_days,
        'calendar', calendar, 'cutOff', cut_off, 'zone', zone)
      WHEN hours IS NOT NULL THEN jsonb_build_object('unit', 'hours', 'count', hours) END,
    'trigger', coalesce(starts_on, 'awareness'),
    'channel', coalesce(channel, 'email'),
    'contact', contact,
    'given', coalesce(given, 'sent')) END
$$;

-- The terms as they were when scoped: a list of what contract_term makes.
ALTER TABLE case_exposure ADD contract_terms jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(contract_terms) = 'array');

-- Exposures scoped before there were terms have hours only.
CREATE FUNCTION terms_of(terms jsonb, hours numeric) RETURNS jsonb LANGUAGE sql IMMUTABLE SET search_path = tocsin AS $$
  SELECT CASE WHEN terms = '[]' AND hours IS NOT NULL
    THEN jsonb_build_array(contract_term('agreement', hours, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
    ELSE terms END
$$;

-- How the due was counted, a sentence a line; empty on obligations from before.
ALTER TABLE obligation ADD due_working jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(due_working) = 'array');
