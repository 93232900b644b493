/** Claims of the dispatch ledger: due rows of a notice whose release stands, with all that is needed to send them. */
import type { ClaimedDelivery, NoticeStore, Segment } from '../../domain/notice-ports.ts';
import type { Sql } from './sql.ts';

type ClaimedRow = Omit<ClaimedDelivery, 'segments'> & {
  versionId: string;
  language: string;
  resendNo: number;
};

export function deliveryClaims(sql: Sql): Pick<NoticeStore, 'claim' | 'takeWindow'> {
  const take = async (
    noticeId: string,
    limit: number,
    after: string | null,
    leaseSeconds: number,
    attemptId: string | null,
  ): Promise<readonly ClaimedDelivery[]> =>
    withSegments(
      sql,
      await sql.rows<ClaimedRow>('SELECT * FROM take_deliveries($1, $2, $3, $4, $5)', [
        ...[noticeId, limit, after ?? beforeAll, leaseSeconds, attemptId],
      ]),
    );
  return {
    claim: (noticeId, limit, leaseSeconds, after = null) =>
      take(noticeId, limit, after, leaseSeconds, null),
    takeWindow: (noticeId, limit, attemptId, leaseSeconds, after) =>
      take(noticeId, limit, after, leaseSeconds, attemptId),
  };
}

const beforeAll = '00000000-0000-0000-0000-000000000000';

async function withSegments(
  sql: Sql,
  rows: readonly ClaimedRow[],
): Promise<readonly ClaimedDelivery[]> {
  const segments = await segmentsOf(sql, rows);
  const marked = await markedSegmentsOf(sql, rows);
  return rows.map(({ versionId, language, resendNo, ...row }) => ({
    ...row,
    segments:
      (resendNo > 0 ? marked.get(row.deliveryId) : segments.get(`${versionId} ${language}`)) ?? [],
  }));
}

// A copy that is sent again has bytes of its own.
async function markedSegmentsOf(
  sql: Sql,
  rows: readonly ClaimedRow[],
): Promise<Map<string, readonly Segment[]>> {
  const copies = rows.filter(({ resendNo }) => resendNo > 0).map(({ deliveryId }) => deliveryId);
  if (copies.length === 0) return new Map();
  const found = await sql.rows<{ id: string; segments: Segment[] }>(
    'SELECT delivery_id AS id, segments FROM resend WHERE delivery_id = ANY ($1)',
    [copies],
  );
  return new Map(found.map(({ id, segments }) => [id, segments]));
}

const keptVariants = 32;
/** Frozen words never change, so a process reads those it sends once; each row's digest is checked all the same. */
const variants = new Map<string, readonly Segment[]>();

async function segmentsOf(
  sql: Sql,
  rows: readonly ClaimedRow[],
): Promise<Map<string, readonly Segment[]>> {
  const wanted = new Set(rows.map(({ versionId, language }) => `${versionId} ${language}`));
  const found = new Map<string, readonly Segment[]>();
  for (const key of wanted) {
    const kept = variants.get(key) ?? (await readSegments(sql, key));
    if (kept === undefined) continue;
    found.set(key, kept);
    keep(key, kept);
  }
  return found;
}

async function readSegments(sql: Sql, key: string): Promise<readonly Segment[] | undefined> {
  const row = await sql.row<{ segments: Segment[] }>(
    'SELECT segments FROM notice_variant WHERE version_id = $1 AND language = $2',
    key.split(' '),
  );
  return row?.segments;
}

/** The one used longest ago gives way. */
function keep(key: string, segments: readonly Segment[]): void {
  variants.delete(key);
  variants.set(key, segments);
  const [oldest] = variants.keys();
  if (variants.size > keptVariants && oldest !== undefined) variants.delete(oldest);
}
