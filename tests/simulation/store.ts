/** The house of the simulation: the ports the product's commands ask for, over the fake database. */
import { actorLabel } from '../../src/domain/actor.ts';
import type { FollowUpStore } from '../../src/domain/follow-up-ports.ts';
import type { NoticeStore } from '../../src/domain/notice-ports.ts';
import type { DeliveryCounts, Notice } from '../../src/domain/notice.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { ResendStore } from '../../src/domain/resend-ports.ts';
import type { AlarmStore, House, HouseStore, Store, TaskStore } from '../../src/domain/ports.ts';
import { caseRows, obligationRows, only } from './case-rows.ts';
import {
  approversCounted,
  ledgerRows,
  nextAttemptAt,
  rowsOf,
  type LedgerParts,
} from './notice-rows.ts';
import type { Process } from './world.ts';

/** The house as one process reaches it; each `as` is one transaction that may fail on either side of its commit. */
export function houseOf(parts: LedgerParts, process: Process): House {
  const store = storeOver(parts);
  return {
    as: (actor, fn) => parts.db.send(process, actorLabel(actor), () => fn(store)),
  };
}

/** The ports themselves, for use inside a transaction. */
export function storeOver(parts: LedgerParts): Store {
  return only<Store>({
    house: houseRows(parts),
    cases: caseRows(parts),
    obligations: obligationRows(parts),
    notices: noticeStore(parts),
    // No standing authorisation, hold or bar stands in this world.
    releases: only<Store['releases']>({
      standingPlan: () => Promise.resolve(null),
      untrueAt: () => Promise.resolve(null),
      setActAt: () => Promise.resolve(),
      wordingReviewed: () => Promise.resolve(true),
      barrier: () => Promise.resolve(null),
    }),
    // Customers here are few.
    fanOuts: only<Store['fanOuts']>({ withheldFor: () => Promise.resolve(0) }),
    // What follows notices that left is checked on the real database; here facts change nothing that was told.
    followUps: only<FollowUpStore>({
      uncompared: () => Promise.resolve([]),
      initialParts: () => Promise.resolve(new Map()),
    }),
    // Copies sent again are checked on the real database; here nobody signs the clause and nobody asks for one.
    resends: only<ResendStore>({
      dueByClause: () => Promise.resolve([]),
      cancelLater: () => Promise.resolve(0),
    }),
    alarms: alarmRows(parts),
    tasks: taskRows(parts),
    register: { append: () => Promise.resolve(), appendInParts: () => Promise.resolve() },
  });
}

function houseRows({ world, db }: LedgerParts): HouseStore {
  return only<HouseStore>({
    now: () => Promise.resolve(world.now()),
    answerUnder: (actor, key) => Promise.resolve(db.tables.answers.get(`${actor} ${key}`) ?? null),
    keepAnswer(actor, key, bodySha256, answer) {
      db.put('answers', `${actor} ${key}`, { bodySha256, answer });
      return Promise.resolve();
    },
    wake(workflow, subjectId) {
      for (const id of typeof subjectId === 'string' ? [subjectId] : subjectId)
        db.put('wakes', db.newNumber(), { workflow, subjectId: id, isAccepted: false });
      return Promise.resolve();
    },
  });
}

function noticeStore(parts: LedgerParts): NoticeStore {
  return only<NoticeStore>({
    ...ledgerRows(parts),
    ...noticeRows(parts),
    ...reviewRows(parts),
    ...countRows(parts),
    // Folding is checked on the real database; here no transition ever waits for it.
    unfoldedEvents: () => Promise.resolve(null),
    unfoldedCases: () => Promise.resolve([]),
    note: () => Promise.resolve(),
    addReceipt: () => Promise.resolve(),
    customerToCall: () => Promise.resolve(null),
  });
}

type Rows = Pick<NoticeStore, 'create' | 'lock' | 'read' | 'idsOfCase' | 'setState'>;

function noticeRows({ db }: LedgerParts): Rows {
  const read = (noticeId: string): Promise<Notice | null> =>
    Promise.resolve(db.tables.notices.get(noticeId) ?? null);
  return {
    lock: read,
    read,
    create(rows) {
      const made: Notice[] = [];
      for (const row of rows) {
        const live = [...db.tables.notices.values()].some(
          (one) => one.obligationId === row.obligationId && one.state !== 'cancelled',
        );
        if (live) continue;
        const rest = { part: 1, refersTo: null, cause: null };
        const notice: Notice = {
          ...rest,
          ...row,
          noticeId: db.newId('n'),
          state: 'drafting',
          version: 0,
        };
        db.put('notices', notice.noticeId, notice);
        made.push(notice);
      }
      return Promise.resolve(made);
    },
    idsOfCase: (caseId, states) =>
      Promise.resolve(
        [...db.tables.notices.values()]
          .filter((one) => one.caseId === caseId && states.includes(one.state))
          .map(({ noticeId }) => noticeId),
      ),
    setState(noticeId, state) {
      const notice = db.tables.notices.get(noticeId);
      if (notice !== undefined) db.put('notices', noticeId, { ...notice, state });
      return Promise.resolve();
    },
  };
}

type Review = Pick<NoticeStore, 'liveVersion' | 'approve' | 'approvals' | 'release'>;

