/** The one question asked before anything leaves: does the release of a notice still stand. */

/** A release stands while its version is the live one, what gave it leave still does, and nothing holds the notice back. `$1` is the notice. */
export const standingRelease = `
  SELECT v.id AS version_id, v.sender, v.encoder
  FROM notice n
  JOIN notice_version v ON v.notice_id = n.id AND v.superseded_at IS NULL
  JOIN release r ON r.version_id = v.id AND r.digest = v.digest
  WHERE n.id = $1 AND n.state = 'released'
    AND release_stands(r.id) AND notice_barrier(n.id) IS NULL`;
