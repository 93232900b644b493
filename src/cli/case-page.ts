/** A case and the list of cases as a person reads them in a terminal. */
import { alikeAlarms, timesWords } from '../domain/alike-alarms.ts';
import type {
  AlarmView,
  CaseSummary,
  CaseView,
  FactView,
  ObligationView,
  TaskView,
} from '../domain/views.ts';
import { besideLines, type BesideOfCase } from './beside-page.ts';
import { filingLines, obligationLines } from './obligation-page.ts';
import { cell, pairLines, tableLines } from './table.ts';
import type { Cell } from './table.ts';
import { plain } from './terminal.ts';
import type { Paint } from './terminal.ts';
import { atOffset, remaining, sinceZero, utc } from './when.ts';

export interface CasePage {
  readonly case: CaseView;
  readonly obligations: readonly ObligationView[];
  readonly beside: BesideOfCase;
  readonly tasks: readonly TaskView[];
  readonly alarms: readonly AlarmView[];
}

/** The list, most pressing due first as the API gives it. */
export function caseListLines(cases: readonly CaseSummary[], paint: Paint): string[] {
  if (cases.length === 0) return ['No case. Open one with "tocsin case open TITLE".'];
  const columns = [
    { title: 'CASE' },
    { title: 'STATE' },
    { title: 'NEXT DUE' },
    { title: 'LEFT' },
    { title: 'WAITS FOR', atMost: 44 },
    { title: 'TITLE', atMost: 48 },
  ];
  const rows = cases.map((item) => [
    cell(item.reference, 'title'),
    cell(stateOf(item)),
    cell(item.nextDueAt === null ? '-' : utc(item.nextDueAt)),
    item.nextDueAt === null ? cell('-') : remaining(item.nextDueAt, item.caseNowAt),
    cell(waitsFor(item)),
    cell(item.title),
  ]);
  return tableLines(columns, rows, paint);
}

/** The whole case: where it stands, what presses, one line for each obligation, and what people must do. */
export function caseLines(page: CasePage, paint: Paint): string[] {
  const { case: file, obligations, beside, tasks, alarms } = page;
  const rung = alarms.filter((alarm) => alarm.rungAt !== null && alarm.answeredAt === null);
  return [
    headLine(file, paint),
    '',
    ...pairLines(headPairs(file, paint), paint),
    ...section(`Obligations (${String(obligations.length)})`, paint),
    ...obligationLines(obligations, file.caseNowAt, paint),
    ...filingLines(obligations, file.caseNowAt, paint),
    ...decisionHints(obligations, paint),
    ...section('Beside, not filed here', paint),
    ...besideLines(beside, file.caseNowAt, paint),
    ...section(`Exposure (${String(file.subjects)} data subjects of our own)`, paint),
    ...exposureLines(file, paint),
    ...fanOutLines(file, paint),
    ...(tasks.length === 0 ? [] : [...section('To do', paint), ...taskLines(tasks, paint)]),
    ...(rung.length === 0 ? [] : section('Alarms that ring', paint)),
    ...alikeAlarms(rung).map(({ first, count }) =>
      paint('bad', `  ! ${timesWords(count)}${plain(first.line)}`),
    ),
  ];
}

/** Open tasks, with who is to do them. */
export function taskLines(tasks: readonly TaskView[], paint: Paint): string[] {
  if (tasks.length === 0) return ['Nothing to do.'];
  const columns = [{ title: 'TASK' }, { title: 'FOR' }, { title: 'STATE' }, { title: 'WHAT' }];
  return tableLines(
    columns,
    tasks.map((t) => [cell(t.taskId), cell(t.role), cell(t.state), cell(t.title)]),
    paint,
    '  ',
  );
}

/** What is known: one fact a line, with its source and how sure it is. */
export function factLines(facts: readonly FactView[], paint: Paint): string[] {
  if (facts.length === 0)
    return ['Nothing is known yet: record facts with "tocsin case facts CASE name=value".'];
  const columns = [
    { title: 'FACT' },
    { title: 'VALUE', atMost: 40 },
    { title: 'CERTAINTY' },
    { title: 'ABOUT' },
    { title: 'OBSERVED' },
    { title: 'SOURCE', atMost: 40 },
  ];
  const rows = facts.map((fact) => [
    cell(fact.name),
    cell(typeof fact.value === 'string' ? fact.value : JSON.stringify(fact.value)),
    cell(fact.certainty, fact.certainty === 'confirmed' ? 'plain' : 'tight'),
    cell(fact.about),
    cell(utc(fact.observedAt)),
    cell(fact.source),
  ]);
  return tableLines(columns, rows, paint);
}

function headLine(file: CaseView, paint: Paint): string {
  const drill = file.mode === 'drill' ? `   ${paint('tight', `DRILL x${String(file.speed)}`)}` : '';
  return `${paint('title', `${file.reference}  ${plain(file.title)}`)}${drill}`;
}

