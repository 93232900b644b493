/** The least a ledger can write for the promises of windows: one row before the dots of a window, one row for each outcome, nothing else. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { Batch } from '../../src/commands/dispatch-batch.ts';
import { massLane } from '../../src/commands/send-window.ts';
import { WindowFeed } from '../../src/commands/window-feed.ts';
import type { AttemptOutcome, ClaimedDelivery, Wire } from '../../src/domain/notice-ports.ts';
import type { House, Store } from '../../src/domain/ports.ts';
import type { Sql } from '../../src/adapters/postgres/sql.ts';
import { dispatchPolicy } from '../../src/ledger/window.ts';

/** Its tables: no key but the window's, no states, no events, no guards. What is slower than this pays for those. */
export const leastLedgerTables = `
  CREATE SCHEMA bench;
  CREATE TABLE bench.at_dots (attempt_id uuid PRIMARY KEY, delivery_ids uuid[] NOT NULL);
  CREATE TABLE bench.outcome (delivery_id uuid, kind text, reply text, dot_age float8);
  GRANT USAGE ON SCHEMA bench TO tocsin_app;
  GRANT INSERT ON ALL TABLES IN SCHEMA bench TO tocsin_app`;

/** Sends the rows by the product's own windows, lanes and wire, over the least ledger. */
export async function overLeastLedger(
  pool: pg.Pool,
  wire: Wire,
  rows: readonly ClaimedDelivery[],
  lanes: number,
): Promise<void> {
  const waiting = rows.map((row) => ({
    ...row,
    ...{ deliveryId: randomUUID(), transport: 'sandbox' as const, attempts: 1 },
  }));
  const house: House = {
    as: (actor, fn) => inTransaction(pool, actor, (sql) => fn(storeOver(sql, waiting))),
  };
  const batch = new Batch({
    ...{ house, wire, policy: dispatchPolicy, newAttemptId: randomUUID, noticeId: 'bench' },
    ...{ limit: rows.length, withinMs: dispatchPolicy.beginWithinMs, signal: undefined },
    clock: { nowMs: () => performance.now(), pause: (ms) => wait(ms) },
    onProgress: () => undefined,
  });
  const feed = new WindowFeed(batch);
  const work = (): Promise<void> => massLane(batch, feed, { atDotSinceMs: null });
  await Promise.all(Array.from({ length: lanes }, work));
  if (batch.counted.sent !== rows.length) throw new Error(JSON.stringify(batch.counted));
}

function storeOver(sql: Sql, waiting: ClaimedDelivery[]): Store {
  const notices = {
    async takeWindow(_noticeId: string, limit: number, attemptId: string) {
      const taken = waiting.splice(0, limit).map((row) => ({ ...row, attemptId }));
      if (taken.length > 0)
        await sql.prepared('least-take', 'INSERT INTO bench.at_dots VALUES ($1, $2)', [
          ...[attemptId, taken.map(({ deliveryId }) => deliveryId)],
        ]);
      return taken;
    },
    async settleWindow(settled: readonly AttemptOutcome[]) {
      await sql.prepared('least-settle', insertOutcomes, [
        settled.map(({ deliveryId }) => deliveryId),
        settled.map(({ outcome }) => outcome.kind),
        settled.map(({ outcome }) => outcome.reply),
        settled.map(({ dotAgeMs }) => dotAgeMs),
      ]);
      return new Set(settled.map(({ deliveryId }) => deliveryId));
    },
  };
  // Windows in which nothing goes wrong ask for no more than this.
  return { notices } as unknown as Store;
}

const insertOutcomes = `
  INSERT INTO bench.outcome SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[])`;
