/** What a processor owes, line by line and in full: one notice to each customer, Art. 33(2) GDPR, and nothing of its own. */
import { describe, expect, it } from 'vitest';
import { deriveObligations } from '../../src/law/obligations.ts';
import type { EngagementInput, TrackInput } from '../../src/law/obligations.ts';
import { engagementOf, highRisk, hoursOf, noBreach, said, trackOf } from './tracks.ts';

const derive = (track: TrackInput, ...engagements: readonly EngagementInput[]) =>
  deriveObligations({ tracks: [track], engagements });
const processor = trackOf('EE', 'processor');
/** A processor assesses no risk: it has read whether there is a breach, and its role. */
const factsRead = [
  { name: 'personalDataInvolved', value: true },
  { name: 'breachOfSecurity', value: true },
  { name: 'confidentiality.state', value: 'confirmed' },
  { name: 'exfiltration', value: 'not_applicable' },
  { name: 'availability.state', value: 'none' },
  { name: 'integrity.state', value: 'none' },
  { name: 'role', value: 'processor' },
];

describe('a processor in Estonia', () => {
  const common = {
    trackId: 'track',
    verification: 'source-read',
    ruleSetVersion: 'tocsin-2026.11.2',
    authority: null,
  };
  it('owes the authority nothing, and its customer one notice with its engagements as sections', () => {
    const lines = derive(
      processor,
      engagementOf('acme/web', { terms: hoursOf(12), affiliateKey: 'other' }),
      engagementOf('acme/mail', { exposure: 'confirmed', affiliateKey: 'other' }),
      engagementOf('acme/fibre', {
        exposure: 'excluded',
        terms: hoursOf(1),
        affiliateKey: 'other',
      }),
    );
    expect(lines).toEqual([
      {
        ...common,
        provision: 'gdpr/33/1',
        affiliateKey: 'own',
        recipientKind: 'authority',
        recipientKey: 'controllers-decide',
        state: 'not-owed',
        reason:
          'Not owed, because we are processor here: each controller decides about its authority and its people.',
        citation: 'Art. 33(1) GDPR',
        label: 'Notify the supervisory authority',
        factsUsed: factsRead,
        engagementKeys: [],
        dueAt: null,
        dueBasis: 'none',
        targetAt: null,
        dueWorking: [],
      },
      {
        ...common,
        provision: 'gdpr/33/2',
        affiliateKey: 'other',
        recipientKind: 'controller',
        recipientKey: 'acme',
        state: 'owed',
        reason:
          'Owed, because their data are confirmed to be affected. One further engagement of theirs is excluded and left out.',
        citation: 'Art. 33(2) GDPR',
        label: 'Tell the customer whose data we process',
        factsUsed: [
          ...factsRead,
          { name: 'exposure/acme/mail', value: 'confirmed' },
          { name: 'exposure/acme/web', value: 'likely' },
        ],
        engagementKeys: ['acme/mail', 'acme/web'],
        dueAt: '2026-06-13T03:45:00.000Z',
        dueBasis: 'contract',
        targetAt: '2026-06-13T03:45:00.000Z',
        dueWorking: [
          'gdpr/33/2 (Art. 33(2) GDPR; in force from 2018-05-25) gives no number of hours or days from awareness.',
          'Aware 2026-06-12T18:45:00+03:00 (2026-06-12T15:45:00Z).',
          'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.',
          'Our own aim, policy and not law: 24 hours.',
          'The master agreement gives 12 hours from awareness at 2026-06-12T18:45:00+03:00: 2026-06-13T06:45:00+03:00 (2026-06-13T03:45:00Z); by e-mail, given once sent.',
        ],
      },
    ]);
  });
  it('counts the engagements it leaves out', () => {
    const lines = derive(
      processor,
      engagementOf('acme/a', { exposure: 'excluded' }),
      engagementOf('acme/b'),
      engagementOf('acme/c', { exposure: 'excluded' }),
    );
    expect(said(lines, 'gdpr/33/2')).toEqual([
      'acme: owed, Owed, because their data are likely to be affected. 2 further engagements of theirs are excluded and left out.',
    ]);
  });
  it('keeps the reason on record where all of a customer is excluded, with no clock', () => {
    const excluded = { exposure: 'excluded', terms: hoursOf(1) } as const;
    const lines = derive(
      processor,
      engagementOf('acme/b', excluded),
      engagementOf('acme/a', excluded),
    );
    expect(said(lines, 'gdpr/33/2')).toEqual([
      'acme: not-owed, Not owed, because their data are excluded; the evidence is kept.',
    ]);
    expect(lines.at(-1)).toMatchObject({
      engagementKeys: ['acme/a', 'acme/b'],
      dueAt: null,
      dueBasis: 'none',
      targetAt: null,
      dueWorking: [],
    });
  });
  it.each([
    ['confirmed', 'not-excluded', 'their data are confirmed to be affected'],
    ['not-excluded', 'likely', 'their data are likely to be affected'],
    ['not-excluded', 'excluded', 'their data cannot yet be excluded; the notice says only that'],
  ] as const)('with one engagement %s and one %s says that %s', (one, other, because) => {
    const lines = derive(
      processor,
      engagementOf('acme/a', { exposure: one }),
      engagementOf('acme/b', { exposure: other }),
    );
    expect(said(lines, 'gdpr/33/2')[0]).toContain(`acme: owed, Owed, because ${because}.`);
  });
  it('owes a customer of two affiliates a notice from each', () => {
    const lines = derive(
      processor,
      engagementOf('acme/a', { affiliateKey: 'second' }),
      engagementOf('acme/b', { affiliateKey: 'first' }),
    );
    expect(
      lines.slice(1).map(({ affiliateKey, engagementKeys }) => [affiliateKey, engagementKeys]),
    ).toEqual([
      ['first', ['acme/b']],
      ['second', ['acme/a']],
    ]);
  });
  it('owes nobody a notice of what is no breach', () => {
    const lines = derive(trackOf('EE', 'processor', noBreach), engagementOf('acme/a'));
    expect(said(lines, 'gdpr/33/2')).toEqual([
      'acme: not-owed, Not owed, because this is not a personal data breach, Art. 4(12) GDPR.',
    ]);
  });
  it('had no duty towards customers before the GDPR applied', () => {
    const before = trackOf('EE', 'processor', highRisk, { awareAt: '2018-05-24T12:00:00.000Z' });
    expect(derive(before, engagementOf('acme/a'))).toEqual([]);
  });
});
