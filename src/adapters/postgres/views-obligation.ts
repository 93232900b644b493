/** What is owed in a case, and who is exposed, as people read it. */
import type { Exposure } from '../../domain/case.ts';
import type { ObligationView, Page } from '../../domain/views.ts';
import { obligationColumns } from './obligation-store.ts';
import type { Sql } from './sql.ts';
import { decodeCursor, toPage } from './views-cursor.ts';

/** The name of a recipient: the customer or processing as the case pinned it, else as the catalogue has it now. */
export const recipientNameSql = `coalesce(
  o.authority ->> 'name',
  CASE WHEN o.recipient_kind = 'controller' OR (o.recipient_kind = 'data-subject' AND t.role = 'provider') THEN
    (SELECT k.name FROM customer k WHERE k.key = o.recipient_key AND k.since <= coalesce(c.catalogue_version, k.since)
     ORDER BY k.since DESC LIMIT 1) END,
  CASE o.recipient_kind WHEN 'data-subject' THEN
    'People in ' || coalesce(
      (SELECT p.name FROM processing p WHERE p.key IN (t.processing_key, o.recipient_key)
         AND p.since <= coalesce(c.catalogue_version, p.since) ORDER BY p.since DESC LIMIT 1), o.recipient_key) END,
  CASE o.recipient_kind WHEN 'register' THEN 'Our own register' END,
  o.recipient_key)`;

/** Every obligation of the case: what is to decide, then what is owed by its due, then what is settled. */
export function obligationList(sql: Sql, caseId: string): Promise<ObligationView[]> {
  return sql.rows<ObligationView>(
    `SELECT ${obligationColumns}, ${recipientNameSql} AS "recipientName", n.id AS "noticeId",
       n.state AS "noticeState", o.due_ring_at AS "dueRingAt",
       CASE WHEN o.authority IS NOT NULL AND coalesce(n.channel, o.authority ->> 'channel') = 'portal' THEN o.due_at
         - make_interval(mins => filing_minutes(o.authority ->> 'authorityId', o.affiliate_key)) END AS "latestStartAt"
     FROM obligation o JOIN case_file c ON c.id = o.case_id JOIN track t ON t.id = o.track_id
     LEFT JOIN LATERAL (
       SELECT n.id, n.state, n.channel FROM notice n WHERE n.obligation_id = o.id
       ORDER BY n.state = 'cancelled', n.phase <> 'initial', n.part, n.created_at DESC, n.id DESC LIMIT 1
     ) n ON true
     WHERE o.case_id = $1
     ORDER BY array_position(ARRAY['to-decide', 'owed', 'discharged', 'not-owed', 'withdrawn'], o.state),
       o.due_at NULLS LAST, array_position(ARRAY['authority', 'controller', 'data-subject', 'register'], o.recipient_kind),
       "recipientName", o.id`,
    [caseId],
  );
}

/** One page of exposures by kind and key. */
export async function exposurePage(
  sql: Sql,
  caseId: string,
  limit: number,
  cursor: string | null,
): Promise<Page<Exposure & { customerName: string | null }>> {
  const after = decodeCursor(cursor, [/^(engagement|processing)$/, /^.{1,500}$/]);
  const rows = await sql.rows<Exposure & { customerName: string | null }>(
    `SELECT x.kind, x.key, x.affiliate_key AS "affiliateKey", x.provider_key AS "providerKey", x.wholesale, x.role, x.customer_key AS "customerKey",
       x.product_key AS "productKey", x.visibility, x.contract_hours AS "contractHours",
           terms_of(x.contract_terms, x.contract_hours) AS "contractTerms", x.joint,
           x.customer_is_processor AS "customerIsProcessor", x.operated_by AS "operatedBy",
       x.service_reference AS "serviceReference", x.asset_keys AS "assetKeys", x.contact, x.grade, x.evidence,
       x.decided_by AS "decidedBy",
       (SELECT k.name FROM customer k WHERE k.key = x.customer_key AND k.since <= x.catalogue_version
        ORDER BY k.since DESC LIMIT 1) AS "customerName"
     FROM case_exposure x
     WHERE x.case_id = $1 AND ($2::text IS NULL OR (x.kind, x.key) > ($2, $3))
     ORDER BY x.kind, x.key LIMIT $4`,
    [caseId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return toPage(
    rows.map((item) => ({ key: [item.kind, item.key], item })),
    limit,
  );
}
