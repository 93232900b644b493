/** The drill's scripted people on a demo stack: they act at once, not by the case clock, and keep what they are told. */
import { randomUUID } from 'node:crypto';
import type { Api } from '../../src/cli/api.ts';
import { playActs } from '../../src/cli/drill/acts.ts';
import { approveAll } from '../../src/cli/drill/approve.ts';
import { hostingIntrusion } from '../../src/cli/drill/hosting-intrusion.ts';
import { readScene, type Play, type Scene } from '../../src/cli/drill/play.ts';
import { waitForDrafts } from '../../src/cli/drill/review.ts';
import type { Scenario } from '../../src/cli/drill/scenario.ts';
import { closeCase, waitForDischarge } from '../../src/cli/drill/settle.ts';
import type { CaseView } from '../../src/domain/views.ts';
import type { DemoStack } from './stack.ts';

/** Slow enough that nothing falls due while a test runs: 24 hours are 24 minutes. */
const slow = 60;

export interface StackPlay {
  /** `engine` of every answer to an act, in order; emptied by whoever looks. */
  readonly engines: string[];
  /** Opens the case of the scenario, reported so many hours ago. */
  open(hoursAgo: number): Promise<CaseView>;
  /** Facts, awareness, determination. */
  judge(file: CaseView): Promise<void>;
  /** Waits until every notice is in review. */
  drafted(caseId: string): Promise<Scene>;
  /** Reads all that is in review, approves it, by two people where one is not enough. */
  approve(drafted: Scene): Promise<void>;
  look(caseId: string): Promise<Scene>;
  /** Waits until everyone has been told and that is proven, then closes the case. */
  finish(caseId: string): Promise<Scene>;
}

/** The people of the default drill, or of another scenario, at work on this stack; by another clock where asked. */
export function playOn(
  stack: DemoStack,
  scenario: Scenario = hostingIntrusion,
  speed = slow,
): StackPlay {
  const engines: string[] = [];
  const listening = (api: Api): Api => ({
    ...api,
    async post<T>(path: string, body: Parameters<Api['post']>[1]) {
      const answer = await api.post<T>(path, body);
      engines.push((answer as { readonly engine: string }).engine);
      return answer;
    },
  });
  const play: Play = {
    scenario,
    speed,
    seed: 1,
    patienceMs: 180_000,
    signal: new AbortController().signal,
    // By this clock every scripted minute has come already.
    account: { ...silent, caseMs: () => Infinity },
    as: (person) => listening(stack.as(person)),
  };
  return {
    engines,
    async open(hoursAgo) {
      const { caseId } = await play.as('rita').post<{ caseId: string }>('/incidents', {
        title: scenario.title,
        description: scenario.description,
        mode: 'drill',
        speed,
        source: 'test',
        externalId: randomUUID(),
        receivedAt: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
        hits: scenario.hits.map(({ kind, key }) => ({ kind, key })),
        facts: scenario.firstFacts.map((fact) => ({ ...fact, source: 'log' })),
      });
      return (await readScene(play, caseId)).file;
    },
    judge: (file) => playActs(play, file),
    drafted: (caseId) => waitForDrafts(play, caseId),
    approve: (drafted) => approveAll(play, drafted),
    look: (caseId) => readScene(play, caseId),
    async finish(caseId) {
      await waitForDischarge(play, caseId);
      return closeCase(play, caseId);
    },
  };
}

const silent = {
  tell: () => undefined,
  waitFor: () => undefined,
  follow: () => undefined,
  end: () => undefined,
};
