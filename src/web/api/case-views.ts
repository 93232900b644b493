/** Answers about a case as schemas: the read models of the domain, field by field. */
import { z } from 'zod';
import type { FanOut } from '../../domain/fan-out-ports.ts';
import type {
  AlarmView,
  CaseSummary,
  CaseView,
  TaskView,
  TimelineEntry,
} from '../../domain/views.ts';
import {
  caseState,
  certainty,
  count,
  engine,
  hitKind,
  instant,
  json,
  jsonObject,
  list,
  optionalInstant,
  trackRole,
} from './states.ts';

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

/** Customers told on "not excluded" alone; above the policy's number none of them is told before a person says so. */
export const fanOut = z.object({
  customers: count,
  over: count.describe('policy, not law'),
  leave: z.object({ customers: count, by: z.string(), reason: z.string(), at: instant }).nullable(),
  isWithheld: z.boolean().describe('none of them leaves until somebody allows as many'),
}) satisfies z.ZodType<FanOut>;

export const caseView = caseSummary.extend({
  description: z.string(),
  source: z.string(),
  detectedAt: optionalInstant,
  detection: z
    .object({
      detectedAt: instant,
      zone: z.string(),
      offsetMinutes: z.int(),
      basis: z.string(),
    })
    .nullable(),
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
  fanOut,
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
}) satisfies z.ZodType<CaseView>;

export const timelineEntry = z.object({
  streamSeq: z.int(),
  at: instant,
  type: z.string(),
  actor: z.string(),
  actorName: z.string(),
  data: jsonObject,
}) satisfies z.ZodType<TimelineEntry>;

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
  handedWay: z.enum(['mail', 'out-of-band', 'telephone']).nullable(),
  handedTo: z.string().nullable(),
  answeredAt: optionalInstant,
}) satisfies z.ZodType<AlarmView>;
