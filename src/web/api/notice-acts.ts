/** Acts on notices: approve one or a set, send back, cancel, advise, reword, record receipts. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { approveTrueNotices } from '../../commands/approve-notices.ts';
import { cancelNotice } from '../../commands/cancel-notice.ts';
import { giveOpinion } from '../../commands/give-opinion.ts';
import { recordReceipt } from '../../commands/record-receipt.ts';
import { returnNotice } from '../../commands/return-notice.ts';
import { reviseNotice } from '../../commands/revise-notice.ts';
import { mostInOneApproval } from '../../domain/notice.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, settle, writeAnswers } from './answers.ts';
import { digest, id, key, line, pathId, text, time } from './fields.ts';
import { approvals, engine, noticeState, receiptKind } from './states.ts';

const headers = keyHeader;
const params = z.object({ notice: pathId });
const reason = text(5_000);
/** Room for the ids and digests of as many notices as one act may approve. */
export const approvalBytes = 1024 * 1024;
const recipientCount = z.int().min(1).max(10_000_000);

/** Routes that change notices; an approval names the digest it was given for. */
export function noticeActRoutes(app: FastifyInstance, ports: WebPorts): void {
  approvalRoutes(app, ports);
  refusalRoutes(app, ports);
  wordingRoutes(app, ports);
  evidenceRoutes(app, ports);
}

function approvalRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/notices/:notice/approval',
    {
      config: { right: 'approve-notice' },
      schema: {
        operationId: 'approveNotice',
        summary: 'Approve exactly the bytes behind this digest',
        params,
        headers,
        body: z.strictObject({ digest, recipientCount: recipientCount.optional() }),
        response: writeAnswers(z.object({ state: noticeState, approvals, engine })),
      },
    },
    async (request, reply) => {
      const { digest: bound, recipientCount: typed } = request.body;
      const answer = await approveTrueNotices(ports.house, ports.freeze, commandRequest(request), {
        notices: [{ noticeId: request.params.notice, digest: bound }],
        recipientCount: typed ?? null,
      });
      const settled = await settle(ports, reply, answer);
      const [result] = settled.value.results;
      if (result === undefined) throw new Error('an approval of one notice gave no result');
      return { state: result.state, approvals: result.approvals, engine: settled.engine };
    },
  );
  const result = z.object({ noticeId: z.uuid(), state: noticeState, approvals });
  api.post(
    '/approvals',
    {
      config: { right: 'approve-notice' },
      bodyLimit: approvalBytes,
      schema: {
        operationId: 'approveNotices',
        summary: 'One approval over a set of notices; all or nothing',
        headers,
        body: z.strictObject({
          notices: z
            .array(z.strictObject({ noticeId: id, digest }))
            .min(1)
            .max(mostInOneApproval),
          recipientCount: recipientCount.optional(),
        }),
        response: writeAnswers(
          z.object({
            approved: z.int(),
            released: z.int(),
            setRoot: z.string().nullable(),
            results: z.array(result).readonly(),
            engine,
          }),
        ),
      },
    },
    async (request, reply) => {
      const answer = await approveTrueNotices(ports.house, ports.freeze, commandRequest(request), {
        notices: request.body.notices,
        recipientCount: request.body.recipientCount ?? null,
      });
      const { value, engine: state } = await settle(ports, reply, answer);
      return { ...value, engine: state };
    },
  );
}

function refusalRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const response = writeAnswers(z.object({ state: noticeState, engine }));
  const body = z.strictObject({ reason });
  api.post(
    '/notices/:notice/return',
    {
      config: { right: 'return-notice' },
      schema: {
        operationId: 'returnNotice',
        summary: 'Send a notice back with a reason',
        params,
        headers,
        body,
        response,
      },
    },
    async (request, reply) => {
      const input = { noticeId: request.params.notice, reason: request.body.reason };
      const answer = await returnNotice(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { state: settled.value.state, engine: settled.engine };
    },
  );
  api.post(
    '/notices/:notice/cancellation',
    {
      config: { right: 'cancel-notice' },
      schema: {
        operationId: 'cancelNotice',
        summary: 'Pull a notice that has not left',
        params,
        headers,
        body,
        response,
      },
    },
    async (request, reply) => {
      const input = { noticeId: request.params.notice, reason: request.body.reason };
      const answer = await cancelNotice(ports.house, commandRequest(request), input);
      const settled = await settle(ports, reply, answer);
      return { state: settled.value.state, engine: settled.engine };
    },
  );
}

function wordingRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/notices/:notice/opinion',
    {
      config: { right: 'give-opinion' },
      schema: {
        operationId: 'giveOpinion',
        summary: "Put the DPO's opinion on record; it is never an approval",
        params,
        headers,
        body: z.strictObject({ text: reason }),
        response: writeAnswers(z.object({ engine })),
      },
    },
    async (request, reply) => {
      const input = { noticeId: request.params.notice, text: request.body.text };
      const answer = await giveOpinion(ports.house, commandRequest(request), input);
      return { engine: (await settle(ports, reply, answer)).engine };
    },
  );
  api.post(
    '/notices/:notice/wording',
    {
      config: { right: 'edit-notice' },
      schema: {
        operationId: 'reviseNotice',
        summary: 'Change the words: a new version, and earlier approvals are void',
        params,
        headers: headers.extend({
          'if-match': z
            .string('If-Match with the digest you read is needed')
            .regex(/^"?[0-9a-f]{64}"?$/, 'must be the digest you read'),
        }),
        body: z
          .strictObject({ subject: line(200).optional(), addition: text(5_000, 0).optional() })
          .refine(
            (body) => body.subject !== undefined || body.addition !== undefined,
            'name a subject or an addition',
          ),
        response: writeAnswers(z.object({ version: z.int(), digest: z.string(), engine })),
      },
    },
    async (request, reply) => {
      const { subject, addition } = request.body;
      const answer = await reviseNotice(ports.house, ports.freeze, commandRequest(request), {
        noticeId: request.params.notice,
        digest: request.headers['if-match'].replaceAll('"', ''),
        subject: subject ?? null,
        addition: addition ?? null,
      });
      const settled = await settle(ports, reply, answer);
      return { ...settled.value, engine: settled.engine };
    },
  );
}

function evidenceRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const response = writeAnswers(z.object({ engine }));
  api.post(
    '/notices/:notice/receipt',
    {
      config: { right: 'record-receipt' },
      schema: {
        operationId: 'recordReceipt',
        summary: 'Record evidence from outside that the notice arrived',
        params,
        headers,
        body: z.strictObject({
          kind: receiptKind,
          evidence: reason,
          reference: line(200).optional(),
          documentId: id.optional(),
          receivedAt: time.optional(),
          recipientKey: key.optional(),
          told: line(500).optional(),
        }),
        response,
      },
    },
    async (request, reply) => {
      const { kind, evidence, reference, documentId, receivedAt, recipientKey, told } =
        request.body;
      const answer = await recordReceipt(ports.house, commandRequest(request), {
        noticeId: request.params.notice,
        kind,
        evidence,
        reference: reference ?? null,
        documentId: documentId ?? null,
        receivedAt: receivedAt?.at ?? null,
        recipientKey: recipientKey ?? null,
        told: told ?? null,
      });
      return { engine: (await settle(ports, reply, answer)).engine };
    },
  );
}
