/** What a drill proves, as one object: obligations with their margins, deliveries as the sink counted them, the register. */
import type { Instant } from '../../domain/instant.ts';
import type { DueBasis, RecipientKind } from '../../domain/obligation.ts';
import type { NoticePhase } from '../../domain/notice.ts';
import type { ObligationView } from '../../domain/views.ts';
import { followUpsOf, missingFollowUps } from './counted-follow-ups.ts';
import type { Scene } from './play.ts';
import type { Scenario } from './scenario.ts';
import type { SinkCount } from './sink.ts';

interface ReportedObligation {
  readonly provision: string;
  readonly recipient: string;
  readonly recipientKind: Exclude<RecipientKind, 'register'>;
  readonly dueAt: Instant | null;
  /** When a filing by a person had to begin at the latest; null where a machine sent. */
  readonly latestStartAt: Instant | null;
  readonly dueBasis: DueBasis;
  readonly dispatchedAt: Instant | null;
  readonly receiptAt: Instant | null;
  /** Case time between dispatch and due; null without one of them. */
  readonly marginSeconds: number | null;
  readonly late: boolean;
}

export interface DrillReport {
  readonly ok: boolean;
  /** The case's reference; null when none could be opened. */
  readonly case: string | null;
  readonly scenario: string;
  readonly speed: number;
  readonly obligations: readonly ReportedObligation[];
  readonly deliveries: {
    /** Recipients of released notices. */
    readonly approved: number;
    readonly sent: number;
    readonly bounced: number;
    readonly suppressed: number;
    readonly inDoubt: number;
    /** Second copies of one notice to one address, counted at the mail sink. */
    readonly duplicates: number;
  };
  /** Notices that left, by phase. */
  readonly phases: Readonly<Record<NoticePhase, number>>;
  readonly register: { readonly entries: number; readonly verified: boolean };
}

/** True for an obligation to tell someone that has not been ruled out; a withdrawn one was told before. */
export function isTold(o: ObligationView): boolean {
  return o.recipientKind !== 'register' && o.state !== 'not-owed';
}

/** The report without its verdict; `scene` is null when no case could be opened. */
export function reportOf(
  scenario: Scenario,
  speed: number,
  scene: Scene | null,
  sink: SinkCount | null,
  register: DrillReport['register'],
): Omit<DrillReport, 'ok'> {
  const released = (scene?.notices ?? []).filter(
    ({ state }) => state === 'released' || state === 'dispatched',
  );
  const sum = (count: (notice: (typeof released)[number]) => number) =>
    released.reduce((total, notice) => total + count(notice), 0);
  return {
    case: scene?.file.reference ?? null,
    scenario: scenario.name,
    speed,
    obligations: (scene?.obligations ?? []).flatMap(reported),
    deliveries: {
      approved: sum((notice) => notice.recipientCount),
      sent: sum((notice) => notice.deliveries.sent),
      bounced: sum((notice) => notice.deliveries.bounced),
      suppressed: sum((notice) => notice.deliveries.suppressed),
      inDoubt: sum((notice) => notice.deliveries['in-doubt']),
      duplicates: sink?.duplicates ?? 0,
    },
    phases: phasesOf(scene),
    register,
  };
}

function phasesOf(scene: Scene | null): DrillReport['phases'] {
  const sent = (scene?.notices ?? []).filter(({ state }) => state === 'dispatched');
  const of = (phase: NoticePhase): number => sent.filter((notice) => notice.phase === phase).length;
  return {
    initial: of('initial'),
    supplementary: of('supplementary'),
    final: of('final'),
    withdrawal: of('withdrawal'),
  };
}

function reported(o: ObligationView): ReportedObligation[] {
  if (!isTold(o) || o.recipientKind === 'register') return [];
  const {
    provision,
    recipientKind,
    dueAt,
    latestStartAt,
    dueBasis,
    dispatchedAt,
    receiptAt,
    late,
  } = o;
  const marginSeconds =
    dueAt === null || dispatchedAt === null
      ? null
      : (Date.parse(dueAt) - Date.parse(dispatchedAt)) / 1000;
  return [
    {
      provision,
      recipient: o.recipientName,
      recipientKind,
      dueAt,
      latestStartAt,
      dueBasis,
      dispatchedAt,
      receiptAt,
      marginSeconds,
      late,
    },
  ];
}

