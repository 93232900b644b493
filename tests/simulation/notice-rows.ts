/** The ledger's statements over the fake database: each asks the product's own transition table what may happen. */
import type {
  ClaimedDelivery,
  DeliveryOutcome,
  NoticeStore,
} from '../../src/domain/notice-ports.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { DeliveryState } from '../../src/domain/notice.ts';
import { nextDelivery, type DeliveryEvent } from '../../src/ledger/delivery.ts';
import { encoderName } from '../../src/ledger/mime.ts';
import type { Database, DeliveryRow, VersionRow } from './database.ts';
import type { Defect } from './defects.ts';
import type { World } from './world.ts';

export interface LedgerParts {
  readonly world: World;
  readonly db: Database;
  readonly defect: Defect | null;
}

type Ledger = Pick<
  NoticeStore,
  | 'claim'
  | 'markAtDot'
  | 'settle'
  | 'settleLate'
  | 'takeWindow'
  | 'returnWindow'
  | 'settleWindow'
  | 'recover'
  | 'cancelRows'
  | 'postpone'
  | 'resolveInDoubt'
  | 'releaseStands'
>;

type Rest = Partial<Omit<DeliveryRow, 'state' | 'attemptId'>>;

/** Applies an event as the product's transition table says; false when it does not touch the row. */
function apply({ db }: LedgerParts, row: DeliveryRow, event: DeliveryEvent, rest: Rest): boolean {
  const next = nextDelivery(row, event);
  if (next === null) return false;
  db.put('deliveries', row.deliveryId, { ...row, ...rest, ...next });
  return true;
}

function force({ db }: LedgerParts, row: DeliveryRow, change: Partial<DeliveryRow>): true {
  db.put('deliveries', row.deliveryId, { ...row, ...change });
  return true;
}

/** The live version of a released notice, while enough of its approvers may still approve. */
function standingVersion({ db }: LedgerParts, noticeId: string): VersionRow | null {
  if (db.tables.notices.get(noticeId)?.state !== 'released') return null;
  const live = [...db.tables.versions.values()].find((v) => v.noticeId === noticeId && v.isLive);
  if (live?.isReleased !== true) return null;
  return approversCounted(db, live) >= live.approvalsNeeded ? live : null;
}

export function approversCounted(db: Database, version: VersionRow): number {
  return [...db.tables.approvals.values()].filter(
    ({ versionId, personId, digest }) =>
      versionId === version.versionId &&
      digest === version.digest &&
      version.author !== `person/${personId}` &&
      db.tables.approvers.get(personId)?.mayApprove === true,
  ).length;
}

/** Rows of a notice, oldest first. */
export function rowsOf(db: Database, noticeId: string): readonly DeliveryRow[] {
  return [...db.tables.deliveries.values()].filter((row) => row.noticeId === noticeId);
}

