/** The scripted people at work: the case is opened, facts come in, and the judgements are made. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../domain/json.ts';
import type { CaseView } from '../../domain/views.ts';
import { seeded, untilCaseMinute } from './play.ts';
import type { Play } from './play.ts';
import type { Act, FactSaid, Player } from './scenario.ts';

/** Opens the drill case; its clock runs from here. */
export async function openCase(play: Play): Promise<CaseView> {
  const { scenario, speed, account } = play;
  const { late } = scenario;
  const lainMs = (late?.reportedHoursAgo ?? 0) * 3_600_000;
  const askedMs = performance.now();
  const opened = await play.as('rita').post<{ caseId: string }>('/incidents', {
    title: scenario.title,
    description: scenario.description,
    mode: 'drill',
    speed,
    source: 'drill',
    externalId: `${scenario.name}/${randomUUID()}`,
    ...(late === undefined ? {} : { receivedAt: new Date(Date.now() - lainMs).toISOString() }),
    hits: scenario.hits.map(({ kind, key }) => ({ kind, key })),
    facts: scenario.firstFacts.map(factBody),
  });
  const file = await play.as('leo').get<CaseView>(`/cases/${opened.caseId}`);
  account.follow(file, performance.now() - askedMs);
  account.tell(`rita opens ${file.reference}: ${file.title}`);
  account.tell(`     hit: ${scenario.hits.map((hit) => hit.key).join(', ')}`);
  return file;
}

/** Plays each act so many case minutes after `fromMinute`; the seed moves each by up to a tenth, never past the next. */
export async function playActs(
  play: Play,
  file: CaseView,
  acts: readonly Act[] = play.scenario.acts,
  fromMinute = 0,
): Promise<void> {
  const random = seeded(play.seed);
  for (const act of acts) {
    const minute = fromMinute + act.atMinutes * (0.9 + 0.1 * random());
    await untilCaseMinute(play, minute, `${act.by}, who looks into it`);
    await playAct(play, file, act);
    play.account.tell(`${act.by} ${act.says}`);
  }
}

async function playAct(play: Play, file: CaseView, act: Act): Promise<void> {
  const post = (part: string, body: JsonObject) =>
    play.as(act.by).post(`/cases/${file.caseId}/${part}`, body);
  switch (act.kind) {
    case 'facts':
      await post('facts', { facts: act.facts.map(factBody) });
      return;
    case 'hits':
      await post('facts', { facts: [], hits: act.hits.map(({ kind, key }) => ({ kind, key })) });
      return;
    case 'exposure': {
      const { select, key, grade, evidence } = act;
      await post('exposure', { entries: [{ select, key, grade, evidence }] });
      return;
    }
    case 'determination':
      await post('determination', { determination: act.determination, reason: act.reason });
      return;
    case 'bar-mail':
      await post('bars', { barId: randomUUID(), reason: act.reason });
      return;
    case 'awareness': {
      const { awareAt, awareZone: zone } = file;
      await post('awareness', { awareAt, zone, evidence: act.evidence });
      return;
    }
    case 'lowering':
      await playLowering(play, file, act);
      return;
  }
}

async function playLowering(
  play: Play,
  file: CaseView,
  act: Extract<Act, { kind: 'lowering' }>,
): Promise<void> {
  const { claims, ...grounds } = act;
  const lowered =
    claims === 'not-a-breach' ? { kind: claims } : { kind: 'facts', facts: claims.map(factBody) };
  await lowerByThree(play, file, act.by, lowered, grounds);
}

/** Proposed by one, advised on by dora, confirmed by eva: a lowering with all its parts. */
export async function lowerByThree(
  play: Play,
  file: CaseView,
  by: Player,
  act: JsonObject,
  grounds: { reason: string; evidence: string; logs: readonly string[] },
): Promise<void> {
  const { reason, evidence, logs } = grounds;
  const fromAt = new Date(Date.parse(file.awareAt) - 86_400_000).toISOString();
  const coverage = { fromAt, untilAt: file.awareAt, logs, gaps: 'none known' };
  const { loweringId } = await play
    .as(by)
    .post<{ loweringId: string }>(`/cases/${file.caseId}/lowerings`, {
      ...{ act, reason, evidence, coverage },
    });
  const path = `/lowerings/${loweringId}`;
  await play.as('dora').post(`${path}/opinion`, { text: 'The logs bear it out', favours: true });
  await play.as('eva').post(`${path}/confirmation`, {});
}

function factBody(fact: FactSaid): JsonObject {
  return {
    name: fact.name,
    value: fact.value,
    certainty: fact.certainty,
    about: fact.about,
    source: 'incident response log',
  };
}
