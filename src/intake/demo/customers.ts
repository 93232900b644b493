/** Customers of the demo organisation and what they use; the exposed ones of the main drill by construction. */
import type { CatalogueRow } from '../../domain/catalogue.ts';
import { drillAssets } from './drill.ts';
import { affiliateKeys } from './house.ts';
import { assetKeysOf, demoProducts, voiceAccess } from './offer.ts';
import type { Random } from './random.ts';
import {
  asciiLabel,
  companyKinds,
  companyWords,
  demoCountries,
  familyNames,
  fictionPhone,
  givenNames,
} from './words.ts';

const customerCount = 400;
/** Uses besides the first of each customer. */
const furtherUses = 500;
/** How many of the customers the main drill touches use two of its products. */
const drillTwice = 8;
/** The last of them is a carrier. */
const voiceCustomers = 6;
const agreementHours = ['24', '36', '48', '72', null] as const;

/** Four hundred customers, or as many as are wanted where that is more. */
export function customers(random: Random, wanted: number): CatalogueRow[] {
  const count = Math.max(customerCount, wanted);
  return companyNames(random, count).map((name, index) => {
    const country = demoCountries[index % demoCountries.length] ?? random.pick(demoCountries);
    const number = String(index + 1).padStart(4, '0');
    return {
      key: `C-${number}`,
      name: `${name} ${country.form}`,
      country: country.code,
      language: random.pick(country.languages),
      contact_name: `${random.pick(givenNames)} ${random.pick(familyNames)}`,
      contact_email: `breach-contact@${asciiLabel(name)}.example`,
      contact_phone: fictionPhone(country.code, index),
      contact_confirmed_by: random.next() < 0.9 ? 'Adam Rand' : null,
      agreement_reference: `MA-${String(2019 + random.below(7))}-${number}`,
      agreement_breach_hours: random.pick(agreementHours),
    };
  });
}

function companyNames(random: Random, count: number): string[] {
  const names = random.shuffle(
    companyWords.flatMap((word) => companyKinds.map((kind) => `${word} ${kind}`)),
  );
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.floor(index / names.length);
    const name = names[index % names.length] ?? '';
    return turn === 0 ? name : `${name} ${String(turn + 1)}`;
  });
}

interface Use {
  readonly customerKey: string;
  readonly productKey: string;
  readonly drill: boolean;
}

/** What the customers use; so many of them are touched by the main drill. Throws when there are not as many. */
export function engagements(
  random: Random,
  customerRows: readonly CatalogueRow[],
  drillCustomers: number,
): CatalogueRow[] {
  if (drillCustomers > customerRows.length) {
    throw new RangeError(`the demo organisation has ${String(customerRows.length)} customers`);
  }
  const keys = customerRows.map((row) => String(row['key']));
  const uses = drillUses(random.shuffle(keys).slice(0, drillCustomers));
  const taken = new Set(uses.map(useName));
  const add = (customerKey: string): void => {
    const use = { customerKey, productKey: random.pick(demoProducts).key, drill: false };
    if (taken.has(useName(use))) return;
    taken.add(useName(use));
    uses.push(use);
  };
  for (const key of keys) add(key);
  while (uses.length < keys.length + furtherUses) add(random.pick(keys));
  const drawn = uses.map((use, index) => engagement(random, use, index));
  return [...drawn, ...voiceLines(customerRows, drawn.length)];
}

/** Subscribers of the public communications service in Germany, and one carrier that resells it. */
function voiceLines(customerRows: readonly CatalogueRow[], drawn: number): CatalogueRow[] {
  const german = customerRows.filter((row) => row['country'] === 'DE').slice(0, voiceCustomers);
  return german.map((row, index) => {
    const number = String(drawn + index + 1).padStart(4, '0');
    return {
      key: `E-${number}`,
      customer_key: String(row['key']),
      product_key: voiceAccess.key,
      affiliate_key: 'de',
      role: 'controller',
      visibility: voiceAccess.visibility,
      visibility_evidence: `Service description of ${voiceAccess.name}, section 4`,
      service_reference: `${voiceAccess.key.toUpperCase()}-${number}`,
      asset_keys: [assetKeysOf(voiceAccess)[0] ?? ''],
      breach_hours: null,
      valid_from: '2023-04-01',
      valid_to: null,
      wholesale: String(index === voiceCustomers - 1),
    };
  });
}

function useName({ customerKey, productKey }: Use): string {
  return `${customerKey} ${productKey}`;
}

function drillUses(keys: readonly string[]): Use[] {
  const products = Object.keys(drillAssets);
  const use = (customerKey: string, place: number): Use => ({
    customerKey,
    productKey: products[place % products.length] ?? 'managed-hosting',
    drill: true,
  });
  return [
    ...keys.map((key, index) => use(key, index)),
    ...keys.slice(0, drillTwice).map((key, index) => use(key, index + 1)),
  ];
}

// Services in which the provider decides for itself about some data, such as traffic data of a network.
const controllerProducts = new Set(['ip-transit', 'dns', 'mail-relay']);

function engagement(random: Random, use: Use, index: number): CatalogueRow {
  const product = demoProducts.find(({ key }) => key === use.productKey);
  if (product === undefined) throw new Error(`${use.productKey} is no product`);
  const reserved: readonly string[] = Object.values(drillAssets);
  const free = assetKeysOf(product).filter((key) => !reserved.includes(key));
  const drillAsset = reserved.filter((key) => assetKeysOf(product).includes(key));
  const ended = !use.drill && random.next() < 0.05;
  const number = String(index + 1).padStart(4, '0');
  const controls = !use.drill && controllerProducts.has(product.key) && random.next() < 0.2;
  return {
    key: `E-${number}`,
    customer_key: use.customerKey,
    product_key: product.key,
    affiliate_key: use.drill ? drillAffiliate(use.customerKey) : random.pick(affiliateKeys),
    role: controls ? 'controller' : 'processor',
    visibility: product.visibility,
    visibility_evidence: `Service description of ${product.name}, section 4`,
    service_reference: `${product.key.toUpperCase()}-${number}`,
    asset_keys: use.drill ? drillAsset : [random.pick(free)],
    breach_hours: random.next() < 0.15 ? random.pick(['24', '48']) : null,
    valid_from: `20${String(20 + random.below(5))}-0${String(1 + random.below(9))}-01`,
    valid_to: ended ? '2025-12-31' : null,
  };
}

/** A customer of the main drill contracts with one affiliate for all it uses, so it is owed one notice. */
function drillAffiliate(customerKey: string): string {
  return customerKey.charCodeAt(customerKey.length - 1) % 2 === 0 ? 'ee' : 'de';
}
