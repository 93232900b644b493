/** What a provider owes authorities, its inventory and the general law, line by line: 611/2013, PECR, Art. 95 GDPR. */
import { describe, expect, it } from 'vitest';
import { deriveObligations } from '../../src/law/obligations.ts';
import type { EngagementInput, TrackInput } from '../../src/law/obligations.ts';
import { engagementOf, factsRead, highRisk, noBreach, noRisk, said, trackOf } from './tracks.ts';
import type { Country } from './tracks.ts';
import type { Values } from './plain-facts.ts';

const detectedAt = '2026-06-12T12:00:00.000Z';
const provider = (country: Country, values: Values = highRisk, more: Partial<TrackInput> = {}) =>
  trackOf(country, 'provider', values, { detectedAt, ...more });
const derive = (track: TrackInput, ...engagements: readonly EngagementInput[]) =>
  deriveObligations({ tracks: [track], engagements });
const every =
  'Owed, because every breach connected with the service is notified, whatever its risk.';
const inventory = 'own: owed, Owed, because a provider keeps an inventory of every breach.';
const general =
  'Not owed, because the breach is connected with the communications service and is notified under Art. 2 or 5 of Regulation (EU) No 611/2013, in the UK under reg. 5A PECR: no second filing, Art. 95 GDPR.';
const allExcluded =
  'Not owed, because every line of the service is excluded; the evidence is kept.';
const excluded = (key: string, more: Partial<EngagementInput> = {}) =>
  engagementOf(key, { exposure: 'excluded', ...more });

describe('a provider in Ireland', () => {
  it('owes its authority a notice within 24 hours of detection, in full', () => {
    expect(derive(provider('IE'))[0]).toEqual({
      provision: 'eprivacy-611/2/2',
      affiliateKey: 'own',
      trackId: 'track',
      recipientKind: 'authority',
      recipientKey: 'ie-dpc',
      state: 'owed',
      reason: every,
      citation: 'Art. 2(1), 2(2) Regulation (EU) No 611/2013',
      label: 'Notify every competent national authority for electronic communications',
      verification: 'source-read',
      factsUsed: factsRead,
      ruleSetVersion: 'tocsin-2026.11.2',
      engagementKeys: [],
      authority: {
        authorityId: 'ie-dpc',
        name: 'Data Protection Commission',
        role: 'competent',
        channel: 'portal',
        email: null,
        url: 'https://www.dataprotection.ie/general-guidance/guidance-organisaions/guidance-how-complete-data-breach-notification-form',
        languages: ['en', 'ga'],
        zone: 'Europe/Dublin',
        verification: 'source-read',
        why: 'Art. 2(1) Regulation 611/2013: competent for providers established in IE; no one-stop-shop',
      },
      dueAt: '2026-06-13T12:00:00.000Z',
      dueBasis: 'statute',
      targetAt: '2026-06-13T08:00:00.000Z',
      dueWorking: [
        'eprivacy-611/2/2 (Art. 2(1), 2(2) Regulation (EU) No 611/2013; in force from 2013-08-25) gives 24 hours from detection.',
        'Detected 2026-06-12T13:00:00+01:00 (2026-06-12T12:00:00Z).',
        'Strict, what is worked to: 24 hours elapse; weekends and holidays count. Due 2026-06-13T13:00:00+01:00 (2026-06-13T12:00:00Z).',
        expect.stringContaining('Regulation 1182/71'),
      ],
    });
  });
  it('keeps an inventory, Art. 4(4) Directive 2002/58/EC, and files nothing twice, Art. 95 GDPR', () => {
    const lines = derive(provider('IE'));
    expect(lines.map(({ provision }) => provision)).toEqual([
      ...['eprivacy-611/2/2', 'eprivacy/4/4', 'gdpr/33/1'],
    ]);
    expect(said(lines, 'eprivacy/4/4')).toEqual([inventory]);
    expect(said(lines, 'gdpr/33/1')).toEqual([`ie-dpc: not-owed, ${general}`]);
  });
  it('is told when the clock runs on a provisional awareness, not once the detection is recorded', () => {
    const reason = (more: Partial<TrackInput>) =>
      derive(trackOf('IE', 'provider', highRisk, { awarenessProvisional: true, ...more }))[0]
        ?.reason;
    expect(reason({})).toBe(`${every} The clock runs on a provisional awareness.`);
    expect(reason({ detectedAt })).toBe(every);
  });
  it('owes it whatever the risk', () => {
    expect(said(derive(provider('IE', noRisk)), 'eprivacy-611/2/2')).toEqual([
      `ie-dpc: owed, ${every}`,
    ]);
  });
  it('owes nothing where there is no breach', () => {
    const none = 'Not owed, because this is not a personal data breach.';
    const lines = derive(provider('IE', noBreach));
    expect(said(lines, 'eprivacy-611/2/2')).toEqual([`ie-dpc: not-owed, ${none}`]);
    expect(said(lines, 'eprivacy/4/4')).toEqual([`own: not-owed, ${none}`]);
  });
  it('owed nothing of the kind before the Regulation applied', () => {
    expect(derive(provider('IE', highRisk, { awareAt: '2013-08-24T12:00:00.000Z' }))).toEqual([]);
  });
});

