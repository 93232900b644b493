/** What is on its way to webhooks, in PostgreSQL: claimed under a lease, settled, put off. */
import type pg from 'pg';
import type { Actor } from '../../domain/actor.ts';
import type { OutboundEvent, WebhookStore } from '../../domain/event-ports.ts';
import type { JsonObject } from '../../domain/json.ts';
import { appendEntry } from './register.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';

const watch: Actor = { kind: 'machine', name: 'watch' };

/** Over the pool of the watch role. */
export function webhookStore(pool: pg.Pool): WebhookStore {
  const run = <T>(fn: (sql: Sql) => Promise<T>): Promise<T> => inTransaction(pool, watch, fn);
  return {
    configure: (endpoints) =>
      run(async (sql) => {
        await sql.run(
          `INSERT INTO webhook_endpoint (key, types, exercises)
           SELECT e.key, e.types, e.exercises
           FROM jsonb_to_recordset($1) AS e(key text, types text[], exercises boolean)
           ON CONFLICT (key) DO UPDATE SET types = excluded.types,
             exercises = excluded.exercises, active = true,
             disabled_at = CASE WHEN webhook_endpoint.active THEN webhook_endpoint.disabled_at END
           WHERE (webhook_endpoint.types, webhook_endpoint.exercises, webhook_endpoint.active)
             IS DISTINCT FROM (excluded.types, excluded.exercises, true)`,
          [
            JSON.stringify(
              endpoints.map(({ key, types, exercises }) => ({ key, types, exercises })),
            ),
          ],
        );
        await sql.run(
          'UPDATE webhook_endpoint SET active = false WHERE active AND key <> ALL ($1::text[])',
          [endpoints.map(({ key }) => key)],
        );
      }),
    claim: (endpoint) => run((sql) => claim(sql, endpoint)),
    delivered: (entryId, endpoint) =>
      run(async (sql) => {
        await settle(sql, 'delivered', 'entry_id = $1 AND endpoint = $2', [entryId, endpoint]);
      }),
    putOff: (entryId, endpoint, seconds) =>
      run(async (sql) => {
        await sql.run(
          `UPDATE outbound_event SET next_attempt_at = clock_timestamp() + make_interval(secs => $3)
           WHERE entry_id = $1 AND endpoint = $2 AND state = 'pending'`,
          [entryId, endpoint, seconds],
        );
      }),
    abandon: (entryId, endpoint) =>
      run(async (sql) => {
        await settle(sql, 'abandoned', 'entry_id = $1 AND endpoint = $2', [entryId, endpoint]);
        await enter(sql, 'webhook.abandoned', { endpoint, entryId });
      }),
    disable: (endpoint) =>
      run(async (sql) => {
        await sql.run(
          'UPDATE webhook_endpoint SET disabled_at = clock_timestamp() WHERE key = $1 AND disabled_at IS NULL',
          [endpoint],
        );
        const abandoned = await settle(sql, 'abandoned', 'endpoint = $1', [endpoint]);
        await enter(sql, 'webhook.disabled', { endpoint, abandoned });
      }),
  };
}

async function settle(
  sql: Sql,
  state: 'delivered' | 'abandoned',
  where: string,
  values: readonly string[],
): Promise<number> {
  return sql.run(
    `UPDATE outbound_event SET state = '${state}', settled_at = clock_timestamp()
     WHERE state = 'pending' AND ${where}`,
    values,
  );
}

async function enter(sql: Sql, type: string, data: JsonObject): Promise<void> {
  await appendEntry(sql, { stream: 'house', type, actor: 'machine/watch', data });
}

type ClaimedRow = Omit<OutboundEvent, 'data'> & { readonly leaf: Buffer };

async function claim(sql: Sql, endpoint: string): Promise<OutboundEvent | null> {
  const row = await sql.row<ClaimedRow>(
    `WITH next AS (
       SELECT o.entry_id FROM outbound_event o
       JOIN webhook_endpoint e ON e.key = o.endpoint AND e.active AND e.disabled_at IS NULL
       WHERE o.endpoint = $1 AND o.state = 'pending' AND o.next_attempt_at <= clock_timestamp()
       ORDER BY o.next_attempt_at, o.entry_id LIMIT 1 FOR UPDATE OF o SKIP LOCKED)
     UPDATE outbound_event o
     SET attempts = o.attempts + 1, next_attempt_at = clock_timestamp() + interval '1 minute'
     FROM next, register_entry r, case_file c
     WHERE o.entry_id = next.entry_id AND o.endpoint = $1 AND r.id = o.entry_id
       AND c.id = substr(r.stream, 6)::uuid
     RETURNING o.entry_id AS "entryId", r.type, r.at, c.id AS "caseId", c.reference,
       c.mode = 'drill' AS exercise, r.stream_seq AS "streamSeq", o.attempts, r.leaf`,
    [endpoint],
  );
  if (row === undefined) return null;
  const { leaf, ...event } = row;
  // A leaf is canonical JSON with an object under `data`: the register lets in nothing else.
  const { data } = JSON.parse(leaf.toString('utf8')) as { data: JsonObject };
  return { ...event, data };
}
