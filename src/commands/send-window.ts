/** Mass dispatch: a session kept open over many rows, which a window shared with other sessions gives it one by one. */
import type { WireSession } from '../domain/notice-ports.ts';
import type { Batch } from './dispatch-batch.ts';
import type { Lane } from './dispatch-lanes.ts';
import { approvedBytes, quarantine } from './send-delivery.ts';
import type { FedRow, WindowFeed } from './window-feed.ts';

/** Sends rows of the feed until none may be begun, or no session can be had. */
export function massLane(batch: Batch, feed: WindowFeed, lane: Lane): Promise<void> {
  return feed.during(async () => {
    let session = null as WireSession | null;
    try {
      for (let fed = await feed.next(); fed !== null; fed = await feed.next()) {
        session = await usable(batch, feed, session, fed);
        if (session === null) return;
        await sendOne(batch, feed, lane, session, fed);
        if (!session.isUsable()) feed.cut();
      }
    } finally {
      session?.close();
    }
  });
}

/** The session, or a new one in its place; null, with the row told why, when the server gives none. */
async function usable(
  batch: Batch,
  feed: WindowFeed,
  session: WireSession | null,
  fed: FedRow,
): Promise<WireSession | null> {
  if (session?.isUsable() === true) return session;
  session?.close();
  const opened = await batch.input.wire.open(fed.row.transport);
  if (!('kind' in opened)) return opened;
  feed.learn(fed, opened, null);
  return null;
}

async function sendOne(
  batch: Batch,
  feed: WindowFeed,
  lane: Lane,
  session: WireSession,
  fed: FedRow,
): Promise<void> {
  const bytes = approvedBytes(fed.row);
  if (bytes === null) {
    feed.drop();
    batch.count(await quarantine(batch.input.house, fed.row));
    return;
  }
  const { clock } = batch.input;
  let dotMs: number | null = null;
  const beforeDot = (): boolean => {
    if (batch.isStopped || !feed.isInTime(fed)) return false;
    dotMs = clock.nowMs();
    lane.atDotSinceMs = dotMs;
    return true;
  };
  const { sender: from, address: to } = fed.row;
  const outcome = await session.send({ from, to, bytes, beforeDot });
  lane.atDotSinceMs = null;
  feed.learn(fed, outcome, dotMs);
}
