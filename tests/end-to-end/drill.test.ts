/** The main job, whole: one command in a stack of its own, from the event to the proven notice. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillReport } from '../../src/cli/drill/report.ts';

const program = new URL('../../bin/tocsin.mjs', import.meta.url).pathname;
const verifier = new URL('../../src/verify.ts', import.meta.url).pathname;
const kept = mkdtempSync(join(tmpdir(), 'tocsin-kept-'));
const tenMinutesMs = 600_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function drill(...options: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, 'drill', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const code = await new Promise<number | null>((ended) => {
    child.once('close', ended);
  });
  return { code, out, err };
}

describe('tocsin drill', () => {
  let ended: Ended;
  let report: DrillReport;

  beforeAll(async () => {
    ended = await drill('--json', '--keep', kept);
    // What went wrong is in the account; an assertion shows it whole.
    expect(ended.code === 0 ? '' : ended.err).toBe('');
    report = JSON.parse(ended.out) as DrillReport;
  }, tenMinutesMs);

  afterAll(() => {
    rmSync(kept, { recursive: true, force: true });
  });

  const told = (kind: string) => report.obligations.filter((o) => o.recipientKind === kind);

  it('tells the lead authority, each of 30 controllers, and the data subjects, in time', () => {
    expect(told('authority')).toHaveLength(1);
    expect(told('controller')).toHaveLength(30);
    expect(told('data-subject').length).toBeGreaterThan(0);
    expect(report.obligations.filter((o) => o.late || o.receiptAt === null)).toEqual([]);
    const margins = report.obligations.map((o) => o.marginSeconds ?? 0);
    expect(Math.min(...margins)).toBeGreaterThanOrEqual(0);
  });

  it('counts the 72 hours of the authority by statute', () => {
    expect(told('authority')[0]).toMatchObject({ provision: 'gdpr/33/1', dueBasis: 'statute' });
  });

  it('sends each approved message once, as counted at the sink', () => {
    expect(report.deliveries).toEqual({
      approved: 531,
      sent: 531,
      bounced: 0,
      suppressed: 0,
      inDoubt: 0,
      duplicates: 0,
    });
  });

  it('keeps every message and document, each marked as an exercise', () => {
    const messages = readdirSync(join(kept, 'messages'));
    expect(messages).toHaveLength(report.deliveries.sent);
    const unmarked = messages.filter(
      (name) => !readFileSync(join(kept, 'messages', name), 'utf8').includes('EXERCISE'),
    );
    expect(unmarked).toEqual([]);
    const texts = readdirSync(join(kept, 'notices')).filter((name) => name.endsWith('.txt'));
    expect(texts.length).toBeGreaterThanOrEqual(32);
  });

  it('leaves a register that an outsider can verify', () => {
    expect(report.register.verified).toBe(true);
    const path = join(kept, 'register.ndjson');
    const outside = spawnSync(process.execPath, [verifier, path], { encoding: 'utf8' });
    expect(outside.status).toBe(0);
    expect(JSON.parse(outside.stdout)).toMatchObject({
      ok: true,
      entries: report.register.entries,
    });
  });

  it('prints one object on stdout and its account on stderr', () => {
    expect(Object.keys(report)).toEqual([
      'ok',
      'case',
      'scenario',
      'speed',
      'obligations',
      'deliveries',
      'phases',
      'register',
    ]);
    expect(ended.err).toMatch(/T\+\d\d:\d\d {2}leo determines/);
  });
});
