/** Every scenario a drill can play, by name. */
import { credentialStuffing } from './credential-stuffing.ts';
import { hostingIntrusion } from './hosting-intrusion.ts';
import { lateProcessorNotice } from './late-processor-notice.ts';
import { mailboxCompromised } from './mailbox-compromised.ts';
import { managedRansomware } from './managed-ransomware.ts';
import { misSentMail } from './mis-sent-mail.ts';
import type { Scenario } from './scenario.ts';
import { scopeDoubles } from './scope-doubles.ts';
import { sentThenNoBreach } from './sent-then-no-breach.ts';
import { stolenLaptop } from './stolen-laptop.ts';

export const scenarios: readonly Scenario[] = [
  hostingIntrusion,
  misSentMail,
  stolenLaptop,
  credentialStuffing,
  managedRansomware,
  lateProcessorNotice,
  sentThenNoBreach,
  scopeDoubles,
  mailboxCompromised,
];
export const defaultScenario = hostingIntrusion.name;
