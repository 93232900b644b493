/** The watch process: alarms, relay and reconciler, each going on whatever else is down. */
import { alarmMail } from '../adapters/mail/alarm-mail.ts';
import { webhookStore } from '../adapters/postgres/webhook-store.ts';
import { openPool } from '../adapters/postgres/sql.ts';
import { watchStore } from '../adapters/postgres/watch-store.ts';
import { conductorOver } from '../adapters/temporal/conductor.ts';
import { connectClient } from '../adapters/temporal/connection.ts';
import { readKeyRing } from '../adapters/temporal/payload-codec.ts';
import { webhookSender } from '../adapters/webhook/sender.ts';
import { join } from 'node:path';
import { demand, type Config } from '../config.ts';
import { keyFiles } from '../embedded/keys.ts';
import { startWatch } from '../watch/watch.ts';
import { faultOf, type Log } from './log.ts';

/** Resolves when `signal` is aborted and the loops have come to rest. */
export async function runWatch(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  const pool = openPool(demand(config.database.watch, 'DATABASE_URL_WATCH'), 6, 'watch');
  const client = connectClient(
    config.temporal,
    readKeyRing(join(config.keysDir, keyFiles.payload)),
  );
  const smtpUrl = demand(config.mail.smtpUrl, 'SMTP_URL');
  const { outOfBand } = config.mail;
  const page = config.api.url.replace(/\/api\/v1\/?$/, '');
  let lastComplaint = '';
  const stop = startWatch({
    store: watchStore(pool),
    conductor: conductorOver(client),
    channels: {
      mail: alarmMail({
        smtpUrl,
        sender: config.mail.sender,
        pageUrl: page,
        isOutOfBand: false,
      }),
      outOfBand:
        outOfBand === null ? null : alarmMail({ ...outOfBand, pageUrl: page, isOutOfBand: true }),
    },
    webhooks: { store: webhookStore(pool), sender: webhookSender(), endpoints: config.webhooks },
    complain: (part, error) => {
      const fault = faultOf(error);
      const complaint = `${part} ${fault.message ?? ''}`;
      // The same fault comes back with every round: it is said once until it changes.
      if (complaint !== lastComplaint) log('warn', part, fault);
      lastComplaint = complaint;
    },
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  await stop();
  await client.connection.close();
  await pool.end();
}
