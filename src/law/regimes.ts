/** Which data protection law governs an affiliate: EU GDPR in the EEA and by default, the UK and Switzerland apart. */

export type Regime = 'eu-gdpr' | 'uk-gdpr' | 'ch-fadp';

const unionCountries: readonly string[] = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU'],
  ...['IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
];
const areaCountries: readonly string[] = [...unionCountries, 'IS', 'LI', 'NO'];

/** True for the 27 Member States and Iceland, Liechtenstein and Norway (ISO 3166-1 alpha-2). */
export function isInEea(country: string): boolean {
  return areaCountries.includes(country);
}

/**
 * The regime of an affiliate by its country. Elsewhere than the EEA, the UK and Switzerland it is the EU
 * GDPR so far as Art. 3(2) reaches; other national laws are not assessed here.
 */
export function regimeOf(country: string): Regime {
  if (country === 'GB') return 'uk-gdpr';
  return country === 'CH' ? 'ch-fadp' : 'eu-gdpr';
}
