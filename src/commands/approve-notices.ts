/** One approval over one or many notices: it binds the digest of each, all or nothing. */
import { actorLabel } from '../domain/actor.ts';
import type { JsonObject } from '../domain/json.ts';
import { mayLeaveUnder, type NoticeState } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { merkleRoot } from '../register/merkle.ts';
import type { FreezeDeps } from './freeze-notice.ts';
import { letGo } from './let-go.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockNotice, personOf, type LockedNotice } from './lock-notice.ts';
import { redraftLateAmong } from './redraft-late.ts';

interface ApprovedNotice {
  readonly noticeId: string;
  readonly state: NoticeState;
  readonly approvals: { readonly counted: number; readonly needed: number };
}

export interface ApprovedSet {
  readonly approved: number;
  readonly released: number;
  /** Hex root over the digests, ordered by notice id; null for a single notice. */
  readonly setRoot: string | null;
  readonly results: readonly ApprovedNotice[];
}

export interface Approval {
  readonly notices: readonly { readonly noticeId: string; readonly digest: string }[];
  /** The number of recipients as the approver typed it, over the whole set; null when not asked. */
  readonly recipientCount: number | null;
}

/**
 * As `approveNotices`, for people: what its due has made untrue since it was written is drafted anew first, and then the
 * approval is refused as `stale`, because those bytes do not say that they are late.
 */
export async function approveTrueNotices(
  house: House,
  deps: FreezeDeps,
  request: Request,
  input: Approval,
): Promise<Answer<ApprovedSet>> {
  const ids = input.notices.map(({ noticeId }) => noticeId);
  const redrafted = await redraftLateAmong(house, deps, request.actor, ids);
  if (redrafted === 0) return approveNotices(house, request, input);
  return refuse(
    'stale',
    'The due has passed since this was written, and it did not say so. A new version says that it is late and gives the reasons or says that they follow: read it, then approve it.',
  );
}

/**
 * Approves exactly the bytes behind each digest. Refused as a whole when one of them changed (`stale`), when the approver
 * wrote one of them (`four-eyes`), or when an obligation is not owed. Approving again is the same approval. With enough
 * approvers the notice is released and its workflow woken.
 */
export function approveNotices(
  house: House,
  request: Request,
  input: Approval,
): Promise<Answer<ApprovedSet>> {
  return runCommand(
    house,
    request,
    'approve-notice',
    async (store): Promise<Outcome<ApprovedSet>> => {
      const wanted = new Map(input.notices.map(({ noticeId, digest }) => [noticeId, digest]));
      if (wanted.size !== input.notices.length)
        return refuse('invalid', 'A notice is named twice.');
      // One order for everybody, so that two sets cannot wait for each other.
      const ids = [...wanted.keys()].sort();
      const locked = new Map<string, LockedNotice>();
      for (const noticeId of ids) {
        const found = await checkOne(
          store,
          noticeId,
          wanted.get(noticeId) ?? '',
          actorLabel(request.actor),
        );
        if (!found.ok) return found;
        locked.set(noticeId, found.value);
      }
      const recipients = [...locked.values()].reduce(
        (sum, { version }) => sum + version.recipientCount,
        0,
      );
      if (input.recipientCount !== null && input.recipientCount !== recipients) {
        return refuse(
          'conflict',
          `You typed ${String(input.recipientCount)} recipients; this would go to ${String(recipients)}.`,
        );
      }
      const digests = [...locked.values()].map(({ version }) => Buffer.from(version.digest, 'hex'));
      const setRoot = digests.length > 1 ? merkleRoot(digests) : null;
      return done(await approveLocked(store, request, [...locked.values()], setRoot));
    },
  );
}

