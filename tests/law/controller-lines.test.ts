/** What a controller owes, line by line and in full: recipient, reason, article, facts, due and how it was counted. */
import { describe, expect, it } from 'vitest';
import type { JointArrangement } from '../../src/domain/case.ts';
import { deriveObligations } from '../../src/law/obligations.ts';
import type { EngagementInput, TrackInput } from '../../src/law/obligations.ts';
import {
  aRisk,
  engagementOf,
  factsRead,
  highRisk,
  noBreach,
  noRisk,
  said,
  trackOf,
} from './tracks.ts';

const derive = (track: TrackInput, engagements: readonly EngagementInput[] = []) =>
  deriveObligations({ tracks: [track], engagements });

describe('a controller in Estonia whose letter with national numbers went astray', () => {
  const common = {
    affiliateKey: 'own',
    trackId: 'track',
    verification: 'source-read',
    factsUsed: factsRead,
    ruleSetVersion: 'tocsin-2026.11.2',
    engagementKeys: [],
    authority: null,
  };
  const noDue = { dueAt: null, dueBasis: 'none', targetAt: null, dueWorking: [] };

  it('owes these three lines, and nothing else', () => {
    const track = trackOf('EE', 'controller', highRisk, { processingKey: 'staff' });
    expect(derive(track)).toEqual([
      {
        ...common,
        provision: 'gdpr/33/1',
        recipientKind: 'authority',
        recipientKey: 'ee-aki',
        state: 'owed',
        reason: 'Owed, because a high risk to people is likely (confidentiality).',
        citation: 'Art. 33(1) GDPR',
        label: 'Notify the supervisory authority',
        authority: {
          authorityId: 'ee-aki',
          name: 'Estonian Data Protection Inspectorate',
          role: 'competent',
          channel: 'email',
          email: 'info@aki.ee',
          url: 'https://www.aki.ee/et/teenused-poordumisvormid/esita-rikkumisteade',
          languages: ['et', 'en'],
          zone: 'Europe/Tallinn',
          verification: 'source-read',
          why: 'Art. 55 GDPR: the processing is not cross-border, and its controller sits in EE',
        },
        dueAt: '2026-06-15T15:45:00.000Z',
        dueBasis: 'statute',
        targetAt: '2026-06-14T15:45:00.000Z',
        dueWorking: [
          'gdpr/33/1 (Art. 33(1) GDPR; in force from 2018-05-25) gives 72 hours from awareness.',
          'Aware 2026-06-12T18:45:00+03:00 (2026-06-12T15:45:00Z).',
          'Strict, what is worked to: 72 hours elapse; weekends and holidays count. Due 2026-06-15T18:45:00+03:00 (2026-06-15T15:45:00Z).',
          expect.stringContaining('Regulation 1182/71, shown beside and never worked to'),
          expect.stringContaining('Art. 3(5)'),
        ],
      },
      {
        ...common,
        ...noDue,
        provision: 'gdpr/33/5',
        recipientKind: 'register',
        recipientKey: 'own',
        state: 'owed',
        reason: 'Owed, because every personal data breach is documented.',
        citation: 'Art. 33(5) GDPR',
        label: 'Document the breach',
      },
      {
        ...common,
        ...noDue,
        provision: 'gdpr/34/1',
        recipientKind: 'data-subject',
        recipientKey: 'staff',
        state: 'owed',
        reason: 'Owed, because a high risk to people is likely (confidentiality).',
        citation: 'Art. 34(1) GDPR',
        label: 'Tell the people affected',
        targetAt: '2026-06-15T15:45:00.000Z',
        dueWorking: [
          'gdpr/34/1 (Art. 34(1) GDPR; in force from 2018-05-25) gives no number of hours or days from awareness.',
          'Aware 2026-06-12T18:45:00+03:00 (2026-06-12T15:45:00Z).',
          'The law gives no number; it says "without undue delay" or the like. Only a contract or our own aim sets an hour.',
        ],
      },
    ]);
  });
  it('whose clock runs on a provisional awareness is told so on each line with a time, and on no other', () => {
    const track = trackOf('EE', 'controller', aRisk, { awarenessProvisional: true });
    expect(derive(track).map(({ reason }) => reason)).toEqual([
      'Owed, because a risk to people is not unlikely (confidentiality). The clock runs on a provisional awareness.',
      'Owed, because every personal data breach is documented.',
      'Not owed, because a high risk to people is not likely (a risk to people is not unlikely).',
    ]);
  });
  it('tells people by affiliate where no processing is named', () => {
    expect(said(derive(trackOf('EE', 'controller')), 'gdpr/34/1')[0]).toMatch(/^own: owed/);
  });
  it('names on every line the engagements that are not excluded, in order', () => {
    const engagements = [
      engagementOf('b/mail', { role: 'controller' }),
      engagementOf('c/mail', { role: 'controller', exposure: 'excluded' }),
      engagementOf('a/mail', { role: 'controller', exposure: 'not-excluded' }),
    ];
    const lines = derive(trackOf('EE', 'controller'), engagements);
    expect(lines.map(({ engagementKeys }) => engagementKeys)).toEqual([
      ['a/mail', 'b/mail'],
      ['a/mail', 'b/mail'],
      ['a/mail', 'b/mail'],
    ]);
  });
});

