/** The numbers of dispatch hang together, and a window grows only while all goes well. */
import { describe, expect, it } from 'vitest';
import { smtpTimeouts } from '../../src/adapters/mail/wire.ts';
import { beforeDotSeconds, dotWaitSeconds } from '../../src/ledger/delivery.ts';
import {
  dispatchPolicy,
  firstWindow,
  isMass,
  nextWindow,
  policyFor,
} from '../../src/ledger/window.ts';

describe('the numbers of dispatch', () => {
  const p = dispatchPolicy;

  it('let the last answer to a dot of a window come before the lease of its row ends', () => {
    expect(p.dotsWithinMs + dotWaitSeconds * 1_000).toBeLessThan(p.dotLeaseSeconds * 1_000);
    expect(smtpTimeouts.allowedForMs + dotWaitSeconds * 1_000).toBeLessThan(
      p.dotLeaseSeconds * 1_000,
    );
    expect(smtpTimeouts.dotMs).toBeLessThanOrEqual(dotWaitSeconds * 1_000);
    expect(smtpTimeouts.dotMs).toBeGreaterThanOrEqual(600_000);
  });

  it('let a session open before the claims of its window end', () => {
    expect(smtpTimeouts.beforeDotMs).toBeLessThanOrEqual(beforeDotSeconds * 1_000);
    expect(beforeDotSeconds).toBeLessThan(p.claimLeaseSeconds);
  });

  it('let a batch end before half an hour is over, also when its last row hangs', () => {
    const lastBegunMs = p.beginWithinMs + p.heldUpForMs + p.beatMs;
    expect(lastBegunMs + beforeDotSeconds * 1_000 + dotWaitSeconds * 1_000).toBeLessThan(1_800_000);
  });

  it('let other rows go on within two minutes of a hung dot, however many lanes hang', () => {
    expect(p.hungAfterMs + p.beatMs + p.spareMs + p.beatMs).toBeLessThan(120_000);
  });
});

describe('a notice goes out in windows', () => {
  it.each([
    ['data-subject', 50, true],
    ['data-subject', 49, false],
    ['controller', 5_000, false],
    ['authority', 1, false],
  ] as const)('to %s, %i of them: %s', (kind, rows, mass) => {
    expect(isMass(kind, rows, dispatchPolicy)).toBe(mass);
  });
});

describe('a crash leaves in doubt no more than a tenth of a few hundred people', () => {
  it.each([
    [50, 16],
    [200, 20],
    [500, 50],
    [2_000, 200],
    [100_000, 200],
  ])('of %i people all sessions together hold %i at the dot', (recipients, rows) => {
    expect(policyFor(recipients, dispatchPolicy).windowRows).toBe(rows);
  });
});

describe('a window', () => {
  const next = (size: number, end: Parameters<typeof nextWindow>[1]) =>
    nextWindow(size, end, dispatchPolicy);

  it('grows to its limit and no further', () => {
    expect([firstWindow, 16, 64, 200].map((size) => next(size, 'well'))).toEqual([
      16, 64, 200, 200,
    ]);
  });

  it('is one row a session again after a cut, and half as large when rows were overtaken by their time', () => {
    expect(next(200, 'cut')).toBe(4);
    expect([200, 10, 4].map((size) => next(size, 'late'))).toEqual([100, 5, 4]);
  });
});
