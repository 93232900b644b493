/** What the promises are judged by: PostgreSQL read by the auditor, the mail sink, and the register's export. */
import { openPool } from '../../src/adapters/postgres/sql.ts';
import { verifyExport, type ExportVerdict } from '../../src/verify.ts';
import { seeingAll, type DemoStack } from './stack.ts';

/** A message as the sink keeps it. */
interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** As the ledger writes it, without angle brackets. */
  readonly messageId: string;
  readonly noticeId: string | null;
  readonly size: number;
  readonly sha256: string;
}

/** A delivery with the version it belongs to and the release it refers to. */
interface DeliveryRow {
  readonly id: string;
  readonly caseId: string;
  readonly noticeId: string;
  readonly noticeState: string;
  readonly version: number;
  readonly recipientKind: string;
  readonly recipientKey: string;
  readonly address: string;
  readonly messageId: string;
  readonly sha256: string;
  readonly size: number;
  readonly resendNo: number;
  readonly state: string;
  readonly isLeased: boolean;
  readonly atDotAt: string | null;
  readonly sender: string;
  readonly author: string;
  readonly digest: string;
  /** SHA-256 of what the digest says it covers, worked out by the database. */
  readonly digestAgain: string;
  readonly releaseId: string | null;
  readonly releaseDigest: string | null;
  readonly releasedAt: string | null;
  readonly approvalsNeeded: number | null;
  readonly basis: 'approvals' | 'standing-authorisation' | 'emergency' | null;
  /** People who had signed the standing authorisation when the release was written, and may sign. */
  readonly signers: number;
  /** The authorisation named by the release covers the kind of recipient, and was not revoked before the dot. */
  readonly isCovered: boolean;
  /** Who approved these bytes alone in an emergency, and may approve. */
  readonly hurriedBy: string | null;
  /** By the policy table, whatever the release says. */
  readonly policyNeeds: number;
}

/** A version that may leave by mail, with the number of recipients it was released for. */
interface ReleasedRow {
  readonly noticeId: string;
  readonly version: number;
  readonly recipientCount: number;
}

/** The leave for one more copy to one recipient. */
interface ResendRow {
  readonly deliveryId: string;
  readonly originalId: string;
  readonly noticeId: string;
  readonly recipientKind: string;
  readonly basis: string;
  readonly person: string | null;
  /** Who signed the clause, each counted once. */
  readonly signers: number;
  readonly sha256: string;
}

interface ApprovalRow {
  readonly noticeId: string;
  readonly version: number;
  readonly digest: string;
  readonly approver: string;
  readonly mayApprove: boolean;
  readonly at: string;
}

export interface EventRow {
  readonly eventId: number;
  readonly deliveryId: string;
  readonly caseId: string;
  readonly fromState: string | null;
  readonly toState: string;
  readonly attemptId: string | null;
  readonly replySha256: string | null;
  readonly at: string;
  readonly actor: string;
}

interface FoldRow {
  readonly caseId: string;
  readonly fromEvent: number;
  readonly toEvent: number;
  readonly events: number;
  readonly root: string;
}

