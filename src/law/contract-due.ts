/** When a contract asks for the notice to a customer, with its working: the earliest of its terms. */
import type { ContractTerm, TermPeriod, TermTrigger } from '../domain/contract-term.ts';
import { plusHours } from '../domain/instant.ts';
import type { Instant } from '../domain/instant.ts';
import { calendarNamed, isBusinessDay } from './calendar.ts';
import { earliest } from './due.ts';
import { dayAt, dayStartAt, instantOfWall, localAt, plusDays } from './zone.ts';

/** The instants a term may run from, in the zone they are shown in. */
export interface TermClock {
  readonly awareAt: Instant;
  /** When the first suspicion reached us; a later one than awareness counts for nothing. */
  readonly suspectedAt?: Instant;
  /** When it was determined to be a breach. */
  readonly confirmedAt?: Instant;
  readonly zone: string;
}

export interface ContractDue {
  /** Null where no contract gives a number. */
  readonly dueAt: Instant | null;
  readonly working: readonly string[];
}

/** The earliest due of several terms, and what each says; Art. 33(2) GDPR gives no number that it could loosen. */
export function contractDue(terms: readonly ContractTerm[], clock: TermClock): ContractDue {
  const said = terms.map((term) => termSaid(term, clock));
  return {
    dueAt: earliest(said.flatMap(({ dueAt }) => dueAt ?? [])),
    working: [...new Set(said.map(({ text }) => text))],
  };
}

/**
 * The end of a term. The day it runs from is not counted, whatever its hour: a start after the cut-off moves nothing,
 * the earlier reading. The last day runs to its cut-off, else to its midnight.
 */
function termEndAt(period: TermPeriod, fromAt: Instant): Instant {
  if (period.unit === 'hours') return plusHours(fromAt, period.count);
  const calendar = calendarNamed(period.calendar);
  let day = dayAt(fromAt, period.zone);
  for (let left = period.count; left > 0;) {
    day = plusDays(day, 1);
    if (isBusinessDay(day, calendar)) left -= 1;
  }
  return period.cutOff === null
    ? dayStartAt(plusDays(day, 1), period.zone)
    : instantOfWall(`${day}T${period.cutOff}:00`, period.zone);
}

function runsFrom(trigger: TermTrigger, clock: TermClock): Instant {
  const { awareAt, suspectedAt = awareAt, confirmedAt = awareAt } = clock;
  switch (trigger) {
    case 'awareness':
      return awareAt;
    case 'suspicion':
      return suspectedAt < awareAt ? suspectedAt : awareAt;
    case 'confirmation':
      return confirmedAt > awareAt ? confirmedAt : awareAt;
  }
}

const placeWords = {
  agreement: 'The master agreement',
  engagement: 'The contract of the service',
} as const;
const channelWords = {
  email: 'by e-mail',
  portal: 'at a portal',
  telephone: 'by telephone',
} as const;
const givenWords = {
  sent: 'given once sent',
  received: 'given once received',
  confirmed: 'given once the customer confirms it',
} as const;

function termSaid(
  { standsIn, period, trigger, channel, contact, given }: ContractTerm,
  clock: TermClock,
): { readonly dueAt: Instant | null; readonly text: string } {
  const how = `${channelWords[channel]}${contact === null ? '' : ` (${contact})`}, ${givenWords[given]}`;
  if (period === null) {
    const text = `${placeWords[standsIn]} gives no number; the notice goes ${how}.`;
    return { dueAt: null, text };
  }
  const fromAt = runsFrom(trigger, clock);
  const dueAt = termEndAt(period, fromAt);
  const from = `${trigger} at ${localAt(fromAt, clock.zone)}`;
  const zone = period.unit === 'hours' ? clock.zone : period.zone;
  const end = `${localAt(dueAt, zone)} (${dueAt.slice(0, 19)}Z)`;
  const text = `${placeWords[standsIn]} gives ${periodWords(period)} from ${from}: ${end}; ${how}.`;
  return { dueAt, text };
}

function periodWords(period: TermPeriod): string {
  if (period.unit === 'hours')
    return `${String(period.count)} ${period.count === 1 ? 'hour' : 'hours'}`;
  const { name, verification } = calendarNamed(period.calendar);
  const days = period.count === 1 ? 'business day' : 'business days';
  const cutOff = period.cutOff === null ? 'to midnight' : `to the cut-off at ${period.cutOff}`;
  return `${String(period.count)} ${days} (${name}; ${verification}), the day of the start not counted, ${cutOff} in ${period.zone},`;
}
