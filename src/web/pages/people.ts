/** The page "People": who is called where, and the out-of-band route of each, for the administrator. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { setOutOfBand } from '../../commands/set-out-of-band.ts';
import type { ListedPerson } from '../../domain/people.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import type { Session } from '../who.ts';
import { formContext, formNameOf, postForm, textInput } from './fields.ts';
import { formRequest, runForm } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { uuidIn } from './case-routes.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';
import { tag } from './words.ts';

const hidden = { config: { right: 'manage-people' }, schema: { hide: true } } as const;
const route = z.object({
  address: z.union([
    z.literal('').transform(() => null),
    z.email('is not an e-mail address').max(254),
  ]),
});

/** `/people` and the form of each person's route. */
export function peoplePages(app: FastifyInstance, ports: WebPorts): void {
  app.get('/people', hidden, (request, reply) => sendPeople(ports, request, reply, null));
  app.post('/people/:person/out-of-band', hidden, async (request, reply) => {
    const personId = uuidIn(request.params as Record<string, string | undefined>, 'person');
    const asked = formRequest(request, sessionOf(request));
    const outcome = await runForm(formNameOf('route', personId), request, route, ({ address }) =>
      setOutOfBand(ports.house, asked, { personId, address }, ports.senderAddress),
    );
    if (outcome.ok) return reply.redirect('/people?done=1', 303);
    return sendPeople(ports, request, reply, outcome.refused);
  });
}

async function sendPeople(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const people = await ports.house.as(session.person, (store) => store.people.list());
  const active = people.filter((one) => one.active);
  const without = active.filter(isCalled).filter(({ outOfBand }) => outOfBand === null).length;
  const query = request.query as Readonly<Record<string, unknown>>;
  const body = html`<h1>People</h1>
    <p>
      While mail is barred people are called at their out-of-band address: outside the house's own
      mail, set in advance. Who has none has to be telephoned.
      ${without === 0 ? nothing : html`<strong>${without} of those who are called have none.</strong>`}
    </p>
    <ul class="tasks">
      ${active.map((one) => personLine(session, refused, one))}
    </ul>`;
  const page = layout({
    title: 'People',
    session,
    refused,
    done: refused === null && query['done'] === '1' ? 'The route is recorded.' : null,
    mailboxUrl: ports.mailboxUrl,
    body,
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), page);
}

function isCalled({ roles }: ListedPerson): boolean {
  return roles.some((role) => role !== 'auditor' && role !== 'administrator');
}

function personLine(session: Session, refused: RefusedForm | null, one: ListedPerson): Html {
  const form = formContext(formNameOf('route', one.personId), refused);
  return html`<li>
    <p>
      <strong>${one.name}</strong>
      ${one.outOfBand === null ? tag('telephone only', isCalled(one) ? 'bad' : 'off') : nothing}
      <span class="meta">${one.roles.join(', ')}; ${one.email}</span>
    </p>
    ${postForm(
      session,
      { action: `/people/${one.personId}/out-of-band`, className: 'act inline' },
      html`${textInput(form, {
          name: 'address',
          label: `Out-of-band address of ${one.name}`,
          value: one.outOfBand ?? '',
          required: false,
        })} <button type="submit" class="second">Set the route</button>`,
    )}
  </li>`;
}
