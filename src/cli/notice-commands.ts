/** `tocsin notice list|show|approve|return|cancel|receipt`: judging what is to leave the house, and proving it did. */
import { Option } from 'commander';
import type { Command } from 'commander';
import type { NoticeCompleteness } from '../domain/completeness.ts';
import type { JsonObject } from '../domain/json.ts';
import type { NoticeSummary, NoticeView } from '../domain/views.ts';
import { approvalActs, type ActAnswer } from './approval-acts.ts';
import { withYes } from './case-decisions.ts';
import { completenessLines } from './completeness-page.ts';
import { CliError, exitCodes } from './exit.ts';
import { addPackCommand, uploadReceipt } from './filing-commands.ts';
import { noticeLines, noticeListLines } from './notice-page.ts';
import { examples } from './program-help.ts';
import type { NoticeRelease } from './release-page.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Session, Surroundings } from './session.ts';
import { print, say } from './terminal.ts';

interface ApproveOptions {
  readonly case?: string;
  readonly provision?: string;
  readonly digest?: string;
  readonly yes?: boolean;
}

/** Adds the commands about notices. */
export function addNoticeCommands(parent: Command, around: Surroundings): void {
  addList(parent, around);
  addShow(parent, around);
  addApprove(parent, around);
  addReturn(parent, around);
  addFileInstead(parent, around);
  addCancel(parent, around);
  addPackCommand(parent, around);
  addReceipt(parent, around);
}

function addList(parent: Command, around: Surroundings): void {
  const command = parent
    .command('list')
    .description('notices, of one case or of all')
    .option('--case <case>', 'reference or id')
    .option('--state <state>', 'such as in-review or dispatched');
  examples(command, ['tocsin notice list --case B-2026-0042 --state in-review']).action(
    async (options: { case?: string; state?: string }) => {
      const session = openSession(command, around, 'leo');
      const items = await listNotices(session, options);
      session.answer({ items }, () => noticeListLines(items, session.paint));
    },
  );
}

async function listNotices(
  session: Session,
  filter: { case?: string; state?: string },
): Promise<NoticeSummary[]> {
  if (filter.case === undefined) {
    const query = filter.state === undefined ? '' : `&state=${encodeURIComponent(filter.state)}`;
    return session.api.all<NoticeSummary>(`/notices?limit=100${query}`);
  }
  const file = await session.findCase(filter.case);
  const all = await session.api.all<NoticeSummary>(`/cases/${file.caseId}/notices?limit=100`);
  return all.filter((notice) => filter.state === undefined || notice.state === filter.state);
}

function addShow(parent: Command, around: Surroundings): void {
  const command = parent
    .command('show')
    .description('the whole text, its digest, who approved it, and how delivery went')
    .argument('<notice>', 'id')
    .option('--recipient <key>', 'the exact bytes of the message to this recipient instead');
  examples(command, [
    'tocsin notice show 0197…',
    'tocsin notice show 0197… --recipient cust-0042',
  ]).action(async (id: string, options: { recipient?: string }) => {
    const session = openSession(command, around, 'leo');
    const notice = await readNotice(session, id);
    if (options.recipient === undefined) {
      const release = await session.api.get<NoticeRelease>(`/notices/${notice.noticeId}/release`);
      const demanded =
        notice.phase === 'withdrawal'
          ? null
          : await session.api.get<NoticeCompleteness>(`/notices/${notice.noticeId}/completeness`);
      session.answer({ ...notice, completeness: demanded, release }, () => [
        ...noticeLines(notice, release, session.paint),
        ...(demanded === null ? [] : completenessLines(demanded, session.paint)),
      ]);
      return;
    }
    const version = `/notices/${notice.noticeId}/versions/${String(notice.version)}`;
    const row = encodeURIComponent(options.recipient);
    const eml = await session.api.text(`${version}/sample.eml?recipient=${row}`);
    session.answer({ eml }, () => [eml]);
  });
}

async function readNotice(session: Session, id: string): Promise<NoticeView> {
  return session.api.get<NoticeView>(`/notices/${encodeURIComponent(id)}`);
}

function addApprove(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('approve'))
    .description('approve exactly what a notice says now; several are one approval over the set')
    .argument('[notices...]', 'ids')
    .option('--case <case>', 'with --provision: every notice of this case that is in review')
    .option('--provision <rule>', 'such as gdpr/33/2')
    .option('--digest <digest>', 'refuse unless the notice has this digest, as it was read');
  examples(command, [
    'tocsin notice approve 0197… --digest 5f2c…',
    'tocsin notice approve --case B-2026-0042 --provision gdpr/33/2',
  ]).action(async (ids: string[], options: ApproveOptions) => {
    const session = openSession(command, around, 'leo');
    const notices = await chosenNotices(session, ids, options);
    const [only] = notices;
    if (only === undefined) {
      throw new CliError(exitCodes.refused, 'nothing is in review', 'see "tocsin notice list"');
    }
    const recipients = notices.reduce((sum, notice) => sum + notice.recipientCount, 0);
    if (!session.json && options.yes !== true) {
      for (const line of noticeListLines(notices, session.paint)) say(session.terminal, line);
    }
    await session.confirm({
      yes: options.yes,
      what: `This approves ${String(notices.length)} notice(s) to ${String(recipients)} recipient(s)`,
      word: 'approve',
    });
    if (notices.length > 1) await approveSet(session, notices);
    else await approveOne(session, only, options.digest);
  });
}

