/** The watch's statements over the fake database, and its rounds, as the product composes them, on the fake clock. */
import { toMs } from '../../src/domain/instant.ts';
import type { Conductor, WatchStore } from '../../src/domain/watch-ports.ts';
import { pauseAfterMs } from '../../src/watch/every.ts';
import { watchRounds } from '../../src/watch/watch.ts';
import { only } from './case-rows.ts';
import type { AlarmRow, Database, RingRow } from './database.ts';
import type { LedgerParts } from './notice-rows.ts';
import type { Process } from './world.ts';

export interface WatchSetting extends LedgerParts {
  readonly process: Process;
  readonly conductor: Conductor;
  /** While the storm lasts: how often a call to a person fails, and how often it hangs until its time-out. */
  readonly callFaults: { readonly failChance: number; readonly hangChance: number };
  readonly isAnythingMissing: () => boolean;
  readonly onFault: () => void;
}

const alarmMailTimeoutMs = 10_000;
const deputyAfterCaseMs = 900_000;

/** Starts the rounds of one watch process; they end with it. */
export function startRounds(setting: WatchSetting): void {
  const { world, process, conductor, callFaults, defect } = setting;
  const call = async (): Promise<void> => {
    const { random, isStormy } = world;
    const hangs = isStormy && random.chance(callFaults.hangChance);
    await world.sleep(process, hangs ? alarmMailTimeoutMs : random.int(5, 100));
    if (hangs || (isStormy && random.chance(callFaults.failChance)))
      throw new Error('the mailbox did not take it');
  };
  // A person's mailbox that fails is no excuse for a late ring.
  const complain = (): void => undefined;
  const store = watchRows(setting);
  for (const round of watchRounds({
    store,
    conductor,
    channels: { mail: { call }, outOfBand: null },
    complain,
  })) {
    if (round.part === 'pulse' || (round.part === 'reconciler' && defect === 'no-reconciler'))
      continue;
    void repeat(setting, round).catch(() => undefined);
  }
}

async function repeat(
  setting: WatchSetting,
  { part, pauseMs, work }: ReturnType<typeof watchRounds>[number],
): Promise<void> {
  const { world, db, process } = setting;
  let known = { writes: -1, atMs: Infinity };
  const next = (): number => {
    if (part === 'reconciler') return setting.isAnythingMissing() ? world.nowMs : Infinity;
    if (known.writes !== db.writes) known = { writes: db.writes, atMs: nextMs(setting, part) };
    return known.atMs;
  };
  for (let failures = 0; process.isAlive;) {
    await world.idle(process, pauseAfterMs(pauseMs, failures), next);
    try {
      await work();
      failures = 0;
    } catch {
      failures += 1;
      setting.onFault();
    }
  }
}

// When a poll would find something: the polls between are not simulated. Too late an answer shows as a late ring.
function nextMs(setting: WatchSetting, part: string): number {
  const { world, db } = setting;
  if (part === 'relay') {
    for (const wake of db.tables.wakes.values()) if (!wake.isAccepted) return world.nowMs;
    return Infinity;
  }
  const calls = part === 'calls';
  let next = Infinity;
  for (const alarm of db.tables.alarms.values()) {
    if (!calls && mayRing(setting, alarm)) next = Math.min(next, toMs(alarm.ringAt));
  }
  for (const ring of db.tables.rings.values()) {
    if (calls && ring.handedMs === null) next = Math.min(next, ring.nextAttemptMs);
    if (!calls && waitsForDeputy(db, ring)) next = Math.min(next, escalateMs(db, ring));
  }
  return next;
}

function mayRing({ defect }: LedgerParts, alarm: AlarmRow): boolean {
  return (!alarm.isSilenced || defect === 'silence-ignored') && alarm.rungDueAt !== alarm.dueAt;
}

function waitsForDeputy(db: Database, ring: RingRow): boolean {
  const alarm = db.tables.alarms.get(`${ring.subject} ${ring.step}`);
  const isQuiet = !ring.isAnswered && !ring.isEscalated && !ring.step.endsWith('/deputy');
  return isQuiet && ring.handedMs !== null && alarm?.isSilenced === false;
}

function escalateMs(db: Database, ring: RingRow): number {
  const speed = db.tables.cases.get(ring.caseId)?.clock.speed ?? 1;
  return (ring.handedMs ?? 0) + Math.max(2_000, deputyAfterCaseMs / speed) + 1;
}

