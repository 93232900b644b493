/** Forms of the notice page about single deliveries: how one ended, send it again, it came back, another address. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Answer, Request } from '../../commands/command.ts';
import { correctAddress } from '../../commands/correct-address.ts';
import { recordBounce } from '../../commands/record-bounce.ts';
import { resendDelivery } from '../../commands/resend-delivery.ts';
import { resolveDelivery, resolveDoubts } from '../../commands/resolve-delivery.ts';
import { digest, id, key, line } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { uuidIn } from './case-routes.ts';
import { formRequest, readFields, runForm } from './forms.ts';
import { sendNotice } from './notice-page.ts';
import { sessionOf } from './signed-in.ts';

const config = { right: 'read-case' } as const;

type Params = Readonly<Record<string, string | undefined>>;

interface DoubtForm<Input> {
  readonly path: string;
  /** For the line that says it is done. */
  readonly done: string;
  readonly form: (params: Params, fields: Readonly<Record<string, string>>) => string;
  readonly schema: z.ZodType<Input>;
  readonly run: (request: Request, params: Params, input: Input) => Promise<Answer<unknown>>;
}

function doubtForm<Input>(app: FastifyInstance, ports: WebPorts, form: DoubtForm<Input>): void {
  const path = `/notices/:notice/${form.path}`;
  app.post(path, { config, schema: { hide: true } }, async (request, reply) => {
    const params = request.params as Params;
    const noticeId = uuidIn(params, 'notice');
    const asked = formRequest(request, sessionOf(request));
    const name = form.form(params, readFields(request));
    const outcome = await runForm(name, request, form.schema, (input) =>
      form.run(asked, params, input),
    );
    if (outcome.ok) return reply.redirect(`/notices/${noticeId}?done=${form.done}`, 303);
    return sendNotice(ports, request, reply, noticeId, outcome.refused);
  });
}

const how = z.enum(['sent', 'abandoned'], 'choose one of the two');
const weighed = z.literal('yes', 'weigh both harms first');

/** The forms drawn by `doubts`. */
export function doubtForms(app: FastifyInstance, ports: WebPorts): void {
  const { house, freeze } = ports;
  doubtForm(app, ports, {
    path: 'deliveries/:delivery/resolution',
    done: 'resolution',
    form: (params) => `resolution-${params['delivery'] ?? ''}`,
    schema: z.object({ how, reason: line(5_000) }),
    run: (request, params, input) =>
      resolveDelivery(house, request, { deliveryId: uuidIn(params, 'delivery'), ...input }),
  });
  doubtForm(app, ports, {
    path: 'doubts/resolution',
    done: 'resolution',
    form: () => 'doubts',
    schema: z.object({ how, reason: line(5_000), digest }),
    run: (request, params, { digest: seen, ...input }) =>
      resolveDoubts(house, request, {
        ...{ noticeId: uuidIn(params, 'notice'), meant: { digest: seen }, ...input },
      }),
  });
  doubtForm(app, ports, {
    path: 'deliveries/:delivery/resend',
    done: 'resend',
    form: (params) => `resend-${params['delivery'] ?? ''}`,
    schema: z.object({ weighed, reason: line(5_000) }),
    run: (request, params, { reason }) =>
      resendDelivery(house, freeze, request, { deliveryId: uuidIn(params, 'delivery'), reason }),
  });
  doubtForm(app, ports, {
    path: 'bounce',
    done: 'bounce',
    form: () => 'bounce',
    schema: z.object({ deliveryId: id, evidence: line(5_000) }),
    run: (request, _params, input) => recordBounce(house, request, { ...input, bouncedAt: null }),
  });
  doubtForm(app, ports, {
    path: 'addresses',
    done: 'address',
    form: (_params, fields) => `address-${fields['recipientKey'] ?? ''}`,
    schema: z.object({
      recipientKey: key,
      address: line(254),
      reason: line(5_000),
      weighed: weighed.optional(),
    }),
    run: (request, params, { weighed: isWeighed, ...input }) =>
      correctAddress(house, freeze, request, {
        noticeId: uuidIn(params, 'notice'),
        ...input,
        weighed: isWeighed === 'yes',
      }),
  });
}
