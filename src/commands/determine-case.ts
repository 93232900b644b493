/** Determines a case, fixes its awareness, and closes it: acts of a named person, each with a reason. */
import { actorLabel } from '../domain/actor.ts';
import { caseAlarms } from '../domain/alarm.ts';
import type { CaseFile, Determination } from '../domain/case.ts';
import { caseTimeAt, type Instant } from '../domain/instant.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { needsLowering } from './needs-lowering.ts';
import { moveBeside } from './press-beside.ts';
import { silentAuthorities } from './silent-authorities.ts';

const presses = ['determine', 'determine-executive'];

/**
 * Records that a breach occurred, Art. 4(12) GDPR. "Not a breach" is a lowering: it keeps the case open until it is closed
 * with reasons, and notices that have left by then are proposed for withdrawal, each for a person to accept.
 */
export function determineCase(
  house: House,
  request: Request,
  input: { caseId: string; determination: Determination; reason: string },
): Promise<Answer<{ state: CaseFile['state'] }>> {
  return runCommand(house, request, 'determine', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    if (input.determination === 'not-a-breach') return needsLowering('"Not a breach"');
    await enterDetermination(store, locked.value, { ...input, by: actorLabel(request.actor) });
    return done({ state: 'determined' });
  });
}

/** Writes a determination that may be written; the case is locked. */
export async function enterDetermination(
  store: Store,
  file: CaseFile,
  { determination, reason, by }: { determination: Determination; reason: string; by: string },
): Promise<void> {
  await store.cases.determine(file.caseId, { determination, reason, by });
  await store.alarms.silence(`case/${file.caseId}`);
  await store.tasks.completeBySubject(file.caseId, presses, 'case', by, determination);
  await enter(store, file, 'case.determined', by, { determination }, reason);
}

/** Fixes the instant of awareness with evidence; a later one than now stands is a lowering. */
export function fixAwareness(
  house: House,
  request: Request,
  input: {
    caseId: string;
    awareAt: Instant;
    zone: string;
    offsetMinutes: number;
    evidence: string;
  },
): Promise<Answer<{ awareAt: Instant }>> {
  return runCommand(house, request, 'fix-awareness', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    const caseNow = caseTimeAt(file.clock, await store.house.now());
    if (input.awareAt > caseNow) {
      return refuse('invalid', 'Awareness cannot lie after now.', [
        { pointer: '/awareAt', detail: `is after now (${caseNow})` },
      ]);
    }
    if (input.awareAt > file.awareness.awareAt) {
      return needsLowering(`A later awareness than ${file.awareness.awareAt}`);
    }
    await enterAwareness(store, file, { ...input, by: actorLabel(request.actor) });
    return done({ awareAt: input.awareAt });
  });
}

/** Writes an awareness that may be written; the case is locked. */
export async function enterAwareness(
  store: Store,
  file: CaseFile,
  input: {
    awareAt: Instant;
    zone: string;
    offsetMinutes: number;
    evidence: string;
    by: string;
  },
): Promise<void> {
  const { awareAt, zone, offsetMinutes, evidence, by } = input;
  await store.cases.fixAwareness(file.caseId, {
    awareAt,
    zone,
    offsetMinutes,
    state: 'fixed',
    basis: evidence,
  });
  if (file.state === 'investigating') {
    await store.alarms.set(caseAlarms(file.caseId, file.reference, awareAt, file.clock));
  }
  const awareness = { ...file.awareness, awareAt, zone, offsetMinutes };
  await moveBeside(store, { ...file, awareness });
  const data = { awareAt, zone, before: file.awareness.awareAt };
  await enter(store, file, 'awareness.fixed', by, data, evidence);
}

/** Closes a case; refused while an obligation is undecided, owed and not discharged, or a delivery is in doubt. */
export function closeCase(
  house: House,
  request: Request,
  input: { caseId: string; reason: string },
): Promise<Answer<{ state: 'closed' }>> {
  return runCommand(house, request, 'close-case', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    const blocked = await whatBlocksClosing(store, file);
    if (blocked.length > 0) {
      return refuse('conflict', `${file.reference} cannot be closed yet: ${blocked.join('; ')}.`);
    }
    const by = actorLabel(request.actor);
    const now = await store.house.now();
    const caseNow = caseTimeAt(file.clock, now);
    for (const one of await store.obligations.ofCase(file.caseId)) {
      if (one.state !== 'owed' || one.recipientKind !== 'register') continue;
      await store.obligations.markDispatched(one.obligationId, caseNow, false);
      await store.obligations.discharge(one.obligationId, caseNow);
    }
    await store.cases.close(file.caseId, input.reason);
    await store.alarms.silenceCase(file.caseId);
    await enter(
      store,
      file,
      'case.closed',
      by,
      { determination: file.determination },
      input.reason,
    );
    return done({ state: 'closed' });
  });
}

async function whatBlocksClosing(store: Store, file: CaseFile): Promise<string[]> {
  const blocked: string[] = [];
  if (file.determination === null) blocked.push('nobody has determined whether it is a breach');
  const hasObligations = file.determination === 'breach' || file.obligationsRevision > 0;
  if (hasObligations && file.obligationsRevision < file.revision) {
    blocked.push('the newest facts have not been taken into its obligations yet');
  }
  const unsettled = await store.obligations.unsettled(file.caseId);
  const undecided = unsettled.filter((one) => one.state === 'to-decide').length;
  if (undecided > 0) blocked.push(`${String(undecided)} obligation(s) undecided`);
  if (file.determination === 'breach' && unsettled.length > undecided) {
    blocked.push(`${String(unsettled.length - undecided)} obligation(s) owed and not discharged`);
  }
  if (file.determination === 'breach') {
    const silent = await silentAuthorities(store, file.caseId);
    const words = `${String(silent.length)} authority not notified, which nobody has confirmed: propose it as a lowering`;
    if (silent.length > 0) blocked.push(words);
  }
  blocked.push(...(await unsentFollowUps(store, file)));
  const open = await store.tasks.blocking(file.caseId);
  if (open.length > 0) blocked.push(`open tasks: ${open.join(', ')}`);
  return blocked;
}

/** A supplement that is owed keeps a case open until it has left, or a person has declared it unnecessary. */
async function unsentFollowUps(store: Store, file: CaseFile): Promise<string[]> {
  const unsent = await store.followUps.unsent(file.caseId);
  const words = unsent.map(
    ({ phase, count }) =>
      `${String(count)} ${phase} notice(s) not sent: send them, or declare a supplement unnecessary`,
  );
  const uncompared = await store.followUps.uncompared(file.caseId, 1);
  return file.determination === 'breach' && uncompared.length > 0
    ? [...words, 'the newest facts have not been compared yet with what recipients were told']
    : words;
}

async function enter(
  store: Store,
  file: CaseFile,
  type: string,
  actor: string,
  data: Readonly<Record<string, string | null>>,
  reason: string,
): Promise<void> {
  await store.register.append({
    stream: `case/${file.caseId}`,
    type,
    actor,
    data,
    personal: { reason },
  });
  await store.house.wake('breach-case', file.caseId);
}
