/** A breach on the skipped clock: opened, determined after a while, its notices drafted and approved by hand. */
import { setTimeout as wait } from 'node:timers/promises';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import type { FactInput } from '../../src/commands/record-facts.ts';
import { plusHours, type Instant } from '../../src/domain/instant.ts';
import { by, highRiskFacts, openTestCase } from '../support/house.ts';
import type { World } from './world.ts';

/** An obligation that has a due instant, with its notice. */
interface Owed {
  readonly subject: string;
  readonly recipientKey: string;
  readonly dueAt: Instant;
  readonly dueBasis: string;
  readonly dispatchedAt: Instant | null;
  readonly late: boolean;
  readonly noticeId: string;
  readonly noticeState: string;
  readonly digest: string | null;
}

export interface Breach {
  readonly caseId: string;
  readonly awareAt: Instant;
  /** The instant so many hours after awareness. */
  at(hours: number): Instant;
  /** What has a due instant, by whom it addresses. */
  owed(): Promise<ReadonlyMap<string, Owed>>;
  /** Looks, with the clock at rest, until these notices stand where they should. */
  settled(state: string, recipientKeys: readonly string[]): Promise<void>;
  /** One person approves, and it goes out. */
  approve(recipientKey: string): Promise<void>;
}

const owedRows = `
  SELECT 'obligation/' || o.id AS subject, o.recipient_key AS "recipientKey", o.due_at AS "dueAt",
    o.due_basis AS "dueBasis", o.dispatched_at AS "dispatchedAt", o.late, n.id AS "noticeId", n.state AS "noticeState",
    (SELECT encode(v.digest, 'hex') FROM notice_version v WHERE v.notice_id = n.id AND v.superseded_at IS NULL) AS digest
  FROM obligation o JOIN notice n ON n.obligation_id = o.id
  WHERE o.case_id = $1 AND o.due_at IS NOT NULL AND n.phase = 'initial'`;

/** Opens a case about these assets, and has it determined a breach so many hours later; what is known is bad unless said. */
export async function openBreach(
  world: World,
  assets: readonly string[],
  determinedAfterHours: number,
  facts: readonly FactInput[] = highRiskFacts,
): Promise<Breach> {
  const hits = assets.map((key) => ({ kind: 'asset' as const, key }));
  const mode = world.organisation === 'own' ? 'real' : 'drill';
  const { caseId, awareAt } = await openTestCase(world.home, { hits, facts, mode });
  const breach = breachOf(world, caseId, awareAt);
  await world.until(breach.at(determinedAfterHours), []);
  const determined = await determineCase(world.home.house, by(world.home.people.leo), {
    caseId,
    determination: 'breach',
    reason: 'seen on a paste site',
  });
  if (!determined.ok) throw new Error(determined.problem.detail);
  return breach;
}

function breachOf(world: World, caseId: string, awareAt: Instant): Breach {
  const owed = async () => {
    const rows = await world.read<Owed>(owedRows, [caseId]);
    return new Map(rows.map((row) => [row.recipientKey, row]));
  };
  const settled = async (state: string, recipientKeys: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < 600; tries++) {
      const found = await owed();
      if (recipientKeys.every((key) => found.get(key)?.noticeState === state)) return;
      await world.look();
      await wait(50);
    }
    throw new Error(`never ${state}: ${recipientKeys.join()}`);
  };
  return {
    caseId,
    awareAt,
    at: (hours) => plusHours(awareAt, hours),
    owed,
    settled,
    async approve(recipientKey) {
      const one = (await owed()).get(recipientKey);
      const answer = await approveNotices(world.home.house, by(world.home.people.leo), {
        notices: [{ noticeId: one?.noticeId ?? '', digest: one?.digest ?? '' }],
        recipientCount: null,
      });
      if (!answer.ok) throw new Error(answer.problem.detail);
      await settled('dispatched', [recipientKey]);
    },
  };
}
