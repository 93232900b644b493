/** Bars the mail channel when mail itself is suspected, for one case or the house, and opens it again by two people. */
import { actorLabel } from '../domain/actor.ts';
import type { MailBar } from '../domain/barrier-ports.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { openBarredTask } from './barred-task.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';
import { personOf } from './lock-notice.ts';

const wholeGroup = 'Only somebody who sees the whole group can do this for the whole house.';

/** From now on no machine sends a notice of the case (null: of any case) by mail. */
export function barMail(
  house: House,
  request: Request,
  input: { readonly barId: string; readonly caseId: string | null; readonly reason: string },
): Promise<Answer<{ barId: string }>> {
  return runCommand(house, request, 'bar-channel', async (store) => {
    const { barId, caseId, reason } = input;
    const { personId, units } = personOf(request.actor);
    if (caseId === null && !units.includes('*')) return refuse('forbidden', wholeGroup);
    const locked = caseId === null ? null : await lockOpenCase(store, caseId);
    if (locked !== null && !locked.ok) return locked;
    await store.releases.addBar({ barId, caseId, reason, personId });
    await callAbout(store, locked?.value.reference ?? null, { caseId, barId });
    for (const notice of await store.releases.unsentByMail(caseId))
      await openBarredTask(store, notice);
    await enter(store, request, input, 'channel.barred', { barId, channel: 'email' });
    return done({ barId });
  });
}

async function callAbout(
  store: Store,
  reference: string | null,
  { caseId, barId }: { readonly caseId: string | null; readonly barId: string },
): Promise<void> {
  const nowAt = await store.house.now();
  const about = reference === null ? '' : `${reference}: `;
  const line = `${about}mail is barred, no notice leaves by it. Do not trust mail: call each other.`;
  for (const role of ['legal', 'executive'] as const) {
    const alarm = { step: `mail-barred-${role}`, ringAt: nowAt, role, line };
    if (caseId === null) {
      await store.alarms.gather([{ ...alarm, subject: `bar/${barId}` }], 0);
    } else {
      await store.alarms.set([{ ...alarm, subject: `case/${caseId}`, caseId, dueAt: nowAt }]);
    }
  }
}

/** Says that mail may open again; with the second person's word it does, and what waited goes on. */
export function openMail(
  house: House,
  request: Request,
  input: { readonly barId: string; readonly reason: string },
): Promise<Answer<Pick<MailBar, 'barId' | 'isOpen'>>> {
  return runCommand(house, request, 'bar-channel', async (store) => {
    const { barId, reason } = input;
    const found = await store.releases.bar(barId);
    if (found === null) return refuse('not-found', 'There is no such bar.');
    if (found.isOpen) return refuse('conflict', 'Mail was opened again already.');
    const { caseId } = found;
    const { personId, units } = personOf(request.actor);
    if (caseId === null && !units.includes('*')) return refuse('forbidden', wholeGroup);
    if (!(await store.releases.addOpening(barId, personId, reason)))
      return refuse('four-eyes', 'You have said so already: a second person has to.');
    const isOpen = (await store.releases.bar(barId))?.isOpen === true;
    if (isOpen) await store.releases.resume(caseId, actorLabel(request.actor));
    await enter(store, request, { caseId, reason }, 'channel.opened', { barId, isOpen });
    return done({ barId, isOpen });
  });
}

async function enter(
  store: Store,
  request: Request,
  { caseId, reason }: { readonly caseId: string | null; readonly reason: string },
  type: 'channel.barred' | 'channel.opened',
  data: Parameters<Store['register']['append']>[0]['data'],
): Promise<void> {
  await store.register.append({
    stream: caseId === null ? 'house' : `case/${caseId}`,
    type,
    actor: actorLabel(request.actor),
    data,
    personal: { reason },
  });
}
