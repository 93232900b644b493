/** Which supervisory authority is competent for a processing of an affiliate, and why. */
import type { Verification } from '../domain/obligation.ts';
import type { Authority, AuthorityChannel } from './authority.ts';
import { germanAuthorities } from './data/authorities-germany.ts';
import { otherAuthorities } from './data/authorities-elsewhere.ts';
import { earlyUnionAuthorities } from './data/authorities-union-a-to-g.ts';
import { lateUnionAuthorities } from './data/authorities-union-h-to-z.ts';
import { countryOfRegime, isInEea, regimeNames, regimeOf } from './regimes.ts';
import type { GeneralRegime } from './regimes.ts';

export type { Authority } from './authority.ts';

/** Every authority carried, each with its source and how far it was checked. */
export const authorities: readonly Authority[] = [
  ...earlyUnionAuthorities,
  ...germanAuthorities,
  ...lateUnionAuthorities,
  ...otherAuthorities,
];

/** `lead` and `competent` authorities are notified; the lead informs those `concerned` (Art. 60 GDPR). */
type AuthorityRole = 'lead' | 'competent' | 'concerned';

export interface CompetentAuthority {
  readonly authorityId: string;
  readonly name: string;
  readonly role: AuthorityRole;
  readonly channel: AuthorityChannel;
  readonly languages: readonly string[];
  readonly zone: string;
  readonly verification: Verification;
  /** The choice explained, with its citation. */
  readonly why: string;
}

/** Where a controller sits, and whether decisions on this processing are taken there. */
interface Seat {
  readonly country: string;
  readonly region?: string;
  readonly mainEstablishment: boolean;
}

export interface CompetenceQuestion {
  readonly regime: GeneralRegime;
  readonly processing: {
    readonly crossBorder: boolean;
    /** Countries whose residents are affected, ISO 3166-1 alpha-2. */
    readonly affectedCountries: readonly string[];
  };
  readonly affiliate: Seat;
}

/** The authority with this id; null if none is carried. */
export function authorityById(id: string): Authority | null {
  return [...authorities, unresolvedLand].find((authority) => authority.id === id) ?? null;
}

/**
 * The authorities for one processing of one affiliate, to be notified first, then those concerned, each in
 * the order of their ids. Empty where every affected authority is competent and no affected country is
 * known. Source: Art. 55, 56 GDPR; EDPB 9/2022 v2.0 para. 73.
 */
export function competentAuthorities(question: CompetenceQuestion): CompetentAuthority[] {
  const { affiliate, regime } = question;
  switch (regime) {
    case 'eu-gdpr':
      return isInEea(affiliate.country) ? establishedInEea(question) : notEstablished(question);
    case 'uk-gdpr':
    case 'ch-fadp':
    case 'gi-gdpr':
    case 'je-dpl':
    case 'gg-dpl':
    case 'im-gdpr': {
      const why = `${regimeNames[regime]}: always apart from the one-stop-shop of the EU`;
      return [chosen(countryOfRegime(regime), 'competent', why)];
    }
  }
}

/** Ids of the authorities a controller there notifies itself; the lead authority informs those concerned. */
export function notifiedAuthorities(question: Omit<CompetenceQuestion, 'regime'>): string[] {
  return competentAuthorities({ ...question, regime: regimeOf(question.affiliate.country) })
    .filter(({ role }) => role !== 'concerned')
    .map(({ authorityId }) => authorityId);
}

function establishedInEea({ processing, affiliate }: CompetenceQuestion): CompetentAuthority[] {
  const { country, region } = affiliate;
  const others = affectedInEea(processing.affectedCountries).filter((other) => other !== country);
  if (!processing.crossBorder) {
    const why = `Art. 55 GDPR: the processing is not cross-border, and its controller sits in ${country}`;
    return [chosen(country, 'competent', why, region)];
  }
  if (affiliate.mainEstablishment) {
    const why = `Art. 56 GDPR: cross-border processing with the main establishment in ${country}`;
    const informed = 'Art. 60 GDPR: people there are affected; the lead authority informs it';
    const concerned = others.map((other) => chosen(other, 'concerned', informed));
    return [chosen(country, 'lead', why, region), ...sorted(concerned)];
  }
  const why = `Art. 55 GDPR: cross-border, but without the main establishment no one-stop-shop applies`;
  return sorted([
    chosen(country, 'competent', why, region),
    ...others.map((other) => chosen(other, 'competent', why)),
  ]);
}

function notEstablished({ processing }: CompetenceQuestion): CompetentAuthority[] {
  const why =
    'EDPB 9/2022 v2.0 para. 73: no establishment in the EU, so every authority whose residents are affected';
  return sorted(
    affectedInEea(processing.affectedCountries).map((country) => chosen(country, 'competent', why)),
  );
}

function affectedInEea(countries: readonly string[]): string[] {
  return [...new Set(countries)].filter(isInEea);
}

function sorted(list: readonly CompetentAuthority[]): CompetentAuthority[] {
  return list.toSorted((one, other) => (one.authorityId < other.authorityId ? -1 : 1));
}

function chosen(
  country: string,
  role: AuthorityRole,
  why: string,
  region?: string,
): CompetentAuthority {
  const authority = forPrivateBodies(country, region);
  return {
    authorityId: authority.id,
    name: authority.name,
    role,
    channel: authority.channel,
    languages: authority.languages,
    zone: authority.zone,
    verification: authority.verification,
    why,
  };
}

/** The authority for companies of a country: that of the region where it has one, else the national one. */
function forPrivateBodies(country: string, region: string | undefined): Authority {
  const covering = authorities.filter(
    (authority) => authority.country === country && authority.coversPrivate,
  );
  return (
    covering.find((authority) => authority.region === region) ??
    covering.find((authority) => authority.region === null) ??
    unresolvedLand
  );
}

/** Stands in where the Land of a German seat is not recorded: never a guess, always a person's task. */
const unresolvedLand: Authority = {
  id: 'de-land',
  country: 'DE',
  region: null,
  regime: 'eu-gdpr',
  name: 'Authority of the German Land (Land to be recorded)',
  nativeName: 'Aufsichtsbehörde des Landes',
  competence: 'private sector and Land public bodies',
  coversPrivate: true,
  channel: {
    kind: 'form',
    url: null,
    email: null,
    note: 'Record the Land of the seat; its authority then takes the place of this entry.',
  },
  languages: ['de'],
  languagesVerification: 'to-verify',
  zone: 'Europe/Berlin',
  website: null,
  generalEmail: null,
  source: 'Section 40 BDSG: competence of the Länder for private bodies',
  verification: 'to-verify',
};
