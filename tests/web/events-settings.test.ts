/** Sources and receivers as an operator writes them down: read from files, every fault named, no secret shown. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { newSecret } from './event-sender.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-events-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(value: unknown): string {
  const path = join(folder, `${String(Math.random())}.json`);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const [current, previous] = [newSecret(), newSecret()];

describe('sources of events', () => {
  it('come from a file, with the current and the previous secret', () => {
    const path = fileOf({ siem: { secrets: [current, previous], unit: 'security-de' } });
    expect(readConfig({ TOCSIN_EVENT_SOURCES_FILE: path }).eventSources).toEqual([
      { name: 'siem', secrets: [current, previous], unit: 'security-de' },
    ]);
  });

  it.each<[string, unknown]>([
    ['that are not JSON', `{"siem": "${current}"`],
    ['with a short secret', { siem: { secrets: [current.slice(0, 20)] } }],
    ['with three secrets', { siem: { secrets: [current, previous, current] } }],
    ['with a field nobody knows', { siem: { secrets: [current], secret: current } }],
  ])('%s stop the start, and the message shows no secret', (_name, value) => {
    const read = (): unknown => readConfig({ TOCSIN_EVENT_SOURCES_FILE: fileOf(value) });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/TOCSIN_EVENT_SOURCES/);
    expect(read).not.toThrow(current.slice(6, 20));
  });
});

describe('receivers of webhooks', () => {
  it('are reached in clear text only where private addresses are allowed', () => {
    const url = 'http://127.0.0.1:9/hook';
    const [one] = readConfig({
      TOCSIN_WEBHOOKS_FILE: fileOf([{ url, secret: current, allowPrivate: true }]),
    }).webhooks;
    expect(one).toMatchObject({ url, types: null, allowPrivate: true });
    const path = fileOf([{ url, secret: current }]);
    expect(() => readConfig({ TOCSIN_WEBHOOKS_FILE: path })).toThrow(/must be https/);
  });
});
