/** The ledger of deliveries: whatever happens in whatever order, no second copy without a person, no lost row. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/domain/notice.ts';
import {
  beforeDotSeconds,
  claimLeaseSeconds,
  dotLeaseSeconds,
  dotWaitSeconds,
  hasEnded,
  nextDelivery,
  retryAfterSeconds,
  type DeliveryEvent,
  type DeliveryRow,
} from '../../src/ledger/delivery.ts';

const attempt = fc.constantFrom('a1', 'a2', 'a3');
const outcome = fc.constantFrom<'sent' | 'retry' | 'bounced' | 'in-doubt'>(
  'sent',
  'retry',
  'bounced',
  'in-doubt',
);
const event: fc.Arbitrary<DeliveryEvent> = fc.oneof(
  fc.constant({ kind: 'release' } as const),
  fc.record({ kind: fc.constant('claim' as const), attemptId: attempt }),
  fc.record({ kind: fc.constant('take' as const), attemptId: attempt }),
  fc.record({ kind: fc.constant('mark-at-dot' as const), attemptId: attempt }),
  fc.record({ kind: fc.constant('settle' as const), attemptId: attempt, outcome }),
  fc.record({ kind: fc.constant('late-acceptance' as const), attemptId: attempt }),
  fc.constant({ kind: 'lease-expired' } as const),
  fc.constant({ kind: 'cancel' } as const),
  fc.record({
    kind: fc.constant('resolve' as const),
    how: fc.constantFrom<'sent' | 'abandoned'>('sent', 'abandoned'),
  }),
);
const story = fc.array(event, { maxLength: 40 });
const prepared: DeliveryRow = { state: 'prepared', attemptId: null };

function tell(
  events: readonly DeliveryEvent[],
  see: (from: DeliveryRow, event: DeliveryEvent, to: DeliveryRow) => void,
): DeliveryRow {
  return events.reduce((row, happening) => {
    const next = nextDelivery(row, happening);
    if (next !== null) see(row, happening, next);
    return next ?? row;
  }, prepared);
}

describe('the ledger', () => {
  test.prop([story], { numRuns: 2_000 })(
    'allows a second dot only after a server said no to the first',
    (events) => {
      let undecidedDots = 0;
      tell(events, (_from, happening, to) => {
        if (happening.kind === 'mark-at-dot' || happening.kind === 'take') {
          expect(undecidedDots).toBe(0);
          undecidedDots++;
        }
        const refused =
          happening.kind === 'settle' &&
          (happening.outcome === 'retry' || happening.outcome === 'bounced');
        if (refused && to.attemptId === null) undecidedDots = 0;
      });
    },
  );

  test.prop([story], { numRuns: 2_000 })(
    'never leads a row in doubt back to sending without a person',
    (events) => {
      tell(events, (from, _event, to) => {
        if (from.state === 'in-doubt') expect(['sent', 'abandoned']).toContain(to.state);
      });
    },
  );

  test.prop([story], { numRuns: 2_000 })(
    'never moves a row that has ended, and gives a row an owner only while it has one',
    (events) => {
      tell(events, (from, _event, to) => {
        expect(hasEnded(from.state)).toBe(false);
        expect(to.attemptId !== null).toBe(['claimed', 'at-dot', 'in-doubt'].includes(to.state));
      });
    },
  );

  test.prop([story], { numRuns: 1_000 })('sends nothing before its release', (events) => {
    let released = false;
    tell(events, (_from, happening) => {
      released ||= happening.kind === 'release';
      if (
        happening.kind === 'claim' ||
        happening.kind === 'take' ||
        happening.kind === 'mark-at-dot'
      )
        expect(released).toBe(true);
    });
  });

  it.each<[DeliveryState, DeliveryState | null]>([
    ['prepared', 'cancelled'],
    ['pending', 'cancelled'],
    ['retry', 'cancelled'],
    ['claimed', 'cancelled'],
    ['at-dot', null],
    ['in-doubt', null],
    ['sent', null],
  ])('cancelling a row that is %s gives %s: before the dot it wins', (state, expected) => {
    const owned = state === 'claimed' || state === 'at-dot' || state === 'in-doubt';
    const next = nextDelivery({ state, attemptId: owned ? 'a1' : null }, { kind: 'cancel' });
    expect(next?.state ?? null).toBe(expected);
  });

  it('puts a row in doubt when its lease ends at the dot, and only good news of that attempt counts then', () => {
    const doubtful = nextDelivery({ state: 'at-dot', attemptId: 'a1' }, { kind: 'lease-expired' });
    expect(doubtful).toEqual({ state: 'in-doubt', attemptId: 'a1' });
    const row = doubtful ?? prepared;
    expect(nextDelivery(row, { kind: 'settle', attemptId: 'a1', outcome: 'retry' })).toBeNull();
    expect(nextDelivery(row, { kind: 'late-acceptance', attemptId: 'a2' })).toBeNull();
    expect(nextDelivery(row, { kind: 'late-acceptance', attemptId: 'a1' })?.state).toBe('sent');
  });

  it('keeps every lease longer than what it covers', () => {
    expect(claimLeaseSeconds).toBeGreaterThan(beforeDotSeconds);
    expect(dotWaitSeconds).toBeGreaterThanOrEqual(600);
    expect(dotLeaseSeconds).toBeGreaterThan(dotWaitSeconds);
  });

  it('comes back within two minutes of a network fault, however often it has failed', () => {
    for (let attempts = 1; attempts < 100; attempts++) {
      expect(retryAfterSeconds(attempts, 'network')).toBeLessThanOrEqual(120);
      expect(retryAfterSeconds(attempts, 'deferred')).toBeLessThanOrEqual(900);
    }
  });
});
