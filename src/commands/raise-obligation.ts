/** What an obligation is due by when a person raises it from "not owed", or awareness is found to be later. */
import type { Awareness, CaseFile } from '../domain/case.ts';
import { wallTimeAt, type Instant } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { contractDue, type ContractDue } from '../law/contract-due.ts';
import { dueWorking } from '../law/due-working.ts';
import { periodEndAt } from '../law/period.ts';
import { allProvisions, provisionInForce, type Provision } from '../law/provisions.ts';
import { askContracts } from './ask-contracts.ts';
import { alarmsOf } from './filing-plan.ts';
import { termStarts } from './track-engagements.ts';

/** Gives the raised obligation its due by statute or contract, from the instant its provision counts from, and its alarms. */
export async function setDueOfRaised(store: Store, obligation: Obligation): Promise<void> {
  const file = await store.cases.read(obligation.caseId);
  const track = (await store.cases.tracks(obligation.caseId)).find(
    (one) => one.trackId === obligation.trackId,
  );
  if (file === null || track === undefined) return;
  const { awareAt, zone } = track.awareness;
  const id = allProvisions.find((one) => one.id === obligation.provision)?.id;
  const text = id === undefined ? null : provisionInForce(id, awareAt, zone);
  const statute = text?.period ?? null;
  const fromAt = await countsFrom(store, file, obligation, text?.runsFrom ?? 'awareness', awareAt);
  const contract =
    obligation.recipientKind === 'controller'
      ? await contractOf(store, file, obligation, track.awareness)
      : { dueAt: null, working: [] };
  const dueAt = statute === null ? contract.dueAt : periodEndAt(statute, fromAt, zone);
  const basis = statute === null ? (contract.dueAt === null ? 'none' : 'contract') : 'statute';
  const ofLaw = text === null ? [] : dueWorking(text, fromAt, { zone, holidays: [] }).working;
  await store.obligations.changeAll([
    {
      ...obligation,
      dueAt,
      dueBasis: basis,
      dueWorking: [...ofLaw, ...contract.working],
      dueRingAt: dueAt === null ? null : wallTimeAt(file.clock, dueAt),
    },
  ]);
  if (dueAt !== null) {
    await store.alarms.set(await alarmsOf(store, { ...obligation, dueAt }, file));
  }
  await askContracts(store, file, [{ ...obligation, dueAt }]);
}

/** A detection nobody recorded is awareness; a second notice counts from the first one to the same authority. */
async function countsFrom(
  store: Store,
  { caseId, detection }: CaseFile,
  { trackId, recipientKey }: Obligation,
  runsFrom: Provision['runsFrom'],
  awareAt: Instant,
): Promise<Instant> {
  switch (runsFrom) {
    case 'awareness':
      return awareAt;
    case 'detection':
      return detection?.detectedAt ?? awareAt;
    case 'submission': {
      const first = (await store.obligations.firstSubmitted(caseId)).find(
        (one) => one.trackId === trackId && one.recipientKey === recipientKey,
      );
      return first?.dispatchedAt ?? awareAt;
    }
  }
}

/** Due by the awareness its track has now; a period that runs from something else stays. Gives the due before and after. */
export async function moveDue(
  store: Store,
  obligation: Obligation,
): Promise<{ readonly before: Instant | null; readonly after: Instant | null }> {
  const { obligationId, provision, dueAt: before } = obligation;
  const runsFrom = allProvisions.find(({ id }) => id === provision)?.runsFrom;
  if (runsFrom !== 'awareness') return { before, after: before };
  await setDueOfRaised(store, obligation);
  return { before, after: (await store.obligations.lock(obligationId))?.dueAt ?? null };
}

async function contractOf(
  store: Store,
  file: CaseFile,
  obligation: Obligation,
  { awareAt, zone }: Awareness,
): Promise<ContractDue> {
  const terms = (await store.cases.exposures(obligation.caseId)).flatMap((one) =>
    one.customerKey === obligation.recipientKey && one.affiliateKey === obligation.affiliateKey
      ? one.contractTerms
      : [],
  );
  return contractDue(terms, { awareAt, zone, ...termStarts(file) });
}
