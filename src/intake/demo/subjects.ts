/** People in the own processings of the demo organisation, as many on each asset for every seed. */
import type { CatalogueRow } from '../../domain/catalogue.ts';
import { drillProcessing } from './drill.ts';
import { portalCountries } from './house.ts';
import type { Random } from './random.ts';
import { asciiLabel, demoCountries, familyNames, givenNames, type DemoCountry } from './words.ts';

interface Place {
  readonly processing: string;
  readonly asset: string;
  readonly people: number;
  /** Where these people live. */
  readonly countries: readonly string[];
}

/** 19,500 people besides those in the database of the main drill. */
const otherPlaces: readonly Place[] = [
  {
    processing: drillProcessing.key,
    asset: 'portal-db-03',
    people: 120,
    countries: portalCountries,
  },
  {
    processing: drillProcessing.key,
    asset: 'portal-db-02',
    people: 7_380,
    countries: portalCountries,
  },
  { processing: 'staff-ee', asset: 'hr-db-ee', people: 900, countries: ['EE'] },
  { processing: 'staff-de', asset: 'hr-db-de', people: 1_200, countries: ['DE'] },
  { processing: 'staff-gb', asset: 'hr-db-gb', people: 600, countries: ['GB'] },
  { processing: 'staff-ch', asset: 'hr-db-ch', people: 300, countries: ['CH'] },
  { processing: 'invoices-ee', asset: 'billing-db-ee', people: 3_000, countries: ['EE'] },
  { processing: 'invoices-de', asset: 'billing-db-de', people: 3_500, countries: ['DE'] },
  { processing: 'invoices-gb', asset: 'billing-db-gb', people: 1_500, countries: ['GB'] },
  { processing: 'invoices-ch', asset: 'billing-db-ch', people: 1_000, countries: ['CH'] },
];

/** The people one after the other, so many in the database of the main drill; nobody shares an address. */
export function* subjects(random: Random, drillPeople: number): Generator<CatalogueRow> {
  let number = 0;
  const drillPlace: Place = {
    processing: drillProcessing.key,
    asset: drillProcessing.asset,
    people: drillPeople,
    countries: portalCountries,
  };
  const places = [drillPlace, ...otherPlaces];
  for (const { processing, asset, people, countries } of places) {
    const homes = demoCountries.filter(({ code }) => countries.includes(code));
    for (let index = 0; index < people; index++) {
      number += 1;
      yield subject(random, number, processing, asset, homes);
    }
  }
}

function subject(
  random: Random,
  number: number,
  processing: string,
  asset: string,
  homes: readonly DemoCountry[],
): CatalogueRow {
  const [given, family, home] = [
    random.pick(givenNames),
    random.pick(familyNames),
    random.pick(homes),
  ];
  return {
    key: `S-${String(number).padStart(6, '0')}`,
    processing_key: processing,
    asset_key: asset,
    name: `${given} ${family}`,
    email: `${asciiLabel(given)}.${asciiLabel(family)}.${String(number)}@mail.example.net`,
    language: random.pick(home.languages),
    country: home.code,
  };
}
