/** Every scenario of the drill but the large one, played by the command line on one running stack, side by side. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AfterAction } from '../../src/cli/drill/after-action.ts';
import type { DrillReport } from '../../src/cli/drill/report.ts';
import { defaultScenario, scenarios } from '../../src/cli/drill/scenarios.ts';
import { demoStack, type DemoStack } from '../support/stack.ts';

const program = new URL('../../bin/tocsin.mjs', import.meta.url).pathname;
const kept = mkdtempSync(join(tmpdir(), 'tocsin-scenarios-'));
const tenMinutesMs = 600_000;
const small = scenarios.map(({ name }) => name).filter((name) => name !== defaultScenario);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function drill(home: string, scenario: string): Promise<Ended> {
  const options = ['--stack', 'running', '--json', '--scenario', scenario];
  const child = spawn(
    process.execPath,
    [program, 'drill', ...options, '--keep', join(kept, scenario)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], TOCSIN_HOME: home } },
  );
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

let stack: DemoStack;
const played = new Map<string, Ended>();
beforeAll(async () => {
  stack = await demoStack();
  const ended = await Promise.all(small.map((name) => drill(stack.running.home, name)));
  ended.forEach((one, index) => played.set(small[index] ?? '', one));
}, tenMinutesMs);
afterAll(async () => {
  await stack.close();
  rmSync(kept, { recursive: true, force: true });
}, tenMinutesMs);

const endOf = (name: string): Ended => {
  const ended = played.get(name);
  if (ended === undefined) throw new Error(`${name} was not played`);
  return ended;
};
const reportOf = (name: string) => JSON.parse(endOf(name).out) as DrillReport;
const toldBy = (name: string, kind: string) =>
  reportOf(name).obligations.filter((o) => o.recipientKind === kind);
const textsOf = (name: string, ending: string): string[] => {
  const folder = join(kept, name, 'notices');
  return readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
};

describe.each(small)('the scenario %s', (name) => {
  it('holds, and says so in its exit code and in one object', () => {
    const { code, err } = endOf(name);
    // What went wrong is in the account; an assertion shows it whole.
    expect(code === 0 ? '' : err).toBe('');
    const report = reportOf(name);
    expect(report).toMatchObject({ ok: true, scenario: name, register: { verified: true } });
    expect(report.deliveries).toMatchObject({ duplicates: 0, inDoubt: 0, bounced: 0 });
    expect(Object.keys(report)).toHaveLength(8);
  });

  it('leaves its after-action report, for a machine and for a reader', () => {
    const path = join(kept, name, 'after-action.json');
    const lessons = JSON.parse(readFileSync(path, 'utf8')) as AfterAction;
    expect(lessons.scenario).toBe(name);
    expect(lessons.steps[0]?.secondsAfterReport).toBeGreaterThan(0);
    expect(lessons.missing).toEqual([]);
    expect(readFileSync(join(kept, name, 'after-action.md'), 'utf8')).toContain('EXERCISE');
    expect(endOf(name).err).toContain(
      `after action: ${String(lessons.score.earned)} of ${String(lessons.score.of)} marks`,
    );
  });
});

describe('the small scenarios', () => {
  it.each(['mis-sent-mail', 'stolen-laptop'])('%s sends nobody anything', (name) => {
    expect(reportOf(name)).toMatchObject({ obligations: [], deliveries: { approved: 0, sent: 0 } });
  });

  it('credential-stuffing tells the lead authority and 120 people, and no customer', () => {
    expect(toldBy('credential-stuffing', 'authority')).toHaveLength(1);
    expect(toldBy('credential-stuffing', 'controller')).toEqual([]);
    expect(reportOf('credential-stuffing').deliveries.sent).toBe(121);
    expect(textsOf('credential-stuffing', '.de.txt')[0]).toContain('Guten Tag');
    expect(textsOf('credential-stuffing', '.en.txt')).toHaveLength(2);
  });

  it('managed-ransomware tells eight customers, one in German, of availability only', () => {
    expect(toldBy('managed-ransomware', 'controller')).toHaveLength(8);
    expect(toldBy('managed-ransomware', 'authority')).toEqual([]);
    const german = textsOf('managed-ransomware', '.de.txt');
    expect(german).toHaveLength(1);
    expect(german[0]).toContain('Daten waren oder sind zeitweise nicht verfügbar');
  });

  it('late-processor-notice is late everywhere, and tells both authorities why in their languages', () => {
    const told = toldBy('late-processor-notice', 'authority');
    expect(told).toHaveLength(2);
    expect(told.every(({ late, marginSeconds }) => late && (marginSeconds ?? 0) < 0)).toBe(true);
    expect(textsOf('late-processor-notice', '.de.txt')[0]).toContain('Gründe für die Verzögerung:');
    expect(textsOf('late-processor-notice', '.en.txt')[0]).toContain('Reasons for the delay:');
  });

  it('sent-then-no-breach withdraws what was sent: each recipient hears it once, with the first reference', () => {
    const report = reportOf('sent-then-no-breach');
    expect(report.phases).toEqual({ initial: 6, supplementary: 0, final: 0, withdrawal: 6 });
    expect(report.deliveries.sent).toBe(2 * 125);
    const texts = textsOf('sent-then-no-breach', '.en.txt');
    const withdrawn = texts.filter((text) => text.includes('no longer stands'));
    expect(withdrawn.length).toBeGreaterThanOrEqual(3);
    for (const text of withdrawn) expect(text).toMatch(/it was no breach|not affected/);
  });

  it('mailbox-compromised calls people out of band, files with the authority, and mails nothing while barred', () => {
    const name = 'mailbox-compromised';
    const lessons = JSON.parse(
      readFileSync(join(kept, name, 'after-action.json'), 'utf8'),
    ) as AfterAction;
    expect(lessons.calls).toMatchObject({ byMail: 0, byTelephone: 0 });
    // Legal and the executive at the least: the bar itself calls both.
    expect(lessons.calls?.outOfBand).toBeGreaterThanOrEqual(2);
    expect(lessons.calls?.arrived).toBeGreaterThanOrEqual(lessons.calls?.outOfBand ?? 0);
    expect(lessons.marks.find(({ mark }) => mark.includes('out of band'))?.earned).toBe(true);
    // The authority was told by filing; the four customers and 120 people by mail after two had opened it.
    expect(reportOf(name).deliveries).toMatchObject({ approved: 125, sent: 124 });
    expect(toldBy(name, 'authority')).toMatchObject([
      { latestStartAt: expect.any(String) as string, late: false },
    ]);
    expect(toldBy(name, 'controller')).toHaveLength(4);
    expect(endOf(name).err).toContain('leo reads the filing pack');
    expect(endOf(name).err).toContain('rita would open mail: a second person has to');
  });

  it('scope-doubles tells added people and customers once, and the first ones what changed', () => {
    const report = reportOf('scope-doubles');
    expect(report.phases).toMatchObject({ initial: 16, supplementary: 7, withdrawal: 0 });
    expect(toldBy('scope-doubles', 'controller')).toHaveLength(13);
    // 13 customers, the authority and 620 people once each, and seven supplements.
    expect(report.deliveries.sent).toBe(13 + 1 + 620 + 7);
    const people = readdirSync(join(kept, 'scope-doubles', 'messages')).filter((name) =>
      name.includes('@mail.example.net'),
    );
    const addresses = people.map((name) => name.replace(/^\d+-/, ''));
    expect(addresses).toHaveLength(620);
    expect(new Set(addresses).size).toBe(620);
    const supplement = textsOf('scope-doubles', '.en.txt').find((text) =>
      text.includes('Copying out of our systems: so far is likely'),
    );
    expect(supplement).toContain('What has changed since our last notice');
  });
});