describe('which authority a controller tells', () => {
  const elsewhere = { crossBorder: true, affectedCountries: ['EE', 'IE'] };
  it('the lead alone at its main establishment: that one informs those concerned, Art. 60', () => {
    const lines = derive(trackOf('EE', 'controller', highRisk, elsewhere));
    expect(said(lines, 'gdpr/33/1')).toHaveLength(1);
    expect(lines[0]?.authority).toMatchObject({ authorityId: 'ee-aki', role: 'lead' });
  });
  it.each([
    [highRisk, 'to-decide, Owed, because a high risk to people is likely (confidentiality).'],
    [
      noRisk,
      'not-owed, Not owed, because a risk to people is unlikely; the reasons are documented.',
    ],
  ])(
    'none that could be named from outside the EEA before the countries are known (%#)',
    (values, text) => {
      expect(said(derive(trackOf('US', 'controller', values)), 'gdpr/33/1')).toEqual([
        `authority-to-be-named: ${text} No authority can be named before the countries of the people affected are.`,
      ]);
    },
  );
});

describe('a controller whose data belong to a communications service', () => {
  const connected = { connectedService: true, affectedCountries: ['GB'] };
  it('files nothing a second time, Art. 95 GDPR, here or under the law of people elsewhere', () => {
    const lines = derive(trackOf('EE', 'controller', highRisk, connected));
    expect(said(lines, 'gdpr/33/1')).toEqual([
      'ee-aki: not-owed, Not owed, because the breach is connected with the communications service and is notified under Art. 2 or 5 of Regulation (EU) No 611/2013, in the UK under reg. 5A PECR: no second filing, Art. 95 GDPR.',
    ]);
    expect(said(lines, 'gdpr/34/1')).toEqual([
      'own: not-owed, Not owed, because subscribers and people are told under 611/2013 or PECR: the same duty is not owed twice, Art. 95 GDPR.',
    ]);
    expect(said(lines, 'gdpr/33/5')).toEqual([
      'own: owed, Owed, because every personal data breach is documented.',
    ]);
    expect(lines).toHaveLength(3);
  });
});

describe('of joint controllers, Art. 26 GDPR', () => {
  const because = 'Owed, because a high risk to people is likely (confidentiality).';
  const arrangement = (who: Partial<JointArrangement>): JointArrangement => ({
    with: 'Partner Ltd',
    files: null,
    tells: null,
    ...who,
  });
  const jointly = (...arrangements: readonly JointArrangement[]) =>
    derive(trackOf('EE', 'joint-controller', highRisk, { arrangements }));

  it('we act where the arrangement says so', () => {
    const lines = jointly(arrangement({ files: 'us', tells: 'us' }));
    expect(said(lines, 'gdpr/33/1')).toEqual([
      `ee-aki: owed, ${because} By the arrangement under Art. 26 GDPR we file.`,
    ]);
    expect(said(lines, 'gdpr/34/1')).toEqual([
      `own: owed, ${because} By the arrangement under Art. 26 GDPR we tell people.`,
    ]);
  });
  it('a person says whether the others acted where every arrangement leaves it to them', () => {
    const lines = jointly(
      arrangement({ files: 'them', tells: 'them' }),
      arrangement({ with: 'Other SA', files: 'them', tells: 'them' }),
    );
    const theirs = (act: string) =>
      `To decide: by the arrangement under Art. 26 GDPR Partner Ltd, Other SA ${act}; a person says whether that was done, for we stay answerable. Without it: ${because}`;
    expect(said(lines, 'gdpr/33/1')).toEqual([`ee-aki: to-decide, ${theirs('file')}`]);
    expect(said(lines, 'gdpr/34/1')).toEqual([`own: to-decide, ${theirs('tell people')}`]);
  });
  it('we act where one of several arrangements leaves it open, or none is on record', () => {
    const open = (act: string) =>
      `No arrangement under Art. 26 GDPR on record says that another controller should ${act}, so we do.`;
    const one = jointly(arrangement({ files: 'them' }), arrangement({ with: 'Other SA' }));
    for (const lines of [one, jointly(), derive(trackOf('EE', 'joint-controller'))]) {
      expect(said(lines, 'gdpr/33/1')).toEqual([`ee-aki: owed, ${because} ${open('file')}`]);
      expect(said(lines, 'gdpr/34/1')).toEqual([`own: owed, ${because} ${open('tell people')}`]);
    }
  });
  it('we act where one of several arrangements says so, whatever the others', () => {
    const lines = jointly(arrangement({ files: 'them' }), arrangement({ files: 'us' }));
    expect(said(lines, 'gdpr/33/1')).toEqual([
      `ee-aki: owed, ${because} By the arrangement under Art. 26 GDPR we file.`,
    ]);
  });
  it('nothing is added where nothing is owed', () => {
    const lines = derive(
      trackOf('EE', 'joint-controller', noRisk, { arrangements: [arrangement({ files: 'us' })] }),
    );
    expect(said(lines, 'gdpr/33/1')).toEqual([
      'ee-aki: not-owed, Not owed, because a risk to people is unlikely; the reasons are documented.',
    ]);
  });
  it('an arrangement is no matter for a controller alone', () => {
    const arrangements = [arrangement({ files: 'them', tells: 'them' })];
    const lines = derive(trackOf('EE', 'controller', highRisk, { arrangements }));
    expect(said(lines, 'gdpr/33/1')).toEqual([`ee-aki: owed, ${because}`]);
  });
});

describe('an incident that is no personal data breach', () => {
  it('is owed to nobody, nor to the record', () => {
    const none = 'Not owed, because this is not a personal data breach, Art. 4(12) GDPR.';
    const lines = derive(trackOf('EE', 'controller', noBreach));
    expect(lines.map(({ reason, state }) => [state, reason])).toEqual([
      ['not-owed', none],
      ['not-owed', none],
      ['not-owed', none],
    ]);
  });
});
