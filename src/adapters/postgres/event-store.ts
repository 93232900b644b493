/** Events that came in, in PostgreSQL: once each, and what became of those that wait. */
import type { CaseEvent, EventAnswer, EventStore, NamedCase } from '../../domain/event-ports.ts';
import type { Instant } from '../../domain/instant.ts';
import { assertNever } from '../../domain/json.ts';
import type { Sql } from './sql.ts';

export function eventStore(sql: Sql): EventStore {
  return { ...keeping(sql), ...waiting(sql) };
}

// The same event arriving twice at once: the second waits here and finds what the first one left.
async function lockEvent(sql: Sql, source: string, eventId: string): Promise<void> {
  const event = `${source} ${eventId}`;
  await sql.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [event]);
}

function keeping(sql: Sql): Pick<EventStore, 'known' | 'keep' | 'caseIdOf'> {
  return {
    async known(source, eventId) {
      await lockEvent(sql, source, eventId);
      const row = await sql.row<EventAnswer & { bodySha256: string }>(
        `SELECT encode(body_sha256, 'hex') AS "bodySha256", outcome, case_id AS "caseId", reference
         FROM inbound_event WHERE source = $1 AND event_id = $2`,
        [source, eventId],
      );
      return row ?? null;
    },
    async keep(event) {
      const { source, eventId, type, bodySha256, outcome, caseId, reference, reason } = event;
      await sql.run(
        `INSERT INTO inbound_event (source, event_id, type, body_sha256, outcome, case_id, reference, reason, body,
           unit, awaits_source, awaits_id)
         VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          ...[source, eventId, type, bodySha256, outcome, caseId, reference, reason, event.body],
          ...[event.unit, event.awaits?.source ?? null, event.awaits?.id ?? null],
        ],
      );
    },
    async caseIdOf(named) {
      if (named.by === 'opening-event') await lockEvent(sql, named.source, named.id);
      const [where, values] = selection(named);
      const row = await sql.row<{ id: string }>(`SELECT id FROM case_file WHERE ${where}`, values);
      return row?.id ?? null;
    },
  };
}

function waiting(sql: Sql): Omit<EventStore, 'known' | 'keep' | 'caseIdOf'> {
  return {
    awaiting: (source, id) =>
      sql.rows(
        `SELECT source, event_id AS "eventId", body, unit FROM inbound_event
         WHERE awaits_source = $1 AND awaits_id = $2 AND outcome = 'kept' AND settled_at IS NULL
         ORDER BY at, event_id LIMIT 100`,
        [source, id],
      ),
    async tookUp({ source, eventId }, { outcome, caseId, reference }) {
      await sql.run(
        `UPDATE inbound_event SET outcome = $3, case_id = $4, reference = $5, reason = NULL, body = NULL
         WHERE source = $1 AND event_id = $2 AND outcome = 'kept'`,
        [source, eventId, outcome, caseId, reference],
      );
    },
    async takenUp({ source, eventId, by }, { outcome, caseId, reference }) {
      await sql.run(
        `UPDATE inbound_event SET outcome = $3, case_id = $4, reference = $5, reason = NULL,
           settled_at = clock_timestamp(), settled_by = $6
         WHERE source = $1 AND event_id = $2 AND settled_at IS NULL`,
        [source, eventId, outcome, caseId, reference, by],
      );
    },
    async countWaiting() {
      const row = await sql.row<{ count: number }>(
        `SELECT count(*) AS count FROM inbound_event WHERE outcome = 'kept' AND settled_at IS NULL`,
      );
      return row?.count ?? 0;
    },
    async lockKept(source, eventId) {
      const row = await sql.row<{ at: Instant }>(
        `SELECT at FROM inbound_event WHERE source = $1 AND event_id = $2 AND outcome = 'kept'
           AND settled_at IS NULL FOR UPDATE`,
        [source, eventId],
      );
      return row ?? null;
    },
    async waiting() {
      const rows = await sql.rows<WaitingRow>(
        `SELECT source, event_id AS "eventId", type, at, reason, body
         FROM inbound_event WHERE outcome = 'kept' AND settled_at IS NULL ORDER BY at, event_id LIMIT 100`,
      );
      // Not in SQL: a NUL character may stand in the bytes, and not in a text of PostgreSQL.
      return rows.map((row) => ({ ...row, body: row.body.toString('utf8') }));
    },
    async ofCase(caseId) {
      const rows = await sql.rows<CaseEventRow>(
        `SELECT source, event_id AS "eventId", type, at, body, outcome = 'attached' AND settled_at IS NULL AS waits
         FROM inbound_event WHERE case_id = $1 AND body IS NOT NULL ORDER BY at, event_id LIMIT 100`,
        [caseId],
      );
      return rows.map((row) => ({ ...row, body: row.body.toString('utf8') }));
    },
    async lockAttached(caseId, source, eventId) {
      const row = await sql.row<{ body: Buffer }>(
        `SELECT body FROM inbound_event WHERE case_id = $1 AND source = $2 AND event_id = $3
           AND outcome = 'attached' AND settled_at IS NULL FOR UPDATE`,
        [caseId, source, eventId],
      );
      return row?.body ?? null;
    },
    async settle(source, eventId, by) {
      const settled = await sql.row<{ caseId: string | null }>(
        `UPDATE inbound_event SET settled_at = clock_timestamp(), settled_by = $3
         WHERE source = $1 AND event_id = $2 AND outcome IN ('kept', 'attached') AND settled_at IS NULL
         RETURNING case_id AS "caseId"`,
        [source, eventId, by],
      );
      return settled?.caseId;
    },
  };
}

type CaseEventRow = Omit<CaseEvent, 'body'> & { readonly body: Buffer };

type WaitingRow = Omit<Awaited<ReturnType<EventStore['waiting']>>[number], 'body'> & {
  readonly body: Buffer;
};

function selection(named: NamedCase): [string, string[]] {
  switch (named.by) {
    case 'id':
      return ['id = $1', [named.caseId]];
    case 'reference':
      return ['reference = $1', [named.reference]];
    case 'opening-event':
      return ['source = $1 AND external_id = $2', [named.source, named.id]];
    default:
      return assertNever(named);
  }
}
