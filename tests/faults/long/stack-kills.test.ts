/** The small drill while each part of the stack, and all at once, is killed at every place: the end is the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostingIntrusionAt } from '../../../src/cli/drill/hosting-intrusion.ts';
import type { CaseView } from '../../../src/domain/views.ts';
import { judgePromises } from '../../support/invariants.ts';
import { demoStack, type DemoStack } from '../../support/stack.ts';
import * as fault from '../../support/stack-faults.ts';
import {
  dispatchToItsEnd,
  kills,
  orphanBackends,
  strike,
  type Kill,
} from '../../support/stack-kills.ts';
import { playOn, type StackPlay } from '../../support/stack-play.ts';

const size = { customers: 10, people: 200 };
const mails = 1 + size.customers + size.people;
let stack: DemoStack;
let play: StackPlay;
/** What a case comes to that nobody disturbed. */
let undisturbed: readonly string[];
const account: string[] = [];

beforeAll(async () => {
  stack = await demoStack(size);
  play = playOn(stack, hostingIntrusionAt(size));
  undisturbed = await outcome(null);
});
afterAll(async () => {
  process.stdout.write(
    `\nfrom the fault to the next milestone, in seconds:\n${account.join('\n')}\n`,
  );
  await stack.close();
});

const noticesOf = async (caseId: string) =>
  (await play.look(caseId)).notices.map(({ noticeId, version, digest }) => [
    noticeId,
    version,
    digest,
  ]);

async function mailsOf(caseId: string): Promise<number> {
  const ids = new Set((await noticesOf(caseId)).map(([noticeId]) => noticeId));
  return (await stack.sink()).filter(({ noticeId }) => ids.has(noticeId ?? '')).length;
}

/** Strikes at every place of one case, plays it to its end, and gives what it came to. */
async function outcome(kill: Kill | null): Promise<readonly string[]> {
  const seconds: string[] = [];
  /** What people do next meets the fault: nobody waits for its end. */
  const struck = async <T>(next: () => Promise<T>): Promise<T> => {
    const atMs = performance.now();
    if (kill !== null) strike(stack, kill);
    const result = await next();
    seconds.push(((performance.now() - atMs) / 1000).toFixed(1));
    return result;
  };
  const file: CaseView = await play.open(1);
  const { caseId } = file;
  await struck(() => play.judge(file));
  const drafted = await struck(() => play.drafted(caseId));
  const before = await noticesOf(caseId);
  await struck(() => play.approve(drafted));
  const held = kill === null ? null : await fault.holdMailAt(stack, caseId, 50);
  await struck(async () => {
    if (kill?.parts.includes('sandbox') === false) held?.goOn();
    await dispatchToItsEnd(stack, caseId);
  });
  const lost = await fault.resolveDoubts(stack, await fault.atRest(stack, caseId));
  if (lost > 0) await fault.tellByTelephone(stack, caseId);
  await play.finish(caseId);
  expect(await noticesOf(caseId)).toEqual(before);
  expect(await mailsOf(caseId)).toBe(mails - lost);
  account.push(`  ${kill?.name ?? 'undisturbed'}: ${seconds.join(', ')}, ${String(lost)} lost`);
  return fault.outcomeOf(stack, caseId);
}

async function expectSoundHouse(): Promise<void> {
  const { broken, looked } = await judgePromises(stack);
  expect(broken).toEqual([]);
  expect(looked.deliveries).toBeGreaterThanOrEqual(2 * mails);
}

describe('before the determination, while drafting, around approval and in the middle of dispatch', () => {
  it.each(kills.map((kill) => [kill.name, kill] as const))(
    '%s changes nothing of what comes of a case, and it goes on by itself',
    async (_name, kill) => {
      expect(await outcome(kill)).toEqual(undisturbed);
      await expectSoundHouse();
    },
  );
});

describe("PostgreSQL's backends", () => {
  it('end by themselves when their postmaster is killed, so that a new one can start', async () => {
    await orphanBackends(stack);
    expect(await outcome(null)).toEqual(undisturbed);
    await expectSoundHouse();
  });
});
