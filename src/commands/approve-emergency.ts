/** In an emergency one authorised person releases an initial notice, loudly; another one reviews it afterwards. */
import { actorLabel } from '../domain/actor.ts';
import type { Alarm } from '../domain/alarm.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { mayLeave } from './approve-notices.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { letGo } from './let-go.ts';
import { lockNotice, personOf, type LockedNotice } from './lock-notice.ts';

const shortestReason = 10;

/**
 * Releases exactly the bytes behind the digest on one person's word, who may be their author. Only to an authority or a
 * controller, only when the due is near or past; never to data subjects. The executive and the DPO are called at once.
 */
export function approveInEmergency(
  house: House,
  request: Request,
  input: { readonly noticeId: string; readonly digest: string; readonly reason: string },
): Promise<Answer<{ state: 'released' }>> {
  return runCommand(house, request, 'approve-notice', async (store) => {
    const found = await lockNotice(store, input.noticeId);
    if (!found.ok) return found;
    const { notice, version } = found.value;
    const obligation = await store.obligations.lock(notice.obligationId);
    const may = await mayHurry(store, found.value, obligation, input);
    if (!may.ok) return may;
    const { caseId, noticeId } = notice;
    const { versionId, digest } = version;
    const reason = input.reason.trim();
    const { personId } = personOf(request.actor);
    const row = { versionId, caseId, digest, personId, reason };
    const emergencyId = await store.releases.addEmergency(row);
    await store.releases.releaseOn({ versionId, caseId, digest, basis: { emergencyId } });
    await letGo(store, request.actor, [found.value]);
    await store.tasks.open({
      caseId,
      kind: 'second-review',
      subject: `notice/${noticeId}`,
      title: `Second review: one person alone released ${version.subject}`,
      role: 'legal',
    });
    await store.alarms.set(await alarmsOf(store, noticeId, may.value));
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'notice.released',
      actor: actorLabel(request.actor),
      data: {
        basis: 'emergency',
        emergencyId,
        notices: [
          { noticeId, version: version.version, digest, recipients: version.recipientCount },
        ],
        setRoot: null,
      },
      personal: { reason },
    });
    return done({ state: 'released' });
  });
}

async function mayHurry(
  store: Store,
  locked: LockedNotice,
  obligation: Obligation | null,
  { digest, reason }: { readonly digest: string; readonly reason: string },
): Promise<Outcome<Obligation>> {
  const { notice, version } = locked;
  if (version.digest !== digest)
    return refuse('stale', 'The notice has changed since you read it: read it again first.');
  if (notice.recipientKind === 'data-subject')
    return refuse('conflict', 'Data subjects are never told on one person’s word alone.');
  if (notice.phase !== 'initial')
    return refuse('conflict', 'Only an initial notice may leave in an emergency.');
  if (notice.state !== 'in-review')
    return refuse(
      'conflict',
      `The notice is "${notice.state}": only one in review can be released.`,
    );
  if (obligation?.state !== 'owed')
    return refuse('conflict', `The obligation is "${obligation?.state ?? 'gone'}", not owed.`);
  if (!(await store.releases.isEmergency(version.versionId))) {
    return refuse(
      'conflict',
      'It is no emergency yet: its due is not near. Somebody else has to approve it.',
    );
  }
  if (reason.trim().length < shortestReason)
    return refuse('invalid', 'Say in a sentence why nobody else can approve it in time.');
  const wording = await mayLeave(store, locked);
  return wording.ok ? done(obligation) : wording;
}

async function alarmsOf(store: Store, noticeId: string, obligation: Obligation): Promise<Alarm[]> {
  const nowAt = await store.house.now();
  const line = 'One person alone released a notice in an emergency. A second review is owed.';
  return (['executive', 'dpo'] as const).map((role) => ({
    subject: `notice/${noticeId}`,
    step: `emergency-${role}`,
    dueAt: obligation.dueAt ?? nowAt,
    ringAt: nowAt,
    caseId: obligation.caseId,
    role,
    line,
  }));
}

/** Another person confirms what left, or objects: then a supplement has to put it right. */
export function reviewEmergency(
  house: House,
  request: Request,
  input: {
    readonly noticeId: string;
    readonly verdict: 'confirmed' | 'objected';
    readonly reason: string;
  },
): Promise<Answer<{ verdict: 'confirmed' | 'objected' }>> {
  return runCommand(house, request, 'approve-notice', async (store) => {
    const found = await lockNotice(store, input.noticeId);
    if (!found.ok) return found;
    const { noticeId, caseId } = found.value.notice;
    const { verdict, reason } = input;
    const emergency = await store.releases.emergencyOf(noticeId);
    if (emergency === null)
      return refuse('conflict', 'Nobody released this notice in an emergency.');
    if (emergency.review !== null) return refuse('conflict', 'It is reviewed already.');
    const { personId } = personOf(request.actor);
    if (emergency.personId === personId)
      return refuse('four-eyes', 'You released it, so somebody else has to review it.');
    const { emergencyId } = emergency;
    await store.releases.addSecondReview({ emergencyId, caseId, personId, verdict, reason });
    const by = actorLabel(request.actor);
    const subject = `notice/${noticeId}`;
    await store.tasks.completeBySubject(caseId, 'second-review', subject, by, verdict);
    if (verdict === 'objected') {
      const title = `Put right by a supplement what left in an emergency: ${found.value.version.subject}`;
      await store.tasks.open({ caseId, kind: 'supplement', subject, title, role: 'legal' });
    }
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'emergency.reviewed',
      actor: by,
      data: { noticeId, emergencyId, verdict },
      personal: { reason },
    });
    return done({ verdict });
  });
}
