/** What is owed in a case, to whom, by which article and when, or why not: tables for counsel. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Grade, TrackRole } from '../../src/domain/case.ts';
import type { ContractTerm } from '../../src/domain/contract-term.ts';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import type { FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { assess } from '../../src/law/assess.ts';
import { deriveObligations } from '../../src/law/obligations.ts';
import type { EngagementInput, ObligationDraft, TrackInput } from '../../src/law/obligations.ts';
import { allProvisions } from '../../src/law/provisions.ts';
import { factsOfCase, publishedCases } from './published-cases.ts';

const awareAt = '2026-06-12T15:45:00.000Z';
const seats = {
  EE: { key: 'tallinn', country: 'EE', mainEstablishment: true, zone: 'Europe/Tallinn' },
  DE: {
    key: 'frankfurt',
    country: 'DE',
    region: 'DE-HE',
    mainEstablishment: false,
    zone: 'Europe/Berlin',
  },
  GB: { key: 'london', country: 'GB', mainEstablishment: false, zone: 'Europe/London' },
  CH: { key: 'zurich', country: 'CH', mainEstablishment: false, zone: 'Europe/Zurich' },
  US: { key: 'boston', country: 'US', mainEstablishment: false, zone: 'America/New_York' },
} as const;
type Seat = keyof typeof seats;

const roles = {
  controller: 'controller',
  processor: 'processor',
  'joint-controller': 'joint_controller',
  provider: 'controller',
} as const;

function track(
  seat: Seat,
  role: TrackRole,
  no: number,
  more: Partial<TrackInput> = {},
): TrackInput {
  const facts = assembleFacts(factValues(factsOfCase(no)).set('role', roles[role])).facts;
  return {
    trackId: `${seat}-${role}`,
    affiliate: seats[seat],
    role,
    processingKey: 'staff',
    crossBorder: true,
    affectedCountries: seat === 'GB' || seat === 'CH' ? [seat] : ['EE', 'DE'],
    awareAt,
    awarenessProvisional: false,
    assessment: assess(facts),
    assessmentFactsVersion: 1,
    ...more,
  };
}

/** A contract that gives hours from awareness. */
function within(count: number): readonly ContractTerm[] {
  return [
    {
      standsIn: 'agreement',
      period: { unit: 'hours', count },
      trigger: 'awareness',
      channel: 'email',
      contact: null,
      given: 'sent',
    },
  ];
}

function engagement(
  key: string,
  exposure: Grade,
  more: Partial<EngagementInput> = {},
): EngagementInput {
  return {
    engagementKey: key,
    customerKey: key.split('/')[0] ?? key,
    affiliateKey: 'tallinn',
    trackId: 'EE-processor',
    productKey: 'mail',
    role: 'processor',
    visibility: 'V3',
    exposure,
    terms: [],
    ...more,
  };
}

const short = (line: ObligationDraft): string =>
  `${line.provision} ${line.recipientKey}: ${line.state}, due ${line.dueAt ?? 'without undue delay'} (${line.dueBasis})`;
const of = (input: Parameters<typeof deriveObligations>[0]): string[] =>
  deriveObligations(input).map(short);

const in72h = '2026-06-15T15:45:00.000Z';
const noDue = 'due without undue delay (none)';

