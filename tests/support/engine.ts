/** A worker and a watch in the test's own process, on the shared Temporal, over a test house. */
import { randomUUID } from 'node:crypto';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { createActivities, type EngineSteps } from '../../activities/activities.ts';
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { watchStore } from '../../src/adapters/postgres/watch-store.ts';
import { conductorOver } from '../../src/adapters/temporal/conductor.ts';
import {
  connectClient,
  dataConverterFrom,
  failureConverterPath,
} from '../../src/adapters/temporal/connection.ts';
import { startWatch } from '../../src/watch/watch.ts';
import { bundleWorkflowCode } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import type { TestHouse } from './house.ts';
import { testTemporal } from './temporal.ts';

export interface TestEngine {
  readonly client: Client;
  close(): Promise<void>;
}

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

/** Bundles workflows below a folder, quietly. */
export async function bundleFrom(path: string): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../../${path}`, import.meta.url)),
    failureConverterPath,
    logger: new DefaultLogger('ERROR'),
  });
}

/** Starts worker and watch on queues of their own; `close` ends both. */
export async function testEngine(home: TestHouse, engine: EngineSteps): Promise<TestEngine> {
  const temporal = await testTemporal();
  const queue = `test-${randomUUID()}`;
  const client = connectClient(temporal.place, temporal.keyRing);
  const connection = await NativeConnection.connect(temporal.place.connectionOptions);
  const shared = {
    connection,
    namespace: temporal.namespace,
    dataConverter: dataConverterFrom(temporal.keyRing),
    activities: createActivities(engine),
    stickyQueueScheduleToStartTimeout: '2 seconds',
  } as const;
  const cases = await Worker.create({
    ...shared,
    taskQueue: queue,
    workflowBundle: await bundleFrom('workflows/index.ts'),
  });
  const dispatch = await Worker.create({ ...shared, taskQueue: `${queue}-dispatch` });
  const runs = [cases.run(), dispatch.run()];
  const watchPool = openPool(home.watchUrl, 6, 'test-watch');
  const stopWatch = startWatch({
    store: watchStore(watchPool),
    conductor: conductorOver(client, queue),
    channels: { mail: { call: () => Promise.resolve() }, outOfBand: null },
    complain: () => undefined,
  });
  return {
    client,
    async close() {
      await stopWatch();
      cases.shutdown();
      dispatch.shutdown();
      await Promise.all(runs);
      await connection.close();
      await client.connection.close();
      await watchPool.end();
    },
  };
}
