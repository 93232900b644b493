/** The watch: rings alarms without Temporal, hands them to people, relays wakes, and has missing workflows rebuilt. */
import type { Conductor, WatchStore } from '../domain/watch-ports.ts';
import { handOver, type AlarmChannels } from './hand-over.ts';
import { every } from './every.ts';
import { relayWakes } from './relay.ts';
import { reconcile } from './reconcile.ts';
import { webhookRounds, type WebhookParts } from './webhooks.ts';

/** Policy, not law: how long an alarm may stay unanswered before the next deputy is called, in case seconds. */
const deputyAfterSeconds = 15 * 60;

export interface WatchParts {
  readonly store: WatchStore;
  readonly conductor: Conductor;
  readonly channels: AlarmChannels;
  /** Absent: nobody is told by webhook. */
  readonly webhooks?: WebhookParts;
  /** Told what went wrong, in words without personal data; the watch itself goes on. */
  readonly complain: (part: string, error: unknown) => void;
}

/** One piece of the watch's work, repeated for ever; a fault in one never stops another. */
interface Round {
  readonly part: string;
  readonly pauseMs: number;
  readonly work: () => Promise<unknown>;
}

/** All that the watch does, and how often. */
export function watchRounds({
  store,
  conductor,
  channels,
  webhooks,
  complain,
}: WatchParts): readonly Round[] {
  const alarms = async (): Promise<void> => {
    await store.ring();
    await store.escalate(deputyAfterSeconds);
    await store.beat('watch', {});
  };
  const pulse = async (): Promise<void> => {
    await store.beat('relay', { temporal: (await conductor.isReachable()) ? 'up' : 'down' });
  };
  return [
    { part: 'alarms', pauseMs: 1_000, work: alarms },
    // Apart from ringing: a mail server that hangs holds up the calls, never the next alarm.
    { part: 'calls', pauseMs: 1_000, work: () => handOver(store, channels, complain) },
    { part: 'pulse', pauseMs: 1_000, work: pulse },
    { part: 'relay', pauseMs: 25, work: () => relayWakes(store, conductor) },
    { part: 'reconciler', pauseMs: 10_000, work: () => reconcile(store, conductor) },
    ...(webhooks === undefined ? [] : webhookRounds(webhooks)),
  ];
}

/** Starts the watch; the returned function stops it and waits for what is under way. */
export function startWatch(parts: WatchParts): () => Promise<void> {
  const loops = watchRounds(parts).map(({ part, pauseMs, work }) =>
    every(pauseMs, part, parts.complain, work),
  );
  return async () => {
    await Promise.all(loops.map((stop) => stop()));
  };
}
