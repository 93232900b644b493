/** Two steps the simulation does itself, because law and wording are not its subject: what is owed, and frozen bytes. */
import { onCase, type CaseStatus } from '../../src/commands/advance-case.ts';
import { obligationAlarms } from '../../src/domain/alarm.ts';
import type { CaseFile } from '../../src/domain/case.ts';
import { wallTimeAt } from '../../src/domain/instant.ts';
import type { Notice } from '../../src/domain/notice.ts';
import type { Segment } from '../../src/domain/notice-ports.ts';
import type { AuthorityChoice, Obligation } from '../../src/domain/obligation.ts';
import type { House, Store } from '../../src/domain/ports.ts';
import { strictDueAt } from '../../src/law/due.ts';
import type { DispatchPolicy } from '../../src/ledger/window.ts';
import { assemble, mimeSha256 } from '../../src/ledger/mime.ts';
import type { LedgerParts } from './notice-rows.ts';

/** What the law of this world asks for in a case. */
export interface Plan {
  readonly obligations: number;
  readonly recipients: number;
  readonly approvals: number;
  readonly hasPortal: boolean;
  /** Whether people are told, who may be many, or customers. */
  readonly isMass: boolean;
  readonly policy: DispatchPolicy;
}

const periodHours = 72;

/** In the place of determineStep: an earlier due acts at once, a later one is left to people. */
export function determine(
  { world, defect }: LedgerParts,
  house: House,
  caseId: string,
  plan: Plan,
): Promise<CaseStatus> {
  return onCase(house, caseId, async (store, file) => {
    if (file.determination !== 'breach' || file.obligationsRevision >= file.revision) return;
    const awareAt = defect === 'due-from-now' ? world.now() : file.awareness.awareAt;
    const dueAt = strictDueAt(awareAt, periodHours);
    const owed = await store.obligations.ofCase(caseId);
    if (owed.length === 0) await oblige(store, file, dueAt, plan);
    for (const one of owed) {
      const isEarlier = dueAt < (one.dueAt ?? dueAt) || defect === 'due-from-now';
      if (one.dispatchedAt !== null || !isEarlier) continue;
      const dueRingAt = wallTimeAt(file.clock, dueAt);
      await store.obligations.changeAll([{ ...one, dueAt, dueRingAt }]);
      await store.alarms.set(obligationAlarms({ ...one, dueAt }, file.reference, file.clock));
    }
    await store.cases.markObliged(caseId, file.revision);
    for (const noticeId of await store.notices.idsOfCase(caseId, ['drafting']))
      await store.house.wake('notice', noticeId);
  });
}

async function oblige(store: Store, file: CaseFile, dueAt: string, plan: Plan): Promise<void> {
  const { caseId, reference, clock } = file;
  const drafts = Array.from({ length: plan.obligations }, (_, n) => draft(n, dueAt, plan));
  const dueRingAt = wallTimeAt(clock, dueAt);
  const ids = await store.obligations.insert(
    caseId,
    drafts.map((one) => ({ ...one, dueRingAt })),
  );
  for (const obligationId of ids) {
    const alarms = obligationAlarms(
      { obligationId, caseId, dueAt, label: 'simulated' },
      reference,
      clock,
    );
    await store.alarms.set(alarms);
  }
}

type Draft = Omit<
  Obligation,
  'obligationId' | 'caseId' | 'dispatchedAt' | 'receiptAt' | 'dischargedAt' | 'late'
>;

function draft(n: number, dueAt: string, plan: Plan): Draft {
  const authority: AuthorityChoice = {
    ...{
      authorityId: 'a',
      name: 'A',
      role: 'competent',
      channel: 'portal',
      email: null,
      url: null,
    },
    ...{ languages: ['en'], zone: 'UTC', verification: 'to-verify', why: 'simulated' },
  };
  const isPortal = plan.hasPortal && n === 0;
  return {
    ...{ provision: 'simulated', affiliateKey: 'a', trackId: 't', recipientKey: `r${String(n)}` },
    ...{ state: 'owed', reason: '', citation: '', label: 'simulated', verification: 'to-verify' },
    ...{ factsUsed: [], ruleSetVersion: '1', engagementKeys: [], targetAt: null, dueWorking: [] },
    ...{ dueAt, dueBasis: 'statute' },
    recipientKind: isPortal ? 'authority' : plan.isMass ? 'data-subject' : 'controller',
    authority: isPortal ? authority : null,
  };
}

/** In the place of freezeNotice and reviseNotice: a new version supersedes the earlier one and voids its approvals. */
export function freeze(
  { world, db }: LedgerParts,
  notice: Notice,
  author: string,
  plan: Plan,
): void {
  const { noticeId, caseId } = notice;
  for (const [key, row] of db.tables.versions)
    if (row.noticeId === noticeId && row.isLive) db.put('versions', key, { ...row, isLive: false });
  for (const [key, row] of db.tables.deliveries)
    if (row.noticeId === noticeId && ['prepared', 'pending', 'retry'].includes(row.state))
      db.put('deliveries', key, { ...row, state: 'cancelled' });
  const version = notice.version + 1;
  const versionId = `${noticeId}v${String(version)}`;
  const recipientCount = notice.channel === 'portal' ? 1 : plan.recipients;
  const segments = segmentsOf(versionId);
  db.put('versions', versionId, {
    ...{ versionId, version, noticeId, author, digest: `digest of ${versionId}`, segments },
    ...{ sender: 'breach@house.test', subject: versionId, content: {}, groupKey: '' },
    ...{ recipientCount, recipientRoot: '', factsVersion: 0, frozenAt: world.now() },
    ...{ isLive: true, isReleased: false, approvalsNeeded: plan.approvals },
  });
  for (let n = 0; n < recipientCount && notice.channel === 'email'; n++) {
    const deliveryId = `${versionId}r${String(n)}`;
    const address = `r${String(n)}.${noticeId}@customer.test`;
    const messageId = `${deliveryId}@house.test`;
    db.put('deliveries', deliveryId, {
      ...{ deliveryId, noticeId, versionId, caseId, address, messageId, state: 'prepared' },
      ...{ recipientKey: `r${String(n)}`, attemptId: null, attempts: 0, leaseUntilMs: null },
      ...{ nextAttemptMs: null, atDotMs: null, reply: '' },
      mimeSha256: mimeSha256(assemble(segments, {}, address, messageId)),
    });
  }
  db.put('notices', noticeId, { ...notice, version, state: 'in-review' });
}

function segmentsOf(versionId: string): readonly Segment[] {
  const bytes = (text: string): Segment => ({
    kind: 'bytes',
    base64: Buffer.from(text).toString('base64'),
  });
  const slot = (name: string): Segment => ({ kind: 'slot', name, encoding: 'header' });
  return [
    bytes('To: '),
    slot('address'),
    bytes('\r\nMessage-ID: '),
    slot('messageId'),
    bytes(`\r\n\r\nThe words of ${versionId}.\r\n`),
  ];
}
