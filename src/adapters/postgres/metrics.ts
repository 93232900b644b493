/** Reads what monitoring watches: backlogs, doubts, overdue obligations, heartbeats and the clock. */
import type pg from 'pg';
import type { Actor } from '../../domain/actor.ts';
import type { HouseReadings } from '../../domain/readings.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';

const reader: Actor = { kind: 'machine', name: 'watch' };

/** The heartbeat of no process: when the whole register was last verified, and whether it held. */
const verified = 'register-verified';

/** One consistent look at the house. Throws when the database does not answer. */
export function readHouse(pool: pg.Pool): Promise<HouseReadings> {
  return inTransaction(pool, reader, async (sql) => {
    const clockSkewSeconds = await clockSkew(sql);
    const backlog = await sql.row<Backlog>(backlogQuery);
    if (backlog === undefined) throw new Error('the database gave no answer');
    const { inDoubtReal, inDoubtDrill, overdueReal, overdueDrill, ...rest } = backlog;
    return {
      ...rest,
      deliveriesInDoubt: { real: inDoubtReal, drill: inDoubtDrill },
      obligationsOverdue: { real: overdueReal, drill: overdueDrill },
      clockSkewSeconds,
      ...(await lives(sql)),
    };
  });
}

/** Notes a verification of the whole register, for the gauge of its age. */
export async function noteVerified(
  sql: Sql,
  found: { readonly ok: boolean; readonly entries: number },
): Promise<void> {
  await sql.run(
    `INSERT INTO heartbeat (name, at, detail) VALUES ($1, clock_timestamp(), $2)
     ON CONFLICT (name) DO UPDATE SET at = clock_timestamp(), detail = $2`,
    [verified, JSON.stringify({ ok: found.ok, entries: found.entries })],
  );
}

interface Backlog {
  readonly alarmsUnsent: number;
  readonly oldestUnsentAlarmSeconds: number;
  readonly oldestUnrungAlarmSeconds: number;
  readonly wakesPending: number;
  readonly oldestWakeSeconds: number;
  readonly inDoubtReal: number;
  readonly inDoubtDrill: number;
  readonly overdueReal: number;
  readonly overdueDrill: number;
}

const ageOf = (instant: string): string =>
  `coalesce(greatest(0, extract(epoch FROM clock_timestamp() - ${instant})), 0)::float8`;

const backlogQuery = `
  SELECT u.*, r.*, w.*, d.*, o.*
  FROM (SELECT count(*)::int AS "alarmsUnsent", ${ageOf('min(rung_at)')} AS "oldestUnsentAlarmSeconds"
        FROM alarm_outbox WHERE handed_at IS NULL) u,
       (SELECT ${ageOf('min(ring_at)')} AS "oldestUnrungAlarmSeconds" FROM alarm
        WHERE silenced_at IS NULL AND rung_due_at IS DISTINCT FROM due_at AND ring_at <= clock_timestamp()) r,
       (SELECT count(*)::int AS "wakesPending", ${ageOf('min(at)')} AS "oldestWakeSeconds"
        FROM wake WHERE accepted_at IS NULL) w,
       (SELECT count(*) FILTER (WHERE d.mode = 'real')::int AS "inDoubtReal",
               count(*) FILTER (WHERE d.mode <> 'real')::int AS "inDoubtDrill"
        FROM notice n JOIN delivery d ON d.notice_id = n.id
        WHERE n.state IN ('released', 'cancelled') AND d.state = 'in-doubt') d,
       (SELECT count(*) FILTER (WHERE c.mode = 'real')::int AS "overdueReal",
               count(*) FILTER (WHERE c.mode <> 'real')::int AS "overdueDrill"
        FROM obligation b JOIN case_file c ON c.id = b.case_id
        WHERE b.state IN ('owed', 'to-decide') AND b.dispatched_at IS NULL AND c.state <> 'closed'
          AND b.due_ring_at < clock_timestamp()) o`;

/** Measured at the middle of one short round trip. */
async function clockSkew(sql: Sql): Promise<number> {
  const askedMs = Date.now();
  const row = await sql.row<{ ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  );
  const middleMs = (askedMs + Date.now()) / 2;
  return ((row?.ms ?? Number.NaN) - middleMs) / 1000;
}

async function lives(
  sql: Sql,
): Promise<Pick<HouseReadings, 'heartbeats' | 'temporalReachable' | 'registerVerified'>> {
  const rows = await sql.rows<{
    part: string;
    ageSeconds: number;
    temporal: string | null;
    ok: boolean | null;
  }>(
    `SELECT name AS part, ${ageOf('at')} AS "ageSeconds", detail ->> 'temporal' AS temporal, (detail ->> 'ok')::boolean AS ok
     FROM heartbeat ORDER BY name`,
  );
  const relay = rows.find((row) => row.part === 'relay');
  const check = rows.find((row) => row.part === verified);
  return {
    heartbeats: rows
      .filter((row) => row.part !== verified)
      .map(({ part, ageSeconds }) => ({ part, ageSeconds })),
    temporalReachable: relay === undefined ? null : relay.temporal === 'up',
    registerVerified:
      check === undefined ? null : { ageSeconds: check.ageSeconds, ok: check.ok === true },
  };
}
