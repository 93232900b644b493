/** What the drill may call a success: readers see only themselves, the sink counts, and every shortfall is named. */
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../src/cli/drill/review.ts';
import { seeded } from '../../src/cli/drill/play.ts';
import type { Scene } from '../../src/cli/drill/play.ts';
import { reportOf, shortfalls } from '../../src/cli/drill/report.ts';
import { defaultScenario, scenarios } from '../../src/cli/drill/scenarios.ts';
import { countAtSink, messagesOf, type SinkMessage } from '../../src/cli/drill/sink.ts';
import { assembleFacts, checkFact, isFactName, type FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import type { NoticeSummary, NoticeView, ObligationView } from '../../src/domain/views.ts';
import { assess } from '../../src/law/assess.ts';
import { run } from '../support/command-line.ts';

const scenario = scenarios.find(({ name }) => name === defaultScenario);
if (scenario === undefined) throw new Error('there is no default scenario');

const due = '2026-06-18T10:00:00.000Z';
const obligation = (change: Partial<ObligationView>): ObligationView =>
  ({
    provision: 'gdpr/33/2',
    recipientKind: 'controller',
    recipientKey: 'c',
    recipientName: 'Nordlicht GmbH',
    state: 'discharged',
    dueAt: due,
    dueBasis: 'contract',
    dispatchedAt: '2026-06-15T12:00:00.000Z',
    receiptAt: '2026-06-15T12:00:01.000Z',
    late: false,
    ...change,
  }) as ObligationView;
const notice = (change: Partial<NoticeSummary>): NoticeSummary =>
  ({
    noticeId: 'n',
    recipientKind: 'data-subject',
    phase: 'initial',
    part: 1,
    state: 'dispatched',
    recipientCount: 500,
    deliveries: { sent: 500, bounced: 0, suppressed: 0, 'in-doubt': 0 },
    ...change,
  }) as NoticeSummary;
const told = [
  obligation({ provision: 'gdpr/33/1', recipientKind: 'authority', recipientKey: 'ee-aki' }),
  ...Array.from({ length: 30 }, (_, n) => obligation({ recipientKey: `c-${String(n)}` })),
  obligation({ provision: 'gdpr/34/1', recipientKind: 'data-subject', dueAt: null }),
  obligation({ provision: 'gdpr/33/5', recipientKind: 'register' }),
  obligation({ provision: 'gdpr/33/1', recipientKind: 'authority', state: 'not-owed' }),
];
const sceneOf = (obligations: readonly ObligationView[]): Scene =>
  ({ file: { reference: 'B-2026-0001' }, obligations, notices: [notice({})] }) as unknown as Scene;
function judge(
  obligations: readonly ObligationView[],
  sink = { distinct: 500, duplicates: 0 },
  verified = true,
) {
  if (scenario === undefined) throw new Error('unreachable');
  const scene = sceneOf(obligations);
  const report = reportOf(scenario, 600, scene, sink, { entries: 9, verified });
  return { report, short: shortfalls(scenario, scene, sink, report) };
}

describe('the verdict', () => {
  it('is good when all were told in time, once, and the register verifies', () => {
    const { report, short } = judge(told);
    expect(short).toEqual([]);
    expect(report.deliveries).toMatchObject({ approved: 500, sent: 500, duplicates: 0 });
  });

  it('reports who was told, not the register and not what is not owed', () => {
    const { report } = judge(told);
    expect(report.obligations).toHaveLength(32);
    expect(report.obligations[0]).toEqual({
      provision: 'gdpr/33/1',
      recipient: 'Nordlicht GmbH',
      recipientKind: 'authority',
      dueAt: due,
      dueBasis: 'contract',
      dispatchedAt: '2026-06-15T12:00:00.000Z',
      receiptAt: '2026-06-15T12:00:01.000Z',
      marginSeconds: 70 * 3600,
      late: false,
    });
    expect(report.obligations.at(-1)?.marginSeconds).toBeNull();
  });

  it.each([
    [
      'an obligation left open',
      () => judge([...told, obligation({ state: 'owed', recipientKind: 'register' })]),
    ],
    [
      'a late dispatch',
      () => judge([...told.slice(0, -3), obligation({ late: true }), ...told.slice(-2)]),
    ],
    ['a customer too many', () => judge([...told, obligation({})])],
    [
      'another authority',
      () => judge(told.with(0, obligation({ recipientKind: 'authority', recipientKey: 'de-be' }))),
    ],
    ['a second copy at the sink', () => judge(told, { distinct: 500, duplicates: 1 })],
    ['a message that never reached the sink', () => judge(told, { distinct: 499, duplicates: 0 })],
    ['a register that does not verify', () => judge(told, { distinct: 500, duplicates: 0 }, false)],
  ])('is bad for %s, and says so', (_what, judged) => {
    expect(judged().short.length).toBeGreaterThan(0);
  });
});

describe('the count at the sink', () => {
  const message = (to: string, noticeId: string | null): SinkMessage => ({
    id: to,
    receivedAt: '2026-06-15T10:00:00.000Z',
    to: [to],
    subject: '',
    noticeId,
  });

  it('calls a second copy of one notice to one address a duplicate, whatever the case of its letters', () => {
    const messages = [
      message('a@x.example', 'n1'),
      message('A@x.example', 'n1'),
      message('a@x.example', 'n2'),
    ];
    expect(countAtSink(messages)).toEqual({ distinct: 2, duplicates: 1 });
  });

  it('leaves out what other cases sent', () => {
    const messages = [
      message('a@x.example', 'n1'),
      message('b@x.example', 'other'),
      message('c@x.example', null),
    ];
    expect(messagesOf(messages, new Set(['n1']))).toHaveLength(1);
  });
});

describe('the review of a notice', () => {
  const names = ['Nordlicht', 'Nordlicht GmbH', 'Sulev AS'];
  const view = (text: string, change: Partial<NoticeView> = {}): NoticeView =>
    ({
      provision: 'gdpr/33/2',
      recipientKind: 'controller',
      recipientName: 'Nordlicht GmbH',
      variants: [{ language: 'en', subject: 'EXERCISE: security incident', text }],
      ...change,
    }) as NoticeView;

  it('passes what names its own reader only', () => {
    expect(faultsOf(view('To Nordlicht GmbH: your service was hit.'), names)).toEqual([]);
  });

  it('stops what names another customer, even one whose name is part of the own one', () => {
    expect(faultsOf(view('Nordlicht GmbH and Sulev AS'), names)).toHaveLength(1);
    expect(
      faultsOf(
        view('Sulev AS', { recipientKind: 'data-subject', recipientName: '500 people' }),
        names,
      ),
    ).toHaveLength(1);
  });

  it('stops what is not marked as an exercise, and what is empty', () => {
    expect(
      faultsOf(view('x', { variants: [{ language: 'en', subject: 's', text: 't' }] }), names),
    ).toHaveLength(1);
    expect(faultsOf(view('', { variants: [] }), names)).toHaveLength(1);
  });
});

describe.each(scenarios.map((each) => [each.name, each] as const))(
  'the scenario %s',
  (_name, each) => {
    const said = [
      ...each.firstFacts,
      ...each.acts.flatMap((act) => (act.kind === 'facts' ? act.facts : [])),
    ];

    it('says only facts that can be recorded', () => {
      expect(said.flatMap(({ name, value }) => checkFact(name, value) ?? [])).toEqual([]);
    });

    it('has its acts in the order of their minutes, far enough apart for any seed', () => {
      const minutes = each.acts.map((act) => act.atMinutes);
      expect(minutes).toEqual([...minutes].sort((a, b) => a - b));
    });
  },
);

describe('the verdict on a late scenario', () => {
  const late = scenarios.find(({ name }) => name === 'late-processor-notice');
  if (late === undefined) throw new Error('there is no late scenario');
  const sceneWith = (change: Partial<ObligationView>, reportedLate = true): Scene => {
    const authorities = late.expected.authorities.map((recipientKey) =>
      obligation({
        provision: 'gdpr/33/1',
        recipientKind: 'authority',
        recipientKey,
        dispatchedAt: '2026-06-19T10:00:00.000Z',
        late: true,
        ...change,
      }),
    );
    const people = obligation({
      provision: 'gdpr/34/1',
      recipientKind: 'data-subject',
      state: 'not-owed',
      reason: 'Not owed, because a high risk to people is not likely.',
    });
    const file = { reference: 'B-2026-0001', reportedLate };
    return { file, obligations: [...authorities, people], notices: [] } as unknown as Scene;
  };
  const short = (scene: Scene) => {
    const sink = { distinct: 0, duplicates: 0 };
    const report = reportOf(late, 600, scene, sink, { entries: 9, verified: true });
    return shortfalls(late, scene, sink, report);
  };

  it('is good when everything was told and marked late', () => {
    expect(short(sceneWith({}))).toEqual([]);
  });

  it.each([
    ['an obligation does not show its lateness', sceneWith({ late: false })],
    ['the case does not', sceneWith({}, false)],
    ['an authority was never told', sceneWith({ state: 'owed', dispatchedAt: null })],
  ])('is bad when %s', (_what, scene) => {
    expect(short(scene).length).toBeGreaterThan(0);
  });

  it('is bad when what must not be owed has no reason', () => {
    const scene = sceneWith({});
    const obligations = scene.obligations.map((o) => ({ ...o, reason: '' }));
    expect(short({ ...scene, obligations })).toEqual([
      'gdpr/34/1 is not recorded as not owed, with its reason',
    ]);
  });
});

describe('the default scenario', () => {
  it('makes a high risk for the portal contacts that rests on nothing unknown', () => {
    const facts = [
      ...scenario.firstFacts,
      ...scenario.acts.flatMap((act) => (act.kind === 'facts' ? act.facts : [])),
    ];
    const values = new Map<FactName, JsonValue>();
    for (const { name, value } of facts) if (isFactName(name)) values.set(name, value);
    values.set('role', 'controller');
    const { facts: document, unknown } = assembleFacts(values);
    expect(unknown).toEqual([]);
    expect(assess(document, unknown)).toMatchObject({
      riskLevel: 'high-risk',
      restsOnUnknowns: false,
    });
  });
});

describe('tocsin drill', () => {
  it('lists its scenarios', async () => {
    const ran = await run(['drill', '--list', '--json']);
    const { scenarios: listed } = JSON.parse(ran.out) as { scenarios: { name: string }[] };
    expect(listed.map(({ name }) => name)).toEqual([
      'hosting-intrusion',
      'mis-sent-mail',
      'stolen-laptop',
      'credential-stuffing',
      'managed-ransomware',
      'late-processor-notice',
      'sent-then-no-breach',
      'scope-doubles',
      'mailbox-compromised',
    ]);
  });

  it.each([
    [['--people', '0'], 'whole number from 1 to 100000'],
    [['--controllers', '5001'], 'whole number from 1 to 5000'],
    [['--people', '5', '--scenario', 'mis-sent-mail'], 'mis-sent-mail has one size only'],
    [['--controllers', '5', '--stack', 'running'], 'has its organisation already'],
  ])('refuses a size that cannot be had: %j', async (size, why) => {
    const ran = await run(['drill', ...size]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(why);
  });

  it('ends what a start left behind, and says why it failed', async () => {
    const ran = await run(['drill'], {
      startPrivateStack: () => Promise.reject(new Error('no PostgreSQL here')),
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('tocsin: no PostgreSQL here');
  });

  it('draws the same numbers from the same seed', () => {
    const draw = (seed: number) => Array.from({ length: 3 }, seeded(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});
