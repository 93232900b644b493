/** Sends one claimed row: bytes put together, checked against what was approved, through both fences, and settled. */
import type { Actor } from '../domain/actor.ts';
import { assertNever } from '../domain/json.ts';
import type {
  ClaimedDelivery,
  DeliveryOutcome,
  Wire,
  WireOutcome,
} from '../domain/notice-ports.ts';
import type { House } from '../domain/ports.ts';
import { dotLeaseSeconds, retryAfterSeconds } from '../ledger/delivery.ts';
import { assemble, encoderName, mimeSha256 } from '../ledger/mime.ts';
import { acceptLate } from './accept-late.ts';

/** What became of a row, as the batch counts it; `relay-down` means other rows would fare the same now. */
export type RowResult = 'sent' | 'retried' | 'bounced' | 'in-doubt' | 'not-ours' | 'relay-down';

const dispatcher: Actor = { kind: 'machine', name: 'dispatch' };
const quarantined = 'quarantined: the bytes differ from those that were approved';

export async function sendDelivery(
  house: House,
  wire: Wire,
  row: ClaimedDelivery,
): Promise<RowResult> {
  const bytes = approvedBytes(row);
  if (bytes === null) return quarantine(house, row);
  const { deliveryId, attemptId, transport, sender: from, address: to } = row;
  const beforeDot = (): Promise<boolean> =>
    house.as(dispatcher, (store) =>
      store.notices.markAtDot(deliveryId, attemptId, dotLeaseSeconds),
    );
  const outcome = await wire.send({ transport, from, to, bytes, beforeDot });
  const isOurs = await house.as(
    dispatcher,
    async (store) =>
      (await store.notices.settle(deliveryId, attemptId, settlement(outcome, row.attempts))) ||
      (outcome.kind === 'sent' && (await acceptLate(store, row, outcome.reply))),
  );
  return isOurs ? resultOf(outcome) : 'not-ours';
}

// An unknown encoder or another digest: nothing is sent that nobody approved.
function approvedBytes(row: ClaimedDelivery): Uint8Array | null {
  if (row.encoder !== encoderName) return null;
  try {
    const bytes = assemble(row.segments, row.merge, row.address, row.messageId);
    return Buffer.compare(mimeSha256(bytes), row.mimeSha256) === 0 ? bytes : null;
  } catch {
    return null;
  }
}

async function quarantine(house: House, row: ClaimedDelivery): Promise<RowResult> {
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

function settlement(outcome: WireOutcome, attempts: number): DeliveryOutcome {
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

function resultOf(outcome: WireOutcome): RowResult {
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
