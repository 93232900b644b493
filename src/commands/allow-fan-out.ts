/** A large fan-out on "not excluded" alone: each such notice starts a customer's own 72 hours, so a person says it goes out. */
import { actorLabel, type Actor } from '../domain/actor.ts';
import type { FanOut } from '../domain/fan-out-ports.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { personOf } from './lock-notice.ts';

const taskKind = 'allow-fan-out';

/** Counts anew with the obligations, and asks a person where the policy wants one; gives how many customers there are. */
export async function askAboutFanOut(store: Store, caseId: string, by: Actor): Promise<number> {
  const { customers, over, isWithheld } = await store.fanOuts.count(caseId);
  if (!isWithheld) {
    const outcome = 'no longer needed';
    await store.tasks.completeOfKind(caseId, taskKind, actorLabel(by), outcome);
    return customers;
  }
  await store.tasks.open({
    caseId,
    kind: taskKind,
    subject: `case/${caseId}`,
    title: `Say whether many customers are told on "not excluded" alone: more than ${String(over)}, our policy. Their notices wait for it, their dues do not.`,
    role: 'legal',
  });
  return customers;
}

/**
 * Lets notices leave that say only "not excluded", to as many customers as there are now. Refused as `stale` when the
 * person names another number: more customers need another word. The approval of each notice stays as it is.
 */
export function allowFanOut(
  house: House,
  request: Request,
  input: { readonly caseId: string; readonly customers: number; readonly reason: string },
): Promise<Answer<FanOut>> {
  return runCommand(house, request, 'approve-notice', async (store) => {
    const { caseId, customers, reason } = input;
    const locked = await lockOpenCase(store, caseId);
    if (!locked.ok) return locked;
    const standing = await store.fanOuts.read(caseId);
    if (standing.customers !== customers) {
      return refuse(
        'stale',
        `${String(standing.customers)} customers would be told on "not excluded" alone by now, not ${String(customers)}: look again.`,
      );
    }
    if (!standing.isWithheld) {
      return refuse('conflict', 'Nothing waits for this: they may be told as they are.');
    }
    const by = actorLabel(request.actor);
    const { personId } = personOf(request.actor);
    await store.fanOuts.allow({ caseId, customers, reason, personId });
    await store.tasks.completeOfKind(caseId, taskKind, by, 'allowed');
    // A standing authorisation may reach them from now on.
    await store.releases.wakeUnapproved();
    await store.register.append({
      stream: `case/${caseId}`,
      type: 'fan-out.allowed',
      actor: by,
      data: { customers, over: standing.over },
      personal: { reason },
    });
    return done(await store.fanOuts.read(caseId));
  });
}
