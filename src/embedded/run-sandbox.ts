/** The command `tocsin sandbox`: serves the sandbox mailbox until it is told to stop. */
import { once } from 'node:events';
import { demand, type Config } from '../config.ts';
import { placesIn } from './layout.ts';
import { startSandboxMailbox } from './sandbox-mailbox.ts';

/** Listens where `TOCSIN_SANDBOX_SMTP_URL` and `TOCSIN_MAILBOX_URL` point; resolves after `stop` is aborted. */
export async function runSandbox(
  config: Config,
  stop: AbortSignal,
  complain: (error: unknown) => void,
): Promise<void> {
  const smtp = new URL(demand(config.mail.sandboxSmtpUrl, 'TOCSIN_SANDBOX_SMTP_URL'));
  const page = new URL(demand(config.mail.mailboxUrl, 'TOCSIN_MAILBOX_URL'));
  const mailbox = await startSandboxMailbox({
    folder: placesIn(config.home).mailbox,
    smtpPort: Number(smtp.port),
    httpPort: Number(page.port),
    complain,
  });
  if (!stop.aborted) await once(stop, 'abort');
  await mailbox.close();
}
