/** The law at the command line, without a server: `due`, `assess` and `law`, their exact answers and their refusals. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../support/command-line.ts';
import { factsOfCase, publishedCases } from '../law/published-cases.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function fileWith(document: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-law-'));
  folders.push(folder);
  const path = join(folder, 'facts.json');
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

const berlin = ['--aware', '2026-06-12T17:45:00+02:00', '--zone', 'Europe/Berlin'];
const json = async (argv: readonly string[]): Promise<unknown> => {
  const ran = await run([...argv, '--json']);
  expect([ran.code, ran.err]).toEqual([0, '']);
  return JSON.parse(ran.out);
};

describe('tocsin due', () => {
  it('answers with the strict instant and the readings beside it', async () => {
    expect(await json(['due', ...berlin])).toEqual({
      rule: 'gdpr/33/1',
      strict: { utc: '2026-06-15T15:45:00Z', local: '2026-06-15T17:45:00+02:00' },
      reg1182: { utc: '2026-06-15T16:00:00Z', local: '2026-06-15T18:00:00+02:00' },
      art3_5: {
        contested: true,
        partialDays: { utc: '2026-06-15T16:00:00Z', local: '2026-06-15T18:00:00+02:00' },
        wholeDays: { utc: '2026-06-16T22:00:00Z', local: '2026-06-17T00:00:00+02:00' },
        holidays: [],
      },
      working: expect.arrayContaining([expect.stringContaining('72 hours')]) as string[],
    });
  });

  it('counts the second notice of 611/2013 from its actual submission', async () => {
    const submitted = ['--from', '2026-09-05T20:00:00+01:00', '--zone', 'Europe/Lisbon'];
    expect(await json(['due', ...submitted, '--rule', 'eprivacy-611/2/3'])).toMatchObject({
      strict: { local: '2026-09-08T20:00:00+01:00' },
      reg1182: { local: '2026-09-09T00:00:00+01:00' },
    });
  });

  it.each([
    ['no offset', ['--aware', '2026-06-12T17:45:00', '--zone', 'Europe/Berlin'], /says no offset/],
    [
      'no such day',
      ['--aware', '2026-02-30T10:00:00Z', '--zone', 'UTC'],
      /day that does not exist/,
    ],
    ['no such zone', ['--aware', '2026-06-12T17:45:00Z', '--zone', 'Mars/Base'], /not a time zone/],
    ['no zone', ['--aware', '2026-06-12T17:45:00Z'], /zone/],
    ['no time', ['--zone', 'UTC'], /--aware is missing/],
    ['no such rule', [...berlin, '--rule', 'gdpr/99'], /no rule "gdpr\/99"/],
    ['no such holiday', [...berlin, '--holiday', '2026-13-01'], /not a day/],
  ])('refuses %s with one line', async (_what, argv, says) => {
    const ran = await run(['due', ...argv]);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatch(says);
    expect(ran.err).toMatch(/^tocsin: [^\n]+\n$/);
  });

  it('refuses a rule that was not in force on that day', async () => {
    const ran = await run(['due', '--aware', '2018-05-24T10:00:00Z', '--zone', 'UTC']);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('not in force');
  });
});

describe('tocsin assess', () => {
  it.each(publishedCases)(
    'gives the published outcome of EDPB 01/2021 case $no from its document',
    async ({ facts, expected }) => {
      expect(await json(['assess', fileWith(facts)])).toMatchObject({
        isBreach: true,
        document: true,
        notifySA: expected.notifySA,
        notifySubjects: expected.notifyDataSubjects,
        restsOnUnknowns: false,
      });
    },
  );

  it('has exactly the fields of the output contract', async () => {
    const result = await json(['assess', fileWith(factsOfCase(2))]);
    expect(Object.keys(result as object).sort()).toEqual(
      [
        ...[
          'document',
          'humanReview',
          'isBreach',
          'notifyController',
          'notifySA',
          'notifySubjects',
        ],
        ...['parts', 'publicCommunication', 'restsOnUnknowns', 'riskLevel', 'ruleSetVersion'],
        ...['rules', 'unknownsUsed', 'whatWouldChangeIt'],
      ].sort(),
    );
  });

  it('gives a list for several documents, in their order', async () => {
    const files = [fileWith(factsOfCase(1)), fileWith([factsOfCase(3), factsOfCase(2)])];
    const results = await json(['assess', ...files]);
    expect(results).toMatchObject([
      { notifySA: 'no' },
      { notifySubjects: 'yes' },
      { notifySA: 'yes' },
    ]);
  });

  it('says null, not no, where the decision is not ours', async () => {
    const facts = { ...factsOfCase(3), role: 'processor' };
    expect(await json(['assess', fileWith(facts)])).toMatchObject({
      notifyController: 'yes',
      notifySA: null,
      notifySubjects: null,
      publicCommunication: null,
      riskLevel: null,
    });
  });

  it('explains each rule with its citation and the facts it read', async () => {
    const ran = await run(['assess', fileWith(factsOfCase(2)), '--explain']);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('Art. 33(1), (3), (4) GDPR');
    expect(ran.out).toContain('availability.state = "temporary"');
  });

  const good = factsOfCase(2);
  it.each<[string, unknown, RegExp]>([
    [
      'facts that contradict each other',
      { ...good, exfiltration: 'confirmed', confidentiality: { state: 'none' } },
      /\/exfiltration: .*cannot be none/,
    ],
    ['an unknown word', { ...good, exfiltration: 'perhaps' }, /\/exfiltration: .*one of/],
    ['a missing role', { ...good, role: undefined }, /\/role: role is missing/],
    ['a field nobody reads', { ...good, severity: 'low' }, /\/severity: .*not a field/],
    [
      'a misspelt inner field',
      { ...good, subjects: { ...good.subjects, cuont: 3 } },
      /\/subjects\/cuont/,
    ],
    ['another version', { ...good, schemaVersion: '2.0' }, /\/schemaVersion/],
    [
      'a negative count',
      { ...good, subjects: { ...good.subjects, count: -1 } },
      /\/subjects\/count/,
    ],
    ['no document', [null], /is not a facts document/],
    ['no JSON', '{', /is no JSON/],
  ])('refuses %s and names the field', async (_what, document, says) => {
    const ran = await run(['assess', fileWith(document), '--json']);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatch(says);
    expect(ran.err).toMatch(/^tocsin: [^\n]+\n$/);
  });

  it('refuses a file that is not there', async () => {
    const ran = await run(['assess', '/nowhere/facts.json']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('check the path');
  });
});

describe('tocsin law', () => {
  it('lists the texts in force on a day: the telecom clock of the UK changed on 20 August 2025', async () => {
    const clockOn = async (day: string): Promise<unknown> => {
      const listed = await json(['law', 'list', '--on', day, '--regime', 'uk-pecr']);
      return (listed as { id: string }[]).find(({ id }) => id === 'uk-pecr/5a/2');
    };
    expect(await clockOn('2025-08-19')).toMatchObject({ period: { unit: 'hours', count: 24 } });
    expect(await clockOn('2025-08-20')).toMatchObject({ period: { unit: 'hours', count: 72 } });
  });

  it('shows every text of a rule with its source and how far it was checked', async () => {
    const ran = await run(['law', 'show', 'gdpr/33/1']);
    expect(ran.out).toContain('Regulation (EU) 2016/679, Art. 33(1)');
    expect(ran.out).toContain('proposed, not law');
  });

  it('shows what the proposal would change, and never applies it', async () => {
    const facts = fileWith(factsOfCase(2));
    expect(await json(['law', 'what-if', facts, ...berlin])).toMatchObject([
      {
        rule: 'gdpr/33/1',
        now: { owed: 'yes', due: { local: '2026-06-15T17:45:00+02:00' } },
        proposed: { status: 'proposed', owed: 'no', due: null },
      },
    ]);
    expect(await json(['due', ...berlin])).toMatchObject({
      strict: { local: '2026-06-15T17:45:00+02:00' },
    });
  });

  it.each([
    [['law', 'show', 'gdpr/99']],
    [['law', 'list', '--regime', 'atlantis']],
    [['law', 'list', '--on', 'yesterday']],
  ])('refuses %j with one line', async (argv) => {
    const ran = await run(argv);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/^tocsin: [^\n]+\n$/);
  });
});
