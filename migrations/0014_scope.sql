-- One look a statement, not one a row: scoping may add a million people to a case at once.
ALTER TABLE case_subject DROP CONSTRAINT case_subject_case_id_fkey;

CREATE FUNCTION case_subject_has_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = tocsin, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT case_id FROM added) a
             WHERE NOT EXISTS (SELECT FROM case_file f WHERE f.id = a.case_id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'case_subject names a case that is not there';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER case_subject_has_case AFTER INSERT ON case_subject
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION case_subject_has_case();