describe('a controller', () => {
  it.each<[string, TrackInput, string[]]>([
    [
      'with a high risk owes all three (published case 4)',
      track('EE', 'controller', 4),
      [
        `gdpr/33/1 ee-aki: owed, due ${in72h} (statute)`,
        `gdpr/33/5 tallinn: owed, ${noDue}`,
        `gdpr/34/1 staff: owed, ${noDue}`,
      ],
    ],
    [
      'with a risk that is not high does not tell people (case 16)',
      track('EE', 'controller', 16),
      [
        `gdpr/33/1 ee-aki: owed, due ${in72h} (statute)`,
        `gdpr/33/5 tallinn: owed, ${noDue}`,
        `gdpr/34/1 staff: not-owed, ${noDue}`,
      ],
    ],
    [
      'with a risk that is unlikely documents only (case 13)',
      track('EE', 'controller', 13),
      [
        `gdpr/33/1 ee-aki: not-owed, ${noDue}`,
        `gdpr/33/5 tallinn: owed, ${noDue}`,
        `gdpr/34/1 staff: not-owed, ${noDue}`,
      ],
    ],
    [
      'without the main establishment tells every affected authority',
      track('DE', 'controller', 4),
      [
        `gdpr/33/1 de-he-hbdi: owed, due ${in72h} (statute)`,
        `gdpr/33/1 ee-aki: owed, due ${in72h} (statute)`,
        `gdpr/33/5 frankfurt: owed, ${noDue}`,
        `gdpr/34/1 staff: owed, ${noDue}`,
      ],
    ],
    [
      'outside the EU without known countries is a decision, its clock running',
      track('US', 'controller', 4, { affectedCountries: [] }),
      [
        `gdpr/33/1 authority-to-be-named: to-decide, due ${in72h} (statute)`,
        `gdpr/33/5 boston: owed, ${noDue}`,
        `gdpr/34/1 staff: owed, ${noDue}`,
      ],
    ],
    [
      'in the UK has its own law and authority',
      track('GB', 'controller', 4),
      [
        `uk-gdpr/33/1 gb-ico: owed, due ${in72h} (statute)`,
        `uk-gdpr/33/5 london: owed, ${noDue}`,
        `uk-gdpr/34/1 staff: owed, ${noDue}`,
      ],
    ],
    [
      'in Switzerland has no hours',
      track('CH', 'controller', 4),
      [
        `ch-dpo/15/4 zurich: owed, ${noDue}`,
        `ch-fadp/24/1 ch-fdpic: owed, ${noDue}`,
        `ch-fadp/24/4 staff: owed, ${noDue}`,
      ],
    ],
    [
      'in Switzerland notifies a high risk only (case 16)',
      track('CH', 'controller', 16),
      [
        `ch-dpo/15/4 zurich: owed, ${noDue}`,
        `ch-fadp/24/1 ch-fdpic: not-owed, ${noDue}`,
        `ch-fadp/24/4 staff: not-owed, ${noDue}`,
      ],
    ],
  ])('%s', (_, only, expected) => {
    expect(of({ tracks: [only], engagements: [] })).toEqual(expected);
  });

  it('files with the lead by e-mail where an address for notices is known', () => {
    const [line] = deriveObligations({ tracks: [track('EE', 'controller', 4)], engagements: [] });
    expect(line?.authority).toMatchObject({
      authorityId: 'ee-aki',
      role: 'lead',
      channel: 'email',
      email: 'info@aki.ee',
    });
    const [uk] = deriveObligations({ tracks: [track('GB', 'controller', 4)], engagements: [] });
    expect(uk?.authority).toMatchObject({ channel: 'portal', email: null });
  });
  it('jointly with another is told that the arrangement says who files', () => {
    const [line] = deriveObligations({
      tracks: [track('EE', 'joint-controller', 4)],
      engagements: [],
    });
    expect(line).toMatchObject({ state: 'owed' });
    expect(line?.reason).toContain('Art. 26');
  });
  it('is told when its clock runs on a provisional awareness', () => {
    const only = track('EE', 'controller', 4, { awarenessProvisional: true });
    const [line] = deriveObligations({ tracks: [only], engagements: [] });
    expect(line?.reason).toContain('provisional awareness');
  });
  it('aims earlier than the law demands, and never later', () => {
    const lines = deriveObligations({ tracks: [track('EE', 'controller', 4)], engagements: [] });
    expect(lines.map((line) => line.targetAt)).toEqual(['2026-06-14T15:45:00.000Z', null, in72h]);
  });
});

describe('what is not known', () => {
  const { facts, unknown } = assembleFacts(new Map<FactName, JsonValue>([['role', 'controller']]));
  const nothingKnown = assess(facts, unknown);

  it('is owed to the authority in 72 hours, and still to be decided towards people', () => {
    const only = track('EE', 'controller', 4, { assessment: nothingKnown });
    expect(of({ tracks: [only], engagements: [] })).toEqual([
      `gdpr/33/1 ee-aki: owed, due ${in72h} (statute)`,
      `gdpr/33/5 tallinn: owed, ${noDue}`,
      `gdpr/34/1 staff: to-decide, ${noDue}`,
    ]);
  });
  it('is named in the reason, and the decision has our own time', () => {
    const only = track('EE', 'controller', 4, { assessment: nothingKnown });
    const lines = deriveObligations({ tracks: [only], engagements: [] });
    const people = lines.find((line) => line.recipientKind === 'data-subject');
    expect(people?.reason).toContain('personalDataInvolved');
    expect(people?.targetAt).toBe(in72h);
  });
  it('is a decision in Switzerland, where only a likely high risk is notified', () => {
    const only = track('CH', 'controller', 4, { assessment: nothingKnown });
    const lines = deriveObligations({ tracks: [only], engagements: [] });
    expect(lines.find((line) => line.recipientKind === 'authority')?.state).toBe('to-decide');
  });
  it.each<[string, Partial<Record<FactName, JsonValue>>]>([
    [
      '34(3)(b), measures that ended the high risk',
      { 'mitigation.highRiskNeutralised': true, 'mitigation.neutralisedReason': 'cards reissued' },
    ],
    ['34(3)(c), disproportionate effort', { 'mitigation.individualContactDisproportionate': true }],
  ])('Art. %s is for a person to accept', (_, values) => {
    const changed = factValues(factsOfCase(4));
    for (const [name] of changed) if (values[name] !== undefined) changed.set(name, values[name]);
    const only = track('EE', 'controller', 4, { assessment: assess(assembleFacts(changed).facts) });
    const states = deriveObligations({ tracks: [only], engagements: [] }).map((line) => line.state);
    expect(states).toEqual(['owed', 'owed', 'to-decide']);
  });
});

