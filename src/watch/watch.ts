/** The watch: rings alarms without Temporal, hands them to people, relays wakes, and has missing workflows rebuilt. */
import type { AlarmChannel, Conductor, WatchStore } from '../domain/watch-ports.ts';
import { handOver } from './hand-over.ts';
import { every } from './every.ts';
import { relayWakes } from './relay.ts';
import { reconcile } from './reconcile.ts';

/** Policy, not law: how long an alarm may stay unanswered before the deputy is called, in case seconds. */
const deputyAfterSeconds = 15 * 60;

export interface WatchParts {
  readonly store: WatchStore;
  readonly conductor: Conductor;
  readonly channel: AlarmChannel;
  /** Told what went wrong, in words without personal data; the watch itself goes on. */
  readonly complain: (part: string, error: unknown) => void;
}

/** Starts the watch; the returned function stops it and waits for what is under way. */
export function startWatch({
  store,
  conductor,
  channel,
  complain,
}: WatchParts): () => Promise<void> {
  const loops = [
    every(1_000, 'alarms', complain, async () => {
      await store.ring();
      await store.escalate(deputyAfterSeconds);
      await handOver(store, channel, complain);
      await store.beat('watch', {});
    }),
    every(1_000, 'pulse', complain, async () => {
      await store.beat('relay', { temporal: (await conductor.isReachable()) ? 'up' : 'down' });
    }),
    every(25, 'relay', complain, () => relayWakes(store, conductor)),
    every(10_000, 'reconciler', complain, () => reconcile(store, conductor)),
  ];
  return async () => {
    await Promise.all(loops.map((stop) => stop()));
  };
}
