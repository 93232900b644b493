/** Answers of the API as schemas: the read models of the domain, field by field. */
import { z } from 'zod';
import type {
  AlarmView,
  CaseSummary,
  CaseView,
  NoticeSummary,
  NoticeView,
  ObligationView,
  TaskView,
  TimelineEntry,
} from '../../domain/views.ts';

const instant = z.string().meta({ format: 'date-time' });
const optionalInstant = instant.nullable();
const json = z.unknown();
const jsonObject = z.record(z.string(), z.unknown());
const count = z.int().min(0);

export const engine = z
  .enum(['following', 'waiting'])
  .describe('`waiting`: recorded, and the engine will take it up later');
export const caseState = z.enum(['investigating', 'determined', 'closed']);
export const noticeState = z.enum([
  'drafting',
  'in-review',
  'returned',
  'released',
  'dispatched',
  'cancelled',
]);
export const obligationState = z.enum(['owed', 'not-owed', 'to-decide', 'discharged', 'withdrawn']);
export const grade = z.enum(['confirmed', 'likely', 'not-excluded', 'excluded']);
export const certainty = z.enum(['estimated', 'range', 'confirmed', 'unknown']);
export const hitKind = z.enum(['asset', 'product', 'processing']);
export const approvals = z.object({ counted: count, needed: count });
const visibility = z.enum(['V0', 'V1', 'V2', 'V3', 'V4']).nullable();
const trackRole = z.enum(['controller', 'processor', 'joint-controller']);
const verification = z.enum(['source-read', 'secondary-source', 'to-verify']);
const channel = z.enum(['email', 'portal']);
const noticeRecipient = z.enum(['authority', 'controller', 'data-subject']);

/** A list as the read models give it. */
function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

/** A page of items; `next` is the cursor of the following page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: list(item), next: z.string().nullable() });
}

/** A list that is given whole. */
export function whole<Item extends z.ZodType>(item: Item) {
  return z.object({ items: list(item) });
}

export const caseSummary = z.object({
  caseId: z.uuid(),
  reference: z.string(),
  title: z.string(),
  unit: z.string(),
  mode: z.enum(['real', 'drill']),
  state: caseState,
  determination: z.enum(['breach', 'not-a-breach']).nullable(),
  speed: z.number(),
  awareAt: instant,
  awareState: z.enum(['provisional', 'fixed']),
  caseNowAt: instant,
  nextDueAt: optionalInstant,
  nextDueRingAt: optionalInstant,
  nextDueLabel: z.string().nullable(),
  openObligations: count,
  undecided: count,
  awaitingApproval: count,
  openTasks: count,
  reportedLate: z.boolean(),
}) satisfies z.ZodType<CaseSummary>;

const awareness = z.object({
  awareAt: instant,
  zone: z.string(),
  offsetMinutes: z.int(),
  state: z.enum(['provisional', 'fixed']),
  basis: z.string(),
});

export const caseView = caseSummary.extend({
  description: z.string(),
  source: z.string(),
  detectedAt: optionalInstant,
  receivedAt: instant,
  awareZone: z.string(),
  awareOffsetMinutes: z.int(),
  awareBasis: z.string(),
  catalogueVersion: z.int().nullable(),
  hits: list(z.object({ kind: hitKind, key: z.string() })),
  facts: list(
    z.object({
      about: z.string(),
      name: z.string(),
      value: json,
      certainty,
      source: z.string(),
      observedAt: instant,
      recordedBy: z.string(),
    }),
  ),
  tracks: list(
    z.object({
      trackId: z.uuid(),
      affiliateKey: z.string(),
      role: trackRole,
      processingKey: z.string(),
      awareness,
    }),
  ),
  exposureCounts: list(
    z.object({
      kind: z.string(),
      grade: z.string(),
      visibility: z.string().nullable(),
      role: z.string(),
      count,
      customers: count,
    }),
  ),
  subjects: count,
  engine,
}) satisfies z.ZodType<Loose<CaseView>>;

