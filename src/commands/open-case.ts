/** Opens a case from a report: the clock, the first alarms and the register entry stand before anyone is asked anything. */
import { actorLabel } from '../domain/actor.ts';
import { caseAlarms } from '../domain/alarm.ts';
import type { CaseFile, CaseMode, HitKind } from '../domain/case.ts';
import { plusHours, type Instant } from '../domain/instant.ts';
import { lowersFact } from '../domain/lowering.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { addFacts, checkFacts, type FactInput } from './record-facts.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { checkSubjects } from './fact-subjects.ts';
import { checkHits } from './hits.ts';
import { needsLowering } from './needs-lowering.ts';

export interface OpenCase {
  readonly caseId: string;
  readonly title: string;
  readonly description: string;
  /** Null: real in an own organisation, a drill in the demo organisation. */
  readonly mode: CaseMode | null;
  readonly speed: number;
  readonly unit: string | null;
  readonly receivedAt: Instant | null;
  readonly detectedAt: Instant | null;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly source: string;
  readonly externalId: string | null;
  readonly hits: readonly { kind: HitKind; key: string }[];
  readonly facts: readonly FactInput[];
}

export interface OpenedCase {
  readonly caseId: string;
  readonly reference: string;
  readonly state: CaseFile['state'];
  readonly awareAt: Instant;
  /** True when the 72 hours from provisional awareness were over on arrival: accepted all the same. */
  readonly reportedLate: boolean;
  /** False when the same event (source, externalId) had opened it before. */
  readonly created: boolean;
}

/** Opens a case, or gives the one the same event opened. Refuses unknown products and times after now. */
export function openCase(
  house: House,
  request: Request,
  input: OpenCase,
): Promise<Answer<OpenedCase>> {
  return runCommand(house, request, 'open-case', async (store) => {
    if (input.externalId !== null) {
      const known = await store.cases.bySource(input.source, input.externalId);
      if (known !== null) return done(opened(known, false));
    }
    const now = await store.house.now();
    const kind = await store.house.organisationKind();
    const fault =
      checkOrganisation(kind, input) ??
      checkTimes(input, now) ??
      checkUnit(request, input.unit) ??
      checkFacts(input.facts, new Map(), now) ??
      (await checkSubjects(store, input.caseId, input.facts)) ??
      (await checkHits(store, input.hits));
    if (fault !== null) return fault;
    const lowering = input.facts.filter((fact) => lowersFact(fact, undefined));
    if (lowering.length > 0) {
      return needsLowering(
        `Opening with ${lowering.map(({ name }) => name).join(' and ')} as said`,
      );
    }
    return done(
      opened(await enter(store, request, { ...input, mode: modeOf(kind, input) }, now), true),
    );
  });
}

async function enter(
  store: Store,
  request: Request,
  input: OpenCase & { readonly mode: CaseMode },
  now: Instant,
): Promise<CaseFile> {
  const receivedAt = input.receivedAt ?? now;
  const by = actorLabel(request.actor);
  const file = await store.cases.open({
    caseId: input.caseId,
    title: input.title,
    description: input.description,
    unit: unitOf(request, input.unit),
    mode: input.mode,
    speed: input.speed,
    caseStartAt: now,
    detectedAt: input.detectedAt,
    receivedAt,
    awareness: {
      awareAt: receivedAt,
      zone: input.zone,
      offsetMinutes: input.offsetMinutes,
      state: 'provisional',
      basis: 'arrival of the report',
    },
    reportedLate: plusHours(receivedAt, 72) < now,
    source: input.source,
    externalId: input.externalId,
    openedBy: by,
    factsVersion: input.facts.length > 0 ? 1 : 0,
  });
  await store.cases.addHits(file.caseId, input.hits);
  await addFacts(store, file, input.facts, 1, now, by);
  await store.alarms.set(caseAlarms(file.caseId, file.reference, receivedAt, file.clock));
  await store.register.append({
    stream: `case/${file.caseId}`,
    type: 'case.opened',
    actor: by,
    data: {
      reference: file.reference,
      mode: file.mode,
      source: file.source,
      awareAt: receivedAt,
      awareness: 'provisional',
      reportedLate: file.reportedLate,
      speed: file.clock.speed,
      hits: input.hits.map((hit) => `${hit.kind}/${hit.key}`),
      facts: input.facts.map((fact) => fact.name),
    },
    personal: { title: input.title, description: input.description },
  });
  await store.house.wake('breach-case', file.caseId);
  return file;
}

function opened(file: CaseFile, created: boolean): OpenedCase {
  const { caseId, reference, state, awareness, reportedLate } = file;
  return { caseId, reference, state, awareAt: awareness.awareAt, reportedLate, created };
}

type OrganisationKind = 'own' | 'demo' | null;

function modeOf(kind: OrganisationKind, input: OpenCase): CaseMode {
  return input.mode ?? (kind === 'demo' ? 'drill' : 'real');
}

function checkOrganisation(kind: OrganisationKind, input: OpenCase): Outcome<never> | null {
  if (kind === null) {
    return refuse(
      'conflict',
      'No organisation is set up yet: import one first, or start the demo.',
    );
  }
  if (kind === 'demo' && input.mode === 'real') {
    return refuse('invalid', 'The demo organisation can open drills only.', [
      { pointer: '/mode', detail: 'use "drill"' },
    ]);
  }
  const real = input.mode === 'real' || (input.mode === null && kind === 'own');
  if (real && input.speed !== 1) {
    return refuse('invalid', 'Only a drill may run on a compressed clock.', [
      { pointer: '/speed', detail: 'must be 1 in a real case' },
    ]);
  }
  return null;
}

function checkTimes(input: OpenCase, now: Instant): Outcome<never> | null {
  const after = (['receivedAt', 'detectedAt'] as const).filter((name) => {
    const at = input[name];
    return at !== null && at > now;
  });
  if (after.length === 0) return null;
  return refuse(
    'invalid',
    'A time lies after now; nothing was recorded.',
    after.map((name) => ({ pointer: `/${name}`, detail: `is after now (${now})` })),
  );
}

function unitOf(request: Request, unit: string | null): string {
  if (unit !== null) return unit;
  const own =
    request.actor.kind === 'person' ? request.actor.units.find((name) => name !== '*') : undefined;
  return own ?? 'group';
}

function checkUnit(request: Request, unit: string | null): Outcome<never> | null {
  const { actor } = request;
  if (unit === null || actor.kind === 'machine') return null;
  if (actor.units.includes('*') || actor.units.includes(unit)) return null;
  return refuse('invalid', 'You can open a case only in a unit you belong to.', [
    { pointer: '/unit', detail: `yours: ${actor.units.join(', ')}` },
  ]);
}
