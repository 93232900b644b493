/** What the demo group sells and what it runs on; the same for every seed. */
import type { CatalogueRow } from '../../domain/catalogue.ts';
import { drillProcessing } from './drill.ts';
import { sites } from './house.ts';

interface DemoProduct {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly visibility: string;
  /** Name of its assets and how many there are; the drill's own asset is among them. */
  readonly assets: readonly [string, number];
}

export const demoProducts: readonly DemoProduct[] = [
  {
    key: 'colocation',
    name: 'Colocation',
    kind: 'space',
    visibility: 'V0',
    assets: ['rack-row', 4],
  },
  {
    key: 'dark-fibre',
    name: 'Dark fibre',
    kind: 'network',
    visibility: 'V0',
    assets: ['fibre-route', 3],
  },
  {
    key: 'ip-transit',
    name: 'IP transit',
    kind: 'network',
    visibility: 'V1',
    assets: ['flow-collector', 4],
  },
  { key: 'sd-wan', name: 'SD-WAN', kind: 'network', visibility: 'V1', assets: ['wan-hub', 2] },
  { key: 'dns', name: 'DNS', kind: 'network', visibility: 'V1', assets: ['resolver', 2] },
  {
    key: 'mail-relay',
    name: 'Mail relay',
    kind: 'communication',
    visibility: 'V1',
    assets: ['mail-relay', 2],
  },
  {
    key: 'backup-vault',
    name: 'Backup vault',
    kind: 'storage',
    visibility: 'V2',
    assets: ['vault', 3],
  },
  {
    key: 'object-storage',
    name: 'Object storage',
    kind: 'storage',
    visibility: 'V2',
    assets: ['object-store', 3],
  },
  {
    key: 'virtual-servers',
    name: 'Virtual servers',
    kind: 'compute',
    visibility: 'V3',
    assets: ['compute-node', 6],
  },
  {
    key: 'managed-hosting',
    name: 'Managed hosting',
    kind: 'compute',
    visibility: 'V3',
    assets: ['hypervisor', 8],
  },
  {
    key: 'web-platform',
    name: 'Web platform',
    kind: 'platform',
    visibility: 'V3',
    assets: ['web-node', 3],
  },
  {
    key: 'managed-database',
    name: 'Managed database',
    kind: 'platform',
    visibility: 'V4',
    assets: ['database-cluster', 4],
  },
  {
    key: 'helpdesk',
    name: 'Help desk',
    kind: 'service',
    visibility: 'V4',
    assets: ['helpdesk-app', 1],
  },
  {
    key: 'payroll',
    name: 'Payroll',
    kind: 'service',
    visibility: 'V4',
    assets: ['payroll-app', 1],
  },
];

/** The one public communications service; apart, because customers of the others are drawn and its are named. */
export const voiceAccess: DemoProduct = {
  key: 'voice-access',
  name: 'Voice and internet access',
  kind: 'communication',
  visibility: 'V1',
  assets: ['call-switch', 2],
};
const allProducts: readonly DemoProduct[] = [...demoProducts, voiceAccess];

const descriptions: Readonly<Record<string, string>> = {
  V0: 'No logical access to what the customer runs or sends.',
  V1: 'Sees addresses, volumes and times, not content.',
  V2: 'Holds ciphertext; the customer holds the keys.',
  V3: 'Could read content with administrator rights, and does not.',
  V4: 'Works in the data for the customer.',
};

export function products(): CatalogueRow[] {
  return allProducts.map(({ key, name, kind, visibility }) => ({
    key,
    name,
    kind,
    visibility,
    description: descriptions[visibility] ?? null,
    public_communications: String(key === voiceAccess.key),
  }));
}

/** The assets a product of the demo organisation runs on. */
export function assetKeysOf(product: DemoProduct): string[] {
  const [stem, count] = product.assets;
  return Array.from(
    { length: count },
    (_, index) => `${stem}-${String(index + 1).padStart(2, '0')}`,
  );
}

export function assets(): CatalogueRow[] {
  const cities = sites.map(({ city }) => city);
  const selling = allProducts.flatMap((product) =>
    assetKeysOf(product).map((key, index) => ({
      key,
      name: `${product.name}, ${key}`,
      kind: product.kind,
      site: cities[index % cities.length] ?? 'Tallinn',
      product_keys: [product.key],
      processing_keys: [],
    })),
  );
  return [...selling, ...ownAssets()];
}

function ownAssets(): CatalogueRow[] {
  const own = (key: string, kind: string, site: string, processing: string): CatalogueRow => ({
    key,
    name: key,
    kind,
    site,
    product_keys: [],
    processing_keys: [processing],
  });
  return [
    own(drillProcessing.asset, 'database', 'Tallinn', drillProcessing.key),
    own('portal-db-02', 'database', 'Berlin', drillProcessing.key),
    own('portal-db-03', 'database', 'Tallinn', drillProcessing.key),
    own('mail-store-ee', 'storage', 'Tallinn', 'correspondence-ee'),
    own('laptop-0417', 'laptop', 'Berlin', 'site-visits-de'),
    ...sites.flatMap(({ key, city }) => [
      own(`hr-db-${key}`, 'database', city, `staff-${key}`),
      own(`billing-db-${key}`, 'database', city, `invoices-${key}`),
      own(`log-store-${key}`, 'database', city, `access-logs-${key}`),
      own(`camera-store-${key}`, 'storage', city, `cctv-${key}`),
    ]),
  ];
}
