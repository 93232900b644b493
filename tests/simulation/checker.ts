/** The promises, checked at every commit and every arrival and once more at rest, from evidence alone. */
import type { CaseFile } from '../../src/domain/case.ts';
import { nextCaseStep } from '../../src/domain/case.ts';
import { hourMs, toMs } from '../../src/domain/instant.ts';
import { nextNoticeStep } from '../../src/domain/notice.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import { hasEnded } from '../../src/ledger/delivery.ts';
import { mimeSha256 } from '../../src/ledger/mime.ts';
import type { AlarmRow, Change, Database, DeliveryRow, RingRow } from './database.ts';
import { approversCounted, rowsOf } from './notice-rows.ts';
import type { Arrival } from './wire.ts';
import type { World } from './world.ts';

/** One polling period with its transactions and the pause after a failed one; the promise is a minute. */
const pollMs = 7_000;
const goesOnWithinMs = 120_000;
/** A sender that waits for the answer to a dot, or was lost there, may hold its row for so long. */
const heldAtDotMs = 720_000;
/** Two minutes, and the time the mails before it may take on four lanes of a slow server. */
const begunWithinMs = 420_000;
/** A server that defers us is given this long between attempts. */
const deferredMs = 900_000;

export class Checker {
  readonly broken: string[] = [];
  /** When the watch was last kept from its work. */
  watchFaultMs = 0;
  private readonly world: World;
  private readonly arrived = new Map<string, number>();
  private readonly pendingMs = new Map<string, number>();
  private db: Database | null = null;
  private lastHumanMs = 0;
  private lastLedgerMs = 0;

  constructor(world: World) {
    this.world = world;
  }

  watch(db: Database): void {
    this.db = db;
  }

  get arrivals(): number {
    return this.arrived.size;
  }

  /** I2 at the instant a dot is allowed: its row is at the dot, and still its sender's own. */
  onDot({ bytes }: Arrival): void {
    const row = this.tables().deliveries.get(messageIdIn(bytes).replace('@house.test', ''));
    if (row?.state !== 'at-dot' || (row.leaseUntilMs ?? 0) <= this.world.nowMs)
      this.fail(`I2 the dot of ${row?.deliveryId ?? 'no delivery'} is allowed without its fence`);
  }

  /** I1, I2, I6, I7 at the instant the server takes a message. */
  onArrival({ to, bytes }: Arrival): void {
    const id = messageIdIn(bytes);
    const { deliveries, versions } = this.tables();
    const row = deliveries.get(id.replace('@house.test', ''));
    this.world.note(() => `SERVER KEEPS ${id}`);
    if (row === undefined) {
      this.fail(`I1 ${id} is no delivery`);
      return;
    }
    const times = (this.arrived.get(row.deliveryId) ?? 0) + 1;
    this.arrived.set(row.deliveryId, times);
    if (times > 1) this.fail(`I2 ${row.deliveryId} arrived ${String(times)} times`);
    const others = rowsOf(this.base(), row.noticeId).filter(
      (one) => one.recipientKey === row.recipientKey && one.deliveryId !== row.deliveryId,
    );
    if (others.some((one) => this.arrived.has(one.deliveryId)))
      this.fail(`I2 ${row.address} got two versions of ${row.noticeId}`);
    if (versions.get(row.versionId)?.isReleased !== true)
      this.fail(`I1 ${row.deliveryId} left without a release`);
    if (row.address !== to) this.fail(`I6 ${row.deliveryId} went to ${to}`);
    if (Buffer.compare(mimeSha256(bytes), row.mimeSha256) !== 0)
      this.fail(`I7 ${row.deliveryId} has other bytes`);
    if (neverLeft.includes(row.state))
      this.fail(`I1 ${row.deliveryId} arrived although it is ${row.state}`);
  }

  /** Each change of a committed transaction. */
  onCommit(by: string, changes: readonly Change[]): void {
    for (const change of changes) {
      this.world.note(() => `${by} ${change.table} ${describe(change.after)}`);
      if (by.startsWith('person/')) this.lastHumanMs = this.world.nowMs;
      if (change.table === 'deliveries') this.delivery(change.before, change.after);
      else if (change.table === 'rings' && change.before === undefined) this.ring(change.after);
      else if (change.table === 'obligations') this.due(change.before, change.after);
      else if (change.table === 'alarms') this.alarm(change.after);
    }
  }

