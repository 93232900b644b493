/** How a notice to an authority is filed when a person must file it, and the alarms that follow from that. */
import { obligationAlarms, type Alarm } from '../domain/alarm.ts';
import type { CaseFile, CaseMode } from '../domain/case.ts';
import type { Instant } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { latestStartAt, type FilingPlan } from '../domain/readiness.ts';

type ToAuthority = Pick<Obligation, 'affiliateKey' | 'authority'>;

/** The plan where a person files: the authority takes no e-mail, or nobody confirmed its address; null where a machine sends. */
export async function filingPlanOf(
  store: Store,
  { authority, affiliateKey }: ToAuthority,
  mode: CaseMode,
): Promise<FilingPlan | null> {
  if (authority === null) return null;
  const { authorityId, channel } = authority;
  const isSentByMachine =
    channel === 'email' &&
    (mode === 'drill' || (await store.readiness.confirmedAddress(authorityId)) !== null);
  return isSentByMachine ? null : store.readiness.plan(authorityId, affiliateKey);
}

/** The latest instant at which a filing may begin, in case time; null where no person files or nothing is dated. */
export async function latestStartOf(
  store: Store,
  obligation: ToAuthority & Pick<Obligation, 'dueAt'>,
  mode: CaseMode,
): Promise<Instant | null> {
  if (obligation.dueAt === null) return null;
  const plan = await filingPlanOf(store, obligation, mode);
  return plan === null ? null : latestStartAt(obligation.dueAt, plan);
}

/** The alarms before the due of an obligation, by how it is told. */
export async function alarmsOf(
  store: Store,
  obligation: ToAuthority & Parameters<typeof obligationAlarms>[0],
  file: Pick<CaseFile, 'mode' | 'reference' | 'clock'>,
): Promise<readonly Alarm[]> {
  const plan = await filingPlanOf(store, obligation, file.mode);
  return obligationAlarms(obligation, file.reference, file.clock, plan);
}
