/** The page of what was settled in advance: standing authorisations, and which words a lawyer has reviewed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { reviewWording } from '../../commands/review-wording.ts';
import {
  adviseOnAuthorisation,
  proposeAuthorisation,
  revokeAuthorisation,
  signAuthorisation,
} from '../../commands/standing-authorisation.ts';
import type { Answer, Request } from '../../commands/command.ts';
import { wordingInForce } from '../../commands/wording-in-force.ts';
import { digest, line, text, time } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import { authorisationsBody, wordingForm } from './authorisation-cards.ts';
import { formNameOf } from './fields.ts';
import { formRequest, readFields, runForm, type Fields } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { sendPage } from './markup.ts';
import { sessionOf } from './signed-in.ts';

const hidden = { config: { right: 'read-case' }, schema: { hide: true } } as const;
const reason = text(5_000);
const listed = line(20_000).transform((keys) => keys.split(/[\s,]+/).filter((one) => one !== ''));

interface PageForm<Input> {
  readonly path: string;
  /** Its name, or how that follows from its authorisation and fields where the page has many such forms. */
  readonly form: string | ((authorisationId: string, fields: Fields) => string);
  readonly schema: z.ZodType<Input>;
  readonly run: (
    request: Request,
    input: Input,
    authorisationId: string,
  ) => Promise<Answer<unknown>>;
}

/** Routes of the page; each of its forms is one command. */
export function authorisationRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.get('/authorisations', hidden, (request, reply) => sendPageOf(ports, request, reply, null));
  proposalForm(app, ports);
  memberForms(app, ports);
}

function pageForm<Input>(app: FastifyInstance, ports: WebPorts, form: PageForm<Input>): void {
  app.post(form.path, hidden, async (request, reply) => {
    const { authorisation = '' } = request.params as { authorisation?: string };
    const name =
      typeof form.form === 'string' ? form.form : form.form(authorisation, readFields(request));
    const outcome = await runForm(name, request, form.schema, (input) =>
      form.run(formRequest(request, sessionOf(request)), input, authorisation),
    );
    if (outcome.ok) return reply.redirect('/authorisations?done=1', 303);
    return sendPageOf(ports, request, reply, outcome.refused);
  });
}

function proposalForm(app: FastifyInstance, ports: WebPorts): void {
  const number = (most: number) => z.coerce.number('type a number').int().min(1).max(most);
  pageForm(app, ports, {
    path: '/authorisations',
    form: 'proposal',
    schema: z.object({
      title: line(200),
      recipientKinds: text(100)
        .transform((kinds) => kinds.split('\n'))
        .pipe(z.array(z.enum(['authority', 'controller'])).min(1)),
      affiliateKeys: z.union([z.literal('').transform((): string[] => []), listed]).default([]),
      maxRecipients: number(1_000_000),
      withinHoursOfDue: number(720),
      unapprovedMinutesBeforeDue: number(43_200),
      validFrom: time,
      validUntil: time,
      reason,
    }),
    run: (request, { validFrom, validUntil, ...terms }) =>
      proposeAuthorisation(ports.house, request, {
        ...terms,
        authorisationId: uuidv7(),
        validFrom: validFrom.at,
        validUntil: validUntil.at,
      }),
  });
}

function memberForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  const under = (act: string): string => `/authorisations/:authorisation/${act}`;
  const id = z.uuid();
  pageForm(app, ports, {
    path: under('signature'),
    form: 'signature',
    schema: z.object({}),
    run: (request, _input, authorisationId) =>
      signAuthorisation(house, request, { authorisationId: id.parse(authorisationId) }),
  });
  pageForm(app, ports, {
    path: under('opinion'),
    form: (authorisationId) => formNameOf('opinion', authorisationId),
    schema: z.object({ text: reason }),
    run: (request, input, authorisationId) =>
      adviseOnAuthorisation(house, request, {
        ...input,
        authorisationId: id.parse(authorisationId),
      }),
  });
  pageForm(app, ports, {
    path: under('revocation'),
    form: (authorisationId) => formNameOf('revocation', authorisationId),
    schema: z.object({ reason }),
    run: (request, input, authorisationId) =>
      revokeAuthorisation(house, request, { ...input, authorisationId: id.parse(authorisationId) }),
  });
  pageForm(app, ports, {
    path: '/authorisations/wording',
    form: (_id, fields) => wordingForm(fields),
    schema: z.object({
      template: line(200),
      language: line(2),
      sha256: digest,
      verdict: z.enum(['reviewed', 'withdrawn']),
      note: reason,
    }),
    run: (request, input) => reviewWording(house, ports.freeze.wording, request, input),
  });
}

async function sendPageOf(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const shown = await ports.house.as(session.person, async (store) => ({
    items: await store.releases.authorisations(),
    words: await wordingInForce(store, ports.freeze.wording),
  }));
  const isDone = (request.query as Readonly<Record<string, unknown>>)['done'] === '1';
  const page = layout({
    title: 'Standing authorisations and wording',
    session,
    refused,
    done: refused === null && isDone ? 'Recorded.' : null,
    mailboxUrl: ports.mailboxUrl,
    body: authorisationsBody({ ...shown, session, refused }),
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), page);
}
