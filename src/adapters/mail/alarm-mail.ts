/** Calls people by e-mail when an alarm rings; a second copy of an alarm does no harm. */
import { createTransport } from 'nodemailer';
import type { AlarmChannel } from '../../domain/watch-ports.ts';

const timeoutMs = 10_000;

/** An alarm channel over SMTP, apart from the transport that carries notices. */
export function alarmMail(smtpUrl: string, sender: string, pageUrl: string): AlarmChannel {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname,
    port: Number(url.port || (secure ? 465 : 25)),
    secure,
    ...(url.username === ''
      ? {}
      : {
          auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
        }),
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
        to: { name: ring.personName ?? '', address: ring.email },
        subject: `[Tocsin] ${ring.line}`,
        text: [
          ring.line,
          '',
          `Due: ${ring.dueAt}`,
          ring.caseId === null
            ? `Events: ${pageUrl}/events`
            : `Case: ${pageUrl}/cases/${ring.caseId}`,
          '',
          'Answer this alarm on that page; if nobody does, your deputy is called.',
          '',
        ].join('\n'),
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Alarm': `${ring.subject} ${ring.step}` },
      });
    },
  };
}