/** Everything that keeps the drill from having succeeded, one sentence each. */
export function shortfalls(
  scenario: Scenario,
  scene: Scene,
  sink: SinkCount,
  report: Omit<DrillReport, 'ok'>,
): string[] {
  const told = scene.obligations.filter(isTold);
  const open = scene.obligations.filter((o) => o.state === 'owed' || o.state === 'to-decide');
  const lost = report.deliveries.sent - sink.distinct;
  return [
    ...open.map((o) => `${o.provision} to ${o.recipientName} is ${o.state}`),
    ...(scenario.late === undefined ? lateOnes(report) : unmarkedOnes(scene, report)),
    ...notRuledOut(scenario, scene),
    ...unexpected(scenario, told, scene),
    ...(sink.duplicates > 0
      ? [`${String(sink.duplicates)} messages reached their reader twice`]
      : []),
    ...(lost === 0
      ? []
      : [
          `${String(report.deliveries.sent)} are booked as sent, the sink has ${String(sink.distinct)}`,
        ]),
    ...(report.register.verified ? [] : ['the register does not verify']),
  ];
}

function lateOnes({ obligations }: Omit<DrillReport, 'ok'>): string[] {
  return obligations
    .filter((o) => o.late || (o.marginSeconds ?? 0) < 0)
    .map((o) => `${o.provision} to ${o.recipient} was dispatched late`);
}

/** Where lateness was part of the scenario, what must not happen is that it goes unmarked. */
function unmarkedOnes({ file }: Scene, { obligations }: Omit<DrillReport, 'ok'>): string[] {
  return [
    ...(file.reportedLate ? [] : ['the case is not marked as reported late']),
    ...obligations
      .filter((o) => o.dueAt !== null && !o.late)
      .map((o) => `${o.provision} to ${o.recipient} is not marked late`),
  ];
}

function notRuledOut({ expected }: Scenario, { obligations }: Scene): string[] {
  return (expected.notOwed ?? [])
    .filter(
      (provision) =>
        !obligations.some(
          (o) =>
            o.provision === provision &&
            o.state === 'not-owed' &&
            o.reason.startsWith('Not owed, because'),
        ),
    )
    .map((provision) => `${provision} is not recorded as not owed, with its reason`);
}

function wrongFollowUps({ later }: Scenario, { notices }: Scene): string[] {
  const none = { supplements: 0, withdrawals: 0, furtherParts: 0 };
  const wrong = missingFollowUps(later?.followUps ?? none, followUpsOf(notices));
  return wrong === null ? [] : [`what followed the first notices: ${wrong}`];
}

function unexpected(scenario: Scenario, told: readonly ObligationView[], scene: Scene): string[] {
  const { expected } = scenario;
  const authorities = told
    .filter((o) => o.recipientKind === 'authority')
    .map((o) => o.recipientKey);
  const customers = told.filter((o) => o.recipientKind === 'controller');
  const controllers = new Set(customers.map((o) => o.recipientKey)).size;
  const subjects = scene.notices
    .filter(
      ({ recipientKind, phase, state }) =>
        recipientKind === 'data-subject' && phase === 'initial' && state === 'dispatched',
    )
    .reduce((total, notice) => total + notice.recipientCount, 0);
  const differs = (what: string, found: string, wanted: string) =>
    found === wanted ? [] : [`${what} told: ${found || 'none'}, expected ${wanted || 'none'}`];
  return [
    ...differs(
      'authorities',
      authorities.sort().join(', '),
      [...expected.authorities].sort().join(', '),
    ),
    ...differs('controllers', String(controllers), String(expected.controllers)),
    ...differs('data subjects', String(subjects), String(expected.dataSubjects)),
    ...wrongFollowUps(scenario, scene),
  ];
}
