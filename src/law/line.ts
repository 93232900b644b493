/** One line of the obligations: what every line takes from its track and provision, and its dues. */
import { plusHours } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import type { FactUsed } from '../domain/obligation.ts';
import type { Assessment } from './assessment.ts';
import { contractDue } from './contract-due.ts';
import { dueWorking } from './due-working.ts';
import { earliest } from './due.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from './obligation-draft.ts';
import { periodEndAt } from './period.ts';
import type { Provision } from './provision.ts';

type Dues = Pick<ObligationDraft, 'dueAt' | 'dueBasis' | 'targetAt' | 'dueWorking'>;

/** What a line says of itself; the rest it takes from its track and provision. */
export type LineOf = Pick<ObligationDraft, 'recipientKey' | 'state' | 'reason'> &
  Partial<Pick<ObligationDraft, 'authority' | 'engagementKeys' | 'factsUsed'>> & {
    readonly dues?: Dues;
  };

const noDues: Dues = { dueAt: null, dueBasis: 'none', targetAt: null, dueWorking: [] };

/** A line of a track under a provision. A line that owes nothing has no due and no target. */
export function lineOf(track: TrackInput, provision: Provision, line: LineOf): ObligationDraft {
  const dues = line.state === 'not-owed' ? noDues : (line.dues ?? noDues);
  const provisional = dues.targetAt !== null && isProvisional(track, provision);
  return {
    provision: provision.id,
    affiliateKey: track.affiliate.key,
    trackId: track.trackId,
    recipientKind: provision.recipientKind,
    recipientKey: line.recipientKey,
    state: line.state,
    reason: provisional ? `${line.reason} The clock runs on a provisional awareness.` : line.reason,
    citation: provision.citation,
    label: provision.label,
    verification: provision.verification,
    factsUsed: line.factsUsed ?? factsRead(track.assessment),
    ruleSetVersion: track.assessment.ruleSetVersion,
    engagementKeys: line.engagementKeys ?? [],
    authority: line.authority ?? null,
    ...dues,
  };
}

function isProvisional(track: TrackInput, { runsFrom }: Provision): boolean {
  if (runsFrom === 'submission') return false;
  const isDetected = runsFrom === 'detection' && track.detectedAt !== undefined;
  return track.awarenessProvisional && !isDetected;
}

/** Dues under a provision: its period from the instant it runs from, and our own aim, never after it. */
export function statutoryDues(
  provision: Provision,
  { fromAt, zone }: { readonly fromAt: Instant; readonly zone: string },
  targetHours: number,
): Dues {
  const { period } = provision;
  const dueAt = period === null ? null : periodEndAt(period, fromAt, zone);
  return {
    dueAt,
    dueBasis: dueAt === null ? 'none' : 'statute',
    targetAt: targetAt(fromAt, targetHours, dueAt),
    dueWorking: dueWorking(provision, fromAt, { zone, holidays: [] }).working,
  };
}

/** What all customers of a track share: our own aim, and what the law says of it; worked out once for thousands. */
interface CustomerClock {
  readonly fromAt: Instant;
  readonly targetHours: number;
  readonly working: readonly string[];
}

export function customerClock(
  provision: Provision,
  { affiliate: { zone } }: TrackInput,
  fromAt: Instant,
  targetHours: number,
): CustomerClock {
  const law = dueWorking(provision, fromAt, { zone, holidays: [] }).working;
  const aim = `Our own aim, policy and not law: ${String(targetHours)} hours.`;
  return { fromAt, targetHours, working: [...law, aim] };
}

/** Dues towards a customer: the earliest of its contract terms; beside them only our own aim, the law saying "without undue delay". */
export function contractualDues(
  track: TrackInput,
  engagements: readonly Pick<EngagementInput, 'terms'>[],
  clock: CustomerClock,
): Dues {
  const { zone } = track.affiliate;
  const terms = engagements.flatMap((engagement) => engagement.terms);
  const { dueAt, working } = contractDue(terms, { ...track, zone });
  return {
    dueAt,
    dueBasis: dueAt === null ? 'none' : 'contract',
    targetAt: targetAt(clock.fromAt, clock.targetHours, dueAt),
    dueWorking: [...clock.working, ...working],
  };
}

function targetAt(awareAt: Instant, targetHours: number, dueAt: Instant | null): Instant | null {
  const aim = plusHours(awareAt, targetHours);
  return earliest(dueAt === null ? [aim] : [aim, dueAt]);
}

/** Every fact the assessment read, once, in the order of its rules. */
export function factsRead(assessment: Assessment): readonly FactUsed[] {
  const seen = new Map<string, FactUsed>();
  for (const fact of assessment.rules.flatMap((rule) => rule.factsUsed)) {
    if (!seen.has(fact.name)) seen.set(fact.name, { name: fact.name, value: fact.value });
  }
  return [...seen.values()];
}
