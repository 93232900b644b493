/** How people were called while mail was barred: what the register says, and what both mailboxes really got. */
import { ringsOf } from '../../domain/alike-alarms.ts';
import type { TimelineEntry } from '../../domain/views.ts';
import { messagesSince, type SinkMessage } from './sink.ts';

/** The sandbox mailboxes of a drill. */
export interface Mailboxes {
  readonly ordinary: string;
  /** Null where calls out of band leave for a provider: nobody can look there. */
  readonly outOfBand: string | null;
}

export interface BarredCalls {
  /** Calls handed over out of band, and what the mailbox there has of them; null where it cannot be read. */
  readonly outOfBand: number;
  readonly arrived: number | null;
  /** Calls nobody could send: a task asked somebody to telephone. */
  readonly byTelephone: number;
  /** Messages of the case, calls and notices, that came by ordinary mail meanwhile. */
  readonly byMail: number;
  /** Wall time from the bar to the first call out of band; null when there was none. */
  readonly firstAfterSeconds: number | null;
}

/** Null for a case whose mail was never barred; a bar nobody opened lasts to the end. */
export async function callsWhileBarred(
  mailboxes: Mailboxes,
  { reference, noticeIds }: { reference: string; noticeIds: ReadonlySet<string> },
  timeline: readonly TimelineEntry[],
): Promise<BarredCalls | null> {
  const barred = timeline.find(({ type }) => type === 'channel.barred');
  if (barred === undefined) return null;
  const opened = timeline.find(
    ({ type, data }) => type === 'channel.opened' && data['isOpen'] === true,
  );
  const handed = timeline.filter(({ type }) => type === 'alarm.handed');
  const by = (way: string) => handed.filter(({ data }) => data['way'] === way);
  const isOfCase = ({ subject, noticeId }: SinkMessage): boolean =>
    subject.startsWith(`[Tocsin] ${reference}:`) || (noticeId !== null && noticeIds.has(noticeId));
  const meanwhile = ({ receivedAt }: SinkMessage): boolean =>
    receivedAt > barred.at && (opened === undefined || receivedAt < opened.at);
  const ordinary = await messagesSince(mailboxes.ordinary, null);
  const apart =
    mailboxes.outOfBand === null ? null : await messagesSince(mailboxes.outOfBand, null);
  const first = by('out-of-band')
    .map(({ at }) => Date.parse(at))
    .sort((one, other) => one - other)[0];
  return {
    outOfBand: by('out-of-band').length,
    arrived: apart === null ? null : apart.filter(isOfCase).reduce(addRings, 0),
    byTelephone: by('telephone').length,
    byMail: ordinary.filter((message) => isOfCase(message) && meanwhile(message)).length,
    firstAfterSeconds: first === undefined ? null : (first - Date.parse(barred.at)) / 1000,
  };
}

// One message may stand for many that rang alike.
function addRings(sum: number, { subject }: SinkMessage): number {
  return sum + ringsOf(subject);
}

/** What was wrong with the calls, one sentence each. */
export function callFaults(calls: BarredCalls | null): string[] {
  if (calls === null) return [];
  const { outOfBand, arrived, byTelephone, byMail } = calls;
  return [
    ...(outOfBand === 0 ? ['nobody was called out of band while mail was barred'] : []),
    ...(arrived !== null && arrived < outOfBand
      ? [`${String(outOfBand)} calls went out of band, the mailbox there has ${String(arrived)}`]
      : []),
    ...(byTelephone > 0 ? [`${String(byTelephone)} calls reached nobody but by telephone`] : []),
    ...(byMail > 0 ? [`${String(byMail)} messages of the case came by barred mail`] : []),
  ];
}