export function ledgerRows(parts: LedgerParts): Ledger {
  const { world, db, defect } = parts;
  return {
    ...windowRows(parts),
    claim: (noticeId, limit, leaseSeconds, after = null) => {
      const lease = defect === 'no-fence' ? 5 : leaseSeconds;
      const begin = (): Begin => ({ kind: 'claim', attemptId: db.newId('attempt-') });
      return Promise.resolve(claim(parts, noticeId, limit, lease, after, begin));
    },
    markAtDot(deliveryId, attemptId, leaseSeconds) {
      const row = db.tables.deliveries.get(deliveryId);
      if (row === undefined) return Promise.resolve(false);
      const rest = { atDotMs: world.nowMs, leaseUntilMs: world.nowMs + leaseSeconds * 1_000 };
      if (defect === 'no-fence')
        return Promise.resolve(force(parts, row, { state: 'at-dot', attemptId, ...rest }));
      if ((row.leaseUntilMs ?? 0) <= world.nowMs) return Promise.resolve(false);
      return Promise.resolve(apply(parts, row, { kind: 'mark-at-dot', attemptId }, rest));
    },
    settle: (deliveryId, attemptId, outcome) =>
      Promise.resolve(settle(parts, deliveryId, attemptId, outcome)),
    settleLate(deliveryId, attemptId, reply) {
      const row = db.tables.deliveries.get(deliveryId);
      const by = defect === 'settle-by-anyone' ? (row?.attemptId ?? attemptId) : attemptId;
      const event = { kind: 'late-acceptance', attemptId: by } as const;
      if (row === undefined || !apply(parts, row, event, { reply })) return Promise.resolve(null);
      return Promise.resolve({ noticeId: row.noticeId, caseId: row.caseId });
    },
    recover: (noticeId) => Promise.resolve(recover(parts, noticeId)),
    cancelRows(noticeId) {
      const rows = rowsOf(db, noticeId);
      const cancelled = rows.filter((row) =>
        defect === 'cancel-at-dot' && row.state === 'at-dot'
          ? force(parts, row, { state: 'cancelled', attemptId: null })
          : apply(parts, row, { kind: 'cancel' }, { leaseUntilMs: null }),
      );
      return Promise.resolve(cancelled.length);
    },
    postpone(noticeId, seconds) {
      const untilMs = world.nowMs + seconds * 1_000;
      for (const row of rowsOf(db, noticeId)) {
        const waits = row.state === 'pending' || row.state === 'retry';
        if (waits && (row.nextAttemptMs ?? 0) < untilMs)
          force(parts, row, { nextAttemptMs: untilMs });
      }
      return Promise.resolve();
    },
    resolveInDoubt(deliveryId, how) {
      const row = db.tables.deliveries.get(deliveryId);
      if (row === undefined || !apply(parts, row, { kind: 'resolve', how }, {}))
        return Promise.resolve(null);
      return Promise.resolve({ noticeId: row.noticeId, caseId: row.caseId });
    },
    releaseStands: (noticeId) => Promise.resolve(standingVersion(parts, noticeId) !== null),
  };
}

function settle(
  parts: LedgerParts,
  deliveryId: string,
  attemptId: string,
  outcome: DeliveryOutcome,
): boolean {
  const { world, db, defect } = parts;
  const row = db.tables.deliveries.get(deliveryId);
  if (row === undefined) return false;
  const isDoubt = outcome.kind === 'in-doubt';
  const kind = defect === 'doubt-is-retry' && isDoubt ? 'retry' : outcome.kind;
  const afterSeconds = outcome.kind === 'retry' ? outcome.afterSeconds : 5;
  const nextAttemptMs = kind === 'retry' ? world.nowMs + afterSeconds * 1_000 : null;
  const by = defect === 'settle-by-anyone' ? (row.attemptId ?? attemptId) : attemptId;
  const rest = { leaseUntilMs: null, nextAttemptMs, reply: outcome.reply };
  return apply(parts, row, { kind: 'settle', attemptId: by, outcome: kind }, rest);
}

/** Windows: each statement touches the rows that are still their attempts' own, and says which. */
function windowRows(
  parts: LedgerParts,
): Pick<Ledger, 'takeWindow' | 'returnWindow' | 'settleWindow'> {
  const { db, defect } = parts;
  return {
    takeWindow: (noticeId, limit, attemptId, leaseSeconds, after) => {
      const kind = defect === 'window-unmarked' ? 'claim' : 'take';
      const begin = (): Begin => ({ kind, attemptId });
      return Promise.resolve(claim(parts, noticeId, limit, leaseSeconds, after, begin));
    },
    returnWindow(noticeId, attemptId, reply) {
      const rows = rowsOf(db, noticeId).filter(
        (row) => row.attemptId === attemptId && row.state === 'at-dot',
      );
      const back = { kind: 'retry', reply, afterSeconds: 0 } as const;
      for (const { deliveryId } of rows) settle(parts, deliveryId, attemptId, back);
      return Promise.resolve(rows.length);
    },
    settleWindow(rows) {
      // A window of which one row is in doubt is given back as a whole: the planted mistake.
      const isResent = rows.some(({ outcome }) => outcome.kind === 'in-doubt');
      const back = { kind: 'retry', reply: '', afterSeconds: 0 } as const;
      const settled = rows.filter(({ deliveryId, attemptId, outcome }) => {
        const isBack = defect === 'window-resent' && isResent && outcome.kind !== 'bounced';
        return settle(parts, deliveryId, attemptId, isBack ? back : outcome);
      });
      return Promise.resolve(new Set(settled.map(({ deliveryId }) => deliveryId)));
    },
  };
}

