/** Calls people by e-mail when an alarm rings; a second copy of an alarm does no harm. */
import { createTransport } from 'nodemailer';
import { alarmSubject } from '../../domain/alike-alarms.ts';
import type { AlarmChannel } from '../../domain/watch-ports.ts';
import { smtpTarget } from './connection.ts';

const timeoutMs = 10_000;

interface AlarmMail {
  readonly smtpUrl: string;
  readonly sender: string;
  readonly pageUrl: string;
  /** Through a provider outside the house: no name in it, TLS demanded, and a word on what to trust. */
  readonly isOutOfBand: boolean;
}

/** An alarm channel over SMTP, apart from the transport that carries notices. */
export function alarmMail({ smtpUrl, sender, pageUrl, isOutOfBand }: AlarmMail): AlarmChannel {
  const { requireTLS, auth, ...target } = smtpTarget(smtpUrl);
  const transport = createTransport({
    ...target,
    requireTLS: isOutOfBand && requireTLS,
    ...(auth === null ? {} : { auth }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async call(ring) {
      await transport.sendMail({
        envelope: { from: sender, to: [ring.email] },
        from: { name: 'Tocsin', address: sender },
        to: { name: isOutOfBand ? '' : (ring.personName ?? ''), address: ring.email },
        subject: alarmSubject(ring.line, ring.alike),
        text: [
          ring.line,
          '',
          ...(ring.alike === 1
            ? []
            : [`${String(ring.alike)} of these rang together; one answer is for all of them.`, '']),
          ring.lastDueAt === ring.dueAt
            ? `Due: ${ring.dueAt}`
            : `Due: from ${ring.dueAt} to ${ring.lastDueAt}`,
          ring.caseId === null
            ? `Events: ${pageUrl}/events`
            : `Case: ${pageUrl}/cases/${ring.caseId}`,
          '',
          'Answer this alarm on that page; if nobody does, your deputy is called.',
          '',
          ...(isOutOfBand ? [...mistrust, ''] : []),
        ].join('\n'),
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Alarm': `${ring.subject} ${ring.step}` },
      });
    },
  };
}

const mistrust = [
  'Mail is barred, so this came out of band. Do not trust what ordinary mail says of this matter, and',
  'do not write about it by mail: call each other. Reach the page by the address you know.',
];
