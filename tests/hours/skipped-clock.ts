/**
 * One skipped clock for both servers: the time-skipping server leads, PostgreSQL's `clock_timestamp()` follows.
 *
 * Nothing of this is in the product. In one database of the test's own a superuser, with `allow_system_table_mods`, puts
 * an offset into `clock_timestamp()`: commands, column defaults, triggers and the watch then all live at the skipped
 * instant. No role of the product may do that, and `doctor` and the watch alarm where two clocks differ by 2 s.
 */
import {
  Connection,
  InternalConnectionOptionsSymbol,
  type InternalConnectionOptions,
} from '@temporalio/client/lib/connection.js';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import pg from 'pg';
import type { SharedTemporal } from '../support/servers.ts';

const oneCallMs = 120_000;

export interface SkippedClock {
  /** Brings PostgreSQL to the instant the time-skipping server has; gives it. Never goes back. */
  follow(): Promise<number>;
  /** Lets this much time pass on both; timers on the way fire, and time stands while a step of a workflow runs. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const replaceClock = `
  SET allow_system_table_mods = on;
  CREATE SCHEMA hours;
  GRANT USAGE ON SCHEMA hours TO PUBLIC;
  CREATE TABLE hours.ahead (ms float8 NOT NULL);
  INSERT INTO hours.ahead VALUES (0);
  -- timeofday() is the one wall clock left; SECURITY DEFINER keeps the planner from unfolding it.
  CREATE FUNCTION hours.skipped_now() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
    SET timezone = 'UTC' SET search_path = pg_catalog
    AS $$ SELECT timeofday()::timestamptz + make_interval(secs => ms / 1000) FROM hours.ahead $$;
  CREATE OR REPLACE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT hours.skipped_now() $$;`;

/** Puts the database under the clock of the time-skipping server; `adminUrl` is the superuser's, of that database. */
export async function skippedClock(
  temporal: SharedTemporal,
  adminUrl: string,
): Promise<SkippedClock> {
  // One connection, asked by many: two steps may begin at once.
  const admin = new pg.Pool({ connectionString: adminUrl, max: 1 });
  await admin.query(replaceClock);
  const place: InternalConnectionOptions = {
    address: temporal.address,
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  };
  const connection = await Connection.connect(place);
  const skipping = connection.testService;
  if (skipping === undefined) throw new Error('this Temporal cannot skip time');

  const follow = async (): Promise<number> => {
    // Asked before, so that PostgreSQL is ahead by the round trip: a timer never finds it a millisecond too early.
    const askedMs = Date.now();
    const { time } = await skipping.getCurrentTime({});
    const nowMs = tsToMs(time);
    await admin.query('UPDATE hours.ahead SET ms = greatest(ms, $1)', [nowMs - askedMs]);
    return nowMs;
  };
  return {
    follow,
    async pass(ms) {
      await connection.withDeadline(Date.now() + oneCallMs, () =>
        skipping.unlockTimeSkippingWithSleep({ duration: msToTs(ms) }),
      );
      await follow();
    },
    async close() {
      await connection.close();
      await admin.end();
    },
  };
}
