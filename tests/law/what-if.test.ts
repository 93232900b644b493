/** What the proposed Art. 33(1) GDPR would change, 96 hours and only for a high risk: told beside the law in force, never in its place. */
import { describe, expect, it } from 'vitest';
import type { BreachFacts } from '../../src/domain/facts.ts';
import { whatIf } from '../../src/law/what-if.ts';
import { factsOfCase } from './published-cases.ts';

const fridayEvening = '2026-06-12T15:45:00.000Z';
const berlin = { zone: 'Europe/Berlin', holidays: [] };
const ask = (facts: BreachFacts | null, at = fridayEvening) => whatIf(at, berlin, facts);

const monday = { utc: '2026-06-15T15:45:00Z', local: '2026-06-15T17:45:00+02:00' };
const tuesday = { utc: '2026-06-16T15:45:00Z', local: '2026-06-16T17:45:00+02:00' };
const inForce = { citation: 'Art. 33(1) GDPR', status: 'in-force' };
const proposed = {
  citation: 'Art. 33(1) GDPR as proposed (Digital Omnibus, Commission, 19 November 2025)',
  status: 'proposed',
};
const otherThreshold = 'The threshold would be "high-risk" instead of "unless-unlikely".';
const dayLater = 'It would be due 2026-06-16T17:45:00+02:00 instead of 2026-06-15T17:45:00+02:00.';

describe('the proposal beside the law in force', () => {
  it('without facts differs by threshold and due, and says nothing of what is owed', () => {
    expect(ask(null)).toEqual([
      {
        rule: 'gdpr/33/1',
        now: { ...inForce, owed: null, due: monday },
        proposed: { ...proposed, owed: null, due: tuesday },
        source: 'COM(2025) 837, number to be verified; read in law-firm summaries',
        differences: [otherThreshold, dayLater],
      },
    ]);
  });
  it('would end the notice of a risk that is not high: ransomware without a backup, case 2', () => {
    expect(ask(factsOfCase(2))).toMatchObject([
      {
        now: { owed: 'yes', due: monday },
        proposed: { owed: 'no', due: null },
        differences: ['It would no longer be owed.', otherThreshold],
      },
    ]);
  });
  it('would give a day more for a high risk: ransomware in a hospital, case 3', () => {
    expect(ask(factsOfCase(3))).toMatchObject([
      {
        now: { owed: 'yes', due: monday },
        proposed: { owed: 'yes', due: tuesday },
        differences: [otherThreshold, dayLater],
      },
    ]);
  });
  it('owes as little as the law in force where a risk is unlikely: ransomware with a backup, case 1', () => {
    expect(ask(factsOfCase(1))).toMatchObject([
      {
        now: { owed: 'no', due: null },
        proposed: { owed: 'no', due: null },
        differences: [otherThreshold],
      },
    ]);
  });
  it('owes nothing for what is no personal data breach', () => {
    expect(ask({ ...factsOfCase(3), personalDataInvolved: false })).toMatchObject([
      { now: { owed: 'no', due: null }, proposed: { owed: 'no', due: null } },
    ]);
  });
  it('says nothing of what is owed where we are the processor: the risk is not ours to judge', () => {
    expect(ask({ ...factsOfCase(3), role: 'processor' })).toMatchObject([
      {
        now: { owed: null, due: monday },
        proposed: { owed: null, due: tuesday },
        differences: [otherThreshold, dayLater],
      },
    ]);
  });
  it('is compared with nothing before the GDPR applied', () => {
    expect(ask(null, '2018-05-24T10:00:00.000Z')).toEqual([]);
  });
});
