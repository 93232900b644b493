/** The database hashes a transition of a delivery exactly as anybody else would: canonical JSON, then SHA-256. */
import { createHash } from 'node:crypto';
import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { canonicalJson } from '../../src/register/canonical.ts';
import { leafHash } from '../../src/register/merkle.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((one) => !one.includes('\0'));
const state = fc.constantFrom('prepared', 'pending', 'claimed', 'at-dot', 'sent', 'in-doubt');
const transition = fc.record({
  eventId: fc.integer({ min: 1, max: 2 ** 40 }),
  deliveryId: fc.uuid(),
  fromState: fc.option(state),
  toState: state,
  attemptId: fc.option(fc.uuid()),
  reply: fc.option(text),
  at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
  actor: text,
});

it('for any transition, whatever the actor is called and whatever the server answered', async () => {
  await fc.assert(
    fc.asyncProperty(transition, async ({ reply, at: date, ...event }) => {
      const at = date.toISOString();
      const replySha256 =
        reply === null ? null : createHash('sha256').update(reply, 'utf8').digest('hex');
      const expected = leafHash(Buffer.from(canonicalJson({ ...event, at, replySha256 }), 'utf8'));
      const { eventId, deliveryId, fromState, toState, attemptId, actor } = event;
      const row = await inTransaction(db.pool, { kind: 'machine', name: 'dispatch' }, (sql) =>
        sql.row<{ leaf: Buffer }>(
          `SELECT delivery_event_leaf(e) AS leaf FROM jsonb_populate_record(NULL::delivery_event, $1) e`,
          [
            JSON.stringify({
              ...{ id: eventId, delivery_id: deliveryId, from_state: fromState, to_state: toState },
              ...{ attempt_id: attemptId, reply, at, actor },
            }),
          ],
        ),
      );
      expect(row?.leaf.toString('hex')).toBe(Buffer.from(expected).toString('hex'));
    }),
    { numRuns: 200 },
  );
});
