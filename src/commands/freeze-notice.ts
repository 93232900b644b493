/** Freezes the next version of a notice: composed, worded and addressed once, then shown to its reviewers. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import { filingAlarms } from '../domain/alarm.ts';
import { approvalAlarms } from '../domain/approval-alarm.ts';
import type { NamedBytes } from '../domain/documents.ts';
import { caseTimeAt } from '../domain/instant.ts';
import { isFollowUp, type Notice, type NoticeState } from '../domain/notice.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { composeNotice, findForeign, type Draft } from './compose-notice.ts';
import { freezePack, type PackDeps } from './freeze-pack.ts';
import { freezeVersion } from './freeze-version.ts';
import type { LanguageCount } from './notice-languages.ts';
import { recipientsOf } from './notice-recipients.ts';

export interface FreezeDeps extends PackDeps {
  /** 32 bytes: `noticeIdKey` in src/ledger/message-id.ts reads its file. */
  readonly noticeIdKey: Uint8Array;
}

export interface FrozenNotice {
  readonly noticeId: string;
  readonly version: number;
  readonly digest: string;
  readonly state: NoticeState;
  readonly recipientCount: number;
}

/** What a person changed in the wording; null keeps the template's own. */
export interface WordingEdit {
  readonly addition: string | null;
  readonly subject: string | null;
}

const engine: Actor = { kind: 'machine', name: 'engine' };

/**
 * The engine's step "draft": freezes the first version, the engine its author, and asks for its approval. A notice that
 * is past drafting gives its live version again, so the step may be repeated. A refusal leaves a task for a person.
 */
export async function freezeNotice(
  house: House,
  deps: FreezeDeps,
  noticeId: string,
  onProgress: () => void = () => undefined,
): Promise<Outcome<FrozenNotice>> {
  return house.as(engine, async (store) => {
    const notice = await store.notices.lock(noticeId);
    if (notice === null) return refuse('not-found', 'No such notice.');
    if (notice.state !== 'drafting') return frozenAlready(store, notice);
    const { author, edit } = await keptOf(store, notice);
    const frozen = await freezeInto(store, { ...deps, onProgress }, notice, author, edit);
    if (!frozen.ok) await store.tasks.open(blockedTask(notice, frozen.problem.detail));
    return frozen;
  });
}

/** For a notice drafted again by the engine: what a person wrote stays, and so does who wrote it. */
export async function keptOf(
  store: Store,
  notice: Notice,
): Promise<{ author: string; edit: WordingEdit }> {
  const before = notice.version === 0 ? null : await store.notices.liveVersion(notice.noticeId);
  const text = (name: string): string | null => {
    const value = before?.content[name];
    return typeof value === 'string' ? value : null;
  };
  const edit = { addition: text('addition'), subject: text('subjectEdited') };
  const isEdited = edit.addition !== null || edit.subject !== null;
  return { author: isEdited && before !== null ? before.author : actorLabel(engine), edit };
}

function blockedTask(notice: Notice, detail: string): Parameters<Store['tasks']['open']>[0] {
  const { caseId, noticeId } = notice;
  return {
    caseId,
    kind: 'draft-blocked',
    subject: `notice/${noticeId}`,
    title: `Not drafted: ${detail}`,
    role: 'legal',
  };
}

async function frozenAlready(store: Store, notice: Notice): Promise<Outcome<FrozenNotice>> {
  const version = await store.notices.liveVersion(notice.noticeId);
  if (version === null)
    return refuse('conflict', `The notice is "${notice.state}" and was never drafted.`);
  const { version: number, digest, recipientCount } = version;
  return done({
    noticeId: notice.noticeId,
    version: number,
    digest,
    state: notice.state,
    recipientCount,
  });
}

/** Freezes a new version of a locked notice in the caller's transaction; every earlier approval is void by that. */
export async function freezeInto(
  store: Store,
  deps: FreezeDeps & { readonly onProgress?: () => void },
  notice: Notice,
  author: string,
  edit: WordingEdit,
): Promise<Outcome<FrozenNotice>> {
  const composed = await composeNotice(store, notice, edit.addition);
  if (!composed.ok) return composed;
  const draft = composed.value;
  const recipients = (await mustBeFiled(store, notice))
    ? null
    : await recipientsOf(store, notice, draft, deps);
  if (recipients?.list.length === 0) {
    return refuse(
      'conflict',
      'Nobody in this notice has an address a mail can reach: correct the addresses first.',
    );
  }
  const carried: Notice = recipients === null ? { ...notice, channel: 'portal' } : notice;
  if (carried.channel !== notice.channel)
    await store.notices.setChannel(notice.noticeId, carried.channel);
  const frozenAt = await store.house.now();
  const subject = edit.subject;
  const isFiled = carried.channel === 'portal' && carried.recipientKind === 'authority';
  const documents = isFiled ? await freezePack(store, deps, carried, draft) : [];
  const { version: fresh, languages } = freezeVersion(
    { notice: carried, draft, recipients, author, subject, documents, frozenAt },
    deps.wording,
    deps.noticeIdKey,
  );
  const words = fresh.variants
    .map((variant) => `${variant.subject}\n${variant.textBody}`)
    .join('\n');
  if (await namesAnother(store, draft, words)) {
    return refuse(
      'conflict',
      'The wording names another customer: correct the facts or the addition.',
    );
  }
  const version = await store.notices.freeze(fresh, deps.onProgress);
  const { obligation, file } = draft;
  await store.followUps.markCompared([obligation.obligationId], file.obligationsRevision);
  await keepDocuments(store, carried, version.versionId, documents);
  if (isFiled) await setFilingAlarms(store, draft);
  await afterFreeze(store, carried, draft, version, author, {
    unusable: recipients?.unusable.length ?? 0,
    languages,
  });
  const { version: number, digest, recipientCount } = version;
  return done({
    noticeId: notice.noticeId,
    version: number,
    digest,
    state: 'in-review',
    recipientCount,
  });
}