export const obligationView = z.object({
  obligationId: z.uuid(),
  caseId: z.uuid(),
  provision: z.string(),
  affiliateKey: z.string(),
  trackId: z.uuid(),
  recipientKind: z.enum(['authority', 'controller', 'data-subject', 'register']),
  recipientKey: z.string(),
  recipientName: z.string(),
  state: obligationState,
  reason: z.string(),
  citation: z.string(),
  label: z.string(),
  verification,
  factsUsed: list(z.object({ name: z.string(), value: json })),
  ruleSetVersion: z.string(),
  engagementKeys: list(z.string()),
  authority: z
    .object({
      authorityId: z.string(),
      name: z.string(),
      role: z.enum(['lead', 'concerned', 'competent']),
      channel,
      email: z.string().nullable(),
      url: z.string().nullable(),
      languages: list(z.string()),
      zone: z.string(),
      verification,
      why: z.string(),
    })
    .nullable(),
  dueAt: optionalInstant,
  dueRingAt: optionalInstant,
  dueBasis: z.enum(['statute', 'contract', 'policy', 'none']),
  targetAt: optionalInstant,
  dispatchedAt: optionalInstant,
  receiptAt: optionalInstant,
  dischargedAt: optionalInstant,
  late: z.boolean(),
  noticeId: z.uuid().nullable(),
  noticeState: noticeState.nullable(),
}) satisfies z.ZodType<Loose<ObligationView>>;

export const exposure = z.object({
  kind: z.enum(['engagement', 'processing']),
  key: z.string(),
  affiliateKey: z.string(),
  role: trackRole,
  customerKey: z.string().nullable(),
  customerName: z.string().nullable(),
  productKey: z.string().nullable(),
  visibility,
  contractHours: z.number().nullable(),
  serviceReference: z.string().nullable(),
  assetKeys: list(z.string()),
  contact: z
    .object({
      name: z.string(),
      email: z.string(),
      phone: z.string().nullable(),
      language: z.string(),
    })
    .nullable(),
  grade,
  evidence: z.string(),
  decidedBy: z.string(),
});

const deliveries = z.object({
  prepared: count,
  pending: count,
  claimed: count,
  'at-dot': count,
  retry: count,
  sent: count,
  bounced: count,
  'in-doubt': count,
  suppressed: count,
  cancelled: count,
  abandoned: count,
});

export const noticeSummary = z.object({
  noticeId: z.uuid(),
  caseId: z.uuid(),
  caseReference: z.string(),
  obligationId: z.uuid(),
  recipientKind: noticeRecipient,
  recipientName: z.string(),
  provision: z.string(),
  phase: z.enum(['initial', 'supplementary', 'final', 'withdrawal']),
  channel,
  state: noticeState,
  version: count,
  digest: z.string().nullable(),
  groupKey: z.string().nullable(),
  recipientCount: count,
  subject: z.string().nullable(),
  dueAt: optionalInstant,
  approvals,
  deliveries,
}) satisfies z.ZodType<NoticeSummary>;

export const noticeView = noticeSummary.extend({
  author: z.string().nullable(),
  sender: z.string().nullable(),
  content: jsonObject.nullable(),
  variants: list(z.object({ language: z.string(), subject: z.string(), text: z.string() })),
  approvers: list(z.object({ personId: z.uuid(), name: z.string(), at: instant })),
  notes: list(
    z.object({
      kind: z.string(),
      text: z.string(),
      by: z.string(),
      at: instant,
      version: z.int(),
    }),
  ),
  receipts: list(
    z.object({
      kind: z.string(),
      evidence: z.string(),
      receivedAt: instant,
      by: z.string(),
    }),
  ),
  rows: list(
    z.object({
      deliveryId: z.uuid(),
      recipientKey: z.string(),
      address: z.string(),
      language: z.string(),
      state: z.string(),
      reply: z.string().nullable(),
      attempts: count,
    }),
  ),
}) satisfies z.ZodType<Loose<NoticeView>>;

export const timelineEntry = z.object({
  streamSeq: z.int(),
  at: instant,
  type: z.string(),
  actor: z.string(),
  actorName: z.string(),
  data: jsonObject,
}) satisfies z.ZodType<Loose<TimelineEntry>>;

export const taskView = z.object({
  taskId: z.uuid(),
  caseId: z.uuid(),
  kind: z.string(),
  subject: z.string(),
  title: z.string(),
  role: z.string(),
  state: z.enum(['open', 'done']),
  at: instant,
}) satisfies z.ZodType<TaskView>;

export const alarmView = z.object({
  subject: z.string(),
  step: z.string(),
  dueAt: instant,
  ringAt: instant,
  role: z.string(),
  line: z.string(),
  rungAt: optionalInstant,
  handedAt: optionalInstant,
  answeredAt: optionalInstant,
}) satisfies z.ZodType<AlarmView>;

/** The same shape with JSON values as `unknown`: a schema cannot name them more closely. */
type Loose<T> = T extends readonly (infer Item)[]
  ? Loose<Item>[]
  : {
      [K in keyof T]: K extends 'value' | 'content' | 'data'
        ? unknown
        : T[K] extends object
          ? unknown
          : T[K];
    };
