/** A lowering from proposal to confirmation by three people, for tests about what follows it. */
import { v7 as uuidv7 } from 'uuid';
import { adviseOnLowering, confirmLowering } from '../../src/commands/decide-lowering.ts';
import { proposeLowering } from '../../src/commands/propose-lowering.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { LoweringAct, LoweringGrounds } from '../../src/domain/lowering.ts';
import type { TestHouse } from './house.ts';
import { by } from './house.ts';

/** Grounds that name every part. */
export function grounds(): LoweringGrounds {
  return {
    reason: 'It was a test of our own',
    evidence: 'Session log compared with the plan of the test',
    coverage: {
      fromAt: fromMs(Date.now() - 86_400_000),
      untilAt: fromMs(Date.now() - 60_000),
      logs: ['session log'],
      gaps: 'none known',
    },
  };
}

/** Proposed by rita, advised on by dora, confirmed by leo; throws why not. Gives its id. */
export async function lower(
  { house, people }: Pick<TestHouse, 'house' | 'people'>,
  caseId: string,
  act: LoweringAct,
): Promise<string> {
  const loweringId = uuidv7();
  const answers = [
    await proposeLowering(house, by(people.rita), { loweringId, caseId, act, ...grounds() }),
    await adviseOnLowering(house, by(people.dora), { loweringId, text: 'I agree', favours: true }),
    await confirmLowering(house, by(people.leo), { loweringId, reason: null }),
  ];
  for (const answer of answers) if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return loweringId;
}
