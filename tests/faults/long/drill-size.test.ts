/** The main drill at another size: more people, in every language of theirs that has wording, and English said to be English. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { DrillReport } from '../../../src/cli/drill/report.ts';
import type { NoticeView } from '../../../src/domain/views.ts';

const program = new URL('../../../bin/tocsin.mjs', import.meta.url).pathname;
const kept = mkdtempSync(join(tmpdir(), 'tocsin-size-'));
afterAll(() => {
  rmSync(kept, { recursive: true, force: true });
});

interface Frozen {
  readonly recipientKind: string;
  readonly languages: Readonly<Record<string, number>>;
  /** Readers of these languages are written to in English. */
  readonly languagesWithoutWording: Readonly<Record<string, number>>;
}

async function drill(...options: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [program, 'drill', '--json', '--keep', kept, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const code = await new Promise<number | null>((ended) => {
    child.once('close', ended);
  });
  return { code, out };
}

it('tells 1,500 people once each, in German or English, and counts who reads another language', async () => {
  const { code, out } = await drill('--people', '1500', '--controllers', '40');
  expect(code).toBe(0);
  const report = JSON.parse(out) as DrillReport;
  expect(report).toMatchObject({
    ok: true,
    deliveries: { approved: 1_541, sent: 1_541, inDoubt: 0, duplicates: 0 },
    register: { verified: true },
  });
  const folder = join(kept, 'notices');
  const notices = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as NoticeView);
  const people = notices.find(({ recipientKind }) => recipientKind === 'data-subject');
  expect(people?.variants.map(({ language }) => language).sort()).toEqual(['de', 'en']);
  const frozen = readFileSync(join(kept, 'register.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"notice.frozen"'))
    .map((line) => (JSON.parse(line) as { data: Frozen }).data)
    .find(({ recipientKind }) => recipientKind === 'data-subject');
  expect(Object.keys(frozen?.languages ?? {}).sort()).toEqual(['de', 'en']);
  expect((frozen?.languages['de'] ?? 0) + (frozen?.languages['en'] ?? 0)).toBe(1_500);
  const without = Object.keys(frozen?.languagesWithoutWording ?? {});
  expect(without).toEqual(expect.arrayContaining(['et', 'fi', 'pl']));
  expect(without).not.toContain('de');
});
