/** Calls people about events that no program could take: one call with their number, however many come at once. */
import { waitingAlarms, waitingEvents, waitingLine } from '../domain/alarm.ts';
import type { Store } from '../domain/ports.ts';

/** Policy, not law: the least time between two calls, so that a source that floods us does not flood people. */
const quietSeconds = 15 * 60;

/** Has people called about what waits, the event just kept among it. */
export async function callForWaiting(store: Store): Promise<void> {
  await store.alarms.gather(waitingAlarms(await store.house.now()), quietSeconds);
  await callNoMoreThanWait(store);
}

/** After an event was settled or taken up: the number is right again, and for none nobody is called. */
export async function callNoMoreThanWait(store: Store): Promise<void> {
  const count = await store.events.countWaiting();
  if (count === 0) await store.alarms.silence(waitingEvents);
  else await store.alarms.reword(waitingEvents, waitingLine(count));
}
