/** The Temporal dev server all tests share, and a key ring for it. */
import { inject } from 'vitest';
import type { TemporalPlace } from '../../src/adapters/temporal/connection.ts';
import type { KeyRing } from '../../src/adapters/temporal/payload-codec.ts';
import type { SharedTemporal } from './servers.ts';

export interface TestTemporal extends SharedTemporal {
  /** For `connectClient` and `connectWorker`. */
  readonly place: TemporalPlace;
  readonly keyRing: KeyRing;
}

/** Where Temporal is. Use task queues and workflow ids of your own: other test files work on it at the same time. */
export async function testTemporal(): Promise<TestTemporal> {
  const answer = await fetch(`${inject('serversUrl')}/temporal`);
  if (!answer.ok) throw new Error(`no Temporal for tests: ${await answer.text()}`);
  const shared = (await answer.json()) as SharedTemporal;
  return {
    ...shared,
    place: {
      namespace: shared.namespace,
      connectionOptions: { address: shared.address },
    },
    keyRing: testKeyRing,
  };
}

/** A fixed key, so that recorded histories stay readable; it protects nothing. */
export const testKeyRing: KeyRing = {
  current: 'test',
  keys: new Map([['test', Buffer.alloc(32, 7)]]),
};
