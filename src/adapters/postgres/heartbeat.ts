/** Who lives and whether the engine follows: heartbeats and the backlog of wakes. */
import type { EngineState } from '../../domain/views.ts';
import type { Sql } from './sql.ts';

/** Notes that a part lives, with what it has to say about itself. */
export async function beat(
  sql: Sql,
  name: 'watch' | 'relay' | 'worker',
  detail: Readonly<Record<string, string | number>>,
): Promise<void> {
  await sql.run(
    `INSERT INTO heartbeat (name, at, detail) VALUES ($1, clock_timestamp(), $2)
     ON CONFLICT (name) DO UPDATE SET at = clock_timestamp(), detail = $2`,
    [name, JSON.stringify(detail)],
  );
}

/**
 * `following` when relay and worker beat within ten seconds, the relay reaches Temporal, and no wake has waited longer than
 * three seconds. Otherwise what people do is recorded all the same and taken up later.
 */
export async function engineState(sql: Sql): Promise<EngineState> {
  const row = await sql.row<{ following: boolean }>(
    `SELECT (SELECT count(*) = 2 FROM heartbeat
             WHERE at > clock_timestamp() - interval '10 seconds'
               AND (name = 'worker' OR (name = 'relay' AND detail ->> 'temporal' = 'up')))
        AND NOT EXISTS (SELECT 1 FROM wake WHERE accepted_at IS NULL AND at < clock_timestamp() - interval '3 seconds')
        AS following`,
  );
  return row?.following === true ? 'following' : 'waiting';
}
