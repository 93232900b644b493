/** Lets a command outside the stack join the one that runs in the same home. */
import type { Config } from '../config.ts';
import { databaseUrls, sandboxCaller } from './layout.ts';
import { runningStack } from './run-file.ts';

/** The configuration, with what it leaves open filled from the stack running in its home, if one does. */
export function joinRunningStack(config: Config): Config {
  const run = runningStack(config.home);
  if (run === undefined) return config;
  const { mail, temporal } = config;
  const port = Number(new URL(run.database).port);
  return {
    ...config,
    keysDir: run.keys,
    embedded: true,
    database: databaseUrls(config, run.keys, port),
    temporal: {
      namespace: run.namespace,
      address: temporal.address ?? run.temporal,
      connectionOptions: { address: run.temporal, ...temporal.connectionOptions },
    },
    mail: {
      ...mail,
      smtpUrl: mail.smtpUrl ?? run.smtp,
      sandboxSmtpUrl: mail.sandboxSmtpUrl ?? run.sandboxSmtp,
      mailboxUrl: mail.mailboxUrl ?? run.mailbox,
      outOfBand:
        mail.outOfBand ??
        (run.outOfBand === null ? null : { smtpUrl: run.outOfBand, sender: sandboxCaller }),
      outOfBandMailboxUrl: mail.outOfBandMailboxUrl ?? run.outOfBandMailbox,
    },
    api: { host: new URL(run.api).hostname, port: Number(new URL(run.api).port), url: run.api },
  };
}
