/** Routes of the notice page: it is shown, its bytes can be saved, and each of its forms is one command. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { approveInEmergency, reviewEmergency } from '../../commands/approve-emergency.ts';
import { approveTrueNotices } from '../../commands/approve-notices.ts';
import { cancelNotice } from '../../commands/cancel-notice.ts';
import { fileInstead } from '../../commands/file-instead.ts';
import { giveOpinion } from '../../commands/give-opinion.ts';
import { recordReceipt } from '../../commands/record-receipt.ts';
import { returnNotice } from '../../commands/return-notice.ts';
import { reviseNotice } from '../../commands/revise-notice.ts';
import type { Answer, Request } from '../../commands/command.ts';
import { digest, line, text, timeInForm } from '../api/fields.ts';
import { notFound } from '../api/seen-case.ts';
import { receiptKind } from '../api/states.ts';
import type { WebPorts } from '../ports.ts';
import { sampleBytes } from '../sample.ts';
import { sendMessage } from '../send-bytes.ts';
import { uuidIn } from './case-routes.ts';
import { doubtForms } from './doubt-routes.ts';
import { formRequest, runForm } from './forms.ts';
import { sendNotice } from './notice-page.ts';
import { sessionOf } from './signed-in.ts';

const config = { right: 'read-case' } as const;
const reason = text(5_000);

type Params = Readonly<Record<string, string | undefined>>;

interface NoticeForm<Input> {
  readonly path: string;
  readonly form: string;
  readonly schema: z.ZodType<Input>;
  readonly run: (request: Request, noticeId: string, input: Input) => Promise<Answer<unknown>>;
}

/** Everything a person can see of and do to one notice. */
export function noticeRoutes(app: FastifyInstance, ports: WebPorts): void {
  const hidden = { config, schema: { hide: true } } as const;
  app.get('/notices/:notice', hidden, (request, reply) =>
    sendNotice(ports, request, reply, uuidIn(request.params as Params, 'notice'), null),
  );
  app.get('/notices/:notice/sample.eml', hidden, async (request, reply) => {
    const { person } = sessionOf(request);
    const noticeId = uuidIn(request.params as Params, 'notice');
    const seen = await ports.house.as(person, ({ views }) => views.notice(noticeId));
    const bytes =
      seen === null ? null : await sampleBytes(ports, person, noticeId, seen.version, null);
    if (bytes === null) throw notFound();
    return sendMessage(reply, bytes);
  });
  reviewForms(app, ports);
  evidenceForms(app, ports);
  emergencyForms(app, ports);
  doubtForms(app, ports);
}

function noticeForm<Input>(app: FastifyInstance, ports: WebPorts, form: NoticeForm<Input>): void {
  const path = `/notices/:notice/${form.path}`;
  app.post(path, { config, schema: { hide: true } }, async (request, reply) => {
    const noticeId = uuidIn(request.params as Params, 'notice');
    const asked = formRequest(request, sessionOf(request));
    const outcome = await runForm(form.form, request, form.schema, (input) =>
      form.run(asked, noticeId, input),
    );
    if (outcome.ok) return reply.redirect(`/notices/${noticeId}?done=${form.form}`, 303);
    return sendNotice(ports, request, reply, noticeId, outcome.refused);
  });
}

function reviewForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  noticeForm(app, ports, {
    path: 'approval',
    form: 'approval',
    schema: z.object({
      digest,
      recipientCount: z.coerce.number('type the number').int().min(1, 'type the number').optional(),
    }),
    run: (request, noticeId, { digest: bound, recipientCount }) =>
      approveTrueNotices(house, ports.freeze, request, {
        notices: [{ noticeId, digest: bound }],
        recipientCount: recipientCount ?? null,
      }),
  });
  noticeForm(app, ports, {
    path: 'return',
    form: 'return',
    schema: z.object({ reason }),
    run: (request, noticeId, input) => returnNotice(house, request, { noticeId, ...input }),
  });
  noticeForm(app, ports, {
    path: 'cancellation',
    form: 'cancellation',
    schema: z.object({ reason }),
    run: (request, noticeId, input) => cancelNotice(house, request, { noticeId, ...input }),
  });
  noticeForm(app, ports, {
    path: 'wording',
    form: 'wording',
    schema: z.object({ digest, subject: line(200), addition: text(5_000, 0).default('') }),
    run: (request, noticeId, { addition, ...input }) =>
      reviseNotice(house, ports.freeze, request, {
        noticeId,
        ...input,
        addition: addition === '' ? null : addition,
      }),
  });
}

function emergencyForms(app: FastifyInstance, ports: WebPorts): void {
  noticeForm(app, ports, {
    path: 'filing',
    form: 'filing',
    schema: z.object({}),
    run: (request, noticeId) => fileInstead(ports.house, ports.freeze, request, { noticeId }),
  });
  noticeForm(app, ports, {
    path: 'emergency',
    form: 'emergency',
    schema: z.object({ digest, reason }),
    run: (request, noticeId, input) =>
      approveInEmergency(ports.house, request, { noticeId, ...input }),
  });
  noticeForm(app, ports, {
    path: 'second-review',
    form: 'second-review',
    schema: z.object({ verdict: z.enum(['confirmed', 'objected']), reason }),
    run: (request, noticeId, input) =>
      reviewEmergency(ports.house, request, { noticeId, ...input }),
  });
}

function evidenceForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  noticeForm(app, ports, {
    path: 'opinion',
    form: 'opinion',
    schema: z.object({ text: reason }),
    run: (request, noticeId, input) => giveOpinion(house, request, { noticeId, ...input }),
  });
  noticeForm(app, ports, {
    path: 'receipt',
    form: 'receipt',
    schema: z.object({
      kind: receiptKind,
      evidence: reason,
      reference: text(200, 0).default(''),
      documentId: z.union([z.literal(''), z.uuid()]).default(''),
      receivedAt: timeInForm,
      told: text(500, 0).default(''),
      recipientKey: text(200, 0).default(''),
    }),
    run: (request, noticeId, { receivedAt, reference, documentId, told, recipientKey, ...input }) =>
      recordReceipt(house, request, {
        noticeId,
        ...input,
        reference: reference === '' ? null : reference,
        documentId: documentId === '' ? null : documentId,
        receivedAt: receivedAt?.at ?? null,
        told: told === '' ? null : told,
        recipientKey: recipientKey === '' ? null : recipientKey,
      }),
  });
}