export interface Leaf {
  readonly stream: string;
  readonly streamSeq: number;
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Evidence {
  readonly mails: readonly Mail[];
  readonly deliveries: readonly DeliveryRow[];
  readonly released: readonly ReleasedRow[];
  readonly approvals: readonly ApprovalRow[];
  readonly resends: readonly ResendRow[];
  readonly events: readonly EventRow[];
  readonly folds: readonly FoldRow[];
  /** `kind subject` of each open task. */
  readonly openTasks: ReadonlySet<string>;
  /** What the tables say was done, one line each, in the words `actsOfLeaf` uses for the register. */
  readonly acts: readonly string[];
  readonly leaves: readonly Leaf[];
  readonly verdict: ExportVerdict;
}

const deliveryRows = `
  SELECT d.id, d.case_id AS "caseId", d.notice_id AS "noticeId", n.state AS "noticeState", v.version,
    n.recipient_kind AS "recipientKind", d.recipient_key AS "recipientKey", d.address, d.message_id AS "messageId",
    encode(d.mime_sha256, 'hex') AS sha256, d.mime_bytes AS size, d.state, d.resend_no AS "resendNo",
    d.lease_until IS NOT NULL AS "isLeased", d.at_dot_at AS "atDotAt", v.sender, v.author,
    encode(v.digest, 'hex') AS digest, encode(sha256(convert_to(v.digest_input, 'UTF8')), 'hex') AS "digestAgain",
    d.release_id AS "releaseId", encode(r.digest, 'hex') AS "releaseDigest",
    r.at AS "releasedAt", r.approvals_needed AS "approvalsNeeded", r.basis,
    (SELECT count(DISTINCT s.person_id)::int FROM standing_signature s JOIN person p ON p.id = s.person_id
     WHERE s.authorisation_id = r.authorisation_id AND s.at <= r.at AND p.roles && ARRAY['legal', 'executive']) AS signers,
    EXISTS (SELECT 1 FROM standing_authorisation a WHERE a.id = r.authorisation_id
      AND n.recipient_kind = ANY (a.recipient_kinds) AND v.recipient_count <= a.max_recipients AND n.phase = 'initial'
      AND NOT EXISTS (SELECT 1 FROM standing_revocation x WHERE x.authorisation_id = a.id AND x.at < d.at_dot_at)) AS "isCovered",
    (SELECT 'person/' || e.person_id FROM emergency_approval e JOIN person p ON p.id = e.person_id
     WHERE e.id = r.emergency_id AND e.version_id = v.id AND e.digest = v.digest AND e.at <= r.at
       AND n.recipient_kind <> 'data-subject' AND p.roles && ARRAY['legal', 'executive']) AS "hurriedBy",
    (SELECT max(p.approvers) FROM approval_policy p
     WHERE p.recipient_kind = n.recipient_kind AND v.recipient_count > p.over_recipients) AS "policyNeeds"
  FROM delivery d JOIN notice n ON n.id = d.notice_id JOIN notice_version v ON v.id = d.version_id
  LEFT JOIN release r ON r.id = d.release_id AND r.version_id = d.version_id ORDER BY d.id`;

const releasedRows = `
  SELECT v.notice_id AS "noticeId", v.version, v.recipient_count AS "recipientCount"
  FROM release r JOIN notice_version v ON v.id = r.version_id JOIN notice n ON n.id = v.notice_id
  WHERE n.channel = 'email'`;

const approvalRows = `
  SELECT v.notice_id AS "noticeId", v.version, encode(a.digest, 'hex') AS digest, 'person/' || a.person_id AS approver,
    p.roles && ARRAY['legal', 'executive'] AS "mayApprove", a.at
  FROM approval a JOIN notice_version v ON v.id = a.version_id JOIN person p ON p.id = a.person_id ORDER BY a.at`;

const resendRows = `
  SELECT r.delivery_id AS "deliveryId", r.original_id AS "originalId", r.notice_id AS "noticeId",
    n.recipient_kind AS "recipientKind", r.basis, r.person_id AS person,
    (SELECT count(DISTINCT k.signer) FROM unnest(r.signers) AS k (signer)) AS signers, encode(r.mime_sha256, 'hex') AS sha256
  FROM resend r JOIN notice n ON n.id = r.notice_id`;

const eventRows = `
  SELECT id AS "eventId", delivery_id AS "deliveryId", case_id AS "caseId", from_state AS "fromState",
    to_state AS "toState", attempt_id AS "attemptId", 
    encode(coalesce(reply_sha256, sha256(convert_to(reply, 'UTF8'))), 'hex') AS "replySha256",
    at, actor
  FROM delivery_event ORDER BY id`;

const foldRows = `
  SELECT case_id AS "caseId", from_event AS "fromEvent", to_event AS "toEvent", events, encode(root, 'hex') AS root
  FROM delivery_fold ORDER BY case_id, to_event`;

const actRows = `
  SELECT 'opened ' || id AS act FROM case_file
  UNION ALL SELECT 'determined ' || id || ' ' || determination FROM case_file WHERE determination IS NOT NULL
  UNION ALL SELECT 'closed ' || id FROM case_file WHERE state = 'closed'
  UNION ALL SELECT 'facts ' || case_id || ' ' || version FROM (SELECT DISTINCT case_id, version FROM fact) f
  UNION ALL SELECT 'owed ' || case_id || ' ' || provision || ' ' || recipient_key FROM obligation
  UNION ALL SELECT 'drafted ' || id FROM notice
  UNION ALL SELECT 'frozen ' || notice_id || ' ' || version || ' ' || encode(digest, 'hex') FROM notice_version
  UNION ALL SELECT 'approved ' || v.notice_id || ' ' || v.version || ' ' || encode(a.digest, 'hex') || ' person/' || a.person_id
    FROM approval a JOIN notice_version v ON v.id = a.version_id
  UNION ALL SELECT 'released ' || v.notice_id || ' ' || v.version || ' ' || encode(r.digest, 'hex')
    FROM release r JOIN notice_version v ON v.id = r.version_id
  UNION ALL SELECT 'dispatched ' || id FROM notice WHERE state = 'dispatched' AND channel = 'email'
  UNION ALL SELECT 'resent ' || delivery_id FROM resend
  UNION ALL SELECT 'came back ' || delivery_id FROM late_bounce
  UNION ALL SELECT 'receipt ' || notice_id FROM receipt WHERE recorded_by LIKE 'person/%'
  UNION ALL SELECT 'rung ' || subject || ' ' || step FROM alarm_outbox`;

/** Reads all of it. The register is exported as the auditor would have it, so this itself becomes an entry. */
export async function gatherEvidence(stack: DemoStack): Promise<Evidence> {
  const { leaves, verdict } = await readExport(stack);
  const auditor = openPool(stack.running.database.auditor, 1, 'auditor');
  try {
    return await seeingAll(auditor, async (sql) => {
      const tasks = await sql.rows<{ task: string }>(
        `SELECT kind || ' ' || subject AS task FROM task WHERE state = 'open'`,
      );
      return {
        mails: await readSink(stack),
        deliveries: await sql.rows<DeliveryRow>(deliveryRows),
        released: await sql.rows<ReleasedRow>(releasedRows),
        approvals: await sql.rows<ApprovalRow>(approvalRows),
        resends: await sql.rows<ResendRow>(resendRows),
        events: await sql.rows<EventRow>(eventRows),
        folds: await sql.rows<FoldRow>(foldRows),
        openTasks: new Set(tasks.map(({ task }) => task)),
        acts: (await sql.rows<{ act: string }>(actRows)).map(({ act }) => act),
        leaves,
        verdict,
      };
    });
  } finally {
    await auditor.end();
  }
}

async function readSink(stack: DemoStack): Promise<readonly Mail[]> {
  const answer = await fetch(`${stack.running.mailbox}/api/messages`);
  const mails = (await answer.json()) as readonly Mail[];
  return mails.map((mail) => ({ ...mail, messageId: mail.messageId.replace(/^<|>$/g, '') }));
}

async function readExport(
  stack: DemoStack,
): Promise<{ leaves: readonly Leaf[]; verdict: ExportVerdict }> {
  const leaves: Leaf[] = [];
  const noted = async function* (lines: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const line of lines) {
      const value = JSON.parse(line) as Leaf | Readonly<Record<string, unknown>>;
      if ('streamSeq' in value) leaves.push(value as Leaf);
      yield line;
    }
  };
  const verdict = await verifyExport(noted(stack.as('aud').lines('/register/export')));
  return { leaves, verdict };
}
