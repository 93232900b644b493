/** The promises of the architecture, checked after a fault from evidence alone, never by the application's own opinion. */
import { createHash } from 'node:crypto';
import { gatherEvidence, type EventRow, type Evidence, type Leaf } from './evidence.ts';
import { untilNothingIsMissing, type DemoStack } from './stack.ts';

interface Judgement {
  /** One sentence for each promise that does not hold. */
  readonly broken: readonly string[];
  /** How much was looked at, so that an empty house does not pass for a sound one. */
  readonly looked: {
    readonly notices: number;
    readonly deliveries: number;
    readonly transitions: number;
    readonly acts: number;
    readonly entries: number;
  };
}

/** Judges everything in the house, at rest: call it when nothing is on its way any more. */
export async function judgePromises(stack: DemoStack): Promise<Judgement> {
  // The worker folds every two seconds, whatever else it does: what is at rest is in the register soon after.
  await untilNothingIsMissing(async () => {
    const [unfolded] = await stack.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM delivery_event e WHERE e.id >
         (SELECT coalesce(max(f.to_event), 0) FROM delivery_fold f WHERE f.case_id = e.case_id)`,
    );
    return unfolded?.count === 0 ? null : `${String(unfolded?.count)} transitions to be folded`;
  });
  return judge(await gatherEvidence(stack));
}

/** The judgement itself: a pure function of what was found. */
export function judge(evidence: Evidence): Judgement {
  return {
    broken: [
      ...approvedOnly(evidence),
      ...atMostOnce(evidence),
      ...nothingLost(evidence),
      ...rightBytesToTheRightPlace(evidence),
      ...chainedTransitions(evidence),
      ...foldedTransitions(evidence),
      ...everyActEnteredOnce(evidence),
      ...evidence.verdict.faults.map(({ line, fault }) => `I9 line ${String(line)}: ${fault}`),
    ],
    looked: {
      notices: evidence.mails.filter(({ noticeId }) => noticeId !== null).length,
      deliveries: evidence.deliveries.length,
      transitions: evidence.events.length,
      acts: evidence.acts.length,
      entries: evidence.verdict.entries,
    },
  };
}

/** I1: behind every message stands a release of its very version, on a basis that holds. */
function approvedOnly({ mails, deliveries, approvals }: Evidence): string[] {
  const byMessage = new Map(deliveries.map((row) => [row.messageId, row]));
  return mails.flatMap((mail) => {
    if (mail.noticeId === null) {
      return mail.subject.startsWith('[Tocsin] ') ? [] : [`I1 ${mail.messageId} is of no notice`];
    }
    const row = byMessage.get(mail.messageId);
    if (row?.noticeId !== mail.noticeId) return [`I1 ${mail.messageId} has no delivery`];
    if (row.releasedAt === null || row.releaseDigest !== row.digest) {
      return [`I1 ${mail.messageId} left without a release of its version`];
    }
    const { noticeId, digest, digestAgain, releasedAt } = row;
    const lacking = basisFault(row, approvals);
    return [
      ...(digest === digestAgain ? [] : [`I1 the digest of ${noticeId} is not that of its input`]),
      ...(lacking === null ? [] : [`I1 ${mail.messageId} left ${lacking}`]),
      ...((row.atDotAt ?? '') >= releasedAt
        ? []
        : [`I1 ${mail.messageId} left before its release`]),
    ];
  });
}

/** What the basis of a release lacks: enough people besides the author, two signers in advance, or the one in a hurry. */
function basisFault(row: Evidence['deliveries'][number], approvals: Evidence['approvals']) {
  switch (row.basis) {
    case 'standing-authorisation':
      return row.signers >= 2 && row.isCovered ? null : 'under no standing authorisation';
    case 'emergency':
      return row.hurriedBy === null ? 'in an emergency nobody approved' : null;
    case 'approvals':
    case null: {
      const { noticeId, version, digest, author, releasedAt } = row;
      const approvers = approvals
        .filter((one) => one.noticeId === noticeId && one.version === version)
        .filter((one) => one.digest === digest && one.approver !== author && one.mayApprove)
        .filter((one) => one.at <= (releasedAt ?? ''))
        .map((one) => one.approver);
      const needed = Math.max(row.policyNeeds, row.approvalsNeeded ?? 0);
      return new Set(approvers).size >= needed ? null : 'with too few approvals';
    }
  }
}

/**
 * I2: no address has two messages of one notice, but for a further copy that a person, or for an authority two people in
 * advance, gave leave for, because the one before it was in doubt.
 */
function atMostOnce({ mails, deliveries, resends, events }: Evidence): string[] {
  const byId = new Map(deliveries.map((row) => [row.id, row]));
  const allowed = new Set(
    resends
      .filter(({ basis, person, signers, recipientKind }) =>
        basis === 'person' ? person !== null : signers === 2 && recipientKind === 'authority',
      )
      .filter(({ deliveryId, originalId }) => {
        const [copy, original] = [byId.get(deliveryId), byId.get(originalId)];
        const wasInDoubt = events.some(
          (event) => event.deliveryId === originalId && event.toState === 'in-doubt',
        );
        return wasInDoubt && copy?.address === original?.address;
      })
      .map(({ deliveryId }) => byId.get(deliveryId)?.messageId),
  );
  const copies = mails.flatMap((mail) =>
    mail.noticeId === null || allowed.has(mail.messageId)
      ? []
      : mail.to.map((to) => `${to.toLowerCase()} ${mail.noticeId ?? ''}`),
  );
  const ids = countOf(mails.filter((mail) => mail.noticeId !== null).map((mail) => mail.messageId));
  return [
    ...[...countOf(copies)].filter(([, n]) => n > 1).map(([copy]) => `I2 twice: ${copy}`),
    ...[...ids].filter(([id, n]) => n > 1 && allowed.has(id)).map(([id]) => `I2 twice: ${id}`),
  ];
}

const ended = ['sent', 'bounced', 'suppressed', 'cancelled', 'abandoned'];
const neverLeft = ['prepared', 'pending', 'claimed', 'retry', 'suppressed', 'cancelled'];

/** I3: each released recipient has come to an end or waits for a person who was asked; what counts as sent arrived. */
function nothingLost({ mails, deliveries, released, resends, openTasks }: Evidence): string[] {
  const arrived = new Set(mails.map(({ messageId }) => messageId));
  const first = deliveries.filter(({ resendNo }) => resendNo === 0);
  const rows = countOf(first.map((row) => `${row.noticeId} ${String(row.version)}`));
  const followed = new Set(resends.map(({ originalId }) => originalId));
  const short = released
    .map((one) => ({ ...one, has: rows.get(`${one.noticeId} ${String(one.version)}`) ?? 0 }))
    .filter(({ has, recipientCount }) => has !== recipientCount);
  return [
    ...short.map(({ noticeId }) => `I3 ${noticeId} has not one row for each recipient`),
    ...deliveries.flatMap((row) => {
      const { id, state, messageId, releaseId, isLeased } = row;
      const asked =
        state === 'in-doubt' && (openTasks.has(`in-doubt delivery/${id}`) || followed.has(id));
      const atRest = releaseId === null || ended.includes(state) || asked;
      return [
        ...(atRest && !isLeased ? [] : [`I3 ${id} is ${state}, and nobody is asked`]),
        ...(state === 'sent' && !arrived.has(messageId) ? [`I3 ${id} is sent, not arrived`] : []),
        ...(neverLeft.includes(state) && arrived.has(messageId)
          ? [`I3 ${id} is ${state}, and it arrived`]
          : []),
      ];
    }),
  ];
}

/** I6 and I7: envelope and bytes are those of the row, to the byte. */
function rightBytesToTheRightPlace({ mails, deliveries }: Evidence): string[] {
  const byMessage = new Map(deliveries.map((row) => [row.messageId, row]));
  return mails.flatMap((mail) => {
    const row = byMessage.get(mail.messageId);
    if (row === undefined) return [];
    const envelope = mail.to.length === 1 && mail.to[0] === row.address && mail.from === row.sender;
    const bytes = mail.sha256 === row.sha256 && mail.size === row.size;
    return [
      ...(envelope ? [] : [`I6 ${row.id} went to ${mail.to.join()} from ${mail.from}`]),
      ...(bytes ? [] : [`I7 ${row.id} arrived with other bytes than were approved`]),
    ];
  });
}

/** I8: the transitions of each delivery follow one another from its making to the state it has. */
function chainedTransitions({ deliveries, events }: Evidence): string[] {
  const byDelivery = Map.groupBy(events, ({ deliveryId }) => deliveryId);
  return deliveries.flatMap(({ id, state }) => {
    const chain = byDelivery.get(id) ?? [];
    const gap = chain.find((event, n) => event.fromState !== (chain[n - 1]?.toState ?? null));
    const whole = gap === undefined && chain.at(-1)?.toState === state;
    const why = chain.map(({ fromState, toState }) => `${fromState ?? 'new'}>${toState}`).join(' ');
    return whole ? [] : [`I8 ${id} is ${state} after ${why}`];
  });
}

/** I8: every transition is covered by one entry of the register, whose root is that of the transitions. */
function foldedTransitions({ events, folds, leaves }: Evidence): string[] {
  const entered = new Set(leaves.filter(({ type }) => type === 'deliveries.folded').map(foldLine));
  const covered = new Set<number>();
  const faults = folds.flatMap((fold) => {
    const { caseId, fromEvent, toEvent, root } = fold;
    const inside = events.filter(
      (one) => one.caseId === caseId && one.eventId >= fromEvent && one.eventId <= toEvent,
    );
    for (const { eventId } of inside) covered.add(eventId);
    const again = merkleRoot(inside.map(eventLeaf)).toString('hex');
    const line = foldLine({ stream: `case/${caseId}`, data: { ...fold } });
    return [
      ...(again === root ? [] : [`I8 the fold up to ${String(toEvent)} has another root`]),
      ...(entered.has(line) ? [] : [`I8 the fold up to ${String(toEvent)} is not in the register`]),
    ];
  });
  const open = events.filter(({ eventId }) => !covered.has(eventId)).length;
  return [...faults, ...(open === 0 ? [] : [`I8 ${String(open)} transitions are not folded`])];
}

function foldLine({ stream, data }: Pick<Leaf, 'stream' | 'data'>): string {
  const { fromEvent, toEvent, events, root } = data;
  return JSON.stringify([stream, fromEvent, toEvent, events, root]);
}

/** I8 and I12: what the tables say was done stands in the register, and stands there as often as it was done. */
function everyActEnteredOnce({ acts, leaves }: Evidence): string[] {
  const entered = countOf(leaves.flatMap(actsOfLeaf));
  const done = countOf(acts);
  return [...new Set([...entered.keys(), ...done.keys()])].flatMap((act) => {
    if (act.startsWith('undone ')) return [];
    const inRegister = (entered.get(act) ?? 0) - (entered.get(`undone ${act}`) ?? 0);
    const inTables = done.get(act) ?? 0;
    // A case may be determined again; its row keeps the last word only.
    const mayDiffer = act.startsWith('determined ') && inRegister > 0;
    if (inRegister === inTables || mayDiffer) return [];
    const times = `entered ${String(inRegister)} times, done ${String(inTables)} times`;
    return [`${inRegister < inTables ? 'I8' : 'I12'} ${times}: ${act}`];
  });
}

/** What an entry says was done, in the words of `Evidence.acts`; nothing for entries without a row of their own. */
function actsOfLeaf({ stream, type, actor, data }: Leaf): string[] {
  const caseId = stream.replace('case/', '');
  const text = (name: string) => String(data[name]);
  const list = (name: string) => (data[name] ?? []) as readonly Readonly<Record<string, unknown>>[];
  const version = (of: Readonly<Record<string, unknown>>) =>
    `${String(of['noticeId'])} ${String(of['version'])} ${String(of['digest'])}`;
  switch (type) {
    case 'case.opened':
      return [`opened ${caseId}`, ...(list('facts').length > 0 ? [`facts ${caseId} 1`] : [])];
    case 'case.determined':
      return [`determined ${caseId} ${text('determination')}`];
    case 'case.closed':
      return [`closed ${caseId}`];
    case 'facts.recorded':
      return list('facts').length > 0 ? [`facts ${caseId} ${text('factsVersion')}`] : [];
    case 'obligations.determined':
      return list('added').map(
        (one) => `owed ${caseId} ${String(one['provision'])} ${String(one['recipientKey'])}`,
      );
    case 'notices.drafted':
      return list('notices').map((one) => `drafted ${String(one['noticeId'])}`);
    case 'notice.frozen':
      return [`frozen ${version(data)}`];
    case 'notice.approved':
      return list('notices').map((one) => `approved ${version(one)} ${actor}`);
    case 'notice.released':
      return list('notices').map((one) => `released ${version(one)}`);
    case 'delivery.resent':
      return [`resent ${text('deliveryId')}`, ...reopened(data)];
    case 'address.corrected':
      return reopened(data);
    case 'bounce.recorded':
      return [`came back ${text('deliveryId')}`];
    case 'notice.cancelled':
      return data['restored'] === true ? [`dispatched ${text('noticeId')}`] : [];
    case 'notice.dispatched':
    case 'notice.unproven':
      return [`dispatched ${text('noticeId')}`];
    case 'receipt.recorded':
      return [
        `receipt ${text('noticeId')}`,
        ...(data['told'] === undefined ? [] : [`dispatched ${text('noticeId')}`]),
      ];
    case 'alarm.rung':
    case 'alarm.escalated':
      return [`rung ${text('subject')} ${text('step')}`];
    default:
      return [];
  }
}

/** A notice that had come to its end and goes on: its end is entered once more. */
function reopened(data: Leaf['data']): string[] {
  return data['reopened'] === true ? [`undone dispatched ${String(data['noticeId'])}`] : [];
}

function countOf(lines: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(lines, (line) => line)].map(([line, all]) => [line, all.length]));
}

// Written apart from the application's own, on purpose: RFC 8785 for flat objects of ASCII, RFC 9162 for the root.
function eventLeaf(event: EventRow): Buffer {
  const members = Object.entries(event).filter(([name]) => name !== 'caseId');
  const sorted = Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
  return hash(Buffer.of(0), Buffer.from(JSON.stringify(sorted)));
}

function merkleRoot(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return hash();
  if (hashes.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return hash(Buffer.of(1), merkleRoot(hashes.slice(0, split)), merkleRoot(hashes.slice(split)));
}

function hash(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
