/** Tells receivers of webhooks what entered the register: each apart from the others, again and again for days. */
import type { WebhookEndpoint, WebhookSender, WebhookStore } from '../domain/event-ports.ts';

/** What the watch needs to tell receivers; without endpoints nobody is told. */
export interface WebhookParts {
  readonly store: WebhookStore;
  readonly sender: WebhookSender;
  readonly endpoints: readonly WebhookEndpoint[];
}

const minute = 60;
const hour = 60 * minute;
/** The pauses Standard Webhooks advises, then one try a day: six days in all. */
const pausesInSeconds = [
  5,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  ...Array<number>(4).fill(24 * hour),
];

/** Seconds until the next attempt after this many, a fifth more or less by chance (0 to 1); null: give up. */
export function nextPause(attempts: number, chance: number): number | null {
  const pause = pausesInSeconds[attempts - 1];
  return pause === undefined ? null : Math.round(pause * (0.8 + 0.4 * chance));
}

/** One round for each receiver, so that none waits for another's time-out, and one that keeps the list as configured. */
export function webhookRounds({ store, sender, endpoints }: WebhookParts) {
  const part = 'webhooks';
  return [
    { part, pauseMs: 60_000, work: () => store.configure(endpoints) },
    ...endpoints.map((endpoint) => ({
      part,
      pauseMs: 1_000,
      work: () => relayWebhooks(store, sender, endpoint),
    })),
  ];
}

/**
 * Sends what is due to one receiver until nothing is left or an attempt fails, which is thrown. A crash between the
 * attempt and its mark repeats the attempt: receivers know an event by its `webhook-id`.
 */
export async function relayWebhooks(
  store: WebhookStore,
  sender: WebhookSender,
  endpoint: WebhookEndpoint,
): Promise<void> {
  const { host } = new URL(endpoint.url);
  for (;;) {
    const event = await store.claim(endpoint.key);
    if (event === null) return;
    const outcome = await sender.send(endpoint, event);
    if (outcome.kind === 'taken') {
      await store.delivered(event.entryId, endpoint.key);
      continue;
    }
    if (outcome.kind === 'gone') {
      await store.disable(endpoint.key);
      throw new Error(`receiver ${host} is gone (410): nothing more is sent to it`);
    }
    const pause = nextPause(event.attempts, Math.random());
    if (pause === null) await store.abandon(event.entryId, endpoint.key);
    else await store.putOff(event.entryId, endpoint.key, pause);
    throw new Error(`receiver ${host}: ${outcome.reason}`);
  }
}
