/** Notices in a terminal: the list, and one notice with its text, approvals, deliveries and receipts. */
import type { NoticeSummary, NoticeView } from '../domain/views.ts';
import { changeWords } from '../domain/difference.ts';
import { releaseLines, type NoticeRelease } from './release-page.ts';
import { cell, pairLines, tableLines } from './table.ts';
import { plain } from './terminal.ts';
import type { Paint } from './terminal.ts';
import { utc } from './when.ts';

/** One notice a line. */
export function noticeListLines(notices: readonly NoticeSummary[], paint: Paint): string[] {
  if (notices.length === 0) return ['No notice.'];
  const columns = [
    { title: 'NOTICE' },
    { title: 'CASE' },
    { title: 'PROVISION' },
    { title: 'TO', atMost: 36 },
    { title: 'ROWS', align: 'right' as const },
    { title: 'PHASE' },
    { title: 'STATE' },
    { title: 'APPROVALS' },
    { title: 'DUE' },
    { title: 'DELIVERIES', atMost: 40 },
  ];
  const rows = notices.map((n) => [
    cell(n.noticeId),
    cell(n.caseReference),
    cell(n.provision),
    cell(n.recipientName),
    cell(String(n.recipientCount)),
    cell(phaseOf(n)),
    cell(n.state, n.state === 'dispatched' ? 'good' : 'plain'),
    cell(`${String(n.approvals.counted)} of ${String(n.approvals.needed)}`),
    cell(n.dueAt === null ? '-' : utc(n.dueAt)),
    cell(deliveriesOf(n)),
  ]);
  return tableLines(columns, rows, paint);
}

/** The whole notice, ready to be judged; how it is released stands before its text. */
export function noticeLines(notice: NoticeView, release: NoticeRelease, paint: Paint): string[] {
  return [
    paint(
      'title',
      `${notice.provision} to ${plain(notice.recipientName)} (${notice.caseReference})`,
    ),
    '',
    ...pairLines(headPairs(notice), paint),
    ...releaseLines(release, notice, paint),
    ...changeLines(notice, paint),
    ...notice.variants.flatMap((variant) => [
      '',
      paint('title', `${variant.language}: ${plain(variant.subject)}`),
      ...variant.text.split(/\r?\n/).map((line) => `  ${plain(line)}`.trimEnd()),
    ]),
    ...notes(notice, paint),
    ...rowLines(notice, paint),
  ];
}

/** `supplementary 2`: which of several, where there may be several. */
function phaseOf({ phase, part }: NoticeSummary): string {
  return part > 1 || phase === 'supplementary' ? `${phase} ${String(part)}` : phase;
}

function earlierPairs({ refersTo, cause }: NoticeView): [string, string][] {
  if (refersTo === null) return [];
  const { reference, sentAt, fileNumber } = refersTo;
  const when = sentAt === null ? '' : ` of ${utc(sentAt)}`;
  const theirs = fileNumber === null ? '' : `, their file number ${plain(fileNumber)}`;
  return [
    ['Follows', `${reference}${when}${theirs}`],
    ...(cause === null ? [] : [['Because', cause.replaceAll('-', ' ')] as [string, string]]),
  ];
}

function changeLines({ changes }: NoticeView, paint: Paint): string[] {
  if (changes.length === 0) return [];
  const lines = changes.map((change) => {
    const { what, before, after } = changeWords(change);
    return `  ${plain(what)}: ${plain(before)} -> ${plain(after)}`;
  });
  return ['', paint('title', 'Changed since they were told'), ...lines];
}

function headPairs(notice: NoticeView): [string, string][] {
  const { approvals, approvers, receipts } = notice;
  const by = approvers.map((a) => `${plain(a.name)} ${utc(a.at)}`).join(', ');
  const approved = `${String(approvals.counted)} of ${String(approvals.needed)}`;
  const aim = notice.targetAt === null ? 'no dated due' : `own target ${utc(notice.targetAt)}`;
  const due = notice.dueAt === null ? aim : utc(notice.dueAt);
  return [
    ['Notice', notice.noticeId],
    ['State', `${notice.state}, ${phaseOf(notice)}, version ${String(notice.version)}`],
    ...earlierPairs(notice),
    [
      'Goes',
      `to ${String(notice.recipientCount)} by ${notice.channel}, from ${notice.sender ?? '-'}`,
    ],
    ['Due', due],
    ['Digest', notice.digest ?? 'not frozen yet'],
    ['Approved', by === '' ? approved : `${approved}: ${by}`],
    ['Deliveries', deliveriesOf(notice)],
    [
      'Receipts',
      receipts.map((r) => `${r.kind} ${plain(r.evidence)} ${utc(r.receivedAt)}`).join(', ') || '-',
    ],
  ];
}

function notes(notice: NoticeView, paint: Paint): string[] {
  if (notice.notes.length === 0) return [];
  const lines = notice.notes.map(
    (note) =>
      `  ${utc(note.at)}  ${note.kind} of version ${String(note.version)} by ${plain(note.by)}: ${plain(note.text)}`,
  );
  return ['', paint('title', 'Notes'), ...lines];
}

function rowLines(notice: NoticeView, paint: Paint): string[] {
  if (notice.rows.length === 0) return [];
  const columns = [
    { title: 'DELIVERY' },
    { title: 'ADDRESS' },
    { title: 'LANGUAGE' },
    { title: 'STATE' },
    { title: 'TRIES', align: 'right' as const },
    { title: 'REPLY', atMost: 50 },
  ];
  const rows = notice.rows.map((row) => [
    cell(row.deliveryId),
    cell(row.address),
    cell(row.language),
    cell(row.state, row.state === 'in-doubt' || row.state === 'bounced' ? 'bad' : 'plain'),
    cell(String(row.attempts)),
    cell(row.reply ?? '-'),
  ]);
  const title = `Recipients (${String(notice.rows.length)} of ${String(notice.recipientCount)})`;
  return ['', paint('title', title), ...tableLines(columns, rows, paint, '  ')];
}

function deliveriesOf(notice: NoticeSummary): string {
  const counted = Object.entries(notice.deliveries).filter(([, count]) => count > 0);
  return counted.map(([state, count]) => `${String(count)} ${state}`).join(', ') || '-';
}
