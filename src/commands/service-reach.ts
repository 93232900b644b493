/** Reads what a provider's notice to an authority says besides facts: its lines, its subscribers, who else is told, the first notice. */
import type { Instant } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Store } from '../domain/ports.ts';
import { referenceOf, type NoticeSource } from './compose-common.ts';
import { providerForm, type FirstNotice, type ServiceReach } from './compose-provider.ts';

/** The reach of the service on the track of this notice. */
export async function serviceReach(store: Store, source: NoticeSource): Promise<ServiceReach> {
  const { file, track, obligation } = source;
  const version = file.catalogueVersion ?? 0;
  const exposures = (await store.cases.exposures(file.caseId)).filter(
    ({ providerKey }) => providerKey === track.affiliateKey,
  );
  const owed = await store.obligations.ofCase(file.caseId);
  const subscribers = exposures.flatMap((one) => (one.wholesale ? [] : (one.customerKey ?? [])));
  return {
    exposures,
    owed,
    productNames: await store.notices.productNames(
      exposures.flatMap(({ productKey }) => productKey ?? []),
      version,
    ),
    countries: await store.notices.customerCountries(subscribers, version),
    firstNotice:
      providerForm(obligation.provision) === 'second'
        ? await firstNoticeOf(store, file.reference, obligation, owed)
        : null,
  };
}

async function firstNoticeOf(
  store: Store,
  reference: string,
  { trackId, recipientKey }: Obligation,
  owed: readonly Obligation[],
): Promise<FirstNotice | null> {
  const first = owed.find(
    (one) =>
      one.trackId === trackId &&
      one.recipientKey === recipientKey &&
      providerForm(one.provision) === 'authority',
  );
  const sentAt: Instant | null = first?.dispatchedAt ?? null;
  const told = first === undefined ? null : await store.followUps.told(first.obligationId);
  if (sentAt === null || told === null) return null;
  const { firstNoticeId, fileNumber } = told;
  return { reference: referenceOf(reference, firstNoticeId), sentAt, fileNumber };
}
