/** The production compose file keeps its promises: pinned, hardened, no secret in it, nothing published but the API. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { roleNames } from '../../src/adapters/postgres/roles.ts';
import { settingsTable } from '../../src/config.ts';
import { textOf, yamlOf } from '../support/yaml.ts';

const service = z.object({
  image: z.string(),
  user: z.string(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.array(z.string()),
  restart: z.enum(['no', 'unless-stopped']),
  privileged: z.never().optional(),
  network_mode: z.never().optional(),
  env_file: z.never().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
  networks: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  build: z.string().optional(),
  deploy: z.object({ replicas: z.string() }).optional(),
});
const compose = z
  .object({
    services: z.record(z.string(), service),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
    configs: z.record(z.string(), z.object({ content: z.string() })),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
    volumes: z.record(z.string(), z.object({})),
  })
  .parse(yamlOf('docker-compose.yml'));
const services = Object.entries(compose.services);
const text = textOf('docker-compose.yml');
const isJob = (name: string): boolean => compose.services[name]?.restart === 'no';

describe.each(services)('service %s', (name, given) => {
  it('runs a pinned image, never as root but for Postfix, and gains no rights', () => {
    expect(given.image).toMatch(
      /^[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$|^\$\{TOCSIN_IMAGE:-tocsin:\d+\.\d+\.\d+\}$/,
    );
    if (name === 'mail') expect(given.cap_add).not.toContain('SYS_ADMIN');
    else expect([given.user.startsWith('0'), given.cap_add]).toEqual([false, undefined]);
    expect(given.security_opt).toContain('no-new-privileges:true');
  });

  it('says whether it is well, unless it is a job', () => {
    expect(given.healthcheck === undefined).toBe(isJob(name));
  });

  it('is told secrets by file only, each of them handed to it', () => {
    const shown = Object.entries(given.environment);
    const secretive = shown.filter(([key]) => /PASSWORD|PWD|TOKEN|SECRET|DATABASE_URL/.test(key));
    for (const [key, value] of secretive) {
      expect([key, value]).toEqual([
        expect.stringMatching(/_FILE$/),
        expect.stringMatching(/^\/run\/secrets\//),
      ]);
    }
    for (const [, value] of shown) expect(value).not.toMatch(/\/\/[^/\s]*:[^/\s]*@/);
    const files = [...JSON.stringify(given).matchAll(/\/run\/secrets\/([\w.-]+)/g)].map(
      (m) => m[1],
    );
    expect(given.secrets).toEqual(expect.arrayContaining(files));
    for (const secret of given.secrets) expect(compose.secrets).toHaveProperty([secret]);
  });

  it('waits for what is well or done, and writes into named volumes only', () => {
    for (const [other, { condition }] of Object.entries(given.depends_on)) {
      expect(compose.services).toHaveProperty([other]);
      expect(condition).toBe(isJob(other) ? 'service_completed_successfully' : 'service_healthy');
    }
    for (const volume of given.volumes) {
      expect(compose.volumes).toHaveProperty([volume.split(':')[0] ?? '']);
    }
    for (const { source } of given.configs) expect(compose.configs).toHaveProperty([source]);
    for (const network of given.networks) expect(compose.networks).toHaveProperty([network]);
  });
});

describe('the whole', () => {
  it('publishes the API alone, on loopback, and has no way out but for mail and webhooks', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
    expect(published).toEqual(['serve']);
    expect(compose.services['serve']?.ports).toEqual(['127.0.0.1:${TOCSIN_PORT:-8080}:8080']);
    expect(compose.networks['inside']?.internal).toBe(true);
    const outside = services.filter(([, { networks }]) => networks.some((n) => n !== 'inside'));
    expect(outside.map(([name]) => name)).toEqual(['serve', 'watch', 'mail']);
  });

  it('has several workers, a watch that waits for the database alone, and Temporal as it must be', () => {
    expect(compose.services['worker']?.deploy?.replicas).toBe('${TOCSIN_WORKERS:-2}');
    expect(Object.keys(compose.services['watch']?.depends_on ?? {})).toEqual(['migrate']);
    expect(compose.services['temporal']?.environment['NUM_HISTORY_SHARDS']).toBe('512');
    expect(text.match(/--namespace tocsin --retention 30d/g)).toHaveLength(2);
  });

  it('runs the Temporal that tests/topology builds', () => {
    const built = /go\.temporal\.io\/server v(\S+)/.exec(
      textOf('tools/temporal-server/go.mod'),
    )?.[1];
    const run = [...text.matchAll(/image: temporalio\/\S+:(\S+)/g)].map(([, version]) => version);
    expect(new Set(run)).toEqual(new Set([built]));
  });

  it('names each secret once and leaves none unused', () => {
    const used = new Set(services.flatMap(([, { secrets }]) => secrets));
    expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
    for (const [name, { file }] of Object.entries(compose.secrets))
      expect(file).toBe(`./secrets/${name}`);
    const ignored = textOf('.gitignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.env', 'secrets/']));
  });

  it('asks only for variables that .env.example shows, and gives none of them a secret default', () => {
    const asked = [...new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map((m) => m[1] ?? ''))];
    const shown = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((m) => m[1]);
    expect(asked.sort()).toEqual(shown.sort());
    expect(asked.filter((name) => /PASSWORD|TOKEN|SECRET|KEY/.test(name))).toEqual([]);
  });

  it('tells our own processes nothing they do not read', () => {
    const known = new Set([...settingsTable().matchAll(/`(\w+)`/g)].map((m) => m[1] ?? ''));
    const own = services.filter(([, { build }]) => build !== undefined);
    const told = own.flatMap(([, { environment }]) => Object.keys(environment));
    const unknown = [...new Set(told)].filter((name) => !known.has(name));
    expect(unknown.sort()).toEqual(['NODE_EXTRA_CA_CERTS', 'TZ']);
  });
});

describe('the image', () => {
  const dockerfile = textOf('Dockerfile');
  it('is pinned, runs as nobody special, and holds what it copies and no more', () => {
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) {
      expect(image).toMatch(/^node:24\.\d+\.\d+-[a-z]+-slim$/);
    }
    expect(dockerfile).toContain('USER 1000:1000');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((m) =>
      (m[1] ?? '').split(' '),
    );
    const [first, ...kept] = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(kept.map((line) => line.replace('!', '')).sort()).toEqual(copied.sort());
  });
});

describe('the roles of a new database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-roles-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the script as the image does, with a psql that only keeps what it is given. */
  function run(passwords: (role: string) => string): { status: number | null; sql: string } {
    rmSync(join(folder, 'sql'), { force: true });
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin/psql'), `#!/bin/sh\ncat > '${folder}/sql'\n`);
    chmodSync(join(folder, 'bin/psql'), 0o755);
    for (const role of roleNames) {
      const url = `postgres://tocsin_${role}:${passwords(role)}@postgres:5432/tocsin\n`;
      writeFileSync(join(folder, `database-url-${role}`), url);
    }
    writeFileSync(join(folder, 'temporal-database-password'), 'temporal-1\n');
    const script = (compose.configs['postgres-roles']?.content ?? '').replaceAll('$$', '$');
    const env = { PATH: `${folder}/bin:/usr/bin:/bin`, SECRETS: folder };
    const { status } = spawnSync('bash', ['-ec', script], { env });
    const kept = join(folder, 'sql');
    return { status, sql: existsSync(kept) ? readFileSync(kept, 'utf8') : '' };
  }

  it('are those the migrations know, each with the password of its connection string', () => {
    const { status, sql } = run((role) => `pw_${role}-1`);
    expect(status).toBe(0);
    for (const role of roleNames) {
      expect(sql).toContain(
        `CREATE ROLE tocsin_${role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'pw_${role}-1';`,
      );
    }
    expect(sql).toContain('CREATE DATABASE tocsin OWNER tocsin_owner;');
    expect(sql).toContain(
      'REVOKE ALL ON DATABASE tocsin, temporal, temporal_visibility FROM PUBLIC;',
    );
  });

  it.each(['', "x'; DROP DATABASE tocsin; --", '$(id)'])(
    'are not made with the password "%s"',
    (password) => {
      const { status, sql } = run((role) => (role === 'watch' ? password : 'good'));
      expect(status).not.toBe(0);
      expect(sql).toBe('');
    },
  );
});
