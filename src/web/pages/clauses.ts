/** The page of standing clauses: what a machine may do alone because two people signed it in advance. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Request } from '../../commands/command.ts';
import {
  listResendClauses,
  proposeResendClause,
  revokeResendClause,
  signResendClause,
} from '../../commands/resend-clause.ts';
import { mayDo } from '../../domain/actor.ts';
import type { ResendClause } from '../../domain/resend-ports.ts';
import { line, text } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import type { Session } from '../who.ts';
import { uuidIn } from './case-routes.ts';
import { formContext, postForm, textArea, textInput } from './fields.ts';
import { formRequest, runForm } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';
import { timeTag } from './time.ts';
import { tag } from './words.ts';

const config = { right: 'read-case' } as const;
const hidden = { config, schema: { hide: true } } as const;

type Params = Readonly<Record<string, string | undefined>>;

/** `/clauses` and its three forms. */
export function clauseRoutes(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  app.get('/clauses', hidden, (request, reply) => sendClauses(ports, request, reply, null));
  const act = <Input>(
    path: string,
    name: (params: Params) => string,
    schema: z.ZodType<Input>,
    run: (asked: Request, params: Params, input: Input) => Promise<Answer<unknown>>,
  ): void => {
    app.post(path, hidden, async (request, reply) => {
      const params = request.params as Params;
      const asked = formRequest(request, sessionOf(request));
      const outcome = await runForm(name(params), request, schema, (input) =>
        run(asked, params, input),
      );
      if (outcome.ok) return reply.redirect('/clauses', 303);
      return sendClauses(ports, request, reply, outcome.refused);
    });
  };
  const named = (params: Params): string => `clause-${params['clause'] ?? ''}`;
  act(
    '/clauses',
    () => 'propose',
    z.object({ reason: text(5_000) }),
    (asked, _params, input) => proposeResendClause(house, asked, input),
  );
  act('/clauses/:clause/signature', named, z.object({}), (asked, params) =>
    signResendClause(house, asked, uuidIn(params, 'clause')),
  );
  act(
    '/clauses/:clause/revocation',
    named,
    z.object({ reason: line(5_000) }),
    (asked, params, input) =>
      revokeResendClause(house, asked, { clauseId: uuidIn(params, 'clause'), ...input }),
  );
}

async function sendClauses(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const clauses = await listResendClauses(ports.house, session.person);
  const may = mayDo(session.person, 'sign-authorisation');
  const form = formContext('propose', refused);
  const body = html`<h1>Standing clauses</h1>
    <p>
      Under a clause that two people have signed, the machine sends an initial notice to an
      authority once more when the first copy is in doubt: 15 minutes after it at the earliest,
      before the due only, marked as a possible duplicate. Never to customers or to people affected.
    </p>
    ${
      clauses.length === 0
        ? html`<p class="empty">None has been proposed: every doubtful copy waits for a person.</p>`
        : html`<ul class="tasks">
            ${clauses.map((one) => clauseLine(session, one, refused, may))}
          </ul>`
    }
    ${
      may
        ? postForm(
            session,
            { action: '/clauses', className: 'act' },
            html`${textArea(form, { name: 'reason', label: 'Reason for a new clause', rows: 2 })}
              <button type="submit" class="second">Propose the clause</button>`,
          )
        : nothing
    }`;
  const page = layout({ title: 'Standing clauses', session, refused, body });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), page);
}

function clauseLine(
  session: Session,
  one: ResendClause,
  refused: RefusedForm | null,
  may: boolean,
): Html {
  const form = formContext(`clause-${one.clauseId}`, refused);
  const base = `/clauses/${one.clauseId}`;
  return html`<li>
    <p>
      ${stateTag(one)} <strong>${one.reason}</strong>
      <span class="meta"
        >proposed by ${one.proposedBy},
        ${timeTag(one.proposedAt, 'UTC')}${
          one.signedAt === null
            ? nothing
            : html`; signed by ${one.signedBy}, ${timeTag(one.signedAt, 'UTC')}`
        }${
          one.revokedAt === null
            ? nothing
            : html`; revoked by ${one.revokedBy}, ${timeTag(one.revokedAt, 'UTC')}`
        }</span
      >
    </p>
    ${
      may && one.signedBy === null && one.revokedBy === null
        ? postForm(
            session,
            { action: `${base}/signature`, className: 'act inline' },
            html`<button type="submit">Sign it as the second person</button>`,
          )
        : nothing
    }
    ${
      may && one.revokedBy === null
        ? postForm(
            session,
            { action: `${base}/revocation`, className: 'act inline' },
            html`${textInput(form, { name: 'reason', label: 'Reason' })}
              <button type="submit" class="danger">Revoke it</button>`,
          )
        : nothing
    }
  </li>`;
}

function stateTag(one: ResendClause): Html {
  if (one.revokedBy !== null) return tag('revoked', 'off');
  if (one.signedBy === null) return tag('one signature', 'ask');
  return one.stands ? tag('in force', 'good') : tag('a signer may no longer sign', 'bad');
}
