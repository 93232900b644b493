/** The demo group itself: its affiliates and their own processings; the same for every seed. */
import type { CatalogueRow } from '../../domain/catalogue.ts';
import { drillProcessing } from './drill.ts';

export const groupName = 'Halden Fjord Networks';

interface Site {
  readonly key: string;
  readonly city: string;
  readonly legalName: string;
  readonly country: string;
  readonly region: string | null;
  readonly zone: string;
  readonly languages: readonly string[];
}

export const sites: readonly Site[] = [
  {
    key: 'ee',
    city: 'Tallinn',
    legalName: 'OÜ',
    country: 'EE',
    region: null,
    zone: 'Europe/Tallinn',
    languages: ['et', 'en'],
  },
  {
    key: 'de',
    city: 'Berlin',
    legalName: 'Deutschland GmbH',
    country: 'DE',
    region: 'DE-BE',
    zone: 'Europe/Berlin',
    languages: ['de', 'en'],
  },
  {
    key: 'gb',
    city: 'London',
    legalName: 'UK Ltd',
    country: 'GB',
    region: null,
    zone: 'Europe/London',
    languages: ['en'],
  },
  {
    key: 'ch',
    city: 'Zürich',
    legalName: 'Schweiz AG',
    country: 'CH',
    region: 'CH-ZH',
    zone: 'Europe/Zurich',
    languages: ['de', 'fr', 'it', 'en'],
  },
];
export const affiliateKeys: readonly string[] = sites.map(({ key }) => key);

const dpoPhones: Readonly<Record<string, string>> = {
  ee: '+44 20 7946 0101',
  de: '+49 30 23125 101',
  gb: '+44 20 7946 0102',
  ch: '+44 20 7946 0103',
};

export function affiliates(): CatalogueRow[] {
  return sites.map((site) => ({
    key: site.key,
    name: `${groupName} ${site.legalName}`,
    country: site.country,
    region: site.region,
    zone: site.zone,
    languages: site.languages,
    main_establishment: String(site.key === 'ee'),
    unit: `security-${site.key}`,
    sender_address: `breach-desk@${site.key}.haldenfjord.example`,
    dpo_name: 'Dora Lind',
    dpo_email: `dpo@${site.key}.haldenfjord.example`,
    dpo_phone: dpoPhones[site.key] ?? '+44 20 7946 0100',
    provider_in: [site.country],
  }));
}

/** Countries whose people the portal of `ee` knows; it decides for all of them in Tallinn. */
export const portalCountries: readonly string[] = [
  'EE',
  'DE',
  'FI',
  'SE',
  'DK',
  'NL',
  'BE',
  'FR',
  'ES',
  'PT',
  'IT',
  'AT',
  'PL',
  'CZ',
  'LT',
  'LV',
  'IE',
];

export function processings(): CatalogueRow[] {
  const own = sites.flatMap(({ key, city, country }) => {
    const local = { affiliate_key: key, cross_border: 'false', countries: [country] };
    return [
      {
        ...local,
        key: `staff-${key}`,
        name: `Staff in ${city}`,
        purpose: 'Employment and pay',
        people_categories: ['employees', 'applicants'],
        data_categories: [
          'name',
          'contact',
          'dob',
          'bank_account',
          'national_id',
          'education_employment',
        ],
      },
      {
        ...local,
        key: `invoices-${key}`,
        name: `Invoices of ${city}`,
        purpose: 'Invoicing and accounts',
        people_categories: ['customer contacts'],
        data_categories: ['name', 'contact', 'billing'],
      },
      {
        ...local,
        key: `access-logs-${key}`,
        name: `Access logs of ${city}`,
        purpose: 'Security of buildings and systems',
        people_categories: ['employees', 'visitors'],
        data_categories: ['name', 'username', 'ip_address', 'behavioural'],
      },
      {
        ...local,
        key: `cctv-${key}`,
        name: `Cameras in ${city}`,
        purpose: 'Protection of the data centre',
        people_categories: ['employees', 'visitors'],
        data_categories: ['photo_video', 'location'],
      },
    ];
  });
  const portal = {
    key: drillProcessing.key,
    affiliate_key: 'ee',
    name: 'Customer portal contacts',
    purpose: 'Accounts of the people who use the customer portal',
    people_categories: ['customer contacts'],
    data_categories: ['name', 'contact', 'username', 'credentials'],
    cross_border: 'true',
    countries: portalCountries,
  };
  return [...own, ...besides(), portal];
}

/** Own data without people in the catalogue, for breaches that touch a letter or a device. */
function besides(): CatalogueRow[] {
  const customers = { people_categories: ['customer contacts'], cross_border: 'false' };
  return [
    {
      ...customers,
      key: 'correspondence-ee',
      affiliate_key: 'ee',
      name: 'Correspondence of Tallinn',
      purpose: 'Letters and e-mails to customers',
      data_categories: ['name', 'contact', 'billing'],
      countries: ['EE'],
    },
    {
      ...customers,
      key: 'site-visits-de',
      affiliate_key: 'de',
      name: 'Site visits from Berlin',
      purpose: 'Work at the premises of customers',
      data_categories: ['name', 'contact', 'photo_video'],
      countries: ['DE'],
    },
  ];
}
