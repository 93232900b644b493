/** `tocsin start` as a person runs it: a ready table, Ctrl-C, and a second start that has kept everything. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, markOf, type ProcessMark } from '../../src/embedded/process.ts';
import { partNames, readRunFile } from '../../src/embedded/run-file.ts';

const fiveMinutesMs = 300_000;
const program = new URL('../../bin/tocsin.mjs', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'tocsin-start-'));
const { PATH, HOME, XDG_CACHE_HOME } = process.env;
const env = { PATH, HOME, XDG_CACHE_HOME, TOCSIN_HOME: home, NO_COLOR: '1' };
const usualApiPort = 8080;

interface Started {
  readonly child: ChildProcess;
  said(): string;
  readonly parts: readonly ProcessMark[];
}

const tocsin = (...argv: string[]) =>
  spawn(process.execPath, [program, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });

/** Resolves when the table is there. */
async function start(): Promise<Started> {
  const child = tocsin('start', '--no-demo');
  let said = '';
  await new Promise<void>((ready, fail) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/^ +stop +Ctrl-C/m.test(said)) ready();
    });
    child.once('exit', () => {
      fail(new Error(`tocsin start ended by itself:\n${said}`));
    });
  });
  return { child, said: () => said, parts: Object.values(readRunFile(home)?.processes ?? {}) };
}

async function pressCtrlC({ child }: Started): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = (await ended) as [number | null];
  return code;
}

async function ask(...argv: string[]): Promise<unknown> {
  const child = tocsin(...argv, '--json');
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await once(child, 'close');
  return JSON.parse(out);
}

describe('tocsin start', () => {
  const stranger = createServer();
  const bystander = spawn('sleep', ['600'], { stdio: 'ignore' });
  const running: Started[] = [];

  beforeAll(async () => {
    // Ours or another's: at the first start the port is taken.
    await new Promise((settled) => {
      stranger.once('error', settled).listen(usualApiPort, '127.0.0.1', () => {
        settled(null);
      });
    });
  });

  afterAll(async () => {
    for (const one of running) if (one.child.exitCode === null) await pressCtrlC(one);
    stranger.close();
    bystander.kill();
    rmSync(home, { recursive: true, force: true });
  }, fiveMinutesMs);

  it(
    'prints one table, takes the next free port, ends only its own on Ctrl-C, and keeps the data',
    async () => {
      const first = await start();
      running.push(first);
      expect(first.said()).toMatch(/port 8080 \(api\) is taken: using \d+/);
      for (const row of ['page', 'API', 'mailbox', 'Temporal UI', 'sign in as', 'data', 'stop']) {
        expect(first.said()).toMatch(new RegExp(`^  ${row} +\\S`, 'm'));
      }
      expect(first.said()).toContain('loading the demo organisation');
      expect(first.parts).toHaveLength(partNames.length);
      const opened = await ask('case', 'open', 'Seen before the second start');
      expect(opened).toMatchObject({ reportedLate: false });

      expect(await pressCtrlC(first)).toBe(0);
      expect(first.parts.filter(isAlive)).toEqual([]);
      expect(markOf(bystander.pid ?? 0)).toBeDefined();
      expect(readRunFile(home)).toBeUndefined();

      const second = await start();
      running.push(second);
      expect(second.said()).not.toContain('loading the demo organisation');
      expect(await ask('case', 'list')).toMatchObject({
        items: [{ title: 'Seen before the second start' }],
      });
      expect(await pressCtrlC(second)).toBe(0);
      expect(second.parts.filter(isAlive)).toEqual([]);
    },
    fiveMinutesMs,
  );
});
