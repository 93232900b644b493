/** Routes of the case page: it is shown, and each of its forms is one command. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { approveTrueNotices } from '../../commands/approve-notices.ts';
import { answerAlarm, completeTask, decideObligation } from '../../commands/decide-obligation.ts';
import { closeCase, determineCase, fixAwareness } from '../../commands/determine-case.ts';
import { recordDetection } from '../../commands/record-detection.ts';
import { recordFacts } from '../../commands/record-facts.ts';
import { recordGroup } from '../../commands/record-group.ts';
import { reopenCase } from '../../commands/reopen-case.ts';
import { askScope, setExposure } from '../../commands/set-exposure.ts';
import { settleEvent } from '../../commands/settle-event.ts';
import { takeUpEvent } from '../../commands/take-up-event.ts';
import type { Answer, Request } from '../../commands/command.ts';
import { mostInOneApproval } from '../../domain/notice.ts';
import { readEvent } from '../api/event-content.ts';
import { approvalBytes } from '../api/notice-acts.ts';
import { certainty, grade } from '../api/states.ts';
import { digest, id, key, line, text, time, zone } from '../api/fields.ts';
import { caseIdOf, notFound } from '../api/seen-case.ts';
import type { WebPorts } from '../ports.ts';
import { eventFormName } from './case-events.ts';
import { sendCase } from './case-page.ts';
import { factValue } from './fact-value.ts';
import { formRequest, readFields, runForm } from './forms.ts';
import { sessionOf } from './signed-in.ts';

const config = { right: 'read-case' } as const;
const reason = text(5_000);
const emptyField = z.literal('').transform(() => undefined);

interface CaseForm<Input> {
  readonly path: string;
  /** The form's name on the page; a function where a page has several of the kind. */
  readonly form: string | ((params: Params, fields: Readonly<Record<string, string>>) => string);
  readonly schema: z.ZodType<Input>;
  readonly done: string;
  /** Bytes its fields may take, where that is more than usual. */
  readonly bodyLimit?: number;
  readonly run: (
    request: Request,
    caseId: string,
    input: Input,
    params: Params,
  ) => Promise<Answer<unknown>>;
}

type Params = Readonly<Record<string, string | undefined>>;

/** Everything a person can see of and do to one case. */
export function caseRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.get('/cases/:case', { config, schema: { hide: true } }, (request, reply) =>
    sendCase(ports, request, reply, paramsOf(request)['case'] ?? '', null),
  );
  knowledgeForms(app, ports);
  judgementForms(app, ports);
  answerForms(app, ports);
  eventForms(app, ports);
}

function paramsOf(request: FastifyRequest): Params {
  return request.params as Params;
}

/** Adds one form of a case page: runs its command, then shows the page with what came of it. */
export function caseForm<Input>(
  app: FastifyInstance,
  ports: WebPorts,
  form: CaseForm<Input>,
): void {
  const path = `/cases/:case/${form.path}`;
  const { bodyLimit } = form;
  const room = bodyLimit === undefined ? {} : { bodyLimit };
  app.post(path, { config, schema: { hide: true }, ...room }, async (request, reply) => {
    const session = sessionOf(request);
    const params = paramsOf(request);
    const named = params['case'] ?? '';
    const caseId = await ports.house.as(session.person, ({ views }) => caseIdOf(views, named));
    if (caseId === null) throw notFound();
    const name = typeof form.form === 'string' ? form.form : form.form(params, readFields(request));
    const outcome = await runForm(name, request, form.schema, (input) =>
      form.run(formRequest(request, session), caseId, input, params),
    );
    if (outcome.ok) return backTo(reply, named, form.done);
    return sendCase(ports, request, reply, named, outcome.refused);
  });
}

function backTo(reply: FastifyReply, named: string, done: string): FastifyReply {
  return reply.redirect(`/cases/${encodeURIComponent(named)}?done=${done}`, 303);
}

function knowledgeForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  caseForm(app, ports, {
    path: 'facts',
    form: 'facts',
    schema: z
      .object({
        name: line(100),
        value: text(5_000, 0).default(''),
        certainty,
        source: line(500),
        about: key,
      })
      .transform(factValue),
    done: 'facts',
    run: (request, caseId, fact) =>
      recordFacts(house, request, {
        caseId,
        facts: [{ ...fact, observedAt: null }],
        hits: [],
      }),
  });
  caseForm(app, ports, {
    path: 'groups',
    form: 'groups',
    schema: z.object({
      group: line(60).refine((name) => !name.includes(':'), 'must not hold a colon'),
      people: emptyField.or(z.coerce.number('type a number').int().min(0)).optional(),
      about: key,
      name: line(100),
      value: text(5_000, 0),
      source: line(500),
    }),
    done: 'group',
    run: (request, caseId, { group, people, about, ...fact }) =>
      recordGroup(house, request, {
        ...{ caseId, name: group, about, people: people ?? null },
        facts: [{ ...factValue(fact), certainty: 'confirmed', observedAt: null }],
      }),
  });
  caseForm(app, ports, {
    path: 'awareness',
    form: 'awareness',
    schema: z.object({ awareAt: time, zone, evidence: reason }),
    done: 'awareness',
    run: (request, caseId, { awareAt, zone: named, evidence }) =>
      fixAwareness(house, request, {
        caseId,
        awareAt: awareAt.at,
        zone: named,
        offsetMinutes: awareAt.offsetMinutes,
        evidence,
      }),
  });
  caseForm(app, ports, {
    path: 'detection',
    form: 'detection',
    schema: z.object({ detectedAt: time, zone, evidence: reason }),
    done: 'detection',
    run: (request, caseId, { detectedAt, zone: named, evidence }) =>
      recordDetection(house, request, {
        caseId,
        detectedAt: detectedAt.at,
        zone: named,
        offsetMinutes: detectedAt.offsetMinutes,
        evidence,
      }),
  });
  caseForm(app, ports, {
    path: 'exposure',
    form: 'exposure',
    schema: z.object({
      select: z.enum(['engagement', 'processing', 'product', 'asset', 'customer']),
      key,
      grade,
      evidence: reason,
    }),
    done: 'exposure',
    run: (request, caseId, entry) => setExposure(house, request, { caseId, entries: [entry] }),
  });
  caseForm(app, ports, {
    path: 'scope',
    form: 'scope',
    schema: z.object({}),
    done: 'scope',
    run: (request, caseId) => askScope(house, request, { caseId }),
  });
}

function judgementForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  caseForm(app, ports, {
    path: 'determination',
    form: 'determination',
    schema: z.object({
      determination: z.enum(['breach', 'not-a-breach'], 'choose one of the two'),
      reason,
    }),
    done: 'determination',
    run: (request, caseId, input) => determineCase(house, request, { caseId, ...input }),
  });
  caseForm(app, ports, {
    path: 'closure',
    form: 'closure',
    schema: z.object({ reason }),
    done: 'closure',
    run: (request, caseId, input) => closeCase(house, request, { caseId, ...input }),
  });
  caseForm(app, ports, {
    path: 'reopening',
    form: 'reopening',
    schema: z.object({ reason }),
    done: 'reopening',
    run: (request, caseId, input) => reopenCase(house, request, { caseId, ...input }),
  });
  caseForm(app, ports, {
    path: 'approvals',
    form: (_params, fields) => fields['group'] ?? 'approve-0',
    schema: z.object({ notice: chosenNotices, recipientCount: countTyped.optional() }),
    done: 'approvals',
    bodyLimit: approvalBytes,
    run: (request, _caseId, { notice, recipientCount }) =>
      approveTrueNotices(house, ports.freeze, request, {
        notices: notice,
        recipientCount: recipientCount ?? null,
      }),
  });
}

/** A number a person types to show that they mean as many. */
export const countTyped = z.coerce.number('type the number').int().min(1, 'type the number');

const chosenNotices = z
  .string('tick at least one notice')
  .transform((lines) =>
    lines.split('\n').map((one) => ({ noticeId: one.slice(0, 36), digest: one.slice(37) })),
  )
  .pipe(
    z
      .array(z.object({ noticeId: id, digest }))
      .min(1)
      .max(mostInOneApproval),
  );

function answerForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  caseForm(app, ports, {
    path: 'obligations/:obligation/decision',
    form: (params) => `decide-${params['obligation'] ?? ''}`,
    schema: z.object({ owed: z.enum(['yes', 'no'], 'choose one of the two'), reason }),
    done: 'decision',
    run: (request, _caseId, { owed, reason: given }, params) =>
      decideObligation(house, request, {
        obligationId: uuidIn(params, 'obligation'),
        owed: owed === 'yes',
        reason: given,
      }),
  });
  caseForm(app, ports, {
    path: 'tasks/:task/completion',
    form: (params) => `task-${params['task'] ?? ''}`,
    schema: z.object({ outcome: line(5_000) }),
    done: 'task',
    run: (request, _caseId, { outcome }, params) =>
      completeTask(house, request, { taskId: uuidIn(params, 'task'), outcome }),
  });
  caseForm(app, ports, {
    path: 'alarms/answer',
    form: 'alarm',
    schema: z.object({ subject: line(100), step: line(100) }),
    done: 'alarm',
    run: (request, _caseId, input) => answerAlarm(house, request, input),
  });
}

function eventForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  const named = { source: line(200), eventId: key };
  const formOf = (act: string) => (_params: Params, fields: Readonly<Record<string, string>>) =>
    eventFormName(act, { source: fields['source'] ?? '', eventId: fields['eventId'] ?? '' });
  caseForm(app, ports, {
    path: 'events/facts',
    form: formOf('facts'),
    schema: z.object(named),
    done: 'event',
    run: (request, caseId, input) => takeUpEvent(house, request, { caseId, ...input }, readEvent),
  });
  caseForm(app, ports, {
    path: 'events/settlement',
    form: formOf('settle'),
    schema: z.object({ ...named, note: line(5_000) }),
    done: 'event',
    run: (request, _caseId, input) => settleEvent(house, request, input),
  });
}

/** The id in a path; anything but a UUID is not found. */
export function uuidIn(params: Params, name: string): string {
  const parsed = id.safeParse(params[name]);
  if (!parsed.success) throw notFound();
  return parsed.data;
}
