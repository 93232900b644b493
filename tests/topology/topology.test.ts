/** The topology of production without containers: real Temporal on PostgreSQL, two workers, and one of each lost for good. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '@temporalio/client';
import { join } from 'node:path';
import type { CaseView } from '../../src/domain/views.ts';
import { connectClient, probeTemporal } from '../../src/adapters/temporal/connection.ts';
import { readKeyRing } from '../../src/adapters/temporal/payload-codec.ts';
import { keyFiles } from '../../src/embedded/keys.ts';
import { judgePromises } from '../support/invariants.ts';
import * as fault from '../support/stack-faults.ts';
import { playOn, type StackPlay } from '../support/stack-play.ts';
import { startTopology, type Topology } from './topology.ts';
import { serverVersion } from './temporal-server.ts';

let topology: Topology;
let play: StackPlay;
let client: Client;
const place = () => ({
  namespace: 'tocsin',
  connectionOptions: { address: topology.running.temporal.address },
});

beforeAll(async () => {
  topology = await startTopology({ customers: 6, people: 120 });
  play = playOn(topology);
  client = connectClient(place(), readKeyRing(join(topology.running.keysDir, keyFiles.payload)));
});
afterAll(async () => {
  await client.connection.close();
  await topology.close();
});

async function expectSoundHouse(): Promise<void> {
  const { broken, looked } = await judgePromises(topology);
  expect(broken).toEqual([]);
  expect(looked.deliveries).toBeGreaterThan(120);
}

describe('the jobs of the compose file', () => {
  it('may be repeated on a stack that runs', () => {
    topology.repeat('temporal-schema');
    topology.repeat('temporal-namespace');
    topology.repeat('migrate');
  });

  it('leave the server of the file, with a namespace that keeps histories for 30 days', async () => {
    expect(await probeTemporal(place(), 5_000)).toEqual({ retentionDays: 30, serverVersion });
  });
});

describe('the dynamic configuration of the compose file', () => {
  it('names nothing the server does not know', () => {
    expect(topology.dynamicConfigFaults()).toEqual([]);
  });
});

describe('one of two workers lost for good in the middle of a dispatch', () => {
  let file: CaseView;

  it('is survived: the other goes on, a person settles what nobody can know, nobody is told twice', async () => {
    file = await play.open(1);
    await play.judge(file);
    const drafted = await play.drafted(file.caseId);
    await play.approve(drafted);
    const held = await fault.holdMailAt(topology, file.caseId, 30);
    const lost = await workerAtWorkOn(massNoticeOf(drafted.notices));
    await lost.stop();
    held.goOn();
    await fault.leasesOfTheDeadEnd(topology, file.caseId);

    const doubts = await fault.atRest(topology, file.caseId);
    expect(doubts.length).toBeGreaterThanOrEqual(1);
    const neverArrived = await fault.resolveDoubts(topology, doubts);
    if (neverArrived > 0) await fault.tellByTelephone(topology, file.caseId);
    const { file: closed } = await play.finish(file.caseId);
    expect(closed.state).toBe('closed');
    expect(topology.workers.map(({ pid }) => pid !== null).sort()).toEqual([false, true]);
    await expectSoundHouse();
  });
});

describe('Temporal killed without warning while a case is in review', () => {
  it('keeps its state in PostgreSQL: the same runs go on, and the case is proven and closed', async () => {
    const file = await play.open(1);
    await play.judge(file);
    const drafted = await play.drafted(file.caseId);
    const ids = [
      `breach-case/${file.caseId}`,
      ...drafted.notices.map(({ noticeId }) => `notice/${noticeId}`),
    ];
    const before = await runsOf(ids);
    await topology.running.stop('temporal');
    await topology.running.start('temporal');
    await fault.untilRebuilt(
      topology,
      file.caseId,
      drafted.notices.map(({ noticeId }) => noticeId),
    );
    expect(await runsOf(ids)).toEqual(before);
    await play.approve(await play.drafted(file.caseId));
    await play.finish(file.caseId);
    await expectSoundHouse();
  });
});

function massNoticeOf(notices: readonly { noticeId: string; recipientKind: string }[]): string {
  const found = notices.find(({ recipientKind }) => recipientKind === 'data-subject');
  if (found === undefined) throw new Error('there is no notice to people');
  return found.noticeId;
}

/** The worker that Temporal says dispatches a notice now. */
async function workerAtWorkOn(noticeId: string) {
  const { raw } = await client.workflow.getHandle(`notice/${noticeId}`).describe();
  const identity = raw.pendingActivities?.[0]?.lastWorkerIdentity ?? '';
  const found = topology.workers.find(({ pid }) => identity.startsWith(`${String(pid)}@`));
  if (found === undefined) throw new Error(`no worker of ours is ${identity}`);
  return found;
}

/** The run of each workflow and when it began: a workflow that was rebuilt would have another. */
async function runsOf(ids: readonly string[]) {
  return Promise.all(
    ids.map(async (id) => {
      const { runId, startTime, status } = await client.workflow.getHandle(id).describe();
      return { id, runId, startedAt: startTime.toISOString(), status: status.name };
    }),
  );
}
