/** A test house whose cases go all the way by the product's own steps, without Temporal: drafted, approved, sent, followed. */
import type { EngineSteps } from '../../activities/activities.ts';
import { smtpTarget } from '../../src/adapters/mail/connection.ts';
import { smtpTimeouts, smtpWire } from '../../src/adapters/mail/wire.ts';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { askScope } from '../../src/commands/set-exposure.ts';
import type { OpenCase } from '../../src/commands/open-case.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import type { NoticePhase } from '../../src/domain/notice.ts';
import type { NoticeSummary, TaskView } from '../../src/domain/views.ts';
import { engineSteps } from '../../src/processes/engine.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from './house.ts';
import { testMailbox } from './mailbox.ts';

type Shown = NoticeSummary & { readonly part: number; readonly recipientKey: string };

export interface PhasesHouse extends TestHouse {
  /** A breach whose notices are drafted. */
  draftedBreach(changes?: Partial<OpenCase>): Promise<string>;
  /** A breach whose notices were approved and sent. */
  sentBreach(changes?: Partial<OpenCase>): Promise<string>;
  /** Takes every step the engine can take by itself. */
  settle(caseId: string): Promise<void>;
  /** Approves everything in review and sends it. */
  approveAll(caseId: string): Promise<void>;
  /** One step of a notice's workflow, as the engine would take it. */
  readonly steps: EngineSteps;
  notices(caseId: string, phase: NoticePhase): Promise<readonly Shown[]>;
  referenceOf(notice: Shown | undefined): string;
  /** Text of the newest notice of a phase to a recipient that is not cancelled. */
  textOf(caseId: string, phase: NoticePhase, recipientKey: string): Promise<string>;
  obligation(caseId: string, recipientKey: string): Promise<Obligation>;
  tasks(caseId: string, kind: string): Promise<readonly TaskView[]>;
  task(caseId: string, kind: string): Promise<TaskView | null>;
  entries(caseId: string, type: string): Promise<readonly string[]>;
  mailTo(address: string, caseId: string): Promise<readonly string[]>;
  /** People the processing is found to hold by now. */
  addPeople(caseId: string, names: readonly string[]): Promise<void>;
}

const everything = (['collector', 'host', 'cluster', 'portal-db'] as const).map((key) => ({
  kind: 'asset' as const,
  key,
}));

