/** A dispatch process to be killed: real ledger, real SMTP, leases and windows so small that no test waits for them. */
import { houseOver } from '../../../src/adapters/postgres/house.ts';
import { openPool } from '../../../src/adapters/postgres/sql.ts';
import { openingKey } from '../../../src/adapters/postgres/register-opening.ts';
import { smtpTarget } from '../../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire } from '../../../src/adapters/mail/wire.ts';
import { dispatchNotice } from '../../../src/commands/dispatch-notice.ts';
import { dispatchPolicy } from '../../../src/ledger/window.ts';

const [databaseUrl = '', smtpUrl = '', noticeId = ''] = process.argv.slice(2);
const house = houseOver(
  openPool(databaseUrl, 5, 'doomed'),
  openingKey(Buffer.alloc(32, 1).toString('base64')),
);
const wire = smtpWire({
  sandbox: smtpTarget(smtpUrl),
  relay: null,
  name: 'doomed.example',
  timeouts: { ...smtpTimeouts, beforeDotMs: 800, dotMs: 1_000, allowedForMs: 500 },
});
const policy = {
  ...dispatchPolicy,
  ...{ windowRows: 8, claimLeaseSeconds: 1, dotLeaseSeconds: 2, dotsWithinMs: 500 },
};
process.send?.('ready');
process.once('message', () => {
  void (async () => {
    for (;;) {
      const { remaining } = await dispatchNotice(house, { wire, policy }, noticeId, { limit: 400 });
      process.send?.(remaining);
      if (remaining === 0) process.exit(0);
    }
  })();
});