  private delivery(before: DeliveryRow | undefined, row: DeliveryRow): void {
    const { deliveryId, state } = row;
    if (before?.state === state) return;
    this.lastLedgerMs = this.world.nowMs;
    if (before !== undefined && hasEnded(before.state))
      this.fail(`I3 ${deliveryId} had ended as ${before.state} and is ${state}`);
    const isHere = this.arrived.has(deliveryId);
    if (isHere && neverLeft.includes(state)) this.fail(`I2 ${deliveryId} is ${state} and arrived`);
    if (state === 'sent' && !isHere && before?.state !== 'in-doubt')
      this.fail(`I3 ${deliveryId} is sent and did not arrive`);
    if (state === 'pending') this.pendingMs.set(deliveryId, this.world.nowMs);
    const isBegun = state === 'claimed' || (state === 'at-dot' && before?.state !== 'claimed');
    if (!isBegun) return;
    this.wait(before?.nextAttemptMs ?? this.pendingMs.get(deliveryId), deliveryId);
    const version = this.tables().versions.get(row.versionId);
    const notice = this.tables().notices.get(row.noticeId);
    const stands =
      version?.isLive === true &&
      version.isReleased &&
      notice?.state === 'released' &&
      approversCounted(this.base(), version) >= version.approvalsNeeded;
    if (!stands) this.fail(`I1 ${deliveryId} was claimed without a standing release`);
  }

  /** I13: whatever hangs, a row that is due is begun soon in good weather. */
  private wait(dueMs: number | undefined, deliveryId: string): void {
    const freeMs = Math.max(dueMs ?? 0, this.world.stormEndsMs, this.lastHumanMs);
    const waitedMs = this.world.nowMs - freeMs;
    if (waitedMs > begunWithinMs)
      this.fail(`I13 ${deliveryId} was due and waited ${String(waitedMs)} ms`);
  }

  /** I4: a ring, once per (subject, step, due), not before its instant and not long after it. */
  private ring(ring: RingRow): void {
    const { subject, step, dueAt } = ring;
    const key = `${subject} ${step} ${dueAt}`;
    const same = [...this.tables().rings.values()].filter(
      (one) => one.subject === subject && one.step === step && one.dueAt === dueAt,
    );
    if (same.length > 1) this.fail(`I4 ${key} rang ${String(same.length)} times`);
    const base = this.tables().alarms.get(`${subject} ${step.replace('/deputy', '')}`);
    const ringMs = this.wallMs(ring);
    if (this.world.nowMs < ringMs - 1) this.fail(`I4 ${key} rang before its time`);
    if (base?.isSilenced !== false) this.fail(`I4 ${key} rang although silenced`);
    if (step.endsWith('/deputy') || base === undefined) return;
    const lateMs = this.world.nowMs - Math.max(ringMs, base.setMs, this.watchFaultMs);
    if (lateMs > pollMs) this.fail(`I4 ${key} rang ${String(lateMs)} ms late`);
  }

  private alarm(alarm: AlarmRow): void {
    if (Math.abs(toMs(alarm.ringAt) - this.wallMs(alarm)) > 1)
      this.fail(`I4 ${alarm.subject} ${alarm.step} is set to ring at ${alarm.ringAt}`);
  }

  /** The wall instant of an alarm, by arithmetic of our own. */
  private wallMs({ caseId, step, dueAt }: Pick<AlarmRow, 'caseId' | 'step' | 'dueAt'>): number {
    const clock = this.tables().cases.get(caseId)?.clock;
    if (clock === undefined) return Infinity;
    const before = Number(/^due-in-(\d+)h/.exec(step)?.[1] ?? 0) * hourMs;
    const caseMs = Date.parse(dueAt) - before - Date.parse(clock.caseStartAt);
    return Date.parse(clock.wallStartAt) + caseMs / clock.speed;
  }

  /** I5: 72 elapsed hours from the awareness that stands, never anything else, and never later than it was. */
  private due(before: Obligation | undefined, one: Obligation): void {
    const awareAt = this.tables().cases.get(one.caseId)?.awareness.awareAt ?? '';
    const dueMs = Date.parse(one.dueAt ?? '');
    const isMoved = before?.dueAt !== one.dueAt;
    if (isMoved && dueMs !== Date.parse(awareAt) + 72 * hourMs)
      this.fail(`I5 ${one.obligationId} is due at ${one.dueAt ?? 'no time'}`);
    if (isMoved && before !== undefined && (one.dueAt ?? '') > (before.dueAt ?? ''))
      this.fail(`I5 ${one.obligationId} is due later than before`);
  }

