/** What a contract says of telling the customer: by when, counted from what, by which channel, and what counts as given. */

/** Calendars of working days a contract may name; their holidays are data of the law. `none`: weekends only. */
export const termCalendars = ['none', 'de', 'de-he', 'ee', 'fr', 'ie'] as const;
export type TermCalendar = (typeof termCalendars)[number];

/** From what a term runs: awareness, the first suspicion, or the determination that it is a breach. */
export const termTriggers = ['awareness', 'suspicion', 'confirmation'] as const;
export type TermTrigger = (typeof termTriggers)[number];

export const termChannels = ['email', 'portal', 'telephone'] as const;
type TermChannel = (typeof termChannels)[number];

/** When a notice counts as given: once it left, once it arrived, or once the customer said so. */
export const termGivens = ['sent', 'received', 'confirmed'] as const;
type TermGiven = (typeof termGivens)[number];

/** Hours that elapse, or working days of a calendar on the walls of a zone, the last to its cut-off (`17:00`). */
export type TermPeriod =
  | { readonly unit: 'hours'; readonly count: number }
  | {
      readonly unit: 'business-days';
      readonly count: number;
      readonly calendar: TermCalendar;
      readonly cutOff: string | null;
      readonly zone: string;
    };

/** The term of a master agreement or of one engagement. */
export interface ContractTerm {
  readonly standsIn: 'agreement' | 'engagement';
  /** Null where the contract gives no number. */
  readonly period: TermPeriod | null;
  readonly trigger: TermTrigger;
  readonly channel: TermChannel;
  /** Which portal, or which telephone number; null where mail goes to the customer's breach contact. */
  readonly contact: string | null;
  readonly given: TermGiven;
}
