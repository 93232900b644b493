/** What a contract asks beyond the mail: another channel, or that the notice arrives or is confirmed; a task and a call. */
import type { Alarm } from '../domain/alarm.ts';
import type { CaseFile, Exposure } from '../domain/case.ts';
import type { ContractTerm } from '../domain/contract-term.ts';
import { plusHours, wallTimeAt } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store, TaskToOpen } from '../domain/ports.ts';

/** The kind of the task and the step of its call. */
export const contractStep = 'contract-term';
/** The subject of both. */
export const contractSubject = (obligationId: string): string => `contract/${obligationId}`;

/** Policy, not law: how long before the due somebody is called who has not said that it is done. */
const calledHoursBefore = 2;

type Owed = Pick<
  Obligation,
  'obligationId' | 'recipientKind' | 'recipientKey' | 'engagementKeys' | 'dueAt'
>;

/** Opens a task for each owed notice whose contracts ask for more than that it is sent by mail, and sets its call; what a person said is done stays done. */
export async function askContracts(
  store: Store,
  file: CaseFile,
  owed: readonly Owed[],
): Promise<void> {
  const toCustomers = owed.filter(({ recipientKind }) => recipientKind === 'controller');
  if (toCustomers.length === 0) return;
  const exposures = new Map(
    (await store.cases.exposures(file.caseId))
      .filter(({ contractTerms }) => contractTerms.some(asksMore))
      .map((one) => [one.key, one]),
  );
  if (exposures.size === 0) return;
  const done = await store.tasks.subjectsDone(file.caseId, contractStep);
  const asked = toCustomers.flatMap((one) => {
    const acts = actsOf(one, exposures);
    const isDone = acts.length === 0 || done.has(contractSubject(one.obligationId));
    return isDone ? [] : [{ one, acts }];
  });
  await store.tasks.openAll(asked.map(({ one, acts }) => taskOf(file, one, acts)));
  await store.alarms.set(asked.flatMap(({ one }) => callOf(file, one)));
}

const asksMore = ({ channel, given }: ContractTerm): boolean =>
  channel !== 'email' || given !== 'sent';

function actsOf(one: Owed, exposures: ReadonlyMap<string, Exposure>): readonly string[] {
  const acts = one.engagementKeys.flatMap((key) =>
    (exposures.get(key)?.contractTerms ?? []).filter(asksMore).map(actWords),
  );
  return [...new Set(acts)];
}

function actWords({ channel, contact, given }: ContractTerm): string {
  const how = {
    email: 'the mail',
    portal: `a notice at their portal (${contact ?? ''})`,
    telephone: `a call (${contact ?? ''})`,
  }[channel];
  const counts = {
    sent: 'once it is made',
    received: 'once it has arrived',
    confirmed: 'once they confirm it',
  }[given];
  return `${how}, which counts ${counts}`;
}

function taskOf({ caseId }: CaseFile, one: Owed, acts: readonly string[]): TaskToOpen {
  const by = one.dueAt === null ? 'without undue delay' : `by ${one.dueAt.slice(0, 16)}Z`;
  return {
    caseId,
    kind: contractStep,
    subject: contractSubject(one.obligationId),
    title: `The contract of ${one.recipientKey} asks for ${acts.join('; and for ')}: ${by}. Say here when and how it was done.`,
    role: 'legal',
  };
}

function callOf(file: CaseFile, { obligationId, recipientKey, dueAt }: Owed): Alarm[] {
  if (dueAt === null) return [];
  return [
    {
      subject: contractSubject(obligationId),
      step: contractStep,
      dueAt,
      ringAt: wallTimeAt(file.clock, plusHours(dueAt, -calledHoursBefore)),
      caseId: file.caseId,
      role: 'legal',
      line: `${file.reference}: nobody has said that the contract of ${recipientKey} is met, which asks for more than a mail; due in ${String(calledHoursBefore)} h.`,
    },
  ];
}