function reviewRows({ db }: LedgerParts): Review {
  return {
    liveVersion: (noticeId) =>
      Promise.resolve(
        [...db.tables.versions.values()].find((v) => v.noticeId === noticeId && v.isLive) ?? null,
      ),
    approve({ versionId, personId, digest }) {
      const key = `${versionId} ${personId}`;
      if (db.tables.approvals.has(key)) return Promise.resolve('already-approved');
      db.put('approvals', key, { versionId, personId, digest });
      return Promise.resolve('approved');
    },
    approvals(versionId) {
      const version = db.tables.versions.get(versionId);
      if (version === undefined) throw new Error(`no version ${versionId}`);
      const counted = version.isLive ? approversCounted(db, version) : 0;
      return Promise.resolve({ counted, needed: version.approvalsNeeded });
    },
    release(versionId) {
      const version = db.tables.versions.get(versionId);
      // As the trigger on `release` does.
      if (version === undefined || approversCounted(db, version) < version.approvalsNeeded)
        throw new Error('release: not enough distinct approvers besides the author');
      db.put('versions', versionId, { ...version, isReleased: true });
      const rows = [...db.tables.deliveries.values()].filter(
        (row) => row.versionId === versionId && row.state === 'prepared',
      );
      for (const row of rows) db.put('deliveries', row.deliveryId, { ...row, state: 'pending' });
      return Promise.resolve({ rows: rows.length });
    },
  };
}

type Counts = Pick<
  NoticeStore,
  'counts' | 'nextAttemptAt' | 'sentRows' | 'inDoubtIds' | 'untold' | 'mayHaveLeft'
>;

const none: DeliveryCounts = {
  ...{ prepared: 0, pending: 0, claimed: 0, 'at-dot': 0, retry: 0, sent: 0, bounced: 0 },
  ...{ 'in-doubt': 0, suppressed: 0, cancelled: 0, abandoned: 0 },
};

function countRows(parts: LedgerParts): Counts {
  const { db } = parts;
  const live = (noticeId: string): ReturnType<typeof rowsOf> =>
    rowsOf(db, noticeId).filter((row) => db.tables.versions.get(row.versionId)?.isLive === true);
  return {
    counts(noticeId) {
      const counted = { ...none };
      for (const { state } of live(noticeId)) counted[state] += 1;
      return Promise.resolve(counted);
    },
    nextAttemptAt: (noticeId) => Promise.resolve(nextAttemptAt(parts, noticeId)),
    sentRows: (noticeId, limit) =>
      Promise.resolve(
        live(noticeId)
          .filter(({ state }) => state === 'sent')
          .sort((one, other) => (other.atDotMs ?? 0) - (one.atDotMs ?? 0))
          .slice(0, limit)
          .map(({ deliveryId, atDotMs, reply }) => ({
            ...{ deliveryId, reply },
            atDotAt: fromMs(atDotMs ?? 0),
          })),
      ),
    inDoubtIds: (noticeId) =>
      Promise.resolve(
        rowsOf(db, noticeId)
          .filter(({ state }) => state === 'in-doubt')
          .map(({ deliveryId }) => deliveryId),
      ),
    untold: (noticeId) =>
      Promise.resolve(
        live(noticeId).filter(({ state }) => state !== 'sent' && state !== 'suppressed').length,
      ),
    mayHaveLeft: (noticeId) =>
      Promise.resolve(
        rowsOf(db, noticeId).some(({ state }) =>
          ['at-dot', 'in-doubt', 'sent', 'abandoned'].includes(state),
        ),
      ),
  };
}

function alarmRows({ world, db, defect }: LedgerParts): AlarmStore {
  return only<AlarmStore>({
    set(alarms) {
      for (const alarm of alarms) {
        const key = `${alarm.subject} ${alarm.step}`;
        const before = db.tables.alarms.get(key);
        if (before?.dueAt === alarm.dueAt && !before.isSilenced) continue;
        const ringAt = defect === 'rings-at-case-time' ? alarm.dueAt : alarm.ringAt;
        const rungDueAt = before?.rungDueAt ?? null;
        const row = { ...alarm, ringAt, rungDueAt, isSilenced: false, setMs: world.nowMs };
        db.put('alarms', key, row);
      }
      return Promise.resolve();
    },
    silence(subject, step) {
      for (const [key, row] of db.tables.alarms) {
        const isMeant = row.subject === subject && (step === undefined || row.step === step);
        if (isMeant && !row.isSilenced) db.put('alarms', key, { ...row, isSilenced: true });
      }
      return Promise.resolve();
    },
    // Notices here are frozen without calls.
    endApprovalCalls: () => Promise.resolve(),
    answer(subject, step) {
      const rung = [...db.tables.rings].filter(
        ([, row]) => row.subject === subject && row.step === step && !row.isAnswered,
      );
      for (const [key, row] of rung) db.put('rings', key, { ...row, isAnswered: true });
      const caseId = rung[0]?.[1].caseId;
      return Promise.resolve(caseId === undefined ? null : { caseId, subjects: [subject] });
    },
  });
}

function taskRows({ db, defect }: LedgerParts): TaskStore {
  const openOf = (caseId: string, kind: string, subject: string) =>
    [...db.tables.tasks.values()].find(
      (task) =>
        task.isOpen && task.caseId === caseId && task.kind === kind && task.subject === subject,
    );
  return only<TaskStore>({
    open({ caseId, kind, subject }) {
      if (defect === 'task-forgotten' && kind === 'in-doubt') return Promise.resolve(false);
      if (openOf(caseId, kind, subject) !== undefined) return Promise.resolve(false);
      const taskId = db.newId('task-');
      db.put('tasks', taskId, { taskId, caseId, kind, subject, isOpen: true });
      return Promise.resolve(true);
    },
    completeBySubject(caseId, kinds, subject) {
      for (const kind of [kinds].flat()) {
        const task = openOf(caseId, kind, subject);
        if (task !== undefined) db.put('tasks', task.taskId, { ...task, isOpen: false });
      }
      return Promise.resolve();
    },
    kindsOf: (caseId) =>
      Promise.resolve([
        ...new Set(
          [...db.tables.tasks.values()].filter((t) => t.caseId === caseId).map(({ kind }) => kind),
        ),
      ]),
  });
}
