/** Does what a confirmed lowering names; the database lets it through in the transaction that confirms, and in no other. */
import type { CaseFile } from '../domain/case.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Lowering } from '../domain/lowering.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { contractSubject } from './ask-contracts.ts';
import { pullUnsent } from './create-follow-up.ts';
import { enterDecision } from './decide-obligation.ts';
import { enterAwareness, enterDetermination } from './determine-case.ts';
import { moveDue } from './raise-obligation.ts';
import { enterFacts, faultIn } from './record-facts.ts';
import { enterGrades } from './set-exposure.ts';

/** The case is locked. What is refused here leaves nothing confirmed. */
export async function applyLowering(
  store: Store,
  file: CaseFile,
  { act, reason, evidence }: Lowering,
  by: string,
): Promise<Outcome<unknown>> {
  switch (act.kind) {
    case 'not-a-breach':
      await enterDetermination(store, file, { determination: 'not-a-breach', reason, by });
      return done(null);
    case 'facts': {
      const input = { facts: act.facts, hits: [] };
      const fault = await faultIn(store, file, input);
      if (fault !== null) return fault;
      return done(await enterFacts(store, file, input, by));
    }
    case 'excluded': {
      const entries = act.entries.map((entry) => ({
        ...entry,
        grade: 'excluded' as const,
        evidence,
      }));
      return enterGrades(store, file.caseId, entries, by);
    }
    case 'later-awareness': {
      const { awareAt, zone, offsetMinutes } = act;
      await enterAwareness(store, file, { awareAt, zone, offsetMinutes, evidence, by });
      return done(await moveDues(store, file.caseId, by));
    }
    case 'not-notified': {
      const obligation = await store.obligations.lock(act.obligationId);
      return obligation === null
        ? refuse('not-found', 'There is no such obligation.')
        : notNotified(store, obligation, reason, by);
    }
  }
}

/** What is owed and has not left is due by the awareness that counts now. */
async function moveDues(store: Store, caseId: string, by: string): Promise<number> {
  const owed = (await store.obligations.ofCase(caseId)).filter(
    ({ state, dueAt, dispatchedAt }) => state === 'owed' && dueAt !== null && dispatchedAt === null,
  );
  const moved: JsonObject[] = [];
  for (const obligation of owed) {
    const { before, after } = await moveDue(store, obligation);
    if (after !== before) moved.push({ obligationId: obligation.obligationId, before, after });
  }
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'dues.moved',
    actor: by,
    data: { moved },
  });
  return moved.length;
}

async function notNotified(
  store: Store,
  obligation: Obligation,
  reason: string,
  by: string,
): Promise<Outcome<unknown>> {
  const { obligationId } = obligation;
  const standing = await store.followUps.standing(obligationId);
  for (const { noticeId, state } of standing) {
    if (state === 'released' || (await store.notices.mayHaveLeft(noticeId))) {
      return refuse('conflict', 'A notice is on its way to them: pull it first, or withdraw it.');
    }
  }
  await pullUnsent(store, standing, ['initial', 'supplementary', 'final'], by);
  await store.obligations.decide(obligationId, 'not-owed', reason, by);
  await store.alarms.silence(`obligation/${obligationId}`);
  await store.alarms.silence(contractSubject(obligationId));
  await enterDecision(store, obligation, { state: 'not-owed', reason, by });
  return done(null);
}