async function checkOne(
  store: Store,
  noticeId: string,
  digest: string,
  by: string,
): Promise<Outcome<LockedNotice>> {
  const found = await lockNotice(store, noticeId);
  if (!found.ok) return found;
  const { notice, version } = found.value;
  if (version.digest !== digest) {
    return refuse(
      'stale',
      'The notice has changed since you read it: read it again, then approve what it says now.',
    );
  }
  if (version.author === by) {
    return refuse('four-eyes', 'You wrote this version, so somebody else has to approve it.');
  }
  if (notice.state !== 'in-review') {
    const mayRepeat = notice.state === 'released' || notice.state === 'dispatched';
    return mayRepeat
      ? found
      : refuse('conflict', `The notice is "${notice.state}": there is nothing to approve.`);
  }
  const obligation = await store.obligations.lock(notice.obligationId);
  if (!mayLeaveUnder(notice, obligation?.state)) {
    return refuse(
      'conflict',
      `The obligation is "${obligation?.state ?? 'gone'}", not owed: decide it first.`,
    );
  }
  return mayLeave(store, found.value);
}

/** Unreviewed wording may be practised with, but no machine sends it; a large fan-out waits for a person's word. */
export async function mayLeave(store: Store, locked: LockedNotice): Promise<Outcome<LockedNotice>> {
  const { notice, version } = locked;
  const customers =
    notice.recipientKind === 'controller' ? await store.fanOuts.withheldFor(version.versionId) : 0;
  if (customers > 0) {
    return refuse(
      'conflict',
      `${String(customers)} customers would be told on "not excluded" alone: somebody who may approve says on the case that they are.`,
    );
  }
  const bySelf = notice.channel === 'portal' || notice.recipientKind === 'controller';
  if (bySelf || (await store.cases.read(notice.caseId))?.mode !== 'real') return done(locked);
  if (!(await store.releases.wordingReviewed(version.versionId))) {
    return refuse(
      'conflict',
      'No reviewer is recorded for this wording: it cannot go to authorities or people.',
    );
  }
  return done(locked);
}

async function approveLocked(
  store: Store,
  request: Request,
  locked: readonly LockedNotice[],
  setRoot: Uint8Array | null,
): Promise<ApprovedSet> {
  const { personId } = personOf(request.actor);
  const results: ApprovedNotice[] = [];
  const approved: LockedNotice[] = [];
  const released: (LockedNotice & { needed: number })[] = [];
  for (const item of locked) {
    const { notice, version } = item;
    const { versionId, digest } = version;
    // A second approver after the release changes nothing any more; the first one's own repeat is found here too.
    const fresh =
      notice.state === 'in-review' &&
      (await store.notices.approve({
        versionId,
        caseId: notice.caseId,
        digest,
        personId,
        setRoot,
      })) === 'approved';
    if (fresh) approved.push(item);
    const approvals = await store.notices.approvals(versionId);
    // Also when nobody is new: an approver whose right was away for a while may be back.
    const isReleased = notice.state === 'in-review' && approvals.counted >= approvals.needed;
    if (isReleased) {
      await store.notices.release(versionId, notice.caseId, digest, approvals.needed);
      released.push({ ...item, needed: approvals.needed });
    }
    results.push({
      noticeId: notice.noticeId,
      state: isReleased ? 'released' : notice.state,
      approvals,
    });
  }
  if (released.length > 0) await letGo(store, request.actor, released);
  const root = setRoot === null ? null : Buffer.from(setRoot).toString('hex');
  await record(store, request, 'notice.approved', approved, root);
  await record(store, request, 'notice.released', released, root);
  return {
    approved: locked.length,
    released: results.filter((row) => row.state === 'released').length,
    setRoot: root,
    results,
  };
}

// One entry a case, however many notices: the digests are what was approved.
async function record(
  store: Store,
  request: Request,
  type: 'notice.approved' | 'notice.released',
  items: readonly LockedNotice[],
  setRoot: string | null,
): Promise<void> {
  const byCase = Map.groupBy(items, ({ notice }) => notice.caseId);
  for (const [caseId, members] of [...byCase].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const notices = members.map(({ notice, version }): JsonObject => {
      const { noticeId } = notice;
      return {
        noticeId,
        version: version.version,
        digest: version.digest,
        recipients: version.recipientCount,
      };
    });
    await store.register.appendInParts({
      stream: `case/${caseId}`,
      type,
      actor: actorLabel(request.actor),
      data: { notices, setRoot },
    });
  }
}
