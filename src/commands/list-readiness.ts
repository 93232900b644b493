/** Every authority the group may have to notify, by affiliate, and how ready we are to do it. */
import type { Affiliate, Processing, Store } from '../domain/ports.ts';
import {
  channelReadinessOf,
  readinessOf,
  type AuthorityAddress,
  type FilingPlan,
  type FilingPolicy,
  type Readiness,
  type StandingReadiness,
} from '../domain/readiness.ts';
import { competentAuthorities } from '../law/authorities.ts';
import { regimeOf } from '../law/regimes.ts';
import { authorityNamed, telecomAuthorities } from '../law/telecom-authorities.ts';

/** One authority as one affiliate may need it. */
export interface ReadinessLine extends Readiness {
  readonly authorityId: string;
  readonly authorityName: string;
  readonly affiliateKey: string;
  readonly affiliateName: string;
  /** By machine where its address is confirmed, else a person files. */
  readonly way: 'machine' | 'person';
  readonly url: string | null;
  /** An address a source names; a machine uses it only once a person confirmed it. */
  readonly knownEmail: string | null;
  readonly note: string;
  readonly plan: FilingPlan;
  readonly record: StandingReadiness | null;
  readonly address: AuthorityAddress | null;
  readonly proposed: AuthorityAddress | null;
}

interface Known {
  readonly policy: FilingPolicy;
  readonly today: string;
  readonly records: readonly StandingReadiness[];
  readonly addresses: readonly AuthorityAddress[];
}

/** The lines of the newest catalogue, worst first. */
export async function listReadiness(store: Store): Promise<readonly ReadinessLine[]> {
  const version = await store.cases.catalogueVersion();
  const processings = await store.cases.processings(version);
  const known: Known = {
    policy: await store.readiness.policy(),
    today: (await store.house.now()).slice(0, 10),
    records: await store.readiness.standing(),
    addresses: await store.readiness.addresses(null),
  };
  const lines: ReadinessLine[] = [];
  for (const affiliate of await store.cases.affiliates(version)) {
    for (const authorityId of authoritiesOf(affiliate, processings)) {
      const authority = authorityNamed(authorityId);
      if (authority === null) continue;
      const plan = await store.readiness.plan(authorityId, affiliate.key);
      lines.push(lineOf(affiliate, authority, plan, known));
    }
  }
  const rank = { red: 0, amber: 1, green: 2 } as const;
  return lines.toSorted((one, other) => rank[one.light] - rank[other.light]);
}

/** Those to notify for any own processing, that of the seat always among them, and those a provider of communications files with. */
function authoritiesOf(affiliate: Affiliate, processings: readonly Processing[]): string[] {
  const seat = {
    country: affiliate.country,
    mainEstablishment: affiliate.mainEstablishment,
    ...(affiliate.region === null ? {} : { region: affiliate.region }),
  };
  const regime = regimeOf(affiliate.country);
  const own = processings.filter(({ affiliateKey }) => affiliateKey === affiliate.key);
  const home = { crossBorder: false, affectedCountries: [affiliate.country] };
  const kinds = own.map((one) => ({
    crossBorder: one.crossBorder,
    affectedCountries: one.countries,
  }));
  const ids = [home, ...kinds].flatMap((processing) =>
    competentAuthorities({ regime, processing, affiliate: seat })
      .filter(({ role }) => role !== 'concerned')
      .map(({ authorityId }) => authorityId),
  );
  const asProvider = affiliate.providerIn.length > 0 ? telecomAuthorities(affiliate.country) : [];
  return [...new Set([...ids, ...asProvider.map(({ authorityId }) => authorityId)])].sort();
}

function lineOf(
  affiliate: Affiliate,
  authority: NonNullable<ReturnType<typeof authorityNamed>>,
  plan: FilingPlan,
  { policy, today, records, addresses }: Known,
): ReadinessLine {
  const ofAuthority = records.filter(({ authorityId }) => authorityId === authority.id);
  const record =
    ofAuthority.find(({ affiliateKey }) => affiliateKey === affiliate.key) ??
    ofAuthority.find(({ affiliateKey }) => affiliateKey === null) ??
    null;
  const named = (state: AuthorityAddress['state']): AuthorityAddress | null =>
    addresses.find((one) => one.authorityId === authority.id && one.state === state) ?? null;
  const address = named('confirmed');
  const byMachine = authority.channel.kind === 'email' && address !== null;
  const readiness = byMachine
    ? channelReadinessOf(address, policy, today)
    : readinessOf(record, policy, today);
  return {
    ...readiness,
    authorityId: authority.id,
    authorityName: authority.name,
    affiliateKey: affiliate.key,
    affiliateName: affiliate.name,
    way: byMachine ? 'machine' : 'person',
    url: authority.channel.url,
    knownEmail: authority.channel.email,
    note: authority.channel.note,
    plan,
    record,
    address,
    proposed: named('proposed'),
  };
}