describe('a provider whose lines are in part or all excluded', () => {
  const wholesale = { wholesale: true };
  const toAuthority = (...engagements: readonly EngagementInput[]) =>
    said(derive(provider('IE'), ...engagements), 'eprivacy-611/2/2');

  it('owes nothing where every line is, and the inventory says why', () => {
    expect(toAuthority(excluded('a/1'), excluded('w/1', wholesale))).toEqual([
      `ie-dpc: not-owed, ${allExcluded}`,
    ]);
    expect(said(derive(provider('IE'), excluded('a/1')), 'eprivacy/4/4')).toEqual([
      `own: not-owed, ${allExcluded}`,
    ]);
  });
  it('owes the notice where one line is not', () => {
    expect(toAuthority(excluded('a/1'), engagementOf('b/1'))).toEqual([`ie-dpc: owed, ${every}`]);
  });
  it('as supplier alone leaves the notice to the contracting provider, Art. 5, and keeps its inventory', () => {
    const supplied = engagementOf('w/1', wholesale);
    expect(toAuthority(supplied)).toEqual([]);
    expect(toAuthority(supplied, excluded('a/1'))).toEqual([]);
    const lines = derive(provider('IE'), supplied);
    expect(lines.map(({ provision }) => provision)).toEqual([
      ...['eprivacy-611/5', 'eprivacy/4/4', 'gdpr/33/1'],
    ]);
    expect(said(lines, 'eprivacy/4/4')).toEqual([inventory]);
  });
  it('as supplier with subscribers of its own besides owes it itself', () => {
    expect(toAuthority(engagementOf('w/1', wholesale), engagementOf('a/1'))).toEqual([
      `ie-dpc: owed, ${every}`,
    ]);
    expect(toAuthority(excluded('w/1', wholesale), engagementOf('a/1'))).toHaveLength(1);
  });
  it('as supplier goes on with a notice it has once made', () => {
    const firstSubmissions = [{ authorityId: 'ie-dpc', at: detectedAt, isComplete: false }];
    const track = provider('IE', highRisk, { firstSubmissions });
    const lines = derive(track, engagementOf('w/1', wholesale));
    expect(said(lines, 'eprivacy-611/2/2')).toEqual([`ie-dpc: owed, ${every}`]);
    const none = provider('IE', highRisk, { firstSubmissions: [] });
    expect(said(derive(none, engagementOf('w/1', wholesale)), 'eprivacy-611/2/2')).toEqual([]);
  });
});

describe('a provider elsewhere', () => {
  it('outside the EEA and the UK leaves to a person which authority it is, and owes the general law nothing', () => {
    const unnamed = 'No competent authority is carried for US: name it.';
    const lines = derive(provider('US'));
    expect(said(lines, 'eprivacy-611/2/2')).toEqual([
      `authority-to-be-named: to-decide, ${every} ${unnamed}`,
    ]);
    expect(lines[0]).toMatchObject({ dueAt: '2026-06-13T12:00:00.000Z', authority: null });
    expect(lines.map(({ recipientKey }) => recipientKey)).toEqual(['authority-to-be-named', 'own']);
    expect(said(derive(provider('US', noBreach)), 'eprivacy-611/2/2')).toEqual([
      `authority-to-be-named: not-owed, Not owed, because this is not a personal data breach. ${unnamed}`,
    ]);
  });
  it('in the UK tells the Commissioner within 72 hours of awareness and keeps an inventory, reg. 5A(8) PECR', () => {
    const lines = derive(provider('GB'));
    expect(lines.map(({ provision }) => provision)).toEqual([
      ...['uk-gdpr/33/1', 'uk-pecr/5a/2', 'uk-pecr/5a/8'],
    ]);
    expect(said(lines, 'uk-pecr/5a/8')).toEqual([inventory]);
    expect(said(lines, 'uk-pecr/5a/2')).toEqual([`gb-ico: owed, ${every}`]);
    expect(said(lines, 'uk-gdpr/33/1')).toEqual([`gb-ico: not-owed, ${general}`]);
    expect(lines[1]).toMatchObject({
      dueAt: '2026-06-15T15:45:00.000Z',
      targetAt: '2026-06-13T11:45:00.000Z',
      authority: { authorityId: 'gb-ico', why: 'Reg. 5A PECR 2003' },
    });
  });
});

describe('the second notice, Art. 2(3) of 611/2013', () => {
  const at = '2026-06-13T10:00:00.000Z';
  const after = (isComplete: boolean, more: Partial<TrackInput> = {}, country: Country = 'IE') =>
    derive(
      provider(country, highRisk, {
        firstSubmissions: [{ authorityId: country === 'GB' ? 'gb-ico' : 'ie-dpc', at, isComplete }],
        ...more,
      }),
    ).filter(({ provision }) => provision === 'eprivacy-611/2/3');

  it('is owed three days after a first one that was not complete', () => {
    expect(after(false)).toMatchObject([
      {
        recipientKey: 'ie-dpc',
        state: 'owed',
        reason:
          'Owed, because the first notice was not complete; what is still missing is justified.',
        citation: 'Art. 2(3) Regulation (EU) No 611/2013',
        authority: { authorityId: 'ie-dpc' },
        dueAt: '2026-06-16T10:00:00.000Z',
        dueBasis: 'statute',
        targetAt: '2026-06-14T06:00:00.000Z',
      },
    ]);
  });
  it('runs from the submission, so a provisional awareness is no matter', () => {
    expect(after(false, { awarenessProvisional: true })[0]?.reason).toBe(
      'Owed, because the first notice was not complete; what is still missing is justified.',
    );
  });
  it('is not owed after a complete one', () => {
    expect(after(true)).toMatchObject([
      {
        recipientKey: 'ie-dpc',
        state: 'not-owed',
        reason: 'Not owed, because the first notice said all that Annex I asks.',
        authority: { authorityId: 'ie-dpc' },
        dueAt: null,
      },
    ]);
  });
  it('is none where another authority had the first, nor in the UK', () => {
    const firstSubmissions = [{ authorityId: 'de-bfdi', at, isComplete: false }];
    expect(after(false, { firstSubmissions })).toEqual([]);
    expect(after(false, {}, 'GB')).toEqual([]);
  });
});
