/** Mass dispatch: when a notice is sent in windows of rows, how large each is, and for how long its dots may go out. */
import type { Notice } from '../domain/notice.ts';
import { claimLeaseSeconds, dotLeaseSeconds } from './delivery.ts';

/** The numbers of dispatch. Leases, waits and windows hang together: a test says how. */
export interface DispatchPolicy {
  /** From so many recipients on, people are told in windows. */
  readonly massFromRows: number;
  /** Rows that all sessions of a notice together may hold at the dot; after a crash at most these are in doubt. */
  readonly windowRows: number;
  readonly claimLeaseSeconds: number;
  readonly dotLeaseSeconds: number;
  /** After the commit that allowed them, the dots of a window may go out for so long. */
  readonly dotsWithinMs: number;
  /** A batch begins no row later than this. */
  readonly beginWithinMs: number;
  /** A server silent for so long after a dot no longer holds up other rows. */
  readonly hungAfterMs: number;
  /** So much longer than its time a batch begins rows while one hangs. */
  readonly heldUpForMs: number;
  /** How often another lane looks for rows while one hangs, and how often when all of them do. */
  readonly againMs: number;
  readonly spareMs: number;
  /** How often whoever watches a batch is told that it lives. */
  readonly beatMs: number;
}

export const dispatchPolicy: DispatchPolicy = {
  massFromRows: 50,
  windowRows: 200,
  claimLeaseSeconds,
  dotLeaseSeconds,
  dotsWithinMs: 60_000,
  beginWithinMs: 600_000,
  hungAfterMs: 30_000,
  heldUpForMs: 420_000,
  againMs: 12_000,
  spareMs: 75_000,
  beatMs: 4_000,
};

/** Only people, and only many of them: an authority or a customer is fenced row by row. */
export function isMass(
  recipientKind: Notice['recipientKind'],
  recipients: number,
  policy: DispatchPolicy,
): boolean {
  return recipientKind === 'data-subject' && recipients >= policy.massFromRows;
}

/**
 * The numbers for a notice to so many: of a few hundred people a crash must not leave most in doubt, so that the sessions
 * together hold a tenth of them at their dots; never fewer than sixteen, never over the limit.
 */
export function policyFor(recipients: number, policy: DispatchPolicy): DispatchPolicy {
  const share = Math.max(16, Math.ceil(recipients / 10));
  return { ...policy, windowRows: Math.min(policy.windowRows, share) };
}

/** How the sessions fared since the window was last filled: well, one of them lost, or rows overtaken by their time. */
export type WindowEnd = 'well' | 'cut' | 'late';

/** The first window: one row for each session; a server that is not there costs no more than this. */
export const firstWindow = 4;

/** How many rows the window may hold next: quickly more while all goes well, few again after a cut. */
export function nextWindow(size: number, end: WindowEnd, policy: DispatchPolicy): number {
  const first = Math.min(firstWindow, policy.windowRows);
  if (end === 'well') return Math.min(policy.windowRows, size * 4);
  return end === 'late' ? Math.max(first, size >> 1) : first;
}