async function chosenNotices(
  session: Session,
  ids: readonly string[],
  options: ApproveOptions,
): Promise<NoticeSummary[]> {
  if (ids.length > 0) return Promise.all(ids.map((id) => readNotice(session, id)));
  if (options.case === undefined || options.provision === undefined) {
    throw new CliError(exitCodes.usage, 'which notices?', 'give ids, or --case and --provision');
  }
  const inReview = await listNotices(session, { case: options.case, state: 'in-review' });
  return inReview.filter((notice) => notice.provision === options.provision);
}

async function approveOne(
  session: Session,
  notice: NoticeSummary,
  digest: string | undefined,
): Promise<void> {
  const body = { digest: digest ?? digestOf(notice), recipientCount: notice.recipientCount };
  const answer = await session.api.post<{
    state: string;
    approvals: { counted: number; needed: number };
    engine: string;
  }>(`/notices/${notice.noticeId}/approval`, body);
  const { counted, needed } = answer.approvals;
  session.answer(answer, () => [
    answer.state === 'released'
      ? 'Approved and released: it goes out.'
      : `Approved, ${String(counted)} of ${String(needed)}: another person must approve too.`,
  ]);
  sayEngine(session, answer);
}

async function approveSet(session: Session, notices: readonly NoticeSummary[]): Promise<void> {
  const bound = notices.map((notice) => ({
    noticeId: notice.noticeId,
    digest: digestOf(notice),
  }));
  const acts: ActAnswer[] = [];
  for await (const answer of approvalActs(session.api, bound)) {
    const { approved, released } = answer;
    const words = `One approval over ${String(approved)} notices; ${String(released)} released.`;
    if (!session.json) print(session.terminal, words);
    sayEngine(session, answer);
    acts.push(answer);
  }
  if (session.json) session.answer(acts.length === 1 ? acts[0] : { acts }, () => []);
}

function digestOf(notice: NoticeSummary): string {
  if (notice.digest !== null) return notice.digest;
  throw new CliError(
    exitCodes.refused,
    `${notice.noticeId} has nothing to approve yet: it is ${notice.state}`,
    'wait until it is in review',
  );
}

function addReturn(parent: Command, around: Surroundings): void {
  const command = parent
    .command('return')
    .description('send a notice back to be drafted again')
    .argument('<notice>', 'id')
    .requiredOption('--reason <text>', 'what has to change');
  examples(command, ['tocsin notice return 0197… --reason "Names the wrong service"']).action(
    async (id: string, options: { reason: string }) => {
      const session = openSession(command, around, 'leo');
      await actOn(session, id, 'return', options, 'Sent back.');
    },
  );
}

function addFileInstead(parent: Command, around: Surroundings): void {
  const command = parent
    .command('file-instead')
    .description('while mail is barred: let a person file a notice to an authority')
    .argument('<notice>', 'id');
  examples(command, ['tocsin notice file-instead 0197…']).action(async (id: string) => {
    const session = openSession(command, around, 'leo');
    await actOn(session, id, 'filing', {}, 'A filing pack is frozen: approve it, then file it.');
  });
}

function addCancel(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('cancel'))
    .description('pull a notice that has not been sent')
    .argument('<notice>', 'id')
    .requiredOption('--reason <text>', 'why nobody is to be told by it');
  examples(command, ['tocsin notice cancel 0197… --reason "Superseded"']).action(
    async (id: string, options: { reason: string; yes?: boolean }) => {
      const session = openSession(command, around, 'leo');
      const what = `This cancels notice ${id}: its recipients are not told by it`;
      await session.confirm({ yes: options.yes, what, word: 'cancel' });
      await actOn(session, id, 'cancellation', { reason: options.reason }, 'Cancelled.');
    },
  );
}

interface ReceiptOptions {
  readonly kind: string;
  readonly reference?: string;
  readonly file?: string;
  readonly received?: string;
  readonly told?: string;
  readonly recipient?: string;
}

function addReceipt(parent: Command, around: Surroundings): void {
  const command = parent
    .command('receipt')
    .description('record evidence from outside that a notice arrived')
    .argument('<notice>', 'id')
    .argument('<evidence>', 'such as the reference number of a filing')
    .addOption(
      new Option('--kind <kind>', 'what the evidence is')
        .choices(['reference', 'reply', 'file', 'telephone', 'post'])
        .default('reference'),
    )
    .option('--reference <number>', 'their file number, which later notices quote')
    .option('--file <path>', 'the file the receipt came as; kept with the case')
    .option('--told <whom>', 'by telephone or post: to whom it was said or written')
    .option('--recipient <key>', 'whom it is about; left out, everybody of whom nothing is known')
    .option('--received <time>', 'when it came, RFC 3339 with offset; left out, now');
  examples(command, [
    'tocsin notice receipt 0197… EE-2026-1187',
    'tocsin notice receipt 0197… "Read out, they confirm" --kind telephone --told "Ms Li, security"',
  ]).action(async (id: string, evidence: string, options: ReceiptOptions) => {
    const session = openSession(command, around, 'leo');
    const { kind, reference, file, received: receivedAt, told, recipient: recipientKey } = options;
    const documentId = file === undefined ? undefined : await uploadReceipt(session, id, file);
    const body = given({ kind, evidence, reference, documentId, receivedAt, told, recipientKey });
    await actOn(session, id, 'receipt', body, 'Receipt recorded.');
  });
}

async function actOn(
  session: Session,
  id: string,
  act: string,
  body: JsonObject,
  line: string,
): Promise<void> {
  const path = `/notices/${encodeURIComponent(id)}/${act}`;
  const answer = await session.api.post<{ engine?: string }>(path, body);
  session.answer(answer, () => [line]);
  sayEngine(session, answer);
}
