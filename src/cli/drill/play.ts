/** What every step of a drill has at hand: the people with their clients, the account, the case, and how to wait. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CaseView, NoticeSummary, ObligationView, TimelineEntry } from '../../domain/views.ts';
import type { Api } from '../api.ts';
import { CliError, exitCodes } from '../exit.ts';
import type { Account } from './account.ts';
import type { Player, Scenario } from './scenario.ts';

export interface Play {
  readonly scenario: Scenario;
  readonly speed: number;
  readonly seed: number;
  /** A wait gives up when nothing has changed for this long, in wall time. */
  readonly patienceMs: number;
  readonly account: Account;
  readonly signal: AbortSignal;
  as(player: Player): Api;
}

/** A case at one moment, as the API shows it. */
export interface Scene {
  readonly file: CaseView;
  readonly obligations: readonly ObligationView[];
  readonly notices: readonly NoticeSummary[];
}

/** The drill cannot go on; the message says what was missing. */
export class Stalled extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Stalled';
  }
}

const pollMs = 400;
const timelinePage = 500;

/** Reads the whole case. */
export async function readScene(play: Play, caseId: string): Promise<Scene> {
  const api = play.as('leo');
  const [file, obligations, notices] = await Promise.all([
    api.get<CaseView>(`/cases/${caseId}`),
    api.get<{ items: ObligationView[] }>(`/cases/${caseId}/obligations`),
    api.all<NoticeSummary>(`/cases/${caseId}/notices?limit=100`),
  ]);
  return { file, obligations: obligations.items, notices };
}

/** Every register entry of the case, the newest first. */
export async function readTimeline(play: Play, caseId: string): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for (let before = ''; ;) {
    const path = `/cases/${caseId}/timeline?limit=${String(timelinePage)}${before}`;
    const { items } = await play.as('leo').get<{ items: TimelineEntry[] }>(path);
    entries.push(...items);
    const last = items.at(-1);
    if (last === undefined || items.length < timelinePage) return entries;
    before = `&before=${String(last.streamSeq)}`;
  }
}

/**
 * Looks again and again until nothing is missing. `look` says in words what is; it may act meanwhile. Throws
 * `Stalled` when what is missing has not changed for the play's patience.
 */
export async function waitUntil(play: Play, look: () => Promise<string | null>): Promise<void> {
  let missing = '';
  let changedMs = performance.now();
  for (;;) {
    play.signal.throwIfAborted();
    const lookedMs = performance.now();
    const now = await look().catch(onlyUnreachable);
    if (now === null) return;
    if (now !== missing) changedMs = performance.now();
    missing = now;
    play.account.waitFor(missing);
    if (performance.now() - changedMs > play.patienceMs) {
      const seconds = String(Math.round(play.patienceMs / 1000));
      throw new Stalled(`nothing changed for ${seconds} s while waiting for ${missing}`);
    }
    // Looking at thousands of notices takes a while, and whoever looks takes it from the engine.
    await wait(Math.max(pollMs, performance.now() - lookedMs), undefined, { signal: play.signal });
  }
}

/** A part that is being restarted is waited for like anything else. */
function onlyUnreachable(error: unknown): string {
  if (error instanceof CliError && error.exitCode === exitCodes.unreachable) return error.message;
  throw error;
}

/** Waits until the case has gone on for so many of its own minutes. */
export async function untilCaseMinute(play: Play, minutes: number, what: string): Promise<void> {
  play.account.waitFor(what);
  const leftMs = (minutes * 60_000 - play.account.caseMs()) / play.speed;
  if (leftMs > 0) await wait(leftMs, undefined, { signal: play.signal });
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
