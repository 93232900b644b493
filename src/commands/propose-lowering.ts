/** Proposes a lowering: what is to count for less, why, on what evidence, and how far the logs reach. Nothing is lowered yet. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseFile } from '../domain/case.ts';
import { caseTimeAt } from '../domain/instant.ts';
import type { JsonObject } from '../domain/json.ts';
import type { LogCoverage, LoweringAct, LoweringGrounds } from '../domain/lowering.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse, type FieldFault, type Outcome } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { personOf } from './lock-notice.ts';
import { resultsOf } from './lowering-result.ts';
import { faultIn, loweringIn } from './record-facts.ts';
import { silentAuthorities } from './silent-authorities.ts';

export interface ProposedLowering extends LoweringGrounds {
  /** From the caller. */
  readonly loweringId: string;
  readonly caseId: string;
  readonly act: LoweringAct;
}

/** Refused when a part is missing, times are out of order, or the act would lower nothing. The DPO is asked at once. */
export function proposeLowering(
  house: House,
  request: Request,
  input: ProposedLowering,
): Promise<Answer<{ loweringId: string; state: 'proposed' }>> {
  return runCommand(house, request, 'propose-lowering', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    const { loweringId, caseId, act, reason, evidence, coverage } = input;
    const now = caseTimeAt(file.clock, await store.house.now());
    const missing = faultsOf(input, now);
    if (missing.length > 0) {
      return refuse('invalid', 'A lowering needs all its parts; nothing was recorded.', missing);
    }
    const fault = await faultOfAct(store, file, act, now);
    if (fault !== null) return fault;
    const { before, after } = await resultsOf(store, file, act);
    await store.lowerings.propose({
      ...{ loweringId, caseId, act, reason, evidence, coverage, factsVersion: file.factsVersion },
      ...{ resultBefore: before, resultAfter: after, proposedBy: personOf(request.actor).personId },
    });
    await store.tasks.open({
      caseId,
      kind: 'advise-lowering',
      subject: `lowering/${loweringId}`,
      title: `${file.reference}: give the DPO's opinion on a lowering (${act.kind})`,
      role: 'dpo',
    });
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'lowering.proposed',
      actor: actorLabel(request.actor),
      data: {
        ...{ loweringId, kind: act.kind, act: actEntry(act), factsVersion: file.factsVersion },
        coverage: { fromAt: coverage.fromAt, untilAt: coverage.untilAt },
        ...{ before, after },
      },
      personal: { reason, evidence, logs: coverage.logs, gaps: coverage.gaps },
    });
    return done({ loweringId, state: 'proposed' });
  });
}

// What people typed stays out of the leaf; the values claimed are part of the facts document.
function actEntry(act: LoweringAct): JsonObject {
  if (act.kind !== 'facts') return JSON.parse(JSON.stringify(act)) as JsonObject;
  const facts = act.facts.map(({ about, name, value, certainty }) => ({
    ...{ about, name, value, certainty },
  }));
  return { kind: act.kind, facts };
}

function faultsOf(input: ProposedLowering, now: string): FieldFault[] {
  const { reason, evidence, coverage } = input;
  const blank = (text: string): boolean => text.trim() === '';
  return [
    ...(blank(reason) ? [missing('/reason')] : []),
    ...(blank(evidence) ? [missing('/evidence')] : []),
    ...coverageFaults(coverage, now),
  ];
}

function coverageFaults({ fromAt, untilAt, logs, gaps }: LogCoverage, now: string): FieldFault[] {
  return [
    ...(logs.every((name) => name.trim() === '') ? [missing('/coverage/logs')] : []),
    ...(gaps.trim() === '' ? [missing('/coverage/gaps')] : []),
    ...(untilAt <= fromAt
      ? [{ pointer: '/coverage/untilAt', detail: 'is not after the beginning of the logs' }]
      : []),
    ...(untilAt > now ? [{ pointer: '/coverage/untilAt', detail: `is after now (${now})` }] : []),
  ];
}

function missing(pointer: string): FieldFault {
  return { pointer, detail: 'is missing' };
}

async function faultOfAct(
  store: Store,
  file: CaseFile,
  act: LoweringAct,
  now: string,
): Promise<Outcome<never> | null> {
  const invalid = (pointer: string, detail: string): Outcome<never> =>
    refuse('invalid', 'This cannot be lowered as it is; nothing was recorded.', [
      { pointer, detail },
    ]);
  switch (act.kind) {
    case 'not-a-breach':
      return file.determination === 'not-a-breach'
        ? refuse('conflict', 'The case is determined "not a breach" already.')
        : null;
    case 'facts': {
      const fault = await faultIn(store, file, { facts: act.facts, hits: [] });
      if (fault !== null) return fault;
      return (await loweringIn(store, file.caseId, act.facts)).length === 0
        ? invalid('/act/facts', 'lower nothing: record them as facts')
        : null;
    }
    case 'excluded':
      return act.entries.length === 0 ? invalid('/act/entries', 'names nothing') : null;
    case 'later-awareness':
      if (act.awareAt > now) return invalid('/act/awareAt', `is after now (${now})`);
      return act.awareAt <= file.awareness.awareAt
        ? invalid(
            '/act/awareAt',
            `is not later than ${file.awareness.awareAt}: fix it as awareness`,
          )
        : null;
    case 'not-notified': {
      const found = await store.obligations.lock(act.obligationId);
      if (found?.caseId !== file.caseId) {
        return invalid('/act/obligationId', 'is no obligation of this case');
      }
      if (found.dispatchedAt !== null) {
        return refuse('conflict', 'They have been told: withdraw the notice instead.');
      }
      const silent = await silentAuthorities(store, file.caseId);
      const isOpen =
        found.state === 'owed' ||
        found.state === 'to-decide' ||
        silent.some(({ obligationId }) => obligationId === found.obligationId);
      return isOpen && found.recipientKind !== 'register'
        ? null
        : refuse('conflict', `This obligation is ${found.state}; there is nothing to lower.`);
    }
  }
}
