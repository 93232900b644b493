/** Readiness to file: who can file at an authority that takes notices from a person only, and how long that takes. */
import { fromMs, toMs, type Instant } from './instant.ts';

/** What a named person found when they last looked; `affiliateKey` null stands for every affiliate without its own. */
export interface ReadinessRecord {
  readonly authorityId: string;
  readonly affiliateKey: string | null;
  readonly account: 'exists' | 'missing' | 'not-needed';
  readonly accountHolderId: string | null;
  readonly eid: 'held' | 'missing' | 'not-needed';
  readonly eidHolderId: string | null;
  readonly deputyId: string | null;
  /** A day, `2026-05-31`. */
  readonly testedOn: string | null;
  /** How long the rehearsed filing took. */
  readonly filingMinutes: number | null;
  readonly formVersion: string | null;
  readonly note: string | null;
}

/** A record as it stands, with the names behind the ids. */
export interface StandingReadiness extends ReadinessRecord {
  readonly accountHolderName: string | null;
  readonly eidHolderName: string | null;
  readonly deputyName: string | null;
  readonly recordedAt: Instant;
  readonly recordedByName: string;
}

/** An address of an authority for a machine to send to, and who answers for it. */
export interface AuthorityAddress {
  readonly addressId: string;
  readonly authorityId: string;
  readonly email: string;
  readonly state: 'proposed' | 'confirmed' | 'superseded' | 'withdrawn';
  readonly evidence: string;
  readonly namedById: string;
  readonly namedByName: string;
  readonly namedAt: Instant;
  readonly secondedByName: string | null;
  readonly confirmedAt: Instant | null;
}

/** How a filing is planned: the time it takes and who is called for it. */
export interface FilingPlan {
  readonly minutes: number;
  /** False: nobody rehearsed it, the minutes are policy. */
  readonly isRehearsed: boolean;
  /** The holder of the eID, else of the account; null calls whoever holds the role. */
  readonly filerId: string | null;
  readonly deputyId: string | null;
}

export interface FilingPolicy {
  readonly defaultMinutes: number;
  readonly staleMonths: number;
}

export interface ReadinessStore {
  policy(): Promise<FilingPolicy>;
  /** The plan for an authority and affiliate: its own record, else the one for every affiliate, else policy. */
  plan(authorityId: string, affiliateKey: string): Promise<FilingPlan>;
  record(row: ReadinessRecord, by: string): Promise<void>;
  /** The newest record of each authority and affiliate. */
  standing(): Promise<readonly StandingReadiness[]>;
  /** Who may be named in a record: people of the house. */
  people(): Promise<readonly { personId: string; name: string }[]>;
  /** Addresses in force or proposed, of one authority or of all. */
  addresses(authorityId: string | null): Promise<readonly AuthorityAddress[]>;
  /** The address a named person has confirmed for a machine to send to; null for "a person must file". */
  confirmedAddress(authorityId: string): Promise<string | null>;
  /** True once an address of the authority was ever in force: from then on two persons change it. */
  wasConfirmed(authorityId: string): Promise<boolean>;
  nameAddress(row: {
    authorityId: string;
    email: string;
    evidence: string;
    personId: string;
    state: 'proposed' | 'confirmed';
  }): Promise<void>;
  /** Puts the proposed address in force, as the second person, in place of the one before. */
  secondAddress(addressId: string, personId: string): Promise<void>;
  /** Takes the address in force or proposed out of use; gives how many. */
  endAddresses(authorityId: string, which: 'proposed' | 'all'): Promise<number>;
  /** What is owed to the authority, dated and not yet dispatched, in every case this actor sees. */
  openFilings(authorityId: string): Promise<readonly { obligationId: string; caseId: string }[]>;
}

/** The last instant at which a filing must begin to be done by its due. */
export function latestStartAt(dueAt: Instant, { minutes }: Pick<FilingPlan, 'minutes'>): Instant {
  return fromMs(toMs(dueAt) - minutes * 60_000);
}

type Light = 'red' | 'amber' | 'green';

/** How ready we are, with every reason that keeps it from being better; none when green. */
export interface Readiness {
  readonly light: Light;
  readonly reasons: readonly string[];
}

/** Judges a portal: red while nobody could file, amber while it was not tried lately or hangs on one person. */
export function readinessOf(
  record: ReadinessRecord | null,
  policy: FilingPolicy,
  today: string,
): Readiness {
  if (record === null) return { light: 'red', reasons: ['Nobody has recorded who can file.'] };
  const red = [
    ...(record.account === 'missing' ? ['The account the form needs is missing.'] : []),
    ...(record.eid === 'missing' ? ['The eID the form needs is missing.'] : []),
  ];
  if (red.length > 0) return { light: 'red', reasons: red };
  const amber = [
    ...testReasons(record, policy, today),
    ...(record.filingMinutes === null ? ['The time a filing takes was not rehearsed.'] : []),
    ...(record.deputyId === null ? ['Nobody is named as deputy.'] : []),
  ];
  return { light: amber.length > 0 ? 'amber' : 'green', reasons: amber };
}

function testReasons(
  { testedOn }: ReadinessRecord,
  { staleMonths }: FilingPolicy,
  today: string,
): string[] {
  if (testedOn === null) return ['The way was never tested.'];
  return testedOn < monthsBefore(today, staleMonths)
    ? [`Last tested on ${testedOn}, more than ${String(staleMonths)} months ago.`]
    : [];
}

/** Judges a machine channel by when its address was confirmed: it is looked at again now and then. */
export function channelReadinessOf(
  { confirmedAt }: AuthorityAddress,
  policy: FilingPolicy,
  today: string,
): Readiness {
  return (confirmedAt ?? '').slice(0, 10) < monthsBefore(today, policy.staleMonths)
    ? {
        light: 'amber',
        reasons: [`The address was confirmed more than ${String(policy.staleMonths)} months ago.`],
      }
    : { light: 'green', reasons: [] };
}

/** The day some months before, the last of its month where there is no such day. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}
