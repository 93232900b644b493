/** What the main drill says was hit; the rest of the demo organisation is built round it. */

/** What the main drill says was hit: three products of three visibilities and one own database. */
export const drillAssets = {
  'managed-hosting': 'hypervisor-07',
  'ip-transit': 'flow-collector-02',
  'managed-database': 'database-cluster-03',
} as const;
export const drillProcessing = { key: 'portal-contacts', asset: 'portal-db-01' } as const;
