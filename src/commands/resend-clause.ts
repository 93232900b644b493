/** The standing clause under which a machine may send to an authority again: proposed by one, signed by another. */
import { randomUUID } from 'node:crypto';
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { JsonObject } from '../domain/json.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import type { ResendClause } from '../domain/resend-ports.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { personOf } from './lock-notice.ts';

const right = 'sign-authorisation';

export function proposeResendClause(
  house: House,
  request: Request,
  input: { reason: string },
): Promise<Answer<{ clauseId: string }>> {
  return runCommand(house, request, right, async (store) => {
    const person = personOf(request.actor);
    const clauseId = randomUUID();
    await store.resends.propose(clauseId, person.personId, input.reason);
    await enter(store, 'resend-clause.proposed', request.actor, { clauseId, ...input });
    return done({ clauseId });
  });
}

/** Puts the clause in force; what is in doubt at an authority now is looked at again at once. */
export function signResendClause(
  house: House,
  request: Request,
  clauseId: string,
): Promise<Answer<{ stands: boolean }>> {
  return runCommand(house, request, right, async (store) => {
    const person = personOf(request.actor);
    if (!(await store.resends.sign(clauseId, person.personId))) {
      const clause = await store.resends.clause(clauseId);
      if (clause === null) return refuse('not-found', 'There is no such clause.');
      return clause.signedBy === null && clause.revokedBy === null
        ? refuse('four-eyes', 'You proposed this clause, so somebody else has to sign it.')
        : refuse('conflict', 'The clause is signed or revoked already.');
    }
    for (const noticeId of await store.resends.noticesInDoubt()) {
      await store.house.wake('notice', noticeId);
    }
    await enter(store, 'resend-clause.signed', request.actor, { clauseId });
    return done({ stands: (await store.resends.clause(clauseId))?.stands === true });
  });
}

/** One person is enough to end it. */
export function revokeResendClause(
  house: House,
  request: Request,
  input: { clauseId: string; reason: string },
): Promise<Answer<{ stands: false }>> {
  return runCommand(house, request, right, async (store) => {
    const { personId } = personOf(request.actor);
    if (!(await store.resends.revoke(input.clauseId, personId))) {
      return (await store.resends.clause(input.clauseId)) === null
        ? refuse('not-found', 'There is no such clause.')
        : refuse('conflict', 'The clause is revoked already.');
    }
    await enter(store, 'resend-clause.revoked', request.actor, { ...input });
    return done({ stands: false });
  });
}

export function listResendClauses(house: House, actor: Actor): Promise<readonly ResendClause[]> {
  return house.as(actor, (store) => store.resends.clauses());
}

function enter(store: Store, type: string, actor: Actor, data: JsonObject): Promise<void> {
  return store.register.append({ stream: 'house', type, actor: actorLabel(actor), data });
}
