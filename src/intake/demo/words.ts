/** Countries, tongues and invented names the demo organisation is made of. */

export interface DemoCountry {
  readonly code: string;
  readonly languages: readonly [string, ...string[]];
  /** What a company's name ends in there. */
  readonly form: string;
}

export const demoCountries: readonly DemoCountry[] = [
  { code: 'EE', languages: ['et', 'en'], form: 'OÜ' },
  { code: 'DE', languages: ['de'], form: 'GmbH' },
  { code: 'GB', languages: ['en'], form: 'Ltd' },
  { code: 'CH', languages: ['de', 'fr', 'it'], form: 'AG' },
  { code: 'FI', languages: ['fi', 'sv'], form: 'Oy' },
  { code: 'SE', languages: ['sv'], form: 'AB' },
  { code: 'NO', languages: ['nb'], form: 'AS' },
  { code: 'DK', languages: ['da'], form: 'ApS' },
  { code: 'NL', languages: ['nl'], form: 'B.V.' },
  { code: 'BE', languages: ['nl', 'fr'], form: 'NV' },
  { code: 'FR', languages: ['fr'], form: 'SARL' },
  { code: 'ES', languages: ['es'], form: 'S.L.' },
  { code: 'PT', languages: ['pt'], form: 'Lda' },
  { code: 'IT', languages: ['it'], form: 'S.r.l.' },
  { code: 'AT', languages: ['de'], form: 'GmbH' },
  { code: 'PL', languages: ['pl'], form: 'sp. z o.o.' },
  { code: 'CZ', languages: ['cs'], form: 's.r.o.' },
  { code: 'LT', languages: ['lt'], form: 'UAB' },
  { code: 'LV', languages: ['lv'], form: 'SIA' },
  { code: 'IE', languages: ['en'], form: 'DAC' },
  { code: 'HU', languages: ['hu'], form: 'Kft.' },
  { code: 'SI', languages: ['sl'], form: 'd.o.o.' },
  { code: 'GR', languages: ['el'], form: 'E.P.E.' },
  { code: 'RO', languages: ['ro'], form: 'S.R.L.' },
  { code: 'US', languages: ['en'], form: 'LLC' },
];

/** With `companyKinds` and a country's form: invented company names, some with letters beyond ASCII. */
export const companyWords = [
  'Almgard',
  'Brisvik',
  'Corvane',
  'Dünenhof',
  'Eskerra',
  'Fjellro',
  'Granitor',
  'Hõbekase',
  'Isolund',
  'Järvesuu',
  'Kestrova',
  'Lumeport',
  'Mirelund',
  'Nordhaven',
  'Ostrelle',
  'Pinevarde',
  'Quillmoor',
  'Rautaniemi',
  'Sølvbakke',
  'Tarnwick',
  'Umbrava',
  'Välimäe',
  'Weststrand',
  'Ylistø',
  'Zefirine',
] as const;
export const companyKinds = [
  'Logistics',
  'Foods',
  'Optics',
  'Textiles',
  'Clinics',
  'Energy',
  'Insurance',
  'Printing',
  'Ferries',
  'Schools',
  'Machines',
  'Seeds',
  'Travel',
  'Archives',
  'Pharmacy',
  'Timber',
] as const;

export const givenNames = [
  'Aino',
  'Anders',
  'Béatrice',
  'Carlo',
  'Dovilė',
  'Eerik',
  'Fiona',
  'Gábor',
  'Hélène',
  'Ines',
  'Jürgen',
  'Kaja',
  'Łukasz',
  'Maarja',
  'Nuno',
  'Oskar',
  'Pieter',
  'Rasmus',
  'Søren',
  'Tiina',
  'Ülle',
  'Věra',
  'Yannis',
  'Žiga',
] as const;
export const familyNames = [
  'Aaviksoo-Demo',
  'Bergström',
  'Castellan',
  'Dvořáková',
  'Eikeland',
  'Fabregas',
  'Grünwald',
  'Hämäläinen',
  'Ilves',
  'Jõgisoo',
  'Kuusemets',
  'Lindqvist',
  'Mägiste',
  'Nørgaard',
  'Okonjo',
  'Papadakis',
  'Quist',
  'Raudsepp',
  'Szalai',
  'Tamberg',
  'Urbonas',
  'Vermeulen',
  'Wójcik',
  'Zupan',
] as const;

/** Only telephone numbers that regulators keep free for fiction: London (Ofcom) and Berlin (Bundesnetzagentur). */
export function fictionPhone(country: string, number: number): string | null {
  if (country === 'GB') return `+44 20 7946 ${String(number % 1000).padStart(4, '0')}`;
  if (country === 'DE') return `+49 30 23125 ${String(number % 1000).padStart(3, '0')}`;
  return null;
}

/** A text as the local part or label of a reserved address: ASCII letters, digits and dashes. */
export function asciiLabel(text: string): string {
  return text
    .replaceAll('ø', 'o')
    .replaceAll('Ł', 'L')
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]+/g, (other) => (/^\p{M}+$/u.test(other) ? '' : '-'))
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}
