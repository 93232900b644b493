/** Claims about what Temporal may see: nothing in clear, nothing readable with another key. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { connectClient } from '../../src/adapters/temporal/connection.ts';
import { failureConverter } from '../../src/adapters/temporal/failure-converter.ts';
import {
  payloadCodec,
  readKeyRing,
  type KeyRing,
} from '../../src/adapters/temporal/payload-codec.ts';
import { testTemporal } from '../support/temporal.ts';

const key = (byte: number) => Buffer.alloc(32, byte);
const ring: KeyRing = {
  current: 'b',
  keys: new Map([
    ['a', key(1)],
    ['b', key(2)],
  ]),
};
const codec = payloadCodec(ring);
const payload = (value: unknown) => defaultPayloadConverter.toPayload(value);
const secret = 'PLAINTEXT-NEEDLE';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-keys-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const parsed = (text: string): unknown => JSON.parse(JSON.stringify(JSON.parse(text)));

describe('the payload codec', () => {
  it('gives back what it was given', async () => {
    await fc.assert(
      // By way of text, because JSON has no minus nought.
      fc.asyncProperty(fc.array(fc.json().map(parsed)), async (values) => {
        const sealed = await codec.encode(values.map(payload));
        const opened = await codec.decode(sealed);
        expect(opened.map((one) => defaultPayloadConverter.fromPayload(one))).toEqual(values);
      }),
    );
  });

  it('names its key and shows nothing else', async () => {
    const [sealed] = await codec.encode([payload({ secret })]);
    expect(Object.keys(sealed?.metadata ?? {}).sort()).toEqual(['encoding', 'encryption-key-id']);
    const seen = Buffer.concat([
      ...Object.values(sealed?.metadata ?? {}),
      sealed?.data ?? Buffer.alloc(0),
    ]).toString('latin1');
    expect(seen).not.toContain(secret);
    expect(seen).not.toContain('json/plain');
  });

  it('still reads what an older key of the ring wrote', async () => {
    const sealed = await payloadCodec({ ...ring, current: 'a' }).encode([payload(1)]);
    expect(await codec.decode(sealed)).toHaveLength(1);
  });

  it('fails closed: wrong key, unknown key, another key id, changed bytes, cut short, clear text', async () => {
    const [sealed] = await codec.encode([payload({ secret })]);
    if (sealed?.data === undefined || sealed.data === null) throw new Error('nothing was sealed');
    const { metadata, data } = sealed;
    const changed = Buffer.from(data);
    changed.writeUInt8(changed.readUInt8(30) ^ 1, 30);
    const renamed = { ...metadata, 'encryption-key-id': Buffer.from('a') };
    const same = new Map([
      ['a', key(2)],
      ['b', key(2)],
    ]);
    const open = async (by: KeyRing, what = sealed) => payloadCodec(by).decode([what]);
    const attempts = [
      () => open({ current: 'b', keys: new Map([['b', key(9)]]) }),
      () => open({ current: 'a', keys: new Map([['a', key(1)]]) }),
      () => open({ current: 'b', keys: same }, { data, metadata: renamed }),
      () => open(ring, { ...sealed, data: changed }),
      () => open(ring, { ...sealed, data: data.subarray(0, 20) }),
      () => open(ring, payload({ secret })),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow();
  });

  it('refuses a key ring that cannot work', () => {
    const path = join(folder, 'payload.json');
    const good = { current: 'a', keys: { a: key(1).toString('base64') } };
    const read = (content: unknown) => {
      writeFileSync(path, JSON.stringify(content));
      return readKeyRing(path);
    };
    expect(read(good).keys.get('a')).toEqual(key(1));
    expect(() => read({ ...good, current: 'z' })).toThrow(/current key z/);
    expect(() => read({ current: 'a', keys: { a: 'c2hvcnQ=' } })).toThrow(/32 bytes/);
  });
});

describe('in Temporal', () => {
  it('arguments, memo and summary stand in history encrypted and come back with the key only', async () => {
    const { place, keyRing, namespace } = await testTemporal();
    const client = connectClient(place, keyRing);
    const workflowId = `codec/${randomUUID()}`;
    const started = (by: Client, id: string) =>
      by.workflow.start('nothingRunsThis', {
        taskQueue: `codec-${randomUUID()}`,
        workflowId: id,
        args: [{ secret }],
        memo: { secret },
        staticSummary: secret,
      });
    const seenByTemporal = async (id: string): Promise<Buffer> => {
      const execution = { workflowId: id };
      const { workflowService: server } = client;
      const history = await server.getWorkflowExecutionHistory({ namespace, execution });
      const description = await server.describeWorkflowExecution({ namespace, execution });
      const { v1 } = proto.temporal.api.workflowservice;
      return Buffer.concat([
        v1.GetWorkflowExecutionHistoryResponse.encode(history).finish(),
        v1.DescribeWorkflowExecutionResponse.encode(description).finish(),
      ]);
    };
    const handle = await started(client, workflowId);
    expect((await seenByTemporal(workflowId)).includes(secret)).toBe(false);
    // Without the codec the same look finds it: the look is not blind.
    const bare = await started(
      new Client({ connection: client.connection, namespace }),
      `${workflowId}/bare`,
    );
    expect((await seenByTemporal(bare.workflowId)).includes(secret)).toBe(true);
    await bare.terminate();
    expect((await handle.describe()).memo).toEqual({ secret });
    const other: KeyRing = { current: 'test', keys: new Map([['test', key(3)]]) };
    const stranger = new Client({
      connection: client.connection,
      namespace,
      dataConverter: { payloadCodecs: [payloadCodec(other)] },
    });
    await expect(
      stranger.workflow
        .getHandle(workflowId)
        .describe()
        .then((found) => found.memo),
    ).rejects.toThrow();
    await handle.terminate();
    await client.connection.close();
  });

  it('message, stack and details of a failure leave through the codec, its type in clear', () => {
    const error = ApplicationFailure.nonRetryable(secret, 'Boom', { secret });
    const failure = failureConverter.errorToFailure(error, defaultPayloadConverter);
    expect(failure.message).toBe('Encoded failure');
    expect(failure.stackTrace ?? '').toBe('');
    expect(failure.applicationFailureInfo?.type).toBe('Boom');
    expect(failure.encodedAttributes).toBeDefined();
  });
});
