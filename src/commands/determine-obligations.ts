/** The engine's step from facts to obligations: law is asked per track, and its answer is written down. */
import { actorLabel } from '../domain/actor.ts';
import { atOnceAlarm, type Alarm } from '../domain/alarm.ts';
import type { CaseFile, Track } from '../domain/case.ts';
import { wallTimeAt } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Affiliate, House, Processing, Store } from '../domain/ports.ts';
import type { Policy } from '../domain/policy.ts';
import { deriveObligations, type ObligationDraft, type TrackInput } from '../law/obligations.ts';
import { askAboutFanOut } from './allow-fan-out.ts';
import { onCase, type CaseStatus } from './advance-case.ts';
import { askContracts } from './ask-contracts.ts';
import { assessTracks, type AssessedTrack } from './assess-tracks.ts';
import { machineRequest } from './command.ts';
import { providerForm } from './compose-provider.ts';
import { entryOf, moveOf } from './determination-entry.ts';
import { alarmsOf } from './filing-plan.ts';
import { reviseAll } from './revise-obligations.ts';
import { settleNoBreach } from './settle-no-breach.ts';
import {
  arrangementsOn,
  engagementsOnTracks,
  providerPart,
  termStarts,
} from './track-engagements.ts';

const engine = actorLabel(machineRequest('engine').actor);

/**
 * Derives what is owed for the newest revision. New obligations and earlier dues act at once; a later due or something
 * no longer owed is a proposal: a task for legal, and the obligation stays as it is.
 */
export function determineStep(house: House, caseId: string): Promise<CaseStatus> {
  return onCase(house, caseId, async (store, file) => {
    const isAhead = file.obligationsRevision >= file.revision;
    if (isAhead && (await store.obligations.awaitingSecond(caseId)) === 0) return;
    if (file.determination === 'not-a-breach') return settleNoBreach(store, file);
    if (file.determination !== 'breach') return;
    const policy = await store.assessments.policy();
    const assessed = await assessTracks(store, file, policy);
    await store.assessments.keep(
      caseId,
      assessed.map(({ kept }) => kept),
    );
    const drafts = await derive(store, file, assessed, policy);
    const existing = new Map(
      (await store.obligations.standing(caseId)).map((one) => [sameness(one), one]),
    );
    const added = drafts.filter((draft) => !existing.has(sameness(draft)));
    await insert(store, file, added);
    const moved = await reviseAll(
      store,
      file,
      drafts.flatMap((draft) => {
        const before = existing.get(sameness(draft));
        // Only a first notice was submitted: no fact is new, and what people decided stays as they decided it.
        return before === undefined || isAhead ? [] : [{ before, draft }];
      }),
    );
    await store.cases.markObliged(caseId, file.revision);
    const merelyNotExcluded = await askAboutFanOut(store, caseId, machineRequest('engine').actor);
    // A notice that could not be drafted for want of a fact tries again with what is known now.
    await store.house.wake('notice', await store.notices.idsOfCase(caseId, ['drafting']));
    await store.register.appendInParts({
      stream: `case/${caseId}`,
      type: 'obligations.determined',
      actor: engine,
      data: {
        revision: file.revision,
        factsVersion: file.factsVersion,
        added: added.map(({ provision, recipientKey, state, dueAt }) => ({
          provision,
          recipientKey,
          state,
          dueAt,
        })),
        changed: moved.map(({ before }) => before.obligationId),
        moved: moved.map(moveOf),
        assessed: assessed.map(entryOf),
        merelyNotExcluded,
      },
    });
  });
}

