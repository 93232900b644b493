/** The page "People": who is called where, by which route, and who after them, for the administrator. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Request } from '../../commands/command.ts';
import { changeDeputies, setPersonAbsent } from '../../commands/keep-people.ts';
import { setOutOfBand } from '../../commands/set-out-of-band.ts';
import type { ListedPerson } from '../../domain/people.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import type { Session } from '../who.ts';
import { formContext, formNameOf, postForm, textInput } from './fields.ts';
import { formRequest, runForm } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { uuidIn } from './case-routes.ts';
import { timeInForm } from '../api/fields.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';
import { absolute } from './time.ts';
import { tag } from './words.ts';

const hidden = { config: { right: 'manage-people' }, schema: { hide: true } } as const;
const route = z.object({
  address: z.union([
    z.literal('').transform(() => null),
    z.email('is not an e-mail address').max(254),
  ]),
});

const order = z.object({
  deputies: z
    .string()
    .max(5_000)
    .transform((line) => line.split(',').map((one) => one.trim()))
    .transform((subjects) => subjects.filter((subject) => subject !== '')),
});
const absence = z.object({ until: timeInForm });

/** `/people` and the forms of each person: the route, the deputies, being away. */
export function peoplePages(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  app.get('/people', hidden, (request, reply) => sendPeople(ports, request, reply, null));
  const act = <Input>(
    path: string,
    name: string,
    schema: z.ZodType<Input>,
    run: (asked: Request, personId: string, input: Input) => Promise<Answer<unknown>>,
  ): void => {
    app.post(`/people/:person/${path}`, hidden, async (request, reply) => {
      const personId = uuidIn(request.params as Record<string, string | undefined>, 'person');
      const asked = formRequest(request, sessionOf(request));
      const outcome = await runForm(formNameOf(name, personId), request, schema, (input) =>
        run(asked, personId, input),
      );
      if (outcome.ok) return reply.redirect(`/people?done=${name}`, 303);
      return sendPeople(ports, request, reply, outcome.refused);
    });
  };
  act('out-of-band', 'route', route, (asked, personId, { address }) =>
    setOutOfBand(house, asked, { personId, address }, ports.senderAddress),
  );
  act('deputies', 'deputies', order, (asked, personId, { deputies }) =>
    changeDeputies(house, asked, { personId, deputies }),
  );
  act('absence', 'absence', absence, (asked, personId, { until }) =>
    setPersonAbsent(house, asked, { personId, until: until?.at ?? null }),
  );
}

const doneWords: Readonly<Record<string, string>> = {
  route: 'The route is recorded.',
  deputies: 'The deputies are recorded; they are called in that order.',
  absence: 'It is recorded who is away.',
};

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
    done: refused === null ? (doneWords[String(query['done'])] ?? null) : null,
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
      ${one.absentUntil === null ? nothing : tag(`away until ${absolute(one.absentUntil, 'UTC')}`, 'ask')}
      <span class="meta"
        >${one.subject} of ${one.issuer}; ${one.roles.join(', ')}; ${one.email}; deputies:
        ${one.deputies.join(', then ') || 'nobody'}</span
      >
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
    ${afterThem(session, refused, one)}
  </li>`;
}

/** Who is called when this person does not answer, or is not there. */
function afterThem(session: Session, refused: RefusedForm | null, one: ListedPerson): Html {
  const [order, away] = ['deputies', 'absence'].map((name) =>
    formContext(formNameOf(name, one.personId), refused),
  );
  if (order === undefined || away === undefined) return nothing;
  const isOpen = order.refused !== null || away.refused !== null;
  return html`<details class="adding" ${isOpen ? html` open` : nothing}>
    <summary>Deputies of ${one.name}, and being away</summary>
    ${postForm(
      session,
      { action: `/people/${one.personId}/deputies`, className: 'act inline' },
      html`${textInput(order, {
          name: 'deputies',
          label: `Called when ${one.name} does not answer`,
          hint: 'Who they are to the issuer, with commas between, the first to be called first.',
          value: one.deputies.join(', '),
          required: false,
        })} <button type="submit" class="second">Set the deputies</button>`,
    )}
    ${postForm(
      session,
      { action: `/people/${one.personId}/absence`, className: 'act inline' },
      html`${textInput(away, {
          name: 'until',
          label: `${one.name} is away until`,
          hint: 'Such as 2026-08-17T08:00:00+02:00; empty when they are back. Calls pass them over.',
          value: one.absentUntil ?? '',
          required: false,
        })} <button type="submit" class="second">Record it</button>`,
    )}
  </details>`;
}