const claimable: readonly DeliveryState[] = ['pending', 'retry'];

type Begin = Extract<DeliveryEvent, { kind: 'claim' | 'take' }>;

function claim(
  parts: LedgerParts,
  noticeId: string,
  limit: number,
  leaseSeconds: number,
  after: string | null,
  begin: () => Begin,
): readonly ClaimedDelivery[] {
  const { world, db, defect } = parts;
  const standing = standingVersion(parts, noticeId);
  const anyVersion = [...db.tables.versions.values()].find((v) => v.noticeId === noticeId);
  const version = defect === 'claim-unreleased' ? anyVersion : standing;
  if (version === null || version === undefined) return [];
  const due = rowsOf(db, noticeId)
    .filter((row) => row.versionId === version.versionId && claimable.includes(row.state))
    .filter((row) => after === null || row.deliveryId > after)
    .filter((row) => (row.nextAttemptMs ?? 0) <= world.nowMs)
    .sort((one, other) => (one.deliveryId < other.deliveryId ? -1 : 1))
    .slice(0, limit);
  return due.map((row) => {
    const event = begin();
    const { attemptId } = event;
    const attempts = row.attempts + 1;
    const leaseUntilMs = world.nowMs + leaseSeconds * 1_000;
    const rest = { attempts, leaseUntilMs, nextAttemptMs: null };
    apply(parts, row, event, event.kind === 'take' ? { ...rest, atDotMs: world.nowMs } : rest);
    const { deliveryId, caseId, address, messageId, mimeSha256 } = row;
    return {
      ...{ deliveryId, attemptId, caseId, noticeId, address, messageId, mimeSha256, attempts },
      transport: 'sandbox',
      sender: version.sender,
      merge: {},
      segments: version.segments,
      encoder: encoderName,
    };
  });
}

function recover(
  parts: LedgerParts,
  noticeId: string,
): { retried: number; inDoubt: readonly string[] } {
  const { world, db, defect } = parts;
  const inDoubt: string[] = [];
  let retried = 0;
  for (const row of rowsOf(db, noticeId)) {
    if (row.leaseUntilMs === null || row.leaseUntilMs > world.nowMs) continue;
    if (defect === 'never-recovered') continue;
    if (defect === 'retry-from-at-dot' && row.state === 'at-dot')
      force(parts, row, { state: 'retry', attemptId: null, leaseUntilMs: null });
    else apply(parts, row, { kind: 'lease-expired' }, { leaseUntilMs: null });
    if (db.tables.deliveries.get(row.deliveryId)?.state === 'in-doubt')
      inDoubt.push(row.deliveryId);
    else retried++;
  }
  return { retried, inDoubt };
}

/** The earliest instant at which a row may be tried again or its lease ends, as the product's query gives it. */
export function nextAttemptAt({ world, db }: LedgerParts, noticeId: string): string | null {
  const instants = rowsOf(db, noticeId)
    .filter((row) => db.tables.versions.get(row.versionId)?.isLive === true)
    .flatMap(({ state, leaseUntilMs, nextAttemptMs }) => {
      if (state === 'claimed' || state === 'at-dot') return [leaseUntilMs ?? world.nowMs];
      return claimable.includes(state) ? [nextAttemptMs ?? world.nowMs] : [];
    });
  return instants.length === 0 ? null : fromMs(Math.min(...instants));
}
