/** The end of a drill's case: notices go out and are proven, filings get their receipt, the case is closed. */
import type { AssessmentView } from '../../domain/assessment-ports.ts';
import type { NoticeSummary, ObligationView } from '../../domain/views.ts';
import { lowerByThree } from './acts.ts';
import { readScene, Stalled, waitUntil } from './play.ts';
import type { Play, Scene } from './play.ts';
import { isTold } from './report.ts';

/** Waits until every recipient has been told and that is proven; files what only a portal takes. */
export async function waitForDischarge(play: Play, caseId: string): Promise<void> {
  const filed = new Set<string>();
  const told = new Set<string>();
  await waitUntil(play, async () => {
    const scene = await readScene(play, caseId);
    await fileAtPortals(play, scene, filed);
    tellDischarged(play, scene, told);
    return undischarged(scene);
  });
}

/** Why the case cannot be closed yet, in words; null when every recipient has been told. */
export function undischarged({ file, obligations, notices }: Scene): string | null {
  const open = obligations.filter(
    (o) => isTold(o) && o.state !== 'discharged' && o.state !== 'withdrawn',
  );
  if (open.length === 0) return null;
  const byId = new Map(notices.map((notice) => [notice.noticeId, notice]));
  const waiting = open.slice(0, 2).map((o) => {
    const notice = o.noticeId === null ? undefined : byId.get(o.noticeId);
    return `${o.provision} to ${o.recipientName} (${notice === undefined ? o.state : progressOf(notice)})`;
  });
  const more = open.length > 2 ? ` and ${String(open.length - 2)} more` : '';
  const engine = file.engine === 'waiting' ? '; the engine has not taken up everything yet' : '';
  return `${waiting.join(', ')}${more}${engine}`;
}

function progressOf(notice: NoticeSummary): string {
  const counts = Object.entries(notice.deliveries).filter(([, count]) => count > 0);
  const deliveries = counts.map(([state, count]) => `${String(count)} ${state}`).join(', ');
  return deliveries === '' ? notice.state : `${notice.state}: ${deliveries}`;
}

/** Files what only a person may carry, once each: the pack is read, the filing made, its receipt recorded. */
export async function fileAtPortals(play: Play, scene: Scene, filed: Set<string>): Promise<void> {
  for (const notice of scene.notices) {
    const isDue = notice.channel === 'portal' && notice.state === 'released';
    if (!isDue || filed.has(notice.noticeId)) continue;
    await readPack(play, scene, notice);
    const evidence = `EXERCISE-${notice.noticeId.slice(-8)}`;
    await play
      .as('leo')
      .post(`/notices/${notice.noticeId}/receipt`, { kind: 'reference', evidence });
    filed.add(notice.noticeId);
    play.account.tell(
      `leo files ${notice.provision} at ${notice.recipientName}: receipt ${evidence}`,
    );
  }
}

/** Reads the filing pack as the one who files would; a pack that is no exercise, or empty, stops the drill. */
async function readPack(play: Play, scene: Scene, notice: NoticeSummary): Promise<void> {
  const { pack } = await play.as('leo').get<{ pack: ReadPack }>(`/notices/${notice.noticeId}/pack`);
  const fields = pack.sections.flatMap((section) => section.fields);
  if (!pack.exercise || fields.length === 0)
    throw new Stalled(`the filing pack for ${notice.recipientName} cannot be filed from`);
  const known = fields.filter(({ state }) => state === 'known').length;
  const start = scene.obligations.find(
    ({ obligationId }) => obligationId === notice.obligationId,
  )?.latestStartAt;
  const begin = start == null ? '' : `; it must begin by ${start}`;
  play.account.tell(
    `leo reads the filing pack for ${notice.recipientName}: ${String(known)} of ${String(fields.length)} fields answered${begin}`,
  );
}

interface ReadPack {
  readonly exercise: boolean;
  readonly sections: readonly { readonly fields: readonly { readonly state: string }[] }[];
}

/** Says once for each kind of recipient that all of it is done. */
function tellDischarged(play: Play, scene: Scene, told: Set<string>): void {
  const groups = Map.groupBy(scene.obligations.filter(isTold), (o) => o.provision);
  for (const [provision, group] of groups) {
    if (told.has(provision) || group.some((o) => o.state !== 'discharged')) continue;
    told.add(provision);
    play.account.tell(`${provision} is discharged: ${namesOf(group)}`);
  }
}

function namesOf(group: readonly ObligationView[]): string {
  const [first] = group;
  if (group.length === 1 && first !== undefined) return first.recipientName;
  return `${String(group.length)} ${first?.recipientKind === 'controller' ? 'customers' : 'recipients'}, each told about itself only`;
}

/** Closes the case; the server refuses it while anything is open, and says what. */
export async function closeCase(play: Play, caseId: string): Promise<Scene> {
  let scene = await readScene(play, caseId);
  const reason = closingReason(scene);
  await confirmSilence(play, scene);
  await play.as('leo').post(`/cases/${caseId}/closure`, { reason });
  play.account.tell(`leo closes the case: ${reason}`);
  await waitUntil(play, async () => {
    scene = await readScene(play, caseId);
    const open = scene.obligations.filter((o) => o.state === 'owed' || o.state === 'to-decide');
    return open.length === 0
      ? null
      : `${open.map((o) => o.provision).join(', ')} after the closing`;
  });
  return scene;
}

/** That an authority hears nothing of a breach is an act of three people, like any other lowering. */
async function confirmSilence(play: Play, { file, obligations }: Scene): Promise<void> {
  if (file.determination !== 'breach') return;
  const path = `/cases/${file.caseId}/assessments`;
  const { items } = await play.as('leo').get<{ items: AssessmentView[] }>(path);
  const isQuiet = (trackId: string): boolean =>
    items.find((one) => one.trackId === trackId)?.whole.notifySA === 'no';
  for (const one of obligations) {
    const { obligationId, recipientKind, state, trackId, recipientName } = one;
    if (recipientKind !== 'authority' || state !== 'not-owed' || !isQuiet(trackId)) continue;
    await lowerByThree(
      play,
      file,
      'leo',
      { kind: 'not-notified', obligationId },
      {
        reason: `${one.reason} Three people agree.`,
        evidence: 'The facts as recorded, and the assessment made of them',
        logs: ['incident response log'],
      },
    );
    play.account.tell(
      `leo proposes that ${recipientName} is not notified, dora agrees, eva confirms`,
    );
  }
}

function closingReason({ obligations }: Scene): string {
  if (obligations.some((o) => o.state === 'withdrawn'))
    return 'There was no breach; whoever was told of one knows, and why is recorded';
  return obligations.some(isTold)
    ? 'Every obligation is discharged and proven'
    : 'Nobody is owed a notice, for the reasons recorded; the breach is documented';
}
