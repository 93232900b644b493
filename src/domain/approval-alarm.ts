/** When people are called because a notice waits for their approval, and how many at once. */
import type { Alarm } from './alarm.ts';
import { fromMs, hourMs, toMs, wallTimeAt, type CaseClock, type Instant } from './instant.ts';

/** Policy, not law: the parts of the time left to the due after which a lawyer, then everybody who may release, is called. */
const partsOfTimeLeft = { first: 1 / 4, everyone: 1 / 2 } as const;
/** Policy, not law: hours after which they are called at the latest, however far the due is. */
const atLatestHours = { first: 4, everyone: 8 } as const;

/** Notices of a case that ask within the same while share one call: a reviewer of three thousand is called once. */
const sharedMs = 15 * 60_000;
const sharedNearDueMs = 60_000;
const nearDueMs = 2 * hourMs;

interface Waiting {
  readonly caseId: string;
  readonly reference: string;
  readonly clock: CaseClock;
  /** Case time. */
  readonly frozenAt: Instant;
  /** The due, else our own aim, in case time; null for neither. */
  readonly aimAt: Instant | null;
}

/** The calls about a version frozen now; approving ends them, and so does whoever takes one up. */
export function approvalAlarms(waiting: Waiting): readonly [Alarm, Alarm] {
  const { caseId, reference, clock } = waiting;
  const dueAt = callAt(waiting, 'first');
  const everyoneAt = callAt(waiting, 'everyone');
  const subject = `approvals/${caseId}/${dueAt.slice(0, 16)}Z`;
  const common = { subject, caseId, whileInReview: true } as const;
  return [
    {
      ...common,
      step: 'approve',
      dueAt,
      ringAt: wallTimeAt(clock, dueAt),
      role: 'legal',
      line: `${reference}: notices wait for approval. Read them, then approve them or send them back.`,
    },
    {
      ...common,
      step: 'approve-everyone',
      dueAt: everyoneAt,
      ringAt: wallTimeAt(clock, everyoneAt),
      role: 'executive',
      line: `${reference}: notices still wait and nobody took the call. Whoever may release: approve them or send them back.`,
      everyone: true,
    },
  ];
}

/** True for what rings because notices wait: who takes it up answers for all of them. */
export function isApprovalCall(subject: string): boolean {
  return subject.startsWith('approvals/');
}

function callAt({ frozenAt, aimAt }: Waiting, who: keyof typeof partsOfTimeLeft): Instant {
  const leftMs = aimAt === null ? Infinity : Math.max(0, toMs(aimAt) - toMs(frozenAt));
  const waitMs = Math.min(leftMs * partsOfTimeLeft[who], atLatestHours[who] * hourMs);
  const stepMs = leftMs < nearDueMs ? sharedNearDueMs : sharedMs;
  return fromMs(Math.ceil((toMs(frozenAt) + waitMs) / stepMs) * stepMs);
}