// While mail is barred it could not leave, and its due comes all the same: a person files it.
async function mustBeFiled(store: Store, { caseId, recipientKind }: Notice): Promise<boolean> {
  return recipientKind === 'authority' && (await store.releases.isMailBarred(caseId));
}

async function keepDocuments(
  store: Store,
  { caseId, noticeId }: Notice,
  versionId: string,
  documents: readonly NamedBytes[],
): Promise<void> {
  const by = actorLabel(engine);
  for (const document of documents) {
    const purpose = 'filing-pack';
    await store.documents.add({ ...document, caseId, noticeId, versionId, purpose, by });
  }
}

// Also where only the freeze found that nobody confirmed an address, so that a person files after all.
async function setFilingAlarms(store: Store, { obligation, file }: Draft): Promise<void> {
  const { dueAt, authority, dispatchedAt } = obligation;
  if (dueAt === null || authority === null || dispatchedAt !== null) return;
  const plan = await store.readiness.plan(authority.authorityId, obligation.affiliateKey);
  await store.alarms.set(filingAlarms({ ...obligation, dueAt }, file.reference, file.clock, plan));
}

/** Whether a notice to a customer says a name, contact or reference of another customer of the case. */
async function namesAnother(store: Store, draft: Draft, words: string): Promise<boolean> {
  const { exposures, file, obligation } = draft;
  if (exposures.length === 0) return false;
  const rest = ownTexts(draft).reduce((left, own) => left.replaceAll(own, ' '), words);
  const foreign = await store.cases.foreignTexts(file.caseId, obligation.recipientKey, rest);
  return findForeign(rest, foreign) !== null;
}

function ownTexts({ composed }: Draft): string[] {
  const { customer } = composed.content;
  if (customer === undefined || customer === null || typeof customer !== 'object') return [];
  return Object.values(customer).flatMap((text) =>
    typeof text === 'string' && text !== '' ? [text] : [],
  );
}

async function afterFreeze(
  store: Store,
  notice: Notice,
  draft: Draft,
  version: {
    version: number;
    digest: string;
    recipientCount: number;
    recipientRoot: string;
    groupKey: string;
  },
  author: string,
  { unusable, languages }: { unusable: number; languages: LanguageCount },
): Promise<void> {
  const { caseId, noticeId } = notice;
  const subject = `notice/${noticeId}`;
  const { label } = draft.obligation;
  await store.tasks.open({
    caseId,
    kind: 'approve',
    subject,
    title: `Approve: ${label}${inEnglishInstead(languages)}`,
    role: 'legal',
  });
  await store.alarms.callForApproval(
    noticeId,
    approvalAlarms(await waitingOf(store, notice, draft)),
  );
  if (unusable > 0) {
    const title = `${String(unusable)} recipients have no usable address: tell them another way (${label}).`;
    await store.tasks.open({ caseId, kind: 'unreachable', subject, title, role: 'legal' });
  }
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'notice.frozen',
    actor: author,
    data: {
      noticeId,
      version: version.version,
      digest: version.digest,
      recipientKind: notice.recipientKind,
      phase: notice.phase,
      channel: notice.channel,
      recipients: version.recipientCount,
      languages: languages.languagesUsed,
      languagesWithoutWording: languages.languagesWithoutWording,
      recipientRoot: version.recipientRoot,
      group: version.groupKey,
      factsVersion: draft.file.factsVersion,
    },
  });
}

// What follows a sent notice has no due, and its own target is further than any call waits.
async function waitingOf(store: Store, notice: Notice, { obligation, file }: Draft) {
  const { caseId, reference, clock } = file;
  const frozenAt = caseTimeAt(clock, await store.house.now());
  const aimAt = isFollowUp(notice) ? null : (obligation.dueAt ?? obligation.targetAt);
  return { caseId, reference, clock, frozenAt, aimAt };
}

function inEnglishInstead({ languagesWithoutWording }: LanguageCount): string {
  const names = Object.keys(languagesWithoutWording);
  if (names.length === 0) return '';
  return ` (in English for want of wording in ${names.join(', ')})`;
}