function headPairs(file: CaseView, paint: Paint): [string, string][] {
  const sinceAware = Date.parse(file.caseNowAt) - Date.parse(file.awareAt);
  const local =
    file.awareOffsetMinutes === 0
      ? ''
      : ` = ${atOffset(file.awareAt, file.awareOffsetMinutes)} ${file.awareZone}`;
  const late = file.reportedLate ? `  ${paint('bad', 'reported late')}` : '';
  const waiting = waitsFor(file);
  return [
    ['State', `${stateOf(file)}   engine ${file.engine}`],
    [
      'Aware',
      `${utc(file.awareAt)}${local}  (${file.awareState}: ${plain(file.awareBasis)})${late}`,
    ],
    ...(file.detection === null
      ? []
      : ([
          [
            'Detected',
            `${utc(file.detection.detectedAt)}  as provider: ${plain(file.detection.basis)}`,
          ],
        ] as [string, string][])),
    ['Now', `${utc(file.caseNowAt)}   ${sinceZero(sinceAware)} since awareness`],
    ['Next due', nextDue(file, paint)],
    ['Waits for', waiting === '-' ? 'nobody' : paint('tight', waiting)],
    ['Next', nextStep(file)],
    ['Hit', file.hits.map((hit) => `${hit.kind} ${hit.key}`).join(', ') || 'nothing named yet'],
    ['Known', `${counted(file.facts.length, 'fact')} (tocsin case facts ${file.reference})`],
  ];
}

/** The one command that brings the case on. */
function nextStep(file: CaseSummary): string {
  const { reference } = file;
  if (file.state === 'closed') return 'nothing: closed';
  if (file.state === 'investigating') {
    return `tocsin case determine ${reference} breach --reason TEXT`;
  }
  if (file.undecided > 0) return 'decide what the engine left to you, below';
  if (file.awaitingApproval > 0) return `tocsin notice list --case ${reference} --state in-review`;
  if (file.openTasks > 0) return `tocsin task list ${reference}`;
  if (file.openObligations > 0) return `wait; notices are under way`;
  return `tocsin case close ${reference} --reason TEXT`;
}

function nextDue(file: CaseSummary, paint: Paint): string {
  if (file.nextDueAt === null) return file.state === 'closed' ? 'nothing: closed' : 'nothing dated';
  const left = remaining(file.nextDueAt, file.caseNowAt);
  return `${utc(file.nextDueAt)}   ${paint(left.tone, left.text)}   ${plain(file.nextDueLabel ?? '')}`;
}

function fanOutLines({ fanOut, reference }: CaseView, paint: Paint): string[] {
  const { customers, over, isWithheld } = fanOut;
  if (!isWithheld) return [];
  const what = `${String(customers)} customers would be told on "not excluded" alone: above ${String(over)}, our policy, somebody says so first.`;
  return [
    '',
    paint('bad', what),
    `tocsin case allow-fan-out ${reference} ${String(customers)} --reason "…"`,
  ];
}

function exposureLines(file: CaseView, paint: Paint): string[] {
  if (file.exposureCounts.length === 0)
    return ['  Not scoped yet: that follows the determination.'];
  const columns = [
    { title: 'ROLE' },
    { title: 'WHAT' },
    { title: 'SEEN' },
    { title: 'GRADE' },
    { title: 'COUNT', align: 'right' as const },
    { title: 'CUSTOMERS', align: 'right' as const },
  ];
  const rows: Cell[][] = file.exposureCounts.map((line) => [
    cell(line.role),
    cell(line.kind),
    cell(line.visibility ?? '-'),
    cell(line.grade),
    cell(String(line.count)),
    cell(String(line.customers)),
  ]);
  const positions = file.tracks.map(
    ({ affiliateKey, role, processingKey }) =>
      `  ${affiliateKey}: ${role}${processingKey === '' ? '' : ` of ${processingKey}`}`,
  );
  return [...tableLines(columns, rows, paint, '  '), '', '  Our legal positions:', ...positions];
}

/** What has to be decided, each with the command that decides it. */
function decisionHints(obligations: readonly ObligationView[], paint: Paint): string[] {
  return obligations
    .filter((o) => o.state === 'to-decide')
    .map((o) =>
      paint(
        'tight',
        `  decide: tocsin obligation decide ${o.obligationId} owed|not-owed --reason TEXT`,
      ),
    );
}

function section(title: string, paint: Paint): string[] {
  return ['', paint('title', title)];
}

function stateOf(item: CaseSummary): string {
  if (item.determination === null) return item.state;
  return `${item.state} (${item.determination})`;
}

function waitsFor(item: CaseSummary): string {
  const parts = [
    ...(item.state === 'investigating' ? ['a determination'] : []),
    ...(item.undecided > 0 ? [counted(item.undecided, 'decision')] : []),
    ...(item.awaitingApproval > 0 ? [counted(item.awaitingApproval, 'approval')] : []),
    ...(item.openTasks > 0 ? [counted(item.openTasks, 'task')] : []),
  ];
  return parts.join(', ') || '-';
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
