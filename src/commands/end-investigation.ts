/** What people establish about a case besides its facts: why it is late, and that its investigation is over. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseFile } from '../domain/case.ts';
import { isFactName, type FactName } from '../domain/facts.ts';
import { caseTimeAt, type Instant } from '../domain/instant.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { authorityFacts } from './compose-authority.ts';
import { factReader, isUnknown } from './compose-common.ts';
import { knownFacts } from './known-facts.ts';
import { lockOpenCase } from './lock-case.ts';

/**
 * Says that the investigation is over: final notices follow to authorities and controllers. Refused while something
 * Art. 33(3) asks for is unknown and not declared as not obtainable. Facts that come later still lead to supplements.
 */
export function endInvestigation(
  house: House,
  request: Request,
  input: { caseId: string; notObtainable: readonly string[]; reason: string },
): Promise<Answer<{ endedAt: Instant }>> {
  return runCommand(house, request, 'determine', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    if (file.determination !== 'breach') {
      return refuse('conflict', 'Only the investigation of a breach ends with final notices.');
    }
    const before = await store.followUps.finding(file.caseId);
    if (before.endedAt !== null) {
      return refuse('conflict', `The investigation was ended at ${before.endedAt} already.`);
    }
    const wrong = input.notObtainable.findIndex((name) => !isFactName(name));
    if (wrong >= 0) {
      return refuse('invalid', 'Something declared not obtainable is not a fact.', [
        { pointer: `/notObtainable/${String(wrong)}`, detail: 'there is no such fact' },
      ]);
    }
    const unknown = await unknownFacts(store, file);
    const open = unknown.filter((name) => !input.notObtainable.includes(name));
    if (open.length > 0) {
      return refuse(
        'conflict',
        `Still unknown: ${open.join(', ')}. Record each, or declare it not obtainable.`,
      );
    }
    const by = actorLabel(request.actor);
    const endedAt = caseTimeAt(file.clock, await store.house.now());
    // What is known after all is told as known, whatever was declared.
    const notObtainable = unknown;
    await store.followUps.endInvestigation(file.caseId, { endedAt, notObtainable, by });
    await store.cases.bump(file.caseId, 'scope');
    await store.register.append({
      stream: `case/${file.caseId}`,
      type: 'investigation.ended',
      actor: by,
      data: { endedAt, notObtainable },
      personal: { reason: input.reason },
    });
    await store.house.wake('breach-case', file.caseId);
    return done({ endedAt });
  });
}

/** What a notice to an authority of this case would have to call unknown. */
async function unknownFacts(store: Store, file: CaseFile): Promise<readonly FactName[]> {
  const told = (await store.obligations.ofCase(file.caseId)).filter(
    ({ recipientKind, state }) =>
      recipientKind === 'authority' && (state === 'owed' || state === 'discharged'),
  );
  const names = new Set<FactName>();
  for (const track of await store.cases.tracks(file.caseId)) {
    if (!told.some(({ trackId }) => trackId === track.trackId)) continue;
    const facts = await knownFacts(store, file, track);
    const reader = factReader(facts, ...(track.processingKey === '' ? [] : [track.processingKey]));
    for (const name of authorityFacts) if (isUnknown(reader.said(name))) names.add(name);
  }
  return [...names];
}

/** Records why the notification was late, Art. 33(1), second sentence; said before in other words, the newest counts. */
export function explainDelay(
  house: House,
  request: Request,
  input: { caseId: string; reasons: string },
): Promise<Answer<{ revision: number }>> {
  return runCommand(house, request, 'decide-obligation', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const { caseId, revision } = locked.value;
    await store.followUps.setDelayReasons(caseId, input.reasons);
    const by = actorLabel(request.actor);
    for (const { obligationId, late } of await store.obligations.ofCase(caseId)) {
      const subject = `obligation/${obligationId}`;
      if (late)
        await store.tasks.completeBySubject(caseId, 'reasons-for-delay', subject, by, 'recorded');
    }
    await store.cases.bump(caseId, 'scope');
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'delay.explained',
      actor: actorLabel(request.actor),
      data: { revision: revision + 1 },
      personal: { reasons: input.reasons },
    });
    await store.house.wake('breach-case', caseId);
    return done({ revision: revision + 1 });
  });
}