describe('a processor', () => {
  const processor = track('EE', 'processor', 4);
  const controllersDecide = `gdpr/33/1 controllers-decide: not-owed, ${noDue}`;

  it.each<[string, EngagementInput[], string[]]>([
    ['owes nothing to authorities or people, and says so', [], [controllersDecide]],
    [
      'tells a customer whose data are affected, the law giving no hours',
      [engagement('acme/mail', 'confirmed')],
      [controllersDecide, `gdpr/33/2 acme: owed, ${noDue}`],
    ],
    [
      'tells one customer once, within the fewest hours of its contracts',
      [
        engagement('acme/mail', 'confirmed', { terms: within(36) }),
        engagement('acme/web', 'not-excluded', { terms: within(12) }),
      ],
      [controllersDecide, 'gdpr/33/2 acme: owed, due 2026-06-13T03:45:00.000Z (contract)'],
    ],
    [
      'tells a customer whose data cannot be excluded',
      [engagement('acme/mail', 'not-excluded')],
      [controllersDecide, `gdpr/33/2 acme: owed, ${noDue}`],
    ],
    [
      'tells nobody whose data are excluded',
      [engagement('acme/mail', 'excluded', { terms: within(12) })],
      [controllersDecide, `gdpr/33/2 acme: not-owed, ${noDue}`],
    ],
    [
      'does not let an excluded engagement shorten the hours',
      [
        engagement('acme/mail', 'confirmed', { terms: within(36) }),
        engagement('acme/web', 'excluded', { terms: within(1) }),
      ],
      [controllersDecide, 'gdpr/33/2 acme: owed, due 2026-06-14T03:45:00.000Z (contract)'],
    ],
    [
      'tells each customer by itself',
      [engagement('bolt/mail', 'likely'), engagement('acme/mail', 'likely')],
      [controllersDecide, `gdpr/33/2 acme: owed, ${noDue}`, `gdpr/33/2 bolt: owed, ${noDue}`],
    ],
  ])('%s', (_, engagements, expected) => {
    expect(of({ tracks: [processor], engagements })).toEqual(expected);
  });

  it('makes the engagements of a customer sections of one notice, excluded ones left out', () => {
    const engagements = [
      engagement('acme/web', 'likely'),
      engagement('acme/mail', 'confirmed'),
      engagement('acme/fibre', 'excluded'),
    ];
    const line = deriveObligations({ tracks: [processor], engagements }).at(-1);
    expect(line?.engagementKeys).toEqual(['acme/mail', 'acme/web']);
    expect(line?.reason).toContain('confirmed');
    expect(line?.reason).toContain('One further engagement of theirs is excluded');
    expect(line?.factsUsed).toContainEqual({ name: 'exposure/acme/web', value: 'likely' });
  });
  it('says only that data cannot be excluded where nothing more is known', () => {
    const engagements = [engagement('acme/mail', 'not-excluded')];
    const line = deriveObligations({ tracks: [processor], engagements }).at(-1);
    expect(line?.reason).toContain('cannot yet be excluded');
  });
  it('aims at 24 hours by its own policy, and at the contract where that is sooner', () => {
    const engagements = [
      engagement('acme/a', 'likely'),
      engagement('bolt/a', 'likely', { terms: within(8) }),
    ];
    const lines = deriveObligations({ tracks: [processor], engagements }).slice(1);
    expect(lines.map((line) => line.targetAt)).toEqual([
      '2026-06-13T15:45:00.000Z',
      '2026-06-12T23:45:00.000Z',
    ]);
  });
  it('tells one customer of two affiliates twice, once for each', () => {
    const second = { ...track('DE', 'processor', 4), trackId: 'DE-processor' };
    const engagements = [
      engagement('acme/mail', 'likely'),
      engagement('acme/host', 'likely', { trackId: 'DE-processor', affiliateKey: 'frankfurt' }),
    ];
    const lines = deriveObligations({ tracks: [processor, second], engagements });
    const told = lines.filter((line) => line.recipientKind === 'controller');
    expect(told.map((line) => line.affiliateKey)).toEqual(['frankfurt', 'tallinn']);
  });
});

