/** Answers about what is owed, to whom and by which notice, as schemas: the read models of the domain, field by field. */
import { z } from 'zod';
import { parties } from '../../domain/catalogue.ts';
import {
  termCalendars,
  termChannels,
  termGivens,
  termTriggers,
  type ContractTerm,
} from '../../domain/contract-term.ts';
import { itemKinds } from '../../domain/difference.ts';
import type { NoticeSummary, NoticeView, ObligationView } from '../../domain/views.ts';
import {
  approvals,
  channel,
  count,
  grade,
  instant,
  json,
  jsonObject,
  list,
  noticeState,
  obligationState,
  optionalInstant,
  trackRole,
  verification,
  visibility,
} from './states.ts';

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
  latestStartAt: optionalInstant,
  dueBasis: z.enum(['statute', 'contract', 'policy', 'none']),
  dueWorking: list(z.string()),
  targetAt: optionalInstant,
  dispatchedAt: optionalInstant,
  receiptAt: optionalInstant,
  dischargedAt: optionalInstant,
  late: z.boolean(),
  noticeId: z.uuid().nullable(),
  noticeState: noticeState.nullable(),
}) satisfies z.ZodType<ObligationView>;

const contractTerm = z.object({
  standsIn: z.enum(['agreement', 'engagement']),
  period: z
    .discriminatedUnion('unit', [
      z.object({ unit: z.literal('hours'), count: z.number() }),
      z.object({
        unit: z.literal('business-days'),
        count: z.number(),
        calendar: z.enum(termCalendars),
        cutOff: z.string().nullable(),
        zone: z.string(),
      }),
    ])
    .nullable(),
  trigger: z.enum(termTriggers),
  channel: z.enum(termChannels),
  contact: z.string().nullable(),
  given: z.enum(termGivens),
}) satisfies z.ZodType<ContractTerm>;

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
  contractTerms: list(contractTerm),
  joint: z
    .object({
      with: z.string(),
      files: z.enum(parties).nullable(),
      tells: z.enum(parties).nullable(),
    })
    .nullable(),
  customerIsProcessor: z.boolean(),
  operatedBy: list(z.string()),
  serviceReference: z.string().nullable(),
  providerKey: z.string().nullable(),
  wholesale: z.boolean(),
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

const noticeRecipient = z.enum(['authority', 'controller', 'data-subject']);

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
  part: z.int().min(1),
  targetAt: optionalInstant,
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
  refersTo: z
    .object({
      noticeId: z.uuid(),
      reference: z.string(),
      sentAt: optionalInstant,
      fileNumber: z.string().nullable(),
    })
    .nullable(),
  cause: z.enum(['not-a-breach', 'not-affected', 'wrong-recipient']).nullable(),
  changes: list(
    z.object({
      item: z.enum(itemKinds),
      name: z.string(),
      about: z.string(),
      before: json,
      after: json,
    }),
  ),
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
      reference: z.string().nullable(),
      documentId: z.uuid().nullable(),
      told: z.string().nullable(),
    }),
  ),
  doubts: z
    .object({ count, digest: z.string() })
    .describe('copies in doubt that wait for a person; the digest names just these'),
  rows: list(
    z.object({
      deliveryId: z.uuid(),
      recipientKey: z.string(),
      address: z.string(),
      language: z.string(),
      state: z.string(),
      reply: z.string().nullable(),
      attempts: count,
      resendNo: count,
      resendableAt: optionalInstant,
      cameBack: z.string().nullable(),
      isTold: z.boolean(),
    }),
  ),
  contact: z
    .object({ name: z.string(), email: z.string(), phone: z.string().nullable() })
    .nullable(),
}) satisfies z.ZodType<NoticeView>;
