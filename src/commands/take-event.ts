/** Takes an event from a source whose signature was checked: once, and whatever it says, it is kept. */
import { actorLabel } from '../domain/actor.ts';
import { reopenAlarm } from '../domain/alarm.ts';
import type { CaseFile } from '../domain/case.ts';
import type { EventAnswer, NamedCase } from '../domain/event-ports.ts';
import { assertNever } from '../domain/json.ts';
import type { House, Store } from '../domain/ports.ts';
import type { Problem } from '../domain/problem.ts';
import { machineRequest, type Answer } from './command.ts';
import { openCase, type OpenCase } from './open-case.ts';
import { recordFacts, type RecordFacts } from './record-facts.ts';
import { askAboutClaims, splitClaims } from './claimed-lowering.ts';
import { callForWaiting, callNoMoreThanWait } from './waiting-events.ts';

/** What an event asks for; `unreadable` when nobody but a person can say. */
export type EventContent =
  | { readonly kind: 'incident'; readonly input: OpenCase }
  | {
      readonly kind: 'facts';
      readonly about: NamedCase;
      readonly input: Omit<RecordFacts, 'caseId'>;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads what an event asks for; one that was kept is read again when its case has come. */
export type ReadEvent = (body: Uint8Array) => EventContent;

export interface SignedEvent {
  readonly source: string;
  readonly eventId: string;
  readonly type: string | null;
  readonly bodySha256: string;
  readonly body: Uint8Array;
  /** The unit the source speaks for; `*` for the whole group. */
  readonly unit: string;
  readonly content: EventContent;
}

export type TakenEvent =
  | { readonly kind: 'taken'; readonly first: boolean; readonly answer: EventAnswer }
  /** The same (source, id) came before with another body. */
  | { readonly kind: 'refused' };

const intake = machineRequest('intake');
const by = actorLabel(intake.actor);

class NotTaken extends Error {
  readonly reason: string;
  constructor({ type, errors = [] }: Problem) {
    super(type);
    this.reason = [type, ...errors.map((fault) => fault.pointer)].join(' ').slice(0, 500);
  }
}

/**
 * Opens a case, adds facts to one, attaches the event to a closed one, or keeps it for a person to look at: nothing a
 * known source signed is lost. The same event again gives the first answer; another body under its id changes nothing.
 */
export async function takeEvent(
  house: House,
  event: SignedEvent,
  reread: ReadEvent,
): Promise<TakenEvent> {
  try {
    return await once(house, event, (store) => act(store, event, reread));
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    // What the command had begun is rolled back by now; the event itself must not be.
    return once(house, event, (store) => keepForPerson(store, event, error.reason));
  }
}

function once(
  house: House,
  event: SignedEvent,
  fn: (store: Store) => Promise<EventAnswer>,
): Promise<TakenEvent> {
  const { source, eventId, bodySha256 } = event;
  return house.as(intake.actor, async (store) => {
    const known = await store.events.known(source, eventId);
    if (known === null) return { kind: 'taken', first: true, answer: await fn(store) };
    if (known.bodySha256 === bodySha256) {
      const { outcome, caseId, reference } = known;
      return { kind: 'taken', first: false, answer: { outcome, caseId, reference } };
    }
    await store.register.append({
      stream: 'house',
      type: 'event.refused',
      actor: by,
      data: { source, bodySha256, keptSha256: known.bodySha256 },
      personal: { eventId },
    });
    return { kind: 'refused' };
  });
}

async function act(store: Store, event: SignedEvent, reread: ReadEvent): Promise<EventAnswer> {
  const { content } = event;
  switch (content.kind) {
    case 'incident':
      return open(store, event, content.input, reread);
    case 'facts':
      return add(store, event, content.about, content.input);
    case 'unreadable':
      return keepForPerson(store, event, content.reason);
    default:
      return assertNever(content);
  }
}

/** The same transaction as a house of its own: a command made for people joins the one under way. */
export function within(store: Store): House {
  return { as: (_actor, fn) => fn(store) };
}

function valueOf<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new NotTaken(answer.problem);
  return answer.value;
}