  /** I3, I4 and I13 when nothing more will happen by itself. */
  atRest(isRunning: (kind: 'breach-case' | 'notice', id: string) => boolean): void {
    const { deliveries, alarms, rings, wakes, cases, notices } = this.tables();
    const freeMs = Math.max(this.world.stormEndsMs, this.lastHumanMs);
    if (this.lastLedgerMs > freeMs + goesOnWithinMs + heldAtDotMs + deferredMs)
      this.fail('I13 dispatch took too long to go on after the last fault and the last act');
    for (const row of deliveries.values()) this.restingRow(row);
    for (const alarm of alarms.values()) {
      const key = `${alarm.subject} ${alarm.step}`;
      const rang = [...rings.values()].some(
        (one) => `${one.subject} ${one.step}` === key && one.dueAt === alarm.dueAt,
      );
      if (!alarm.isSilenced && !rang) this.fail(`I4 ${key} ${alarm.dueAt} never rang`);
    }
    for (const ring of rings.values())
      if (ring.handedMs === null) this.fail(`I4 ${ring.ringId} was handed to nobody`);
    for (const wake of wakes.values())
      if (!wake.isAccepted) this.fail(`I13 ${wake.subjectId} was never woken`);
    for (const file of cases.values()) {
      this.restingCase(file);
      if (!isRunning('breach-case', file.caseId)) this.fail(`I13 ${file.caseId} has no workflow`);
    }
    for (const { noticeId, state, channel } of notices.values()) {
      const step = nextNoticeStep({ state, channel });
      if (step === 'end') continue;
      if (!isRunning('notice', noticeId)) this.fail(`I13 ${noticeId} has no workflow`);
      const doubts = rowsOf(this.base(), noticeId).some((row) => row.state === 'in-doubt');
      if (step === 'draft' || (step === 'dispatch' && !doubts))
        this.fail(`I13 ${noticeId} is left at ${step}`);
    }
  }

  private restingRow({ deliveryId, state, versionId, caseId }: DeliveryRow): void {
    const asked = [...this.tables().tasks.values()].some(
      (task) => task.isOpen && task.caseId === caseId && task.subject === `delivery/${deliveryId}`,
    );
    const isReleased = this.tables().versions.get(versionId)?.isReleased === true;
    if (hasEnded(state) && asked)
      this.fail(`I3 ${deliveryId} is ${state}, and is still asked about`);
    if (hasEnded(state) || (state === 'in-doubt' && asked)) return;
    if (state !== 'prepared' || isReleased)
      this.fail(`I3 ${deliveryId} is ${state}, and nobody is asked`);
  }

  private restingCase(file: CaseFile): void {
    const undrafted = [...this.tables().obligations.values()].filter(
      (one) =>
        one.caseId === file.caseId &&
        one.state === 'owed' &&
        ![...this.tables().notices.values()].some(
          (notice) => notice.obligationId === one.obligationId && notice.state !== 'cancelled',
        ),
    );
    const step = nextCaseStep(file, undrafted.length);
    const pressed = [...this.tables().tasks.values()].filter(
      (task) => task.caseId === file.caseId && task.kind.startsWith('determine'),
    );
    const waits =
      step === 'follow' ||
      (step === 'investigate' && (file.state !== 'investigating' || pressed.length === 2));
    if (!waits) this.fail(`I13 ${file.caseId} is left at ${step}`);
  }

  fail(what: string): void {
    this.world.note(() => `BROKEN ${what}`);
    if (this.broken.length < 20) this.broken.push(what);
  }

  private base(): Database {
    if (this.db === null) throw new Error('nothing to check yet');
    return this.db;
  }

  private tables(): Database['tables'] {
    return this.base().tables;
  }
}

function messageIdIn(bytes: Uint8Array): string {
  return /Message-ID: <(.*)>/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? '';
}

const neverLeft: readonly DeliveryRow['state'][] = [
  ...(['prepared', 'pending', 'claimed', 'retry', 'suppressed', 'cancelled'] as const),
];

function describe(row: unknown): string {
  const text = JSON.stringify(row, (key, value: unknown) =>
    ['segments', 'mimeSha256', 'line', 'content'].includes(key) ? undefined : value,
  );
  return text.length > 260 ? `${text.slice(0, 260)}…` : text;
}
