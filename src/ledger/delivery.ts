/** The states of one delivery and the only ways between them; the fences that keep a copy from going out twice. */
import { assertNever } from '../domain/json.ts';
import type { DeliveryState } from '../domain/notice.ts';

/** What the ledger knows of a row as far as its transitions go. */
export interface DeliveryRow {
  readonly state: DeliveryState;
  /** The attempt that owns the row; kept while in doubt, because that attempt may still learn the answer. */
  readonly attemptId: string | null;
}

export type DeliveryEvent =
  | { readonly kind: 'release' }
  | { readonly kind: 'claim'; readonly attemptId: string }
  | { readonly kind: 'take'; readonly attemptId: string }
  | { readonly kind: 'mark-at-dot'; readonly attemptId: string }
  | {
      readonly kind: 'settle';
      readonly attemptId: string;
      readonly outcome: 'sent' | 'retry' | 'bounced' | 'in-doubt';
    }
  | { readonly kind: 'late-acceptance'; readonly attemptId: string }
  | { readonly kind: 'lease-expired' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'resolve'; readonly how: 'sent' | 'abandoned' };

/** The row after the event, or null when the event does not touch it: a fence, not an error. */
export function nextDelivery(row: DeliveryRow, event: DeliveryEvent): DeliveryRow | null {
  switch (event.kind) {
    case 'release':
      return row.state === 'prepared' ? free('pending') : null;
    case 'claim':
      return row.state === 'pending' || row.state === 'retry'
        ? owned('claimed', event.attemptId)
        : null;
    case 'take':
      // In a window the commit that claims a row is the one that allows its dot.
      return row.state === 'pending' || row.state === 'retry'
        ? owned('at-dot', event.attemptId)
        : null;
    case 'mark-at-dot':
      return row.state === 'claimed' && row.attemptId === event.attemptId
        ? owned('at-dot', event.attemptId)
        : null;
    case 'settle':
      return row.attemptId === event.attemptId ? settled(row, event.outcome) : null;
    case 'late-acceptance':
      // In doubt, only the good news of the same attempt still counts.
      return row.state === 'in-doubt' && row.attemptId === event.attemptId ? free('sent') : null;
    case 'lease-expired':
      return expired(row);
    case 'cancel':
      return cancellable.includes(row.state) ? free('cancelled') : null;
    case 'resolve':
      return row.state === 'in-doubt' ? free(event.how) : null;
    default:
      return assertNever(event);
  }
}

const cancellable: readonly DeliveryState[] = ['prepared', 'pending', 'retry', 'claimed'];

function settled(
  row: DeliveryRow,
  outcome: 'sent' | 'retry' | 'bounced' | 'in-doubt',
): DeliveryRow | null {
  // Nobody can have taken a message whose dot was never allowed.
  if (row.state === 'claimed')
    return outcome === 'retry' || outcome === 'bounced' ? free(outcome) : null;
  if (row.state !== 'at-dot') return null;
  return outcome === 'in-doubt' && row.attemptId !== null
    ? owned('in-doubt', row.attemptId)
    : free(outcome);
}

function expired(row: DeliveryRow): DeliveryRow | null {
  if (row.attemptId === null) return null;
  if (row.state === 'claimed') return free('retry');
  return row.state === 'at-dot' ? owned('in-doubt', row.attemptId) : null;
}

function free(state: DeliveryState): DeliveryRow {
  return { state, attemptId: null };
}

function owned(state: DeliveryState, attemptId: string): DeliveryRow {
  return { state, attemptId };
}

/** True when nothing will happen to a row by itself and no person is waited for. */
export function hasEnded(state: DeliveryState): boolean {
  return ended.includes(state);
}

const ended: readonly DeliveryState[] = ['sent', 'bounced', 'suppressed', 'cancelled', 'abandoned'];

/** How long a claimed row is ours before the dot. Short: until then trying again is always safe. */
export const claimLeaseSeconds = 110;
/** How long an attempt may take to reach the dot; less than the claim's lease. */
export const beforeDotSeconds = 90;
/** How long we wait for the answer to the dot: RFC 5321, 4.5.3.2.6 asks for 10 minutes. */
export const dotWaitSeconds = 630;
/** How long a row at the dot is ours; outlives the wait. */
export const dotLeaseSeconds = 720;

/**
 * Seconds until the next attempt. A fault of the network or of our relay is tried again within two minutes for as
 * long as it lasts; a server that defers us is given more time.
 */
export function retryAfterSeconds(attempts: number, cause: 'network' | 'deferred'): number {
  const ceiling = cause === 'network' ? 110 : 900;
  return Math.min(ceiling, 5 * 2 ** Math.min(attempts, 16));
}
