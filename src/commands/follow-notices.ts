/** The engine's step after notices: what was told is compared with what is known, and what follows is drafted or asked. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseFile } from '../domain/case.ts';
import { objectOf } from '../domain/content.ts';
import { differenceOf, knowledgeOf, type Item } from '../domain/difference.ts';
import type { Finding, Told } from '../domain/follow-up-ports.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { noLongerStands, supplementFor } from '../law/supplements.ts';
import { machineRequest } from './command.ts';
import { toldItems } from './compose-follow-up.ts';
import { composeNotice } from './compose-notice.ts';
import { providerForm } from './compose-provider.ts';
import { createFollowUp, pullUnsent, unsavedFollowUp } from './create-follow-up.ts';
import { remembering } from './remembering.ts';

const engine = actorLabel(machineRequest('engine').actor);
/** Obligations compared in one transaction. */
const perStep = 100;

/** What one look at the sent and unsent notices of a case came to, by notice or obligation. */
interface Followed {
  readonly redrafted: string[];
  readonly created: string[];
  readonly pulled: string[];
  readonly asked: string[];
}

interface Looking {
  readonly store: Store;
  readonly file: CaseFile;
  readonly finding: Finding;
  readonly followed: Followed;
}

/** Compares up to a hundred recipients with the newest revision. The case is locked; twice gives the same. */
export async function followNotices(store: Store, file: CaseFile): Promise<void> {
  const obligations = await store.followUps.uncompared(file.caseId, perStep);
  if (obligations.length === 0) return;
  const followed: Followed = { redrafted: [], created: [], pulled: [], asked: [] };
  const finding = await store.followUps.finding(file.caseId);
  const looking = { store: remembering(store), file, finding, followed };
  for (const obligation of obligations) await follow(looking, obligation);
  const ids = obligations.map(({ obligationId }) => obligationId);
  await store.followUps.markCompared(ids, file.obligationsRevision);
  if (Object.values(followed).every((list: readonly string[]) => list.length === 0)) return;
  await store.register.append({
    stream: `case/${file.caseId}`,
    type: 'notices.compared',
    actor: engine,
    data: { revision: file.obligationsRevision, factsVersion: file.factsVersion, ...followed },
  });
}

async function follow(looking: Looking, obligation: Obligation): Promise<void> {
  const { store } = looking;
  const standing = await store.followUps.standing(obligation.obligationId);
  // Locked as every act of a person locks: the notice before its obligation.
  for (const { noticeId, state } of standing) {
    if (state !== 'dispatched') await store.notices.lock(noticeId);
  }
  for (const notice of standing) {
    if (notice.state === 'in-review' && notice.phase !== 'withdrawal')
      await refresh(looking, obligation, notice);
  }
  const told = await store.followUps.told(obligation.obligationId);
  if (told === null) return;
  if (obligation.recipientKind === 'data-subject')
    await tellAdded(looking, obligation, standing, told);
  await tellChanges(looking, obligation, standing, told);
}

/** An unsent notice takes the newest facts: drafted again when it would say something else, or go to more people. */
async function refresh(
  { store, followed }: Looking,
  obligation: Obligation,
  { noticeId }: Notice,
): Promise<void> {
  const notice = await store.notices.lock(noticeId);
  const version = await store.notices.liveVersion(noticeId);
  if (notice?.state !== 'in-review' || version === null) return;
  const composed = await composeNotice(store, notice, null);
  if (!composed.ok) return;
  const known = knowledgeOf(composed.value.composed.content);
  const isSame = differenceOf(knowledgeOf(version.content), known).length === 0;
  if (isSame && !(await hasMorePeople(store, obligation, notice, version))) return;
  await store.notices.setState(noticeId, 'drafting');
  await store.house.wake('notice', noticeId);
  followed.redrafted.push(noticeId);
}

async function hasMorePeople(
  store: Store,
  obligation: Obligation,
  notice: Notice,
  version: { readonly recipientCount: number; readonly content: JsonObject },
): Promise<boolean> {
  if (notice.recipientKind !== 'data-subject' || notice.phase !== 'initial') return false;
  const { people } = await unaddressed(store, obligation);
  return people > version.recipientCount + leftOutOf(version.content);
}