async function derive(
  store: Store,
  file: CaseFile,
  assessed: readonly AssessedTrack[],
  policy: Policy,
): Promise<readonly ObligationDraft[]> {
  const version = file.catalogueVersion ?? 0;
  const [tracks, exposures, affiliates, processings] = [
    await store.cases.tracks(file.caseId),
    await store.cases.exposures(file.caseId),
    new Map((await store.cases.affiliates(version)).map((one) => [one.key, one])),
    new Map((await store.cases.processings(version)).map((one) => [one.key, one])),
  ];
  const inputs: Omit<TrackInput, 'assessment'>[] = [];
  for (const track of tracks) {
    const exposure = exposures.find(
      (one) => one.kind === 'processing' && one.key === track.processingKey,
    );
    if (exposure?.grade === 'excluded') continue;
    const affiliate = affiliates.get(track.affiliateKey);
    if (affiliate === undefined)
      throw new Error(`affiliate ${track.affiliateKey} is not in catalogue ${String(version)}`);
    inputs.push({
      ...trackInput(track, affiliate, processings.get(track.processingKey), file.factsVersion),
      ...(await providerPart(store, file, track, { exposures, affiliates })),
      ...termStarts(file),
      ...arrangementsOn(track, exposures),
    });
  }
  const wholes = new Map(assessed.map(({ track, whole }) => [track.trackId, whole]));
  const withResult = inputs.flatMap((input) => {
    const assessment = wholes.get(input.trackId);
    return assessment === undefined ? [] : [{ ...input, assessment }];
  });
  const engagements = engagementsOnTracks(tracks, exposures);
  return deriveObligations({ tracks: withResult, engagements, policy });
}

function trackInput(
  track: Track,
  affiliate: Affiliate,
  processing: Processing | undefined,
  factsVersion: number,
): Omit<TrackInput, 'assessment'> {
  return {
    trackId: track.trackId,
    affiliate: {
      key: affiliate.key,
      country: affiliate.country,
      ...(affiliate.region === null ? {} : { region: affiliate.region }),
      mainEstablishment: affiliate.mainEstablishment,
      zone: affiliate.zone,
    },
    role: track.role,
    ...(processing === undefined
      ? {}
      : {
          processingKey: processing.key,
          crossBorder: processing.crossBorder,
          affectedCountries: [...processing.countries],
        }),
    awareAt: track.awareness.awareAt,
    awarenessProvisional: track.awareness.state === 'provisional',
    assessmentFactsVersion: factsVersion,
  };
}

type Same = Pick<Obligation, 'provision' | 'affiliateKey' | 'trackId' | 'recipientKey'>;

/** An obligation is one per (case, provision, affiliate, recipient, track). */
function sameness(one: Same): string {
  return [one.provision, one.affiliateKey, one.trackId, one.recipientKey].join(' ');
}

async function insert(
  store: Store,
  file: CaseFile,
  drafts: readonly ObligationDraft[],
): Promise<void> {
  const ids = await store.obligations.insert(
    file.caseId,
    drafts.map((draft) => ({ ...draft, dueRingAt: ringAt(file, draft) })),
  );
  const pairs = drafts.map((draft, index) => ({ draft, obligationId: ids[index] ?? '' }));
  const alarms: Alarm[] = [];
  for (const { draft, obligationId } of pairs) {
    const { dueAt, targetAt, label } = draft;
    if (
      draft.state === 'owed' &&
      targetAt !== null &&
      providerForm(draft.provision) === 'wholesale'
    )
      alarms.push(atOnceAlarm({ obligationId, label, targetAt }, file));
    // What a person has yet to decide runs out like what is owed.
    if (draft.state === 'not-owed' || dueAt === null) continue;
    const owed = { ...draft, obligationId, caseId: file.caseId, dueAt };
    alarms.push(...(await alarmsOf(store, owed, file)));
  }
  await store.alarms.set(alarms);
  const owed = pairs.filter(({ draft }) => draft.state === 'owed');
  await askContracts(
    store,
    file,
    owed.map(({ draft, obligationId }) => ({ ...draft, obligationId })),
  );
  const undecided = pairs.filter(({ draft }) => draft.state === 'to-decide');
  await store.tasks.openAll(
    undecided.map(({ draft, obligationId }) => ({
      caseId: file.caseId,
      kind: 'decide-obligation',
      subject: obligationId,
      title: `Decide: ${draft.label}`,
      role: 'legal',
    })),
  );
}

function ringAt(file: CaseFile, draft: ObligationDraft): string | null {
  return draft.dueAt === null ? null : wallTimeAt(file.clock, draft.dueAt);
}
