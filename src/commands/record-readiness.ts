/** Records who can file at an authority, and moves the alarms of what is owed there by what was rehearsed. */
import { actorLabel } from '../domain/actor.ts';
import { filingAlarms } from '../domain/alarm.ts';
import type { House, Store } from '../domain/ports.ts';
import type { ReadinessRecord } from '../domain/readiness.ts';
import { done, refuse, type FieldFault, type Outcome } from '../domain/problem.ts';
import { authorityNamed } from '../law/telecom-authorities.ts';
import { machineRequest, runCommand, type Answer, type Request } from './command.ts';
import { filingPlanOf } from './filing-plan.ts';

/** Adds a record; the newest stands. Refused for an authority, affiliate or person nobody knows, and for a day to come. */
export async function recordReadiness(
  house: House,
  request: Request,
  input: ReadinessRecord,
): Promise<Answer<{ recorded: true }>> {
  const answer = await runCommand<{ recorded: true }>(
    house,
    request,
    'record-readiness',
    async (store) => {
      const refused = await faultsOf(store, input);
      if (!refused.ok) return refused;
      const by = actorLabel(request.actor);
      await store.readiness.record(input, by);
      const { note, ...plain } = input;
      await store.register.append({
        stream: 'house',
        type: 'readiness.recorded',
        actor: by,
        data: { ...plain },
        ...(note === null ? {} : { personal: { note } }),
      });
      return done({ recorded: true });
    },
  );
  // Also for a repeated request: the recorder may not see every case whose alarms move, and the engine does.
  if (answer.ok) await moveFilingAlarms(house, input.authorityId);
  return answer;
}

async function faultsOf(store: Store, input: ReadinessRecord): Promise<Outcome<null>> {
  const errors: FieldFault[] = [];
  const fault = (field: string, detail: string): void => {
    errors.push({ pointer: `/${field}`, detail });
  };
  if (authorityNamed(input.authorityId) === null) fault('authorityId', 'names no authority');
  if (input.affiliateKey !== null) {
    const affiliates = await store.cases.affiliates(await store.cases.catalogueVersion());
    if (!affiliates.some(({ key }) => key === input.affiliateKey))
      fault('affiliateKey', 'names no affiliate of the catalogue');
  }
  const people = new Set((await store.readiness.people()).map(({ personId }) => personId));
  for (const field of ['accountHolderId', 'eidHolderId', 'deputyId'] as const) {
    const personId = input[field];
    if (personId !== null && !people.has(personId)) fault(field, 'names nobody of the house');
  }
  if ((input.account === 'exists') !== (input.accountHolderId !== null))
    fault('accountHolderId', 'goes with an account that exists, and only with it');
  if ((input.eid === 'held') !== (input.eidHolderId !== null))
    fault('eidHolderId', 'goes with an eID that is held, and only with it');
  if (input.deputyId !== null && input.deputyId === (input.eidHolderId ?? input.accountHolderId))
    fault('deputyId', 'is the person they would stand in for');
  if (input.filingMinutes !== null && input.testedOn === null)
    fault('testedOn', 'is needed beside a rehearsed time');
  if (input.testedOn !== null && input.testedOn > (await store.house.now()).slice(0, 10))
    fault('testedOn', 'lies in the future');
  return errors.length === 0
    ? done(null)
    : refuse('invalid', 'The readiness record is not valid.', errors);
}

async function moveFilingAlarms(house: House, authorityId: string): Promise<void> {
  await house.as(machineRequest('engine').actor, async (store) => {
    for (const { obligationId, caseId } of await store.readiness.openFilings(authorityId)) {
      const obligation = await store.obligations.lock(obligationId);
      const file = await store.cases.read(caseId);
      if (obligation === null || file === null || file.state === 'closed') continue;
      const { dueAt } = obligation;
      const plan = await filingPlanOf(store, obligation, file.mode);
      if (plan === null || dueAt === null) continue;
      const alarms = filingAlarms({ ...obligation, dueAt }, file.reference, file.clock, plan);
      await store.alarms.set(alarms);
    }
  });
}
