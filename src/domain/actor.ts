/** Who acts: a named person or a machine of ours, and what each role may ask for. */

export type Role = 'responder' | 'legal' | 'dpo' | 'executive' | 'auditor' | 'administrator';

/** One thing a person may be allowed to do; commands name the right they need. */
export type Right =
  | 'read-case'
  | 'open-case'
  | 'record-facts'
  | 'set-exposure'
  | 'determine'
  | 'fix-awareness'
  | 'give-opinion'
  | 'propose-lowering'
  | 'confirm-lowering'
  | 'decide-obligation'
  | 'edit-notice'
  | 'approve-notice'
  | 'review-wording'
  | 'sign-authorisation'
  | 'revoke-authorisation'
  | 'hold-notices'
  | 'bar-channel'
  | 'return-notice'
  | 'cancel-notice'
  | 'record-receipt'
  | 'read-readiness'
  | 'record-readiness'
  | 'confirm-address'
  | 'resend-delivery'
  | 'complete-task'
  | 'close-case'
  | 'reopen-case'
  | 'erase-persons'
  | 'import-catalogue'
  | 'manage-people'
  | 'read-register';

export interface Person {
  readonly kind: 'person';
  readonly personId: string;
  /** Identity is issuer and subject together; an e-mail address is never an identity. */
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Units whose cases the person may see; `*` for the whole group. */
  readonly units: readonly string[];
}

interface Machine {
  readonly kind: 'machine';
  /** Which part of Tocsin acts, such as `engine`, `watch`, `import`; `intake` for events whose signature was checked; `operator` for who holds the host. */
  readonly name: 'engine' | 'watch' | 'dispatch' | 'import' | 'migration' | 'intake' | 'operator';
}

export type Actor = Person | Machine;

const rightsByRole: Readonly<Record<Role, readonly Right[]>> = {
  responder: [
    'read-case',
    'open-case',
    'record-facts',
    'set-exposure',
    'propose-lowering',
    'bar-channel',
    'complete-task',
    'read-readiness',
  ],
  legal: [
    'read-case',
    'open-case',
    'record-facts',
    'set-exposure',
    'determine',
    'fix-awareness',
    'propose-lowering',
    'confirm-lowering',
    'decide-obligation',
    'edit-notice',
    'approve-notice',
    'review-wording',
    'sign-authorisation',
    'revoke-authorisation',
    'hold-notices',
    'bar-channel',
    'return-notice',
    'cancel-notice',
    'record-receipt',
    'resend-delivery',
    'complete-task',
    'close-case',
    'reopen-case',
    'erase-persons',
    'read-register',
    'read-readiness',
    'record-readiness',
    'confirm-address',
  ],
  dpo: [
    'read-case',
    'record-facts',
    'give-opinion',
    'return-notice',
    'revoke-authorisation',
    'complete-task',
    'read-register',
    'read-readiness',
  ],
  executive: [
    'read-case',
    'open-case',
    'determine',
    'fix-awareness',
    'propose-lowering',
    'confirm-lowering',
    'decide-obligation',
    'approve-notice',
    'sign-authorisation',
    'revoke-authorisation',
    'hold-notices',
    'bar-channel',
    'return-notice',
    'cancel-notice',
    'record-receipt',
    'resend-delivery',
    'complete-task',
    'close-case',
    'reopen-case',
    'erase-persons',
    'read-register',
    'read-readiness',
    'record-readiness',
    'confirm-address',
  ],
  auditor: ['read-case', 'read-register', 'read-readiness'],
  administrator: [
    'import-catalogue',
    'manage-people',
    'read-register',
    'read-readiness',
    'record-readiness',
  ],
};

// Intake may do what a responder's first report does; other machines act only through commands made for them.
const intakeRights: readonly Right[] = ['open-case', 'record-facts'];

// The DPO advises and controls: who is DPO as well cannot be the one who decides what leaves, Art. 38(6) GDPR.
const releasing: ReadonlySet<Right> = new Set([
  'confirm-lowering',
  'approve-notice',
  'sign-authorisation',
  'resend-delivery',
]);

/** True if one of a person's roles carries the right, or the machine is intake and a signed event may ask for it. */
export function mayDo(actor: Actor, right: Right): boolean {
  if (actor.kind === 'machine') return actor.name === 'intake' && intakeRights.includes(right);
  if (releasing.has(right) && actor.roles.includes('dpo')) return false;
  return actor.roles.some((role) => rightsByRole[role].includes(right));
}

/** The actor as the register names it: a pseudonym, never a name or an address. */
export function actorLabel(actor: Actor): string {
  return actor.kind === 'person' ? `person/${actor.personId}` : `machine/${actor.name}`;
}
