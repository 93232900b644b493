/** The scripted reviewers: they read every notice before anyone approves it, and say what is wrong with it. */
import type { NoticeSummary, NoticeView } from '../../domain/views.ts';
import { readScene, waitUntil } from './play.ts';
import type { Play, Scene } from './play.ts';
import type { Scenario } from './scenario.ts';

/** Notices that are owed but not yet ready to be read hold the review up. */
export async function waitForDrafts(play: Play, caseId: string): Promise<Scene> {
  let scene = await readScene(play, caseId);
  await waitUntil(play, async () => {
    scene = await readScene(play, caseId);
    await decideOpen(play, scene);
    return missingDrafts(scene);
  });
  return scene;
}

function missingDrafts({ file, obligations, notices }: Scene): string | null {
  const engine = file.engine === 'waiting' ? ' (the engine has not taken up everything yet)' : '';
  if (obligations.length === 0) return `the obligations${engine}`;
  const open = obligations.filter((o) => o.recipientKind !== 'register');
  const undecided = open.filter((o) => o.state === 'to-decide').length;
  if (undecided > 0) return `${String(undecided)} decisions`;
  const owed = open.filter((o) => o.state === 'owed');
  const drafting = notices.filter((n) => n.state === 'drafting').length;
  const undrafted = owed.filter((o) => o.noticeId === null).length + drafting;
  if (undrafted > 0)
    return `${String(undrafted)} of ${String(owed.length)} notices to be drafted${engine}`;
  return engine === '' ? null : `the engine${engine}`;
}

/** What the engine leaves to a person is decided towards telling: that lowers nothing. */
async function decideOpen(play: Play, scene: Scene): Promise<void> {
  for (const obligation of scene.obligations.filter((o) => o.state === 'to-decide')) {
    await play.as('leo').post(`/obligations/${obligation.obligationId}/decision`, {
      owed: true,
      reason: 'In doubt we tell those concerned',
    });
    play.account.tell(
      `leo decides: ${obligation.provision} to ${obligation.recipientName} is owed`,
    );
  }
}

/** Reads the notices and gives what is wrong, one sentence each. */
export async function reviewNotices(
  play: Play,
  scene: Scene,
  notices: readonly NoticeSummary[],
): Promise<string[]> {
  const customers = scene.obligations.filter((o) => o.recipientKind === 'controller');
  const names = [...new Set(customers.map((o) => o.recipientName))];
  const faults: string[] = [];
  for (const summary of notices) {
    play.account.waitFor(`the reading of ${String(notices.length)} notices`);
    const notice = await play.as('leo').get<NoticeView>(`/notices/${summary.noticeId}`);
    faults.push(...faultsOf(notice, names), ...withoutReasons(notice, play.scenario));
  }
  return faults;
}

/** A notice may name no customer but its own, and must say that it is an exercise. */
export function faultsOf(notice: NoticeView, customerNames: readonly string[]): string[] {
  const texts = notice.variants.map((variant) => `${variant.subject}\n${variant.text}`);
  const own = notice.recipientKind === 'controller' ? notice.recipientName : '';
  const place = `${notice.provision} to ${notice.recipientName}`;
  const others = customerNames.filter((name) => !own.includes(name));
  const named = others.filter((name) =>
    texts.some((text) => text.replaceAll(own || '\0', '').includes(name)),
  );
  return [
    ...(texts.length === 0 ? [`${place}: there is nothing to read`] : []),
    ...(texts.every((text) => text.includes('EXERCISE'))
      ? []
      : [`${place}: is not marked EXERCISE`]),
    ...named.map((name) => `${place}: names another customer, ${name}`),
  ];
}

/** A late notice to an authority must say that it is late, and why. */
function withoutReasons(notice: NoticeView, { late }: Scenario): string[] {
  if (late === undefined || notice.recipientKind !== 'authority') return [];
  const given = Object.values(late.reasons);
  const saysWhy = notice.variants.every(({ text }) => given.some((why) => text.includes(why)));
  return saysWhy && notice.content?.['late'] === true
    ? []
    : [`${notice.provision} to ${notice.recipientName}: is late and does not say so with reasons`];
}
