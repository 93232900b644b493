/** Claims about settings: every fault is named at once, secrets may come from files, nothing is guessed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, demand, readConfig, settingsTable } from '../../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('the configuration', () => {
  it('needs nothing for a start on one machine', () => {
    const config = readConfig({});
    expect(config.home).toBe(resolve('.tocsin'));
    expect(config.keysDir).toBe(resolve('.tocsin/keys'));
    expect(config.temporal).toMatchObject({ address: null, namespace: 'tocsin' });
    expect(config.api).toEqual({
      host: '127.0.0.1',
      port: 8080,
      url: 'http://127.0.0.1:8080/api/v1',
    });
    expect(config.embedded).toBe(false);
  });

  it('names every fault together', () => {
    const faults = faultsOf({
      DATABASE_URL: 'mysql://x',
      SMTP_URL: 'nonsense',
      TOCSIN_API_PORT: '70000',
      TOCSIN_EMBEDDED: 'yes',
      DATABASE_URL_WATCH_FILE: join(folder, 'absent'),
    });
    for (const name of ['DATABASE_URL ', 'SMTP_URL', 'TOCSIN_API_PORT', 'TOCSIN_EMBEDDED']) {
      expect(faults.some((fault) => fault.startsWith(name))).toBe(true);
    }
    expect(faults.some((fault) => fault.startsWith('DATABASE_URL_WATCH_FILE'))).toBe(true);
    expect(faults).toHaveLength(5);
  });

  it('never repeats a secret in a fault', () => {
    expect(faultsOf({ DATABASE_URL: 'mysql://user:hunter2@host/db' }).join()).not.toContain(
      'hunter2',
    );
  });

  it('reads a secret from a file, and refuses both forms at once', () => {
    const file = join(folder, 'url');
    writeFileSync(file, 'postgres://a:b@127.0.0.1/tocsin\n');
    const env = { DATABASE_URL_FILE: file };
    expect(readConfig(env).database.app).toBe('postgres://a:b@127.0.0.1/tocsin');
    expect(faultsOf({ ...env, DATABASE_URL: 'postgres://c:d@127.0.0.1/x' })).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string]>([
    ['its server', { TOCSIN_OUT_OF_BAND_SENDER: 'calls@provider.example' }, 'URL is not given'],
    ['its sender', { TOCSIN_OUT_OF_BAND_URL: 'smtps://provider.example' }, 'SENDER is not given'],
    [
      'a server of its own',
      {
        TOCSIN_OUT_OF_BAND_URL: 'smtp://mail.house.example:2525',
        TOCSIN_OUT_OF_BAND_SENDER: 'calls@provider.example',
      },
      'another server',
    ],
    [
      'a domain of its own',
      {
        TOCSIN_OUT_OF_BAND_URL: 'smtps://provider.example',
        TOCSIN_OUT_OF_BAND_SENDER: 'calls@mail.house.example',
      },
      'another domain',
    ],
  ])('takes no out-of-band way without %s', (_name, given, why) => {
    const ordinary = {
      SMTP_URL: 'smtp://mail.house.example',
      TOCSIN_SENDER: 'privacy@house.example',
    };
    expect(faultsOf({ ...ordinary, ...given })).toEqual([expect.stringContaining(why)]);
  });

  it('takes an empty file of a secret for a secret not given', () => {
    const file = join(folder, 'empty');
    writeFileSync(file, '\n');
    const config = readConfig({ TOCSIN_OUT_OF_BAND_URL_FILE: file, TOCSIN_OUT_OF_BAND_SENDER: '' });
    expect(config.mail.outOfBand).toBeNull();
  });

  it("takes the Temporal SDK's own variables", () => {
    const { temporal } = readConfig({
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'ours',
      TEMPORAL_API_KEY: 'k',
    });
    expect(temporal).toMatchObject({
      address: 'temporal.example:7233',
      namespace: 'ours',
      connectionOptions: { address: 'temporal.example:7233', apiKey: 'k', tls: true },
    });
  });

  it('names the variable a process cannot do without', () => {
    expect(() => demand(readConfig({}).database.app, 'DATABASE_URL')).toThrow(/DATABASE_URL/);
  });

  it('documents every setting', () => {
    expect(settingsTable()).toContain('| `DATABASE_URL` (or `DATABASE_URL_FILE`) |');
    expect(settingsTable()).toContain('| `TOCSIN_HOME` |');
  });
});
