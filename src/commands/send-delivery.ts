/** Sends one claimed row: bytes put together, checked against what was approved, through both fences, and settled. */
import { assertNever } from '../domain/json.ts';
import type { ClaimedDelivery, DeliveryOutcome, WireOutcome } from '../domain/notice-ports.ts';
import type { House, Store } from '../domain/ports.ts';
import { retryAfterSeconds } from '../ledger/delivery.ts';
import { assemble, encoderName, mimeSha256 } from '../ledger/mime.ts';
import { acceptLate } from './accept-late.ts';
import { dispatcher, type Batch, type RowResult } from './dispatch-batch.ts';
import type { Lane } from './dispatch-lanes.ts';
import { surely } from './settle-surely.ts';

const quarantined = 'quarantined: the bytes differ from those that were approved';

/** One row after another, each fenced by a commit of its own before its dot. */
export async function singleLane(batch: Batch, lane: Lane): Promise<void> {
  for (;;) {
    const { house, noticeId, policy } = batch.input;
    const [row] = await batch.claim(1, (limit, after) =>
      house.as(dispatcher, (store) =>
        store.notices.claim(noticeId, limit, policy.claimLeaseSeconds, after),
      ),
    );
    if (row === undefined) return;
    batch.count(await sendDelivery(batch, lane, row));
    batch.input.onProgress();
  }
}

async function sendDelivery(batch: Batch, lane: Lane, row: ClaimedDelivery): Promise<RowResult> {
  const { house, wire, clock, policy } = batch.input;
  const bytes = approvedBytes(row);
  if (bytes === null) return quarantine(house, row);
  const { deliveryId, attemptId, transport, sender: from, address: to } = row;
  const beforeDot = async (): Promise<boolean> => {
    const isOurs = await house.as(dispatcher, (store) =>
      store.notices.markAtDot(deliveryId, attemptId, policy.dotLeaseSeconds),
    );
    if (isOurs) lane.atDotSinceMs = clock.nowMs();
    return isOurs;
  };
  const outcome = await wire.send({ transport, from, to, bytes, beforeDot });
  const dotAgeMs = lane.atDotSinceMs === null ? null : clock.nowMs() - lane.atDotSinceMs;
  lane.atDotSinceMs = null;
  const isOurs = await surely(clock, () =>
    house.as(dispatcher, (store) => settle(store, batch, row, outcome, dotAgeMs)),
  );
  return isOurs ? resultOf(outcome) : 'not-ours';
}

async function settle(
  store: Store,
  batch: Batch,
  row: ClaimedDelivery,
  outcome: WireOutcome,
  dotAgeMs: number | null,
): Promise<boolean> {
  const written = settlement(outcome, row.attempts);
  if (await store.notices.settle(row.deliveryId, row.attemptId, written)) {
    if (written.kind === 'retry' && batch.mayBeGivenUp(dotAgeMs))
      await store.house.wake('notice', row.noticeId);
    return true;
  }
  return outcome.kind === 'sent' && (await acceptLate(store, row, outcome.reply));
}

/** The bytes of a row, or null: with an unknown encoder or another digest nothing is sent that nobody approved. */
export function approvedBytes(row: ClaimedDelivery): Uint8Array | null {
  if (row.encoder !== encoderName) return null;
  try {
    const bytes = assemble(row.segments, row.merge, row.address, row.messageId);
    return Buffer.compare(mimeSha256(bytes), row.mimeSha256) === 0 ? bytes : null;
  } catch {
    return null;
  }
}

/** Ends a row whose bytes nobody approved, and asks a person who changed them. */
export async function quarantine(house: House, row: ClaimedDelivery): Promise<RowResult> {
  const { deliveryId, attemptId, caseId, noticeId } = row;
  return house.as(dispatcher, async (store) => {
    const isOurs = await store.notices.settle(deliveryId, attemptId, {
      kind: 'bounced',
      reply: quarantined,
    });
    if (!isOurs) return 'not-ours';
    await store.tasks.open({
      caseId,
      kind: 'quarantined',
      subject: `notice/${noticeId}`,
      title:
        'A copy was not sent, because its bytes differ from those that were approved: find out who changed them.',
      role: 'executive',
    });
    return 'bounced';
  });
}

/** What is written of an outcome. */
export function settlement(outcome: WireOutcome, attempts: number): DeliveryOutcome {
  switch (outcome.kind) {
    case 'sent':
    case 'bounced':
    case 'in-doubt':
      return outcome;
    case 'not-sent': {
      const cause = outcome.cause === 'deferred' ? 'deferred' : 'network';
      return {
        kind: 'retry',
        reply: outcome.reply,
        afterSeconds: retryAfterSeconds(attempts, cause),
      };
    }
    default:
      return assertNever(outcome);
  }
}

export function resultOf(outcome: WireOutcome): RowResult {
  switch (outcome.kind) {
    case 'sent':
    case 'bounced':
    case 'in-doubt':
      return outcome.kind;
    case 'not-sent':
      return outcome.cause === 'unavailable' ? 'relay-down' : 'retried';
    default:
      return assertNever(outcome);
  }
}
