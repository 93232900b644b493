/** Notices in a terminal: the list, and one notice with its text, approvals, deliveries and receipts. */
import type { NoticeSummary, NoticeView } from '../domain/views.ts';
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
    cell(n.state, n.state === 'dispatched' ? 'good' : 'plain'),
    cell(`${String(n.approvals.counted)} of ${String(n.approvals.needed)}`),
    cell(n.dueAt === null ? '-' : utc(n.dueAt)),
    cell(deliveriesOf(n)),
  ]);
  return tableLines(columns, rows, paint);
}

/** The whole notice, ready to be judged. */
export function noticeLines(notice: NoticeView, paint: Paint): string[] {
  return [
    paint(
      'title',
      `${notice.provision} to ${plain(notice.recipientName)} (${notice.caseReference})`,
    ),
    '',
    ...pairLines(headPairs(notice), paint),
    ...notice.variants.flatMap((variant) => [
      '',
      paint('title', `${variant.language}: ${plain(variant.subject)}`),
      ...variant.text.split(/\r?\n/).map((line) => `  ${plain(line)}`.trimEnd()),
    ]),
    ...notes(notice, paint),
    ...rowLines(notice, paint),
  ];
}

function headPairs(notice: NoticeView): [string, string][] {
  const { approvals, approvers, receipts } = notice;
  const by = approvers.map((a) => `${plain(a.name)} ${utc(a.at)}`).join(', ');
  const approved = `${String(approvals.counted)} of ${String(approvals.needed)}`;
  const due = notice.dueAt === null ? 'no dated due' : utc(notice.dueAt);
  return [
    ['Notice', notice.noticeId],
    ['State', `${notice.state}, ${notice.phase}, version ${String(notice.version)}`],
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