/** Call `close` in `afterAll`. */
export async function phasesHouse(): Promise<PhasesHouse> {
  const home = await testHouse();
  const mailbox = await testMailbox();
  const sandbox = smtpTarget(mailbox.url);
  const wire = smtpWire({ sandbox, relay: null, name: 'test.example', timeouts: smtpTimeouts });
  const steps = engineSteps(home.house, {
    wording: handlebarsWording(),
    noticeIdKey: Buffer.alloc(32, 3),
    wire,
  });
  const notices = async (caseId: string): Promise<readonly Shown[]> => {
    const { items } = await home.house.as(home.people.leo, ({ views }) =>
      views.notices({ caseId, limit: 100, cursor: null }),
    );
    const obligations = await home.house.as(home.people.leo, (store) =>
      store.obligations.ofCase(caseId),
    );
    return items.map((item) => ({
      ...item,
      recipientKey:
        obligations.find((one) => one.obligationId === item.obligationId)?.recipientKey ?? '',
    }));
  };
  const settle = async (caseId: string): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      const before = JSON.stringify([await steps.readCase(caseId), await notices(caseId)]);
      const { step } = await steps.readCase(caseId);
      if (step === 'scope') await steps.scopeCase(caseId);
      if (step === 'determine') await steps.determineObligations(caseId);
      if (step === 'draft') await steps.draftNotices(caseId);
      for (const { noticeId, state } of await notices(caseId)) {
        if (state === 'drafting') await steps.freezeNotice(noticeId, () => undefined);
        if (state === 'released') await steps.dispatchNotice(noticeId, () => undefined);
      }
      const after = JSON.stringify([await steps.readCase(caseId), await notices(caseId)]);
      if (after === before) return;
    }
    throw new Error('the case does not come to rest');
  };
  const approveAll = async (caseId: string): Promise<void> => {
    const inReview = (await notices(caseId)).filter(({ state }) => state === 'in-review');
    const answer = await approveNotices(home.house, by(home.people.eva), {
      notices: inReview.map(({ noticeId, digest }) => ({ noticeId, digest: digest ?? '' })),
      recipientCount: null,
    });
    if (!answer.ok) throw new Error(answer.problem.detail);
    await settle(caseId);
  };
  const draftedBreach = async (changes: Partial<OpenCase> = {}): Promise<string> => {
    const { caseId } = await openTestCase(home, {
      hits: everything,
      facts: highRiskFacts,
      ...changes,
    });
    const answer = await determineCase(home.house, by(home.people.leo), {
      caseId,
      determination: 'breach',
      reason: 'seen on a paste site',
    });
    if (!answer.ok) throw new Error(answer.problem.detail);
    await settle(caseId);
    return caseId;
  };
  const tasks = (caseId: string, kind: string): Promise<readonly TaskView[]> =>
    home.house.as(home.people.leo, async ({ views }) =>
      (await views.tasks({ caseId, state: 'open', limit: 100 })).filter((t) => t.kind === kind),
    );
  return {
    ...home,
    steps,
    settle,
    approveAll,
    draftedBreach,
    tasks,
    async sentBreach(changes) {
      const caseId = await draftedBreach(changes);
      await approveAll(caseId);
      return caseId;
    },
    notices: async (caseId, phase) => (await notices(caseId)).filter((n) => n.phase === phase),
    referenceOf: (notice) => `${notice?.caseReference ?? ''}-${notice?.noticeId.slice(-6) ?? ''}`,
    async textOf(caseId, phase, recipientKey) {
      const found = (await notices(caseId)).findLast(
        (n) => n.phase === phase && n.recipientKey === recipientKey && n.state !== 'cancelled',
      );
      if (found === undefined) throw new Error(`no ${phase} notice to ${recipientKey}`);
      const view = await home.house.as(home.people.leo, ({ views }) =>
        views.notice(found.noticeId),
      );
      return view?.variants.map(({ text }) => text).join('\n') ?? '';
    },
    async obligation(caseId, recipientKey) {
      const all = await home.house.as(home.people.leo, (store) => store.obligations.ofCase(caseId));
      const found = all.find((one) => one.recipientKey === recipientKey);
      if (found === undefined) throw new Error(`no obligation to ${recipientKey}`);
      return found;
    },
    task: async (caseId, kind) => (await tasks(caseId, kind))[0] ?? null,
    async entries(caseId, type) {
      const timeline = await home.house.as(home.people.leo, ({ views }) =>
        views.timeline(caseId, 500, null),
      );
      return timeline.filter((entry) => entry.type === type).map((entry) => entry.type);
    },
    async mailTo(address, caseId) {
      const ids = new Set((await notices(caseId)).map(({ noticeId }) => noticeId));
      return mailbox.received
        .filter((mail) => ids.has(mail.noticeId ?? '') && mail.to.includes(address))
        .map(({ noticeId }) => noticeId ?? '');
    },
    async addPeople(caseId, names) {
      await inTransaction(home.pool, { kind: 'machine', name: 'import' }, async (sql) => {
        for (const name of names) {
          await sql.run(
            `INSERT INTO subject SELECT $1, processing_key, asset_key, $1, $1 || '@people.example', language, country, since
             FROM subject WHERE key = 'ann' ON CONFLICT DO NOTHING`,
            [name],
          );
        }
      });
      const answer = await askScope(home.house, by(home.people.rita), { caseId });
      if (!answer.ok) throw new Error(answer.problem.detail);
    },
    async close() {
      wire.close();
      await mailbox.close();
      await home.close();
    },
  };
}
