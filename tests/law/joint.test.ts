/** Joint controllers: who files and who tells people is what the arrangement says, and never nobody. */
import { describe, expect, it } from 'vitest';
import type { JointArrangement } from '../../src/domain/case.ts';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { deriveObligations } from '../../src/law/obligations.ts';
import { factsOfCase } from './published-cases.ts';

function states(...arrangements: readonly JointArrangement[]): Readonly<Record<string, string>> {
  const facts = assembleFacts(factValues(factsOfCase(4)).set('role', 'joint_controller')).facts;
  const lines = deriveObligations({
    engagements: [],
    tracks: [
      {
        trackId: 'track',
        affiliate: { key: 'own', country: 'EE', mainEstablishment: true, zone: 'Europe/Tallinn' },
        role: 'joint-controller',
        processingKey: 'portal',
        crossBorder: false,
        affectedCountries: ['EE'],
        awareAt: '2026-06-12T15:45:00.000Z',
        awarenessProvisional: false,
        assessment: assess(facts),
        assessmentFactsVersion: 1,
        arrangements,
      },
    ],
  });
  return Object.fromEntries(
    lines.map(({ provision, state, reason, dueAt }) => [
      provision,
      `${state}${dueAt === null ? '' : ' with its due'}: ${reason}`,
    ]),
  );
}
const them: JointArrangement = { with: 'Partner Ltd', files: 'them', tells: 'them' };

describe('of joint controllers', () => {
  it('we file and tell where the arrangement says so', () => {
    const said = states({ with: 'Partner Ltd', files: 'us', tells: 'us' });
    expect(said['gdpr/33/1']).toMatch(/^owed with its due: .*Art\. 26 GDPR we file\./);
    expect(said['gdpr/34/1']).toMatch(/^owed: .*Art\. 26 GDPR we tell people\./);
  });
  it('the other one files where the arrangement says so: a person says whether it did, and the clock runs on', () => {
    const said = states({ ...them, tells: 'us' });
    expect(said['gdpr/33/1']).toMatch(/^to-decide with its due: .*Partner Ltd file; a person says/);
    expect(said['gdpr/34/1']).toMatch(/^owed: /);
  });
  it('we do both where no arrangement is on record, and where one of several leaves it to us', () => {
    for (const said of [states(), states(them, { with: 'Other', files: null, tells: null })]) {
      expect(said['gdpr/33/1']).toMatch(/^owed with its due: .*No arrangement under Art\. 26/);
      expect(said['gdpr/34/1']).toMatch(/^owed: /);
    }
  });
  it('each documents for itself, whatever the arrangement', () => {
    expect(states(them)['gdpr/33/5']).toMatch(/^owed: /);
  });
});
