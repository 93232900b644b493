/** The notice side of a process: wording from the templates, keys, and the wire to relay and sandbox. */
import { hostname } from 'node:os';
import { smtpTarget } from '../adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire, type SmtpWire } from '../adapters/mail/wire.ts';
import { handlebarsWording } from '../adapters/wording/handlebars.ts';
import type { DispatchDeps } from '../commands/dispatch-notice.ts';
import type { FreezeDeps } from '../commands/freeze-notice.ts';
import type { Config } from '../config.ts';
import { readNoticeIdKey } from './keys.ts';

/** What freezing a version needs. */
export function freezeDeps(config: Config): FreezeDeps {
  return {
    wording: handlebarsWording(),
    noticeIdKey: readNoticeIdKey(config.keysDir),
  };
}

/** What freezing and dispatching need; `wire.close()` ends idle sessions. */
export function wireNotices(
  config: Config,
): FreezeDeps & DispatchDeps & { readonly wire: SmtpWire } {
  const { sandboxSmtpUrl, smtpUrl } = config.mail;
  const wire = smtpWire({
    sandbox: sandboxSmtpUrl === null ? null : smtpTarget(sandboxSmtpUrl),
    relay: smtpUrl === null ? null : smtpTarget(smtpUrl),
    name: hostname(),
    timeouts: smtpTimeouts,
  });
  return { ...freezeDeps(config), wire };
}