function watchRows(setting: WatchSetting): WatchStore {
  const { world, db, process } = setting;
  const run = <T>(work: () => T): Promise<T> =>
    db.send(process, 'machine/watch', () => Promise.resolve(work()));
  const change = (
    ringIds: readonly string[],
    next: (ring: RingRow) => Partial<RingRow>,
  ): Promise<void> =>
    run(() => {
      for (const [key, ring] of db.tables.rings)
        if (ringIds.includes(ring.ringId)) db.put('rings', key, { ...ring, ...next(ring) });
    });
  return only<WatchStore>({
    ...wakeRows(setting, run),
    ring: () => ringDue(setting, run),
    unhanded: () =>
      run(() =>
        [...db.tables.rings.values()]
          .filter((ring) => ring.handedMs === null && ring.nextAttemptMs <= world.nowMs)
          .map((ring) => ({
            ...ring,
            ...{ personId: 'p1', personName: 'On duty', email: 'duty@example.test' },
            outOfBand: null,
          })),
      ),
    isMailBarred: () => Promise.resolve(false),
    handed: (rings) =>
      change(
        rings.map(({ ringId }) => ringId),
        () => ({ handedMs: world.nowMs }),
      ),
    notHanded: (ringIds) =>
      change(ringIds, ({ attempts }) => ({
        attempts: attempts + 1,
        nextAttemptMs: world.nowMs + Math.min(60, 2 ** Math.min(attempts, 6)) * 1_000,
      })),
    escalate: () =>
      run(() => {
        const quiet = [...db.tables.rings].filter(
          ([, ring]) => waitsForDeputy(db, ring) && escalateMs(db, ring) <= world.nowMs,
        );
        for (const [key, ring] of quiet) {
          db.put('rings', key, { ...ring, isEscalated: true });
          enterRing(setting, { ...ring, step: `${ring.step}/deputy` });
        }
        return quiet.length;
      }),
    beat: () => Promise.resolve(),
  });
}

async function ringDue(
  setting: WatchSetting,
  run: <T>(work: () => T) => Promise<T>,
): Promise<number> {
  const { world, db, defect } = setting;
  const due = (): [string, AlarmRow][] =>
    [...db.tables.alarms].filter(
      ([, alarm]) => toMs(alarm.ringAt) <= world.nowMs && mayRing(setting, alarm),
    );
  const mark = (rows: readonly [string, AlarmRow][]): void => {
    for (const [key, alarm] of rows) db.put('alarms', key, { ...alarm, rungDueAt: alarm.dueAt });
  };
  const rung = await run(() => {
    const rows = due();
    if (defect !== 'ring-without-key') mark(rows);
    for (const [, alarm] of rows) enterRing(setting, alarm);
    return rows;
  });
  if (defect === 'ring-without-key' && rung.length > 0)
    await run(() => {
      mark(due());
    });
  return rung.length;
}

type Rung = Pick<RingRow, 'subject' | 'step' | 'dueAt' | 'ringAt' | 'caseId' | 'role' | 'line'>;

function enterRing({ world, db, defect }: LedgerParts, rung: Rung): void {
  const { subject, step, dueAt, ringAt, caseId, role, line } = rung;
  const ringId = db.newId('ring-');
  const unique =
    defect === 'rings-once-a-step' ? `${subject} ${step}` : `${subject} ${step} ${dueAt}`;
  const key = defect === 'ring-without-key' ? ringId : unique;
  if (db.tables.rings.has(key)) return;
  db.put('rings', key, {
    ...{ subject, step, dueAt, ringAt, caseId, role, line, ringId },
    ...{ rungMs: world.nowMs, nextAttemptMs: world.nowMs, attempts: 0, handedMs: null },
    ...{ isEscalated: false, isAnswered: false },
  });
}

type Wakes = Pick<
  WatchStore,
  'pendingWakes' | 'accepted' | 'wake' | 'openSubjects' | 'overdueActs'
>;

function wakeRows({ db, defect }: LedgerParts, run: <T>(work: () => T) => Promise<T>): Wakes {
  const accept = (ids: readonly number[]): void => {
    for (const id of ids) {
      const wake = db.tables.wakes.get(id);
      if (wake !== undefined) db.put('wakes', id, { ...wake, isAccepted: true });
    }
  };
  return {
    pendingWakes: () =>
      run(() => {
        const pending = [...db.tables.wakes].filter(([, wake]) => !wake.isAccepted);
        if (defect === 'accepted-before-signal') accept(pending.map(([id]) => id));
        const grouped = Map.groupBy(pending, ([, { workflow, subjectId }]) =>
          [workflow, subjectId].join(' '),
        );
        return [...grouped.values()].flatMap((rows) => {
          const first = rows[0]?.[1];
          if (first === undefined) return [];
          const { workflow, subjectId } = first;
          return [{ workflow, subjectId, ids: rows.map(([id]) => id) }];
        });
      }),
    accepted: (ids) =>
      run(() => {
        accept(ids);
      }),
    wake: (workflow, subjectId) =>
      run(() => {
        db.put('wakes', db.newNumber(), { workflow, subjectId, isAccepted: false });
      }),
    overdueActs: () => Promise.resolve([]),
    openSubjects: (workflow, afterId) =>
      run(() => openIds(db, workflow).filter((id) => afterId === null || id > afterId)),
  };
}

/** Cases and notices that should have a running workflow. */
export function openIds(db: Database, workflow: 'breach-case' | 'notice'): readonly string[] {
  const ids =
    workflow === 'breach-case'
      ? [...db.tables.cases.values()].filter((c) => c.state !== 'closed').map((c) => c.caseId)
      : [...db.tables.notices.values()]
          .filter((n) => n.state !== 'dispatched' && n.state !== 'cancelled')
          .map((n) => n.noticeId);
  return ids.sort();
}
