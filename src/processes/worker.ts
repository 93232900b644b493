/** The worker process: runs workflows and the engine's steps until it is told to stop. */
import {
  DefaultLogger,
  Runtime,
  Worker,
  type TelemetryOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { createActivities, type EngineSteps } from '../../activities/activities.ts';
import { taskQueues } from '../adapters/temporal/conductor.ts';
import { connectWorker, dataConverterFrom } from '../adapters/temporal/connection.ts';
import { readKeyRing } from '../adapters/temporal/payload-codec.ts';
import type { Config } from '../config.ts';
import { join } from 'node:path';
import { keyFiles } from '../embedded/keys.ts';
import type { Log } from './log.ts';

/** Resolves when `signal` is aborted and what was under way has drained. */
export async function runWorker(
  config: Config,
  engine: EngineSteps,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: telemetry(config.metrics.workerAddress),
    logger: new DefaultLogger('WARN', ({ level, message }) => {
      log(level === 'ERROR' ? 'error' : 'warn', 'temporal', { message });
    }),
  });
  const dataConverter = dataConverterFrom(readKeyRing(join(config.keysDir, keyFiles.payload)));
  const connection = await connectWorker(config.temporal, signal);
  const shared = {
    connection,
    namespace: config.temporal.namespace,
    dataConverter,
    activities: createActivities(engine),
    // A worker that died is noticed after this long, not after the default ten seconds.
    stickyQueueScheduleToStartTimeout: '3 seconds',
    maxHeartbeatThrottleInterval: '2 seconds',
    shutdownGraceTime: '10 seconds',
  } as const;
  try {
    const cases = await Worker.create({
      ...shared,
      taskQueue: taskQueues.cases,
      ...workflowCode(config),
      maxCachedWorkflows: 2_000,
      maxConcurrentLocalActivityExecutions: 16,
      maxConcurrentActivityTaskExecutions: 4,
    });
    const dispatch = await Worker.create({
      ...shared,
      taskQueue: taskQueues.dispatch,
      maxConcurrentActivityTaskExecutions: 8,
    });
    log('info', 'worker', { message: 'ready' });
    await runUntil(signal, [cases, dispatch]);
  } finally {
    await connection.close();
  }
}

/** The SDK's core speaks through our logger, not beside it; its numbers are shown where Prometheus is told to look. */
function telemetry(bindAddress: string | null): TelemetryOptions {
  return {
    logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
    ...(bindAddress === null ? {} : { metrics: { prometheus: { bindAddress } } }),
  };
}

function workflowCode(
  config: Config,
): { workflowBundle: WorkflowBundleOption } | { workflowsPath: string } {
  return config.workflowBundle === null
    ? { workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)) }
    : { workflowBundle: { codePath: config.workflowBundle } };
}

async function runUntil(signal: AbortSignal, workers: readonly Worker[]): Promise<void> {
  const shutDown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  signal.addEventListener('abort', shutDown, { once: true });
  const runs = workers.map((worker) =>
    worker.run().finally(() => {
      shutDown();
    }),
  );
  if (signal.aborted) shutDown();
  await Promise.all(runs);
}