function leftOutOf(content: JsonObject): number {
  const { merged, unusable } = objectOf(content['recipients']);
  return Number(merged ?? 0) + Number(unusable ?? 0);
}

async function unaddressed(
  store: Store,
  { caseId, trackId, obligationId }: Obligation,
): Promise<{ people: number; leftOut: number }> {
  const track = (await store.cases.tracks(caseId)).find((one) => one.trackId === trackId);
  return store.followUps.unaddressed(obligationId, track?.processingKey ?? '');
}

/** People found after sending get the first notice, as its next part; whoever has it never gets it again. */
async function tellAdded(
  { store, file, followed }: Looking,
  obligation: Obligation,
  standing: readonly Notice[],
  told: Told,
): Promise<void> {
  const isUnderway = standing.some(
    ({ phase, state }) => phase === 'initial' && state !== 'dispatched',
  );
  if (isUnderway) return;
  const { people, leftOut } = await unaddressed(store, obligation);
  if (people <= leftOut) return;
  const made = await createFollowUp(store, file, obligation, standing, {
    phase: 'initial',
    told,
    cause: null,
  });
  followed.created.push(...made);
}

async function tellChanges(
  looking: Looking,
  obligation: Obligation,
  standing: readonly Notice[],
  told: Told,
): Promise<void> {
  const { store, file, finding, followed } = looking;
  const { recipientKind, caseId, obligationId, label } = obligation;
  const isFinal =
    finding.endedAt !== null &&
    recipientKind !== 'data-subject' &&
    !standing.some(({ phase }) => phase === 'final');
  const phase = isFinal ? 'final' : 'supplementary';
  if (await isSecondNoticeOwed(store, obligation)) return;
  const known = await knownNow(store, obligation, told);
  if (known === null) return;
  const before = toldItems(told);
  if (noLongerStands(before, known)) {
    followed.pulled.push(...(await pullUnsent(store, standing, ['supplementary', 'final'])));
    await askToWithdraw(store, obligation);
    followed.asked.push(obligationId);
    return;
  }
  const supplement = supplementFor(recipientKind, differenceOf(before, known));
  if (supplement === 'none' || isFinal)
    followed.pulled.push(...(await pullUnsent(store, standing, ['supplementary'])));
  if (supplement === 'ask') {
    const title = `What people can do has changed since they were told. Tell them again, or say why not: ${label}.`;
    await store.tasks.open({
      caseId,
      kind: 'supplement-people',
      subject: obligationId,
      title,
      role: 'legal',
    });
    followed.asked.push(obligationId);
  } else if (isFinal || supplement === 'owed') {
    const made = await createFollowUp(store, file, obligation, standing, {
      phase,
      told,
      cause: null,
    });
    followed.created.push(...made);
  }
}

/** A provider's second notice says what is new since the first, and what follows it is its own, Art. 2(3) 611/2013. */
async function isSecondNoticeOwed(
  store: Store,
  { caseId, provision, trackId, recipientKey }: Obligation,
): Promise<boolean> {
  if (providerForm(provision) !== 'authority') return false;
  return (await store.obligations.ofCase(caseId)).some(
    (one) =>
      providerForm(one.provision) === 'second' &&
      one.trackId === trackId &&
      one.recipientKey === recipientKey &&
      (one.state === 'owed' || one.state === 'discharged'),
  );
}

/** What a notice to this recipient would say now; null where it cannot be composed. */
export async function knownNow(
  store: Store,
  obligation: Obligation,
  told: Told,
): Promise<readonly Item[] | null> {
  const composed = await composeNotice(store, unsavedFollowUp(obligation, told), null);
  return composed.ok ? knowledgeOf(composed.value.composed.content) : null;
}

/** The engine proposes a withdrawal; a person accepts it or lets the notice stand. */
export async function askToWithdraw(
  store: Store,
  { caseId, obligationId, label }: Obligation,
): Promise<void> {
  await store.tasks.open({
    caseId,
    kind: 'withdraw-notice',
    subject: obligationId,
    title: `What was notified no longer stands. Withdraw it, or say why it stays: ${label}.`,
    role: 'legal',
  });
}
