/**
 * What README.md tells a newcomer to type works. A fenced `sh` block is run when an HTML comment stands right above it:
 * `<!-- run -->`, or `<!-- run: stack -->` for what needs the stack that `tocsin start` brings up.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), 'tocsin-readme-'));
const tenMinutesMs = 600_000;
const env = { ...process.env, TOCSIN_HOME: home, NO_COLOR: '1' };

interface Block {
  readonly line: number;
  readonly needsStack: boolean;
  readonly script: string;
}

const marked = /^<!-- run(?<stack>: stack)? -->\n+```sh\n(?<script>[\s\S]*?)^```$/gm;

function blocksOf(text: string): Block[] {
  return [...text.matchAll(marked)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    needsStack: match.groups?.['stack'] !== undefined,
    script: match.groups?.['script'] ?? '',
  }));
}

const blocks = blocksOf(readFileSync(join(root, 'README.md'), 'utf8'));
let stack: ChildProcess | undefined;

async function startStack(): Promise<void> {
  const program = join(root, 'bin/tocsin.mjs');
  stack = spawn(process.execPath, [program, 'start', '--no-demo'], { env, stdio: 'ignore' });
  for (;;) {
    if (stack.exitCode !== null) throw new Error('tocsin start ended by itself');
    const list = spawnSync(process.execPath, [program, 'case', 'list', '--json'], { env });
    if (list.status === 0) return;
    await wait(500);
  }
}

beforeAll(async () => {
  if (blocks.some((block) => block.needsStack)) await startStack();
}, tenMinutesMs);

afterAll(async () => {
  if (stack?.exitCode === null) {
    const ended = once(stack, 'exit');
    stack.kill('SIGINT');
    await ended;
  }
  rmSync(home, { recursive: true, force: true });
}, tenMinutesMs);

describe('README.md', () => {
  it('has commands that are run here', () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it.each(blocks)(
    'line $line: its commands work',
    ({ script }) => {
      const ran = spawnSync('sh', ['-eu', '-c', script], { cwd: root, env, encoding: 'utf8' });
      expect(ran.status === 0 ? '' : `${ran.stdout}${ran.stderr}`).toBe('');
    },
    tenMinutesMs,
  );
});
