/** A drill from the event to the proven notice: plays the scenario, then counts what came of it. */
import type { TimelineEntry } from '../../domain/views.ts';
import type { ProgramParts } from '../parts.ts';
import { errorLine } from '../exit.ts';
import { checkRegister } from '../register-commands.ts';
import { openCase, playActs } from './acts.ts';
import { approveAll } from './approve.ts';
import { callFaults, callsWhileBarred, type BarredCalls } from './barred-calls.ts';
import { tellAnotherWay } from './barred.ts';
import { afterAction, type AfterAction } from './after-action.ts';
import { afterActionLines } from './after-action-page.ts';
import { keepAfterAction, keepDocuments, keepingRegister, keepJson, keepMessages } from './keep.ts';
import { playLater } from './follow-ups.ts';
import { giveReasons } from './late.ts';
import { readScene, readTimeline } from './play.ts';
import type { Play, Scene } from './play.ts';
import { reportOf, shortfalls } from './report.ts';
import type { DrillReport } from './report.ts';
import type { Scenario } from './scenario.ts';
import { waitForDrafts } from './review.ts';
import { shortened } from './shortened.ts';
import { closeCase, undischarged, waitForDischarge } from './settle.ts';
import { countAtSink, messagesOf, messagesSince, newestId } from './sink.ts';
import type { SinkCount } from './sink.ts';

export interface DrillRun {
  readonly play: Play;
  readonly mailbox: string;
  /** Null where calls out of band leave for a provider. */
  readonly outOfBandMailbox: string | null;
  /** Folder for all that a drill leaves; null for nothing. */
  readonly keep: string | null;
  readonly verifyExport: ProgramParts['verifyExport'];
}

/** Plays the drill and reports; what goes wrong inside it makes the report not ok. Throws only when interrupted. */
export async function runDrill(run: DrillRun): Promise<DrillReport> {
  const { play } = run;
  const problems: string[] = [];
  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      play.signal.throwIfAborted();
      problems.push(errorLine(error));
      return otherwise;
    }
  };
  const afterId = await attempt(() => newestId(run.mailbox), null);
  const caseId = await perform(play, problems);
  const scene = caseId === null ? null : await attempt(() => readScene(play, caseId), null);
  const sink = scene === null ? null : await attempt(() => countMail(run, scene, afterId), null);
  const register = await attempt(() => proveRegister(run), { entries: 0, verified: false });
  const report = reportOf(play.scenario, play.speed, scene, sink, register);
  if (scene !== null && sink !== null) {
    problems.push(...shortfalls(play.scenario, scene, sink, report));
  }
  const timeline =
    scene === null ? [] : await attempt(() => readTimeline(play, scene.file.caseId), []);
  const calls =
    scene === null ? null : await attempt(() => lookForCalls(run, scene, timeline), null);
  problems.push(...callFaults(calls));
  const judged: DrillReport = { ok: problems.length === 0, ...report };
  const lessons = scene === null ? null : afterAction(scene, timeline, report, { problems, calls });
  if (run.keep !== null) await keepPapers(run.keep, play, scene, judged, lessons);
  tellVerdict(play, judged, problems);
  if (lessons !== null) afterActionLines(lessons).forEach(play.account.tell);
  return judged;
}

async function keepPapers(
  dir: string,
  play: Play,
  scene: Scene | null,
  report: DrillReport,
  lessons: AfterAction | null,
): Promise<void> {
  if (scene !== null) await keepDocuments(dir, play, scene);
  if (lessons !== null) keepAfterAction(dir, lessons);
  keepJson(dir, 'report.json', report);
  play.account.tell(`messages, documents and the register are in ${dir}`);
}

/** The story itself. Gives the case's id, or null when none could be opened. */
async function perform(play: Play, problems: string[]): Promise<string | null> {
  let caseId: string | null = null;
  try {
    const file = await openCase(play);
    caseId = file.caseId;
    await playActs(play, file);
    const drafted = await waitForDrafts(play, caseId);
    tellObligations(play, drafted);
    await approveAll(play, await giveReasons(play, drafted));
    await tellAnotherWay(play, file);
    await waitForDischarge(play, caseId);
    await playLater(play, file);
    await closeCase(play, caseId);
  } catch (error) {
    if (play.signal.aborted) throw error;
    problems.push(errorLine(error));
    if (caseId !== null) problems.push(...(await diagnose(play, caseId)));
  }
  return caseId;
}

