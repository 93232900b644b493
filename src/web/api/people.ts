/** People of the house: listed, entered, deactivated and reactivated by an administrator. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { enterPeople, setPersonAbsent, setPersonActive } from '../../commands/keep-people.ts';
import { setOutOfBand } from '../../commands/set-out-of-band.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { line, pathId, time } from './fields.ts';
import { count, list, whole } from './states.ts';
import type { ListedPerson } from '../../domain/people.ts';

const config = { right: 'manage-people' } as const;
const role = z.enum(['responder', 'legal', 'dpo', 'executive', 'auditor', 'administrator']);

const who = z.strictObject({
  issuer: line(500),
  subject: line(500),
  name: line(200),
  email: z.email('is not an e-mail address').max(254),
  roles: z.array(role).min(1, 'must name at least one role').max(6),
  units: z
    .array(line(100).regex(/^[^,]+$/, 'must not hold a comma'))
    .min(1, 'must name at least one unit, or * for the whole group')
    .max(100),
});

const entry = who
  .extend({
    deputy: line(500).nullable().optional().describe('the first of `deputies`, for one alone'),
    deputies: z
      .array(line(500))
      .max(20)
      .optional()
      .describe('subjects of who is called when the person does not answer, first to last'),
  })
  .refine(
    ({ deputy, deputies }) =>
      deputies === undefined || deputy === undefined || deputy === (deputies[0] ?? null),
    { path: ['deputy'], error: 'is not the first of the deputies' },
  )
  .transform(({ deputy, deputies, ...rest }) => ({
    ...rest,
    deputies: deputies ?? (deputy == null ? [] : [deputy]),
  }));

const listed = who.extend({
  personId: z.uuid(),
  active: z.boolean(),
  roles: list(role),
  units: list(z.string()),
  email: z.string(),
  deputy: z.string().nullable().describe('the first of `deputies`'),
  deputies: list(z.string()).describe('who is called when the person does not answer, in order'),
  absentUntil: z.iso.datetime().nullable().describe('calls pass the person over until then'),
  outOfBand: z
    .string()
    .nullable()
    .describe('where the person is called while mail is barred; null: by telephone only'),
});
const withFirst = (person: ListedPerson) => ({ ...person, deputy: person.deputies[0] ?? null });
const withoutHolder = list(role).describe('roles nobody active holds: their alarms reach nobody');

/** Routes of the administrator; every change is an entry of the house. */
export function peopleRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.get(
    '/people',
    {
      config,
      schema: {
        operationId: 'listPeople',
        summary: 'Everybody who may sign in or once could',
        response: readAnswers(whole(listed)),
      },
    },
    async (request) => {
      const people = await ports.house.as(personOf(request), (store) => store.people.list());
      return { items: people.map(withFirst) };
    },
  );
  api.post(
    '/people',
    {
      config,
      schema: {
        operationId: 'enterPeople',
        summary: 'Enter or change people by issuer and subject, all or none',
        headers: keyHeader,
        body: z.strictObject({ people: z.array(entry).min(1).max(1_000) }),
        response: writeAnswers(
          z.object({ added: count, changed: count, unchanged: count, withoutHolder }),
        ),
      },
    },
    async (request, reply) => {
      const command = commandRequest(request);
      const answer = await enterPeople(ports.house, command, request.body.people);
      return (await settle(ports, reply, answer)).value;
    },
  );
  for (const [path, active] of [
    ['deactivation', false],
    ['reactivation', true],
  ] as const) {
    api.post(
      `/people/:person/${path}`,
      {
        config,
        schema: {
          operationId: active ? 'reactivatePerson' : 'deactivatePerson',
          summary: active
            ? 'Let a person sign in and be called again; tokens stay revoked'
            : 'End sign-in, tokens and calls of a person; the last administrator stays',
          params: z.object({ person: pathId }),
          headers: keyHeader,
          body: z.strictObject({}),
          response: writeAnswers(z.object({ active: z.boolean(), withoutHolder })),
        },
      },
      async (request, reply) => {
        const input = { personId: request.params.person, active };
        const answer = await setPersonActive(ports.house, commandRequest(request), input);
        return (await settle(ports, reply, answer)).value;
      },
    );
  }
  absenceRoute(app, ports);
  outOfBandRoute(app, ports);
}

function outOfBandRoute(app: FastifyInstance, ports: WebPorts): void {
  const address = z.email('is not an e-mail address').max(254).nullable();
  app.withTypeProvider<ZodTypeProvider>().post(
    '/people/:person/out-of-band',
    {
      config,
      schema: {
        operationId: 'setOutOfBand',
        summary: 'Set where a person is called while mail is barred; null takes the route away',
        params: z.object({ person: pathId }),
        headers: keyHeader,
        body: z.strictObject({ address }),
        response: writeAnswers(z.object({ outOfBand: z.string().nullable() })),
      },
    },
    async (request, reply) => {
      const input = { personId: request.params.person, address: request.body.address };
      const command = commandRequest(request);
      const answer = await setOutOfBand(ports.house, command, input, ports.senderAddress);
      return (await settle(ports, reply, answer)).value;
    },
  );
}

function absenceRoute(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/people/:person/absence',
    {
      config,
      schema: {
        operationId: 'setPersonAbsent',
        summary: 'Until when calls pass a person over; null: they are back',
        params: z.object({ person: pathId }),
        headers: keyHeader,
        body: z.strictObject({ until: time.nullable() }),
        response: writeAnswers(z.object({ absentUntil: z.iso.datetime().nullable() })),
      },
    },
    async (request, reply) => {
      const answer = await setPersonAbsent(ports.house, commandRequest(request), {
        personId: request.params.person,
        until: request.body.until?.at ?? null,
      });
      return (await settle(ports, reply, answer)).value;
    },
  );
}
