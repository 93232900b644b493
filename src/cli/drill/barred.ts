/** The part of a drill in which mail is barred: who is told another way, what waits, and the two who open mail again. */
import type { MailBar } from '../../domain/barrier-ports.ts';
import type { CaseView, NoticeSummary, TaskView } from '../../domain/views.ts';
import { readScene, Stalled, untilCaseMinute, waitUntil } from './play.ts';
import type { Play } from './play.ts';
import { fileAtPortals } from './settle.ts';

/** Has the authority told by filing and sees that everything else waits with a task; then mail is opened again. */
export async function tellAnotherWay(play: Play, file: CaseView): Promise<void> {
  const { barred } = play.scenario;
  if (barred === undefined) return;
  const filed = new Set<string>();
  let waiting: readonly NoticeSummary[] = [];
  await waitUntil(play, async () => {
    const scene = await readScene(play, file.caseId);
    await fileAtPortals(play, scene, filed);
    const unfiled = scene.notices.filter(
      ({ channel, state }) => channel === 'portal' && state !== 'dispatched',
    );
    if (unfiled.length > 0) return `${String(unfiled.length)} filings`;
    waiting = scene.notices.filter(({ channel }) => channel === 'email');
    refuseMail(waiting);
    const tasks = await barredTasks(play, file);
    const without = waiting.filter(({ noticeId }) => !tasks.has(`notice/${noticeId}`));
    return without.length === 0 ? null : `${String(without.length)} notices to say how they wait`;
  });
  play.account.tell(
    `${String(waiting.length)} notices wait: mail is barred, and each says how else it may be told`,
  );
  const openMinute = play.account.caseMs() / 60_000 + barred.afterMinutes;
  await untilCaseMinute(play, openMinute, 'rita, who checks every mailbox');
  await openMail(play, file, waiting.length);
}

/** Throws `Stalled` when anything has left by mail. */
function refuseMail(notices: readonly NoticeSummary[]): void {
  const left = notices.filter(({ deliveries }) => deliveries.sent > 0);
  if (left.length > 0)
    throw new Stalled(`${String(left.length)} notices left by mail although it is barred`);
}

async function barredTasks(play: Play, { caseId }: CaseView): Promise<ReadonlySet<string>> {
  const path = `/cases/${caseId}/tasks`;
  const { items } = await play.as('leo').get<{ items: TaskView[] }>(path);
  const open = items.filter(({ kind, state }) => kind === 'channel-barred' && state === 'open');
  return new Set(open.map(({ subject }) => subject));
}

async function openMail(play: Play, { caseId }: CaseView, waiting: number): Promise<void> {
  const { barred } = play.scenario;
  const path = `/cases/${caseId}/barriers`;
  const { bars } = await play.as('leo').get<{ bars: MailBar[] }>(path);
  const bar = bars.find(({ isOpen, caseId: of }) => !isOpen && of === caseId);
  if (barred === undefined || bar === undefined) throw new Stalled('mail was not barred at all');
  for (const player of barred.openedBy) {
    const answer = await play
      .as(player)
      .post<{ isOpen: boolean }>(`/bars/${bar.barId}/opening`, { reason: barred.reason });
    const come = answer.isOpen
      ? `mail is open again, and ${String(waiting)} notices go on`
      : 'a second person has to';
    play.account.tell(`${player} would open mail: ${come}`);
  }
}
