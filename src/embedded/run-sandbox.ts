/** The command `tocsin sandbox`: serves the sandbox mailboxes until it is told to stop. */
import { once } from 'node:events';
import { demand, type Config } from '../config.ts';
import { placesIn } from './layout.ts';
import { startSandboxMailbox, type SandboxMailbox } from './sandbox-mailbox.ts';

/**
 * Listens where `TOCSIN_SANDBOX_SMTP_URL` and `TOCSIN_MAILBOX_URL` point, and as a mailbox of its own where
 * `TOCSIN_OUT_OF_BAND_URL` does, if its page has an address; resolves after `stop` is aborted.
 */
export async function runSandbox(
  config: Config,
  stop: AbortSignal,
  complain: (error: unknown) => void,
): Promise<void> {
  const { mail, home } = config;
  const start = (folder: string, smtpUrl: string, pageUrl: string): Promise<SandboxMailbox> =>
    startSandboxMailbox({
      folder,
      smtpPort: Number(new URL(smtpUrl).port),
      httpPort: Number(new URL(pageUrl).port),
      complain,
    });
  const places = placesIn(home);
  const mailboxes = [
    await start(
      places.mailbox,
      demand(mail.sandboxSmtpUrl, 'TOCSIN_SANDBOX_SMTP_URL'),
      demand(mail.mailboxUrl, 'TOCSIN_MAILBOX_URL'),
    ),
  ];
  if (mail.outOfBand !== null && mail.outOfBandMailboxUrl !== null) {
    const { smtpUrl } = mail.outOfBand;
    mailboxes.push(await start(places.outOfBandMailbox, smtpUrl, mail.outOfBandMailboxUrl));
  }
  if (!stop.aborted) await once(stop, 'abort');
  await Promise.all(mailboxes.map((mailbox) => mailbox.close()));
}
