/** The clocks of NIS2 beside a case: once the facts speak for a significant incident, named people are asked and called. */
import { actorLabel } from '../domain/actor.ts';
import type { Alarm } from '../domain/alarm.ts';
import type { CaseFile } from '../domain/case.ts';
import { plusHours, wallTimeAt } from '../domain/instant.ts';
import type { Store } from '../domain/ports.ts';
import {
  besideProvisions,
  clocksBeside,
  notFiledHere,
  significanceIn,
  type BesideClock,
} from '../law/beside.ts';

/** The subject of the calls of a case about what is not filed here; the step is the provision. */
export const besideSubject = (caseId: string): string => `beside/${caseId}`;

const engine = actorLabel({ kind: 'machine', name: 'engine' });

/** Policy, not law: how long before such a clock ends somebody is called. */
const calledHoursBefore = 6;

/**
 * Opens one task for each clock and sets its call. A task that was once opened is not opened again: what its completion
 * says, such as "no significant incident" or when it was filed, stands.
 */
export async function pressBeside(store: Store, file: CaseFile): Promise<void> {
  if (significanceIn(await store.cases.currentFacts(file.caseId)) !== 'indicated') return;
  const asked = await store.tasks.kindsOf(file.caseId);
  const clocks = await clocksOf(store, file);
  for (const clock of clocks.filter(({ provision }) => !asked.includes(provision)))
    await press(store, file, clock);
}

/** After awareness has moved: what is still asked is asked anew, with the instant that holds now, and rings by it. */
export async function moveBeside(store: Store, file: CaseFile): Promise<void> {
  const asked = await store.tasks.kindsOf(file.caseId);
  if (!besideProvisions.some((provision) => asked.includes(provision))) return;
  const outcome = `Awareness is ${file.awareness.awareAt} now: asked anew`;
  for (const clock of await clocksOf(store, file)) {
    if (clock.dueAt === null || !(await store.tasks.isOpen(file.caseId, clock.provision))) continue;
    const subject = besideSubject(file.caseId);
    await store.tasks.completeBySubject(file.caseId, clock.provision, subject, engine, outcome);
    await press(store, file, clock);
  }
}

async function clocksOf(store: Store, file: CaseFile): Promise<readonly BesideClock[]> {
  const affiliates = await store.cases.affiliates(await store.cases.catalogueVersion());
  const countries = affiliates.map(({ country }) => country);
  return clocksBeside(countries, file.awareness, 'indicated');
}

async function press(store: Store, file: CaseFile, clock: BesideClock): Promise<void> {
  await store.tasks.open({
    caseId: file.caseId,
    kind: clock.provision,
    subject: besideSubject(file.caseId),
    title: titleOf(clock),
    role: 'legal',
  });
  await store.alarms.set(callOf(file, clock));
}

function titleOf({ label, citation, dueAt }: BesideClock): string {
  const by = dueAt === null ? 'one month after the notification' : `by ${dueAt.slice(0, 16)}Z`;
  return `Significant incident? ${label}, ${citation}: ${by}. ${notFiledHere} Say here what was decided, or when it was filed.`;
}

function callOf(file: CaseFile, { provision, label, citation, dueAt }: BesideClock): Alarm[] {
  if (dueAt === null) return [];
  return [
    {
      subject: besideSubject(file.caseId),
      step: provision,
      dueAt,
      ringAt: wallTimeAt(file.clock, plusHours(dueAt, -calledHoursBefore)),
      caseId: file.caseId,
      role: 'legal',
      line: `${file.reference}: if this is a significant incident, due in ${String(calledHoursBefore)} h and not filed by Tocsin: ${label}, ${citation}.`,
    },
  ];
}
