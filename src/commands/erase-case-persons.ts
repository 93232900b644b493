/** Erases what names people in a case that has been closed for the time of retention, Art. 5(1)(e) GDPR. */
import { actorLabel } from '../domain/actor.ts';
import type { CaseErasure } from '../domain/case.ts';
import { plusHours } from '../domain/instant.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockCase } from './lock-case.ts';

/** Policy, not law: how long a closed case keeps what names people, so that its notices can be proven in full. */
const retentionDays = 3 * 365;

/** For good, and on record with its reason; the register still verifies. Refused before retention is over. */
export function eraseCasePersons(
  house: House,
  request: Request,
  input: { readonly caseId: string; readonly reason: string },
): Promise<Answer<CaseErasure>> {
  return runCommand(house, request, 'erase-persons', async (store) => {
    const locked = await lockCase(store, input.caseId);
    if (!locked.ok) return locked;
    const { caseId, reference, closedAt } = locked.value;
    if (closedAt === null) return refuse('conflict', `${reference} is not closed.`);
    const from = plusHours(closedAt, retentionDays * 24);
    if (from > (await store.house.now())) {
      return refuse('conflict', `${reference} keeps what names people until ${from}.`);
    }
    if ((await store.notices.unfoldedEvents(caseId, 1)) !== null) {
      return refuse(
        'conflict',
        'Some deliveries are not in the register yet: try again in a minute.',
      );
    }
    const by = actorLabel(request.actor);
    const erased = await store.cases.erasePersons({ caseId, actor: by, basis: 'retention' });
    if (erased === null) {
      return refuse('conflict', 'A delivery has not ended: cancel its notice or resolve it first.');
    }
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'case-persons.erased',
      actor: by,
      // The reason is no personal value of the case: it stays readable when all others are gone.
      data: { reason: input.reason, ...erased },
    });
    return done(erased);
  });
}
