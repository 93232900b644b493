/** Connects to Temporal, as a client or for a worker, with everything encrypted on the way. */
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, isGrpcServiceError, type ConnectionOptions } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { payloadCodec, type KeyRing } from './payload-codec.ts';

/** Where Temporal is; `Config.temporal` fits. */
export interface TemporalPlace {
  readonly namespace: string;
  readonly connectionOptions: ConnectionOptions & NativeConnectionOptions;
}

/** History is kept this long after a run ends, so that it can be archived and looked at. */
export const retentionDays = 30;
const dayMs = 86_400_000;
/** gRPC's status for a namespace that does not exist. */
const notFound = 5;

/** The file the worker and its bundle load the failure converter from. */
export const failureConverterPath = fileURLToPath(
  new URL('./failure-converter.ts', import.meta.url),
);

/** The converter every client and worker of ours uses; clients and workers must hold the same key ring. */
export function dataConverterFrom(ring: KeyRing): DataConverter {
  return { failureConverterPath, payloadCodecs: [payloadCodec(ring)] };
}

/**
 * A client that connects at its first call, so that a process can start and serve while Temporal is away.
 * Close it with `client.connection.close()`. Wrap calls on a request's path in `connection.withDeadline`.
 */
export function connectClient(place: TemporalPlace, ring: KeyRing): Client {
  return new Client({
    connection: Connection.lazy({ ...place.connectionOptions, connectTimeout: '5s' }),
    namespace: place.namespace,
    dataConverter: dataConverterFrom(ring),
  });
}

/** A worker's connection: tries again every half second until Temporal is there or `signal` is aborted. */
export async function connectWorker(
  place: TemporalPlace,
  signal?: AbortSignal,
): Promise<NativeConnection> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await NativeConnection.connect(place.connectionOptions);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TransportError') throw error;
      await wait(500, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** What `describeNamespace` says, within `timeoutMs`; throws when Temporal cannot be reached or knows no such namespace. */
export async function probeTemporal(
  place: TemporalPlace,
  timeoutMs: number,
): Promise<{ readonly retentionDays: number; readonly serverVersion: string }> {
  return withConnection(place, timeoutMs, async (connection) => {
    const found = await connection.workflowService.describeNamespace({
      namespace: place.namespace,
    });
    const system = await connection.workflowService.getSystemInfo({});
    const seconds = Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return { retentionDays: seconds / 86_400, serverVersion: system.serverVersion };
  });
}

/** Makes sure the namespace exists and keeps history for `retentionDays`; safe to repeat. */
export async function ensureNamespace(place: TemporalPlace, timeoutMs: number): Promise<void> {
  const namespace = place.namespace;
  const retention = msToTs(retentionDays * dayMs);
  await withConnection(place, timeoutMs, async (connection) => {
    try {
      const { config } = await connection.workflowService.describeNamespace({ namespace });
      const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
      if (seconds >= retentionDays * 86_400) return;
      await connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: retention },
      });
    } catch (error) {
      const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
      if (code !== notFound) throw error;
      await connection.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: retention,
      });
    }
  });
}

async function withConnection<T>(
  place: TemporalPlace,
  timeoutMs: number,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({
    ...place.connectionOptions,
    connectTimeout: timeoutMs,
  });
  try {
    return await connection.withDeadline(Date.now() + timeoutMs, () => use(connection));
  } finally {
    await connection.close();
  }
}