async function open(
  store: Store,
  event: SignedEvent,
  input: OpenCase,
  reread: ReadEvent,
): Promise<EventAnswer> {
  const { unit } = event;
  if (unit !== '*' && input.unit !== null && input.unit !== unit) {
    throw new NotTaken({ type: 'forbidden', detail: '', errors: [at('/data/unit')] });
  }
  const ownUnit = unit === '*' ? input.unit : unit;
  const { said, claims } = splitClaims(input.facts, []);
  const opened = valueOf(
    await openCase(within(store), intake, { ...input, facts: said, unit: ownUnit }),
  );
  const { caseId, reference, state } = opened;
  if (state === 'closed') return attach(store, event, { caseId, reference });
  await askAboutClaims(store, event, caseId, claims);
  const answer = { outcome: 'case-opened', caseId, reference } as const;
  await store.events.keep({ ...event, ...answer, reason: null, body: null, awaits: null });
  await takeUpEarlier(store, event, caseId, reread);
  return answer;
}

/** Facts that overtook the event that opens their case enter it now; those it cannot take stay for a person. */
export async function takeUpEarlier(
  store: Store,
  { source, eventId }: Pick<SignedEvent, 'source' | 'eventId'>,
  caseId: string,
  reread: ReadEvent,
): Promise<void> {
  const file = await store.cases.read(caseId);
  if (file === null) return;
  for (const earlier of await store.events.awaiting(source, eventId)) {
    const content = reread(earlier.body);
    if (content.kind !== 'facts' || !speaksFor(earlier.unit, file)) continue;
    // A refusal here comes before anything is written, so the opening of the case stands.
    const recorded = await recordFacts(within(store), intake, { ...content.input, caseId });
    if (!recorded.ok) continue;
    const { reference } = file;
    await store.events.tookUp(earlier, { outcome: 'facts-recorded', caseId, reference });
    await callNoMoreThanWait(store);
  }
}

function speaksFor(unit: string, file: Pick<CaseFile, 'unit'>): boolean {
  return unit === '*' || unit === file.unit;
}

async function add(
  store: Store,
  event: SignedEvent,
  about: NamedCase,
  input: Omit<RecordFacts, 'caseId'>,
): Promise<EventAnswer> {
  const caseId = await store.events.caseIdOf(about);
  if (caseId === null && about.by === 'opening-event') {
    return keepForPerson(store, event, 'the event that opens its case has not come', about);
  }
  const file = caseId === null ? null : await store.cases.lock(caseId);
  if (file === null || !speaksFor(event.unit, file)) {
    throw new NotTaken({ type: 'not-found', detail: '', errors: [at('/data/case')] });
  }
  if (file.state === 'closed') return attach(store, event, file);
  const standing = await store.cases.currentFacts(file.caseId);
  const { said, claims } = splitClaims(input.facts, standing);
  const recorded = { ...input, facts: said, caseId: file.caseId };
  valueOf(await recordFacts(within(store), intake, recorded));
  await askAboutClaims(store, event, file.caseId, claims);
  const { reference } = file;
  const answer = { outcome: 'facts-recorded', caseId: file.caseId, reference } as const;
  await store.events.keep({ ...event, ...answer, reason: null, body: null, awaits: null });
  return answer;
}

async function attach(
  store: Store,
  event: SignedEvent,
  { caseId, reference }: Pick<CaseFile, 'caseId' | 'reference'>,
): Promise<EventAnswer> {
  const answer = { outcome: 'attached', caseId, reference } as const;
  await store.events.keep({ ...event, ...answer, reason: 'the case is closed', awaits: null });
  const file = (await store.tasks.isOpen(caseId, 'reopen')) ? null : await store.cases.read(caseId);
  // One call for all that comes until somebody has said whether it is reopened.
  if (file !== null) await store.alarms.set([reopenAlarm(file, await store.house.now())]);
  await store.tasks.open({
    caseId,
    kind: 'reopen',
    subject: `event/${event.bodySha256.slice(0, 16)}`,
    title: `${reference} is closed and an event came in for it: reopen?`,
    role: 'legal',
  });
  const { source, eventId, type, bodySha256 } = event;
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'event.attached',
    actor: by,
    data: { source, type, bodySha256 },
    personal: { eventId },
  });
  return answer;
}

async function keepForPerson(
  store: Store,
  event: SignedEvent,
  reason: string,
  awaits: { readonly source: string; readonly id: string } | null = null,
): Promise<EventAnswer> {
  const answer = { outcome: 'kept', caseId: null, reference: null } as const;
  await store.events.keep({ ...event, ...answer, reason, awaits });
  await callForWaiting(store);
  const { source, eventId, type, bodySha256 } = event;
  await store.register.append({
    stream: 'house',
    type: 'event.kept',
    actor: by,
    data: { source, type, bodySha256, reason },
    personal: { eventId },
  });
  return answer;
}

function at(pointer: string): { pointer: string; detail: string } {
  return { pointer, detail: '' };
}
