/** Reads how a notice stands against the items its article demands: known, being investigated, not visible to us, or not applicable. */
import type { CaseFile, Exposure, Track, Visibility } from '../domain/case.ts';
import type { NoticeCompleteness } from '../domain/completeness.ts';
import { caseTimeAt } from '../domain/instant.ts';
import type { Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import type { ContentSubject } from '../law/content-item.ts';
import { completeness, emergencyMinimum } from '../law/content.ts';
import { allProvisions } from '../law/provisions.ts';
import { assessTracks } from './assess-tracks.ts';

/** Null for a notice that is not to be seen, and for a withdrawal, of which no article demands content. */
export async function noticeCompleteness(
  store: Store,
  noticeId: string,
): Promise<NoticeCompleteness | null> {
  const notice = await store.notices.read(noticeId);
  if (notice === null || notice.phase === 'withdrawal') return null;
  const file = await store.cases.read(notice.caseId);
  const obligations = await store.obligations.ofCase(notice.caseId);
  const obligation = obligations.find((one) => one.obligationId === notice.obligationId);
  const regime = allProvisions.find(({ id }) => id === obligation?.provision)?.regime;
  if (file === null || obligation === undefined || regime === undefined) return null;
  const tracks = await assessTracks(store, file, await store.assessments.policy());
  const assessed = tracks.find(({ track }) => track.trackId === obligation.trackId);
  if (assessed === undefined) return null;
  const given = await givenFor(store, file, obligation, assessed.track);
  const answer = completeness({
    ...{ regime, recipientKind: obligation.recipientKind, given },
    ...{ facts: assessed.facts, unknown: assessed.unknown },
    visibility: visibilityOf(obligation, await store.cases.exposures(file.caseId)),
    isLate: isLate(obligation, caseTimeAt(file.clock, await store.house.now())),
  });
  return {
    ...{ noticeId, provision: obligation.provision, regime },
    lines: answer.lines.map(({ id, article, summary, demand, condition, mayFollow, ...line }) => ({
      ...{ id, article, summary, demand, condition, mayFollow },
      ...{ verification: line.verification, state: line.state, missingFacts: line.missingFacts },
    })),
    missingBeforeSending: answer.missingBeforeSending.map(({ id }) => id),
    toFollow: answer.toFollow.map(({ id }) => id),
    emergencyMinimum: minimumOf(notice, given),
  };
}

function minimumOf(
  { phase }: Notice,
  given: ReadonlySet<ContentSubject>,
): NoticeCompleteness['emergencyMinimum'] {
  if (phase !== 'initial') return [];
  return emergencyMinimum.map((subject) => ({ subject, isThere: given.has(subject) }));
}

/** What every notice of ours says, and what rows other than facts answer. */
async function givenFor(
  store: Store,
  file: CaseFile,
  { recipientKind, authority }: Obligation,
  track: Track,
): Promise<ReadonlySet<ContentSubject>> {
  const finding = await store.followUps.finding(file.caseId);
  const processings = await store.cases.processings(file.catalogueVersion ?? 0);
  const processing = processings.find(({ key }) => key === track.processingKey);
  // A provider's notice to an authority says all three from the rows of the case.
  const isProvider = track.role === 'provider';
  const isNamed = recipientKind !== 'authority' || authority !== null;
  const has = (isThere: boolean, subject: ContentSubject): readonly ContentSubject[] =>
    isThere ? [subject] : [];
  return new Set<ContentSubject>([
    ...(['breach-itself', 'provider-name', 'contact', 'times', 'phase-statement'] as const),
    ...has(isNamed, 'recipient'),
    ...has(recipientKind === 'data-subject', 'advice'),
    // One message of its own, in the reader's language: how we tell people.
    ...has(recipientKind === 'data-subject', 'form'),
    ...has(finding.delayReasons !== null, 'delay-reasons'),
    ...has((processing?.peopleCategories ?? []).length > 0, 'people-categories'),
    ...has(processing !== undefined || isProvider, 'cross-border'),
    ...has(isProvider, 'other-providers'),
    ...has(isProvider, 'subscriber-notice'),
  ]);
}

const fromLeast: readonly Visibility[] = ['V0', 'V1', 'V2', 'V3', 'V4'];

/** Of a customer with several services the one we see least of: nothing is then said to be known that is not for all. */
function visibilityOf(
  { recipientKind, engagementKeys }: Obligation,
  exposures: readonly Exposure[],
): Visibility | null {
  if (recipientKind !== 'controller') return null;
  const seen = exposures
    .filter(({ kind, key }) => kind === 'engagement' && engagementKeys.includes(key))
    .map(({ visibility }) => visibility);
  return fromLeast.find((one) => seen.includes(one)) ?? 'V0';
}

function isLate({ late, dueBasis, dueAt, dispatchedAt }: Obligation, now: string): boolean {
  if (dispatchedAt !== null) return late;
  return dueBasis === 'statute' && dueAt !== null && now > dueAt;
}
