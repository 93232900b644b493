/** Which data protection law governs an affiliate: EU GDPR in the EEA and by default, the UK, Gibraltar and Switzerland apart. */

/** A general law of data protection: exactly one governs each affiliate. */
export type GeneralRegime =
  'eu-gdpr' | 'uk-gdpr' | 'ch-fadp' | 'gi-gdpr' | 'je-dpl' | 'gg-dpl' | 'im-gdpr';

/** Every law the rules know: the general ones, those of electronic communications, and those shown beside. */
export type Regime = GeneralRegime | 'eprivacy-611' | 'uk-pecr' | 'eu-nis2';

const unionRegimes: readonly Regime[] = ['eu-gdpr', 'eprivacy-611', 'eu-nis2'];

/** True for law of the Union, whose periods Regulation 1182/71 reads. */
export function isUnionLaw(regime: Regime): boolean {
  return unionRegimes.includes(regime);
}

const unionCountries: readonly string[] = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU'],
  ...['IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
];
const areaCountries: readonly string[] = [...unionCountries, 'IS', 'LI', 'NO'];

/** True for the 27 Member States and Iceland, Liechtenstein and Norway (ISO 3166-1 alpha-2). */
export function isInEea(country: string): boolean {
  return areaCountries.includes(country);
}

type OwnRegime = Exclude<GeneralRegime, 'eu-gdpr'>;

const countryOf: Readonly<Record<OwnRegime, string>> = {
  'uk-gdpr': 'GB',
  'ch-fadp': 'CH',
  'gi-gdpr': 'GI',
  'je-dpl': 'JE',
  'gg-dpl': 'GG',
  'im-gdpr': 'IM',
};
const ownRegimes: readonly OwnRegime[] = [
  ...(['uk-gdpr', 'ch-fadp', 'gi-gdpr', 'je-dpl', 'gg-dpl', 'im-gdpr'] as const),
];

/** The country whose own law a regime is. */
export function countryOfRegime(regime: OwnRegime): string {
  return countryOf[regime];
}

/** What each law is called. */
export const regimeNames: Readonly<Record<Regime, string>> = {
  'eu-gdpr': 'GDPR',
  'uk-gdpr': 'UK GDPR',
  'ch-fadp': 'Swiss FADP',
  'gi-gdpr': 'Gibraltar GDPR',
  'je-dpl': 'Data Protection (Jersey) Law 2018',
  'gg-dpl': 'Data Protection (Bailiwick of Guernsey) Law 2017',
  'im-gdpr': 'applied GDPR of the Isle of Man',
  'eprivacy-611': 'Regulation (EU) No 611/2013',
  'uk-pecr': 'PECR 2003',
  'eu-nis2': 'Directive (EU) 2022/2555 (NIS2)',
};

/**
 * The regime of an affiliate by its country. Elsewhere than in those with a law of their own here it is the EU
 * GDPR so far as Art. 3(2) reaches; other national laws are not assessed here.
 */
export function regimeOf(country: string): GeneralRegime {
  return ownRegimes.find((regime) => countryOf[regime] === country) ?? 'eu-gdpr';
}
