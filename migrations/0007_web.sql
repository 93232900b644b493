-- What the pages need: sessions kept on the server, and an actor's name for people to read. Runs as tocsin_owner.
SET search_path = tocsin;

-- A sign-in of a person with a token. It is worth what the token is worth: revoked or expired, the session ends too.
CREATE TABLE web_session (
  session_sha256 bytea PRIMARY KEY CHECK (length(session_sha256) = 32),
  token_sha256 bytea NOT NULL REFERENCES access_token (token_sha256),
  opened_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3)
);
GRANT SELECT, INSERT, UPDATE ON web_session TO tocsin_app;

-- The name behind an actor's label. The register holds labels only; names stand in one place and can change there.
CREATE FUNCTION actor_name(label text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN label ~ '^person/[0-9a-f-]{36}$' THEN
      coalesce((SELECT p.name FROM tocsin.person p WHERE p.id = substr(label, 8)::uuid), 'a person not known any more')
    WHEN label LIKE 'machine/%' THEN 'Tocsin (' || substr(label, 9) || ')'
    ELSE label
  END
$$;

-- `/readyz` compares what was applied with what this build knows.
DO $$
BEGIN
  IF to_regclass('tocsin_migration.kysely_migration') IS NOT NULL THEN
    GRANT USAGE ON SCHEMA tocsin_migration TO tocsin_app;
    GRANT SELECT ON tocsin_migration.kysely_migration TO tocsin_app;
  END IF;
END $$;
