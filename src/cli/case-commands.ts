/** `tocsin case open|list|show|facts`: starting a case, seeing where it stands, recording what is known. */
import type { Command } from 'commander';
import type { Instant } from '../domain/instant.ts';
import type { AlarmView, CaseSummary, ObligationView, TaskView } from '../domain/views.ts';
import type { BesideOfCase } from './beside-page.ts';
import { caseLines, caseListLines, factLines } from './case-page.ts';
import { factsFrom, hitsFrom } from './facts.ts';
import type { FactOptions, HitOptions } from './facts.ts';
import { examples, repeated } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Session, Surroundings } from './session.ts';

interface OpenOptions extends FactOptions, HitOptions {
  readonly description?: string;
  readonly unit?: string;
  readonly received?: Instant;
  readonly detected?: Instant;
  readonly zone?: string;
  readonly source?: string;
  readonly externalId?: string;
  readonly drill?: boolean;
  readonly speed?: number;
  readonly fact?: readonly string[];
}

interface Opened {
  readonly caseId: string;
  readonly reference: string;
  readonly awareAt: Instant;
  readonly reportedLate: boolean;
  readonly engine: string;
}

/** Adds the commands that start and follow a case. */
export function addCaseCommands(parent: Command, around: Surroundings): void {
  addOpen(parent, around);
  addList(parent, around);
  addShow(parent, around);
  addFacts(parent, around);
}

function addOpen(parent: Command, around: Surroundings): void {
  const command = withHits(parent.command('open'))
    .description('open a case; its clock runs from now, or from --received')
    .argument('<title>', 'what was seen, in a few words')
    .option('--description <text>', 'more of it')
    .option('--fact <name=value>', 'a fact known already (repeatable)', repeated)
    .option('--file <file>', 'facts from a JSON file')
    .option('--received <time>', 'when the report reached us, RFC 3339 with offset')
    .option('--detected <time>', 'when security saw it first')
    .option('--zone <zone>', 'time zone to show it in, such as Europe/Tallinn')
    .option('--unit <unit>', 'the part of the organisation it belongs to')
    .option('--source <name>', 'where the report came from')
    .option('--external-id <id>', 'its id there: the same one never opens a second case')
    .option('--drill', 'an exercise: all mail goes to the sandbox')
    .option('--speed <n>', 'how much faster case time runs in a drill', Number);
  examples(command, [
    'tocsin case open "Intruder on hypervisor-07" --drill --asset hypervisor-07',
    'tocsin case open "Mail to wrong customer" --fact confidentiality.state=confirmed',
  ]).action(async (title: string, options: OpenOptions) => {
    const session = openSession(command, around, 'rita');
    const opened = await session.api.post<Opened>('/incidents', openingOf(title, options));
    session.answer(opened, () => [
      `${opened.reference} is open. Aware, provisionally, ${opened.awareAt}.`,
      ...(opened.reportedLate ? ['The 72 hours are over: it is marked as reported late.'] : []),
      `Next: tocsin case show ${opened.reference}`,
    ]);
    sayEngine(session, opened);
  });
}

function openingOf(title: string, options: OpenOptions) {
  const facts = factsFrom(options.fact ?? [], options);
  const hits = hitsFrom(options);
  return given({
    title,
    description: options.description,
    mode: options.drill === true ? 'drill' : undefined,
    speed: options.speed,
    unit: options.unit,
    receivedAt: options.received,
    detectedAt: options.detected,
    zone: options.zone,
    source: options.source ?? (options.externalId === undefined ? 'cli' : undefined),
    externalId: options.externalId,
    hits: hits.length === 0 ? undefined : hits,
    facts: facts.length === 0 ? undefined : facts,
  });
}

function addList(parent: Command, around: Surroundings): void {
  const command = parent
    .command('list')
    .description('cases by most pressing due')
    .option('--state <state>', 'open or closed')
    .option('--limit <n>', 'at most this many', '50');
  examples(command, ['tocsin case list', 'tocsin case list --state open --json']).action(
    async (options: { state?: string; limit: string }) => {
      const session = openSession(command, around, 'leo');
      const query = new URLSearchParams({ limit: options.limit });
      if (options.state !== undefined) query.set('state', options.state);
      const page = await session.api.get<{ items: CaseSummary[] }>(`/cases?${query.toString()}`);
      session.answer(page, () => caseListLines(page.items, session.paint));
    },
  );
}

function addShow(parent: Command, around: Surroundings): void {
  const command = parent
    .command('show')
    .description('where a case stands: countdown, obligations, exposure, tasks, alarms')
    .argument('<case>', 'reference such as B-2026-0042, or id');
  examples(command, ['tocsin case show B-2026-0042']).action(async (reference: string) => {
    const session = openSession(command, around, 'leo');
    const page = await readPage(session, reference);
    session.answer(page, () => caseLines(page, session.paint));
  });
}

async function readPage(session: Session, reference: string) {
  const file = await session.findCase(reference);
  const items = async <T>(part: string) =>
    (await session.api.get<{ items: T[] }>(`/cases/${file.caseId}/${part}`)).items;
  const [obligations, beside, tasks, alarms] = await Promise.all([
    items<ObligationView>('obligations'),
    session.api.get<BesideOfCase>(`/cases/${file.caseId}/beside`),
    items<TaskView>('tasks'),
    items<AlarmView>('alarms'),
  ]);
  const open = tasks.filter((t) => t.state === 'open');
  return { case: file, obligations, beside, tasks: open, alarms };
}

function addFacts(parent: Command, around: Surroundings): void {
  const command = withHits(parent.command('facts'))
    .description('show the facts of a case, or record new ones')
    .argument('<case>', 'reference or id')
    .argument('[facts...]', 'name=value; lists as name=a,b')
    .option('--file <file>', 'facts from a JSON file')
    .option('--certainty <how>', 'estimated, range, confirmed or unknown')
    .option('--about <key>', 'the processing or product they are about; else the whole case')
    .option('--fact-source <who>', 'who says so')
    .option('--observed-at <time>', 'when it was seen, RFC 3339 with offset');
  examples(command, [
    'tocsin case facts B-2026-0042',
    'tocsin case facts B-2026-0042 exfiltration=likely data.categories=name,contact',
    'tocsin case facts B-2026-0042 subjects.count=500 --certainty estimated --about portal-contacts',
  ]).action(async (reference: string, pairs: string[], options: FactOptions & HitOptions) => {
    const session = openSession(command, around, 'rita');
    const file = await session.findCase(reference);
    const facts = factsFrom(pairs, options);
    const hits = hitsFrom(options);
    if (facts.length === 0 && hits.length === 0) {
      session.answer({ items: file.facts }, () => factLines(file.facts, session.paint));
      return;
    }
    const body = given({ facts, hits: hits.length === 0 ? undefined : hits });
    const recorded = await session.api.post<{ factsVersion: number; engine: string }>(
      `/cases/${file.caseId}/facts`,
      body,
    );
    session.answer(recorded, () => [
      `Recorded in ${file.reference}; its facts are at version ${String(recorded.factsVersion)}.`,
    ]);
    sayEngine(session, recorded);
  });
}

function withHits(command: Command): Command {
  return command
    .option('--asset <key>', 'an asset that is hit (repeatable)', repeated)
    .option('--product <key>', 'a product that is hit (repeatable)', repeated)
    .option('--processing <key>', 'a processing of ours that is hit (repeatable)', repeated);
}
