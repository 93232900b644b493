/** The engine's step on a notice nobody has approved: release it under a standing authorisation, or call people in time. */
import { actorLabel } from '../domain/actor.ts';
import type { Alarm, AlarmRole } from '../domain/alarm.ts';
import { toMs, type Instant } from '../domain/instant.ts';
import type { House, Store } from '../domain/ports.ts';
import type { StandingPlan } from '../domain/release-ports.ts';
import { machineRequest } from './command.ts';
import { letGo } from './let-go.ts';
import type { LockedNotice } from './lock-notice.ts';

const engine = machineRequest('engine').actor;
const callStep = 'call-out';

/**
 * Works out at which wall instant the engine acts on the notice by itself; null for never. The instant is kept where the
 * watch sees it, and the alarm that calls people is set in advance, so that it rings whatever else is down.
 */
export async function planStanding(store: Store, noticeId: string): Promise<Instant | null> {
  const ofPlan = await planAlarms(store, noticeId);
  const untrueAt = await store.releases.untrueAt(noticeId);
  const [actAt = null] = [ofPlan, untrueAt].filter((at) => at !== null).sort();
  await store.releases.setActAt(noticeId, actAt);
  return actAt;
}

async function planAlarms(store: Store, noticeId: string): Promise<Instant | null> {
  const plan = await store.releases.standingPlan(noticeId);
  // People have been called for this due: the alarm that calls them must still ring if it has not yet.
  if (plan !== null && isCalledFor(plan)) return null;
  if (plan === null || plan.kind === 'release') {
    await store.alarms.silence(`notice/${noticeId}`, callStep);
  } else {
    await store.alarms.set(await alarmsOf(store, noticeId, plan));
  }
  return plan?.actAt ?? null;
}

async function openPlan(store: Store, noticeId: string): Promise<StandingPlan | null> {
  const plan = await store.releases.standingPlan(noticeId);
  return plan !== null && isCalledFor(plan) ? null : plan;
}

function isCalledFor({ kind, isCalled }: StandingPlan): boolean {
  return kind !== 'release' && isCalled;
}

/** Acts if the instant has come; before it, and once done, it changes nothing. */
export function actUnderStanding(house: House, noticeId: string): Promise<void> {
  return house.as(engine, async (store) => {
    const notice = await store.notices.lock(noticeId);
    const version = await store.notices.liveVersion(noticeId);
    const plan = await openPlan(store, noticeId);
    if (notice === null || version === null || plan === null) return;
    if (toMs(plan.actAt) > toMs(await store.house.now())) return;
    if (plan.kind === 'release') await releaseUnder(store, { notice, version }, plan);
    else await callPeople(store, { notice, version }, plan);
  });
}

async function releaseUnder(
  store: Store,
  { notice, version }: LockedNotice,
  plan: StandingPlan,
): Promise<void> {
  const { caseId, noticeId } = notice;
  const { authorisationId } = plan;
  const subject = `notice/${noticeId}`;
  await store.releases.releaseOn({
    versionId: version.versionId,
    caseId,
    digest: version.digest,
    basis: { authorisationId },
  });
  await letGo(store, engine, [{ notice, version }]);
  await store.releases.setActAt(noticeId, null);
  const title = `Read what left without a fresh approval, under "${plan.title}": ${version.subject}`;
  await store.tasks.open({ caseId, kind: 'read-released', subject, title, role: 'executive' });
  const line = `Released under the standing authorisation "${plan.title}": nobody had approved it.`;
  await store.alarms.set([alarm(noticeId, plan, 'released-standing', 'executive', line)]);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'notice.released',
    actor: actorLabel(engine),
    data: {
      basis: 'standing-authorisation',
      authorisationId,
      notices: [
        {
          noticeId,
          version: version.version,
          digest: version.digest,
          recipients: version.recipientCount,
        },
      ],
      setRoot: null,
    },
  });
}

async function callPeople(
  store: Store,
  { notice, version }: LockedNotice,
  plan: StandingPlan,
): Promise<void> {
  const { caseId, noticeId } = notice;
  const isFiling = plan.kind === 'call-out';
  await store.tasks.open({
    caseId,
    kind: isFiling ? 'call-out' : 'standing-short',
    subject: `notice/${noticeId}`,
    title: `${lineOf(plan)} ${version.subject}`,
    role: isFiling ? 'legal' : 'executive',
  });
  await store.alarms.set(await alarmsOf(store, noticeId, plan));
  await store.releases.setCalled(noticeId, plan.dueAt);
  await store.releases.setActAt(noticeId, null);
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'people.called',
    actor: actorLabel(engine),
    data: {
      noticeId,
      version: version.version,
      authorisationId: plan.authorisationId,
      kind: plan.kind,
      why: plan.fault,
      dueAt: plan.dueAt,
    },
  });
}

function lineOf({ kind, title, fault }: StandingPlan): string {
  return kind === 'call-out'
    ? 'Latest start: no machine can file this. Approve it and file it at the portal now.'
    : `Nothing leaves by itself: under "${title}" ${fault ?? 'it may not'}. Somebody has to approve it now.`;
}

/** Filers and their deputies at once: there is no time to wait for an answer. */
async function alarmsOf(
  store: Store,
  noticeId: string,
  plan: StandingPlan,
): Promise<readonly Alarm[]> {
  const line = lineOf(plan);
  if (plan.kind !== 'call-out') return [alarm(noticeId, plan, callStep, 'executive', line)];
  const { authorityId, affiliateKey } = plan;
  const filing =
    authorityId === null ? null : await store.readiness.plan(authorityId, affiliateKey);
  const first = {
    ...alarm(noticeId, plan, callStep, 'legal', line),
    personId: filing?.filerId ?? null,
    deputyId: filing?.deputyId ?? null,
  };
  return [first, { ...first, step: `${callStep}/deputy` }];
}

function alarm(
  noticeId: string,
  plan: StandingPlan,
  step: string,
  role: AlarmRole,
  line: string,
): Alarm {
  const { caseId, dueAt, actAt } = plan;
  return { subject: `notice/${noticeId}`, step, dueAt, ringAt: actAt, caseId, role, line };
}
