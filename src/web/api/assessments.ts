/** Assessments of a case, the earlier ones too, and its groups of people. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordGroup } from '../../commands/record-group.ts';
import type { AssessmentView } from '../../domain/assessment-ports.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { factBody, toFact } from './facts.ts';
import { key, line } from './fields.ts';
import { caseIdOf, caseParam, notFound, readOfCase } from './seen-case.ts';
import { engine, instant, json, list, trackRole, whole } from './states.ts';

const level = z.enum(['unlikely', 'risk', 'high-risk']).nullable();
const answer = z.enum(['yes', 'no']).nullable();
const answers = {
  notifySA: answer,
  notifySubjects: answer,
  publicCommunication: answer,
  riskLevel: level,
};

const result = z.object({
  ...answers,
  isBreach: z.boolean(),
  notifyController: answer,
  ruleSetVersion: z.string(),
  restsOnUnknowns: z.boolean(),
  document: z.boolean(),
  parts: z.object({ c: level, a: level, i: level }),
  rules: list(
    z.object({
      id: z.string(),
      citation: z.string(),
      factsUsed: list(z.object({ name: z.string(), value: json })),
    }),
  ),
  unknownsUsed: list(z.string()),
  humanReview: list(z.string()),
  whatWouldChangeIt: list(z.object({ ...answers, fact: z.string(), from: json, to: json })),
});

const severity = z.object({
  dpc: z.number(),
  ei: z.number(),
  confidentiality: z.number(),
  integrity: z.number(),
  availability: z.number(),
  malicious: z.number(),
  se: z.number(),
  band: z.enum(['low', 'medium', 'high', 'very-high']),
  flags: list(z.string()),
  disagrees: z.boolean(),
});

const policy = z
  .object({
    largeScale: z.number(),
    manyKnown: z.number(),
    availabilityHoursNoRisk: z.number(),
    controllerTargetHours: z.number(),
    authorityTargetHours: z.number(),
    subjectTargetHours: z.number(),
    providerTargetHours: z.number(),
    wholesaleTargetHours: z.number(),
  })
  .describe("Numbers the law leaves open: the house's policy, not law");

const assessmentView = z.object({
  trackId: z.uuid(),
  affiliateKey: z.string(),
  role: trackRole,
  processingKey: z.string(),
  revision: z.int(),
  factsVersion: z.int(),
  authorityIds: list(z.string()),
  policy,
  whole: result,
  groups: list(z.object({ name: z.string(), people: z.int().nullable(), result })),
  severity: severity.nullable(),
  at: instant,
}) satisfies z.ZodType<AssessmentView>;

/** Routes of what the rules made of the facts, and of people who stand apart. */
export function assessmentRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/cases/:case/assessments',
    {
      config: { right: 'read-case' },
      schema: {
        operationId: 'listAssessments',
        summary:
          'What the rules made of the facts of each track, the newest first, none overwritten',
        params: caseParam,
        response: readAnswers(whole(assessmentView)),
      },
    },
    (request) =>
      readOfCase(ports, personOf(request), request.params.case, async (_views, caseId, store) => ({
        items: await store.assessments.ofCase(caseId),
      })),
  );
  api.post(
    '/cases/:case/groups',
    {
      config: { right: 'record-facts' },
      schema: {
        operationId: 'recordGroup',
        summary: 'Name people who stand apart, and what is different for them',
        params: caseParam,
        headers: keyHeader,
        body: z.strictObject({
          name: line(60).refine((name) => !name.includes(':'), 'must not hold a colon'),
          about: key.default('case'),
          people: z.int().min(0).nullable().default(null),
          facts: z.array(factBody.omit({ about: true })).max(50),
        }),
        response: writeAnswers(z.object({ factsVersion: z.int(), engine })),
      },
    },
    async (request, reply) => {
      const named = request.params.case;
      const caseId = await ports.house.as(personOf(request), ({ views }) => caseIdOf(views, named));
      if (caseId === null) throw notFound();
      const { facts, ...group } = request.body;
      const recorded = await recordGroup(ports.house, commandRequest(request), {
        caseId,
        ...group,
        facts: facts.map((fact) => toFact({ ...fact, about: 'case' })),
      });
      const { value, engine: state } = await settle(ports, reply, recorded);
      return { ...value, engine: state };
    },
  );
}