/** What the case still lacks, for a reader who has to find out why. */
async function diagnose(play: Play, caseId: string): Promise<string[]> {
  const scene = await readScene(play, caseId);
  const { file } = scene;
  const missing = undischarged(scene);
  return [
    `the case is ${file.state}, the engine ${file.engine}; waiting: ${String(file.undecided)} decisions, ${String(file.awaitingApproval)} approvals, ${String(file.openTasks)} tasks`,
    ...(file.engine === 'waiting'
      ? ['the engine does not follow: is Temporal up, and the worker? see "tocsin doctor"']
      : []),
    ...(missing === null ? [] : [`not discharged: ${missing}`]),
  ];
}

function tellObligations(play: Play, scene: Scene): void {
  const groups = Map.groupBy(scene.obligations, (o) => `${o.provision} ${o.state}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const who = group.length === 1 ? first.recipientName : `${String(group.length)} recipients`;
    const due = group
      .map((o) => o.dueAt ?? '')
      .filter((at) => at !== '')
      .sort()[0];
    const by = due === undefined ? 'without a dated due' : `due from ${due}`;
    play.account.tell(`     ${first.provision} ${first.state}: ${who}, ${by}`);
  }
}

async function countMail(run: DrillRun, scene: Scene, afterId: string | null): Promise<SinkCount> {
  const noticeIds = new Set(scene.notices.map((notice) => notice.noticeId));
  const messages = messagesOf(await messagesSince(run.mailbox, afterId), noticeIds);
  if (run.keep !== null) await keepMessages(run.keep, run.mailbox, messages);
  return countAtSink(messages);
}

function lookForCalls(
  { mailbox, outOfBandMailbox }: DrillRun,
  { file, notices }: Scene,
  timeline: readonly TimelineEntry[],
): Promise<BarredCalls | null> {
  const noticeIds = new Set(notices.map((notice) => notice.noticeId));
  const mailboxes = { ordinary: mailbox, outOfBand: outOfBandMailbox };
  return callsWhileBarred(mailboxes, { reference: file.reference, noticeIds }, timeline);
}

async function proveRegister(run: DrillRun): Promise<DrillReport['register']> {
  run.play.account.waitFor('the register to be exported and verified');
  const { keep, verifyExport } = run;
  const verify: ProgramParts['verifyExport'] =
    keep === null ? verifyExport : (lines) => verifyExport(keepingRegister(keep, lines));
  const check = await checkRegister(run.play.as('aud'), verify);
  for (const { line, fault } of check.outsider.faults) {
    run.play.account.tell(`register, line ${String(line)}: ${fault}`);
  }
  return { entries: check.outsider.entries, verified: check.ok };
}

function tellVerdict(play: Play, report: DrillReport, problems: readonly string[]): void {
  const { deliveries, register } = report;
  play.account.tell(
    `${String(deliveries.sent)} of ${String(deliveries.approved)} sent, ${String(deliveries.duplicates)} twice; register of ${String(register.entries)} entries ${register.verified ? 'verifies' : 'DOES NOT VERIFY'}`,
  );
  for (const problem of shortened(problems, 20)) play.account.tell(`falls short: ${problem}`);
  play.account.tell(report.ok ? goodEnd(play.scenario, report) : 'the drill FAILED');
}

function goodEnd(scenario: Scenario, { obligations }: DrillReport): string {
  if (scenario.late !== undefined) {
    return 'every obligation was discharged: late, recorded as late, and with reasons';
  }
  const withdrawn = scenario.later?.followUps.withdrawals ?? 0;
  if (withdrawn > 0) return 'what was notified was withdrawn, and each recipient was told so once';
  return obligations.length === 0
    ? 'nobody was owed a notice, and why is recorded'
    : 'every obligation was discharged in time';
}
