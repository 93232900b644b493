/** Every recorded history replays on today's workflows, and an incompatible change is found. */
import { readFile, readdir } from 'node:fs/promises';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { dataConverterFrom } from '../../src/adapters/temporal/connection.ts';
import { bundleFrom } from '../support/engine.ts';
import { testKeyRing } from '../support/temporal.ts';

const folder = new URL('./histories/', import.meta.url);

async function replay(workflows: string): Promise<ReadonlyMap<string, Error | undefined>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const histories = await Promise.all(
    names.map(async (name) => ({
      workflowId: name,
      history: historyFromJSON(JSON.parse(await readFile(new URL(name, folder), 'utf8'))),
    })),
  );
  const results = new Map<string, Error | undefined>();
  const replays = Worker.runReplayHistories(
    { workflowBundle: await bundleFrom(workflows), dataConverter: dataConverterFrom(testKeyRing) },
    histories,
  );
  for await (const { workflowId, error } of replays) results.set(workflowId, error);
  return results;
}

describe('recorded histories', () => {
  it('replay on the workflows as they are', async () => {
    const results = await replay('workflows/index.ts');
    expect(results.size).toBeGreaterThanOrEqual(4);
    expect([...results.values()].filter((error) => error !== undefined)).toEqual([]);
  });

  it('do not replay on workflows with an incompatible change', async () => {
    const results = await replay('tests/replay/planted/index.ts');
    const broken = [...results.values()].map((error) => error?.name);
    expect(broken).toContain('DeterminismViolationError');
  });
});
