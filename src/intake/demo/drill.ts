/** What the main drill says was hit; the rest of the demo organisation is built round it. */

/** What the main drill says was hit: three products of three visibilities and one own database. */
export const drillAssets = {
  'managed-hosting': 'hypervisor-07',
  'ip-transit': 'flow-collector-02',
  'managed-database': 'database-cluster-03',
} as const;
/** How many the main drill touches. */
export interface DrillSize {
  readonly customers: number;
  readonly people: number;
}
export const usualDrillSize: DrillSize = { customers: 30, people: 500 };

export const drillProcessing = { key: 'portal-contacts', asset: 'portal-db-01' } as const;