describe('a case with both roles', () => {
  it('has the lines of each track apart, each with its own clock', () => {
    const later = track('EE', 'processor', 4, { awareAt: '2026-06-13T15:45:00.000Z' });
    const lines = of({
      tracks: [later, track('EE', 'controller', 4)],
      engagements: [engagement('acme/mail', 'likely', { terms: within(24) })],
    });
    expect(lines).toEqual([
      `gdpr/33/1 ee-aki: owed, due ${in72h} (statute)`,
      `gdpr/33/5 tallinn: owed, ${noDue}`,
      `gdpr/34/1 staff: owed, ${noDue}`,
      `gdpr/33/1 controllers-decide: not-owed, ${noDue}`,
      'gdpr/33/2 acme: owed, due 2026-06-14T15:45:00.000Z (contract)',
    ]);
  });
  it('owes nothing where there is no personal data breach, and says so on every line', () => {
    const none = assess({ ...factsOfCase(1), breachOfSecurity: false });
    const lines = deriveObligations({
      tracks: [track('EE', 'controller', 1, { assessment: none })],
      engagements: [],
    });
    expect(lines.map((line) => line.state)).toEqual(['not-owed', 'not-owed', 'not-owed']);
    expect(lines.every((line) => line.reason.includes('Art. 4(12)'))).toBe(true);
  });
  it('has no lines under law not yet in force', () => {
    const old = track('CH', 'controller', 4, { awareAt: '2020-01-01T00:00:00.000Z' });
    expect(of({ tracks: [old], engagements: [] })).toEqual([]);
  });
});

const anyCase = fc.record({
  tracks: fc.uniqueArray(
    fc
      .tuple(
        fc.constantFrom<Seat>('EE', 'DE', 'GB', 'CH', 'US'),
        fc.constantFrom<TrackRole>('controller', 'processor', 'joint-controller'),
        fc.constantFrom(...publishedCases.map((item) => item.no)),
      )
      .map(([seat, role, no]) => track(seat, role, no)),
    { selector: (item) => item.trackId, minLength: 1, maxLength: 5 },
  ),
  engagements: fc.uniqueArray(
    fc
      .tuple(
        fc.nat(5),
        fc.nat(3),
        fc.constantFrom<Grade>('confirmed', 'likely', 'not-excluded', 'excluded'),
        fc.constantFrom<Seat>('EE', 'DE', 'GB', 'CH'),
        fc.option(fc.integer({ min: 1, max: 96 })),
      )
      .map(([customer, product, exposure, seat, contractHours]) =>
        engagement(`c${String(customer)}/${seat}${String(product)}`, exposure, {
          trackId: `${seat}-processor`,
          affiliateKey: seats[seat].key,
          terms: contractHours === null ? [] : within(contractHours),
        }),
      ),
    { selector: (item) => item.engagementKey, maxLength: 20 },
  ),
});

describe('obligations', () => {
  test.prop([anyCase])(
    'are the same in the same order, whatever the order of the input',
    (input) => {
      const turned = {
        tracks: input.tracks.toReversed(),
        engagements: input.engagements.toReversed(),
      };
      expect(deriveObligations(turned)).toEqual(deriveObligations(input));
    },
  );
  test.prop([anyCase])(
    'are one per provision, affiliate, recipient and track, each with a citation in force',
    (input) => {
      const lines = deriveObligations(input);
      const keys = lines.map((line) =>
        [line.provision, line.affiliateKey, line.recipientKey, line.trackId].join(' '),
      );
      expect(new Set(keys).size).toBe(lines.length);
      const inForce = allProvisions.filter((provision) => provision.status === 'in-force');
      for (const line of lines) {
        expect(
          inForce.some(({ id, citation }) => id === line.provision && citation === line.citation),
        ).toBe(true);
        expect(line.reason).toMatch(/\.$/);
      }
    },
  );
  test.prop([anyCase])(
    'put every engagement of a processor into the one line of its customer, unless it is excluded and others are not',
    (input) => {
      const lines = deriveObligations(input).filter((line) => line.recipientKind === 'controller');
      const tracks = new Set(input.tracks.map((item) => item.trackId));
      for (const item of input.engagements.filter((one) => tracks.has(one.trackId))) {
        const outcomes = lines.filter(
          (line) => line.trackId === item.trackId && line.recipientKey === item.customerKey,
        );
        expect(outcomes).toHaveLength(1);
        expect(outcomes[0]?.engagementKeys.includes(item.engagementKey)).toBe(
          item.exposure !== 'excluded' || outcomes[0]?.state === 'not-owed',
        );
      }
    },
  );
});
