/** Readiness to file at authorities: the list, a new record, and addresses a person answers for. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { confirmAddress, withdrawAddress } from '../../commands/confirm-address.ts';
import { listReadiness, type ReadinessLine } from '../../commands/list-readiness.ts';
import { recordReadiness } from '../../commands/record-readiness.ts';
import { personOf } from '../context.ts';
import type { WebPorts } from '../ports.ts';
import { commandRequest, keyHeader, readAnswers, settle, writeAnswers } from './answers.ts';
import { id, key, line, text } from './fields.ts';
import { count, instant, list, optionalInstant } from './states.ts';

const headers = keyHeader;
const account = z.enum(['exists', 'missing', 'not-needed']);
const eid = z.enum(['held', 'missing', 'not-needed']);
const named = z.string().nullable();
const day = z.iso.date('is not a day such as 2026-05-31');

const recordView = z.object({
  authorityId: z.string(),
  affiliateKey: named,
  account,
  accountHolderId: named,
  accountHolderName: named,
  eid,
  eidHolderId: named,
  eidHolderName: named,
  deputyId: named,
  deputyName: named,
  testedOn: named,
  filingMinutes: count.nullable(),
  formVersion: named,
  note: named,
  recordedAt: instant,
  recordedByName: z.string(),
});

const addressView = z.object({
  addressId: z.uuid(),
  authorityId: z.string(),
  email: z.string(),
  state: z.enum(['proposed', 'confirmed', 'superseded', 'withdrawn']),
  evidence: z.string(),
  namedById: z.uuid(),
  namedByName: z.string(),
  namedAt: instant,
  secondedByName: named,
  confirmedAt: optionalInstant,
});

const readinessLine = z.object({
  authorityId: z.string(),
  authorityName: z.string(),
  affiliateKey: z.string(),
  affiliateName: z.string(),
  light: z.enum(['red', 'amber', 'green']),
  reasons: list(z.string()),
  way: z.enum(['machine', 'person']),
  url: named,
  knownEmail: named,
  note: z.string(),
  plan: z.object({ minutes: count, isRehearsed: z.boolean(), filerId: named, deputyId: named }),
  record: recordView.nullable(),
  address: addressView.nullable(),
  proposed: addressView.nullable(),
}) satisfies z.ZodType<ReadinessLine>;

/** What a request says of one authority; fields left out are not held, not tried, not known. */
const readinessBody = z.strictObject({
  authorityId: key,
  affiliateKey: key.nullable().default(null),
  account,
  accountHolderId: id.nullable().default(null),
  eid,
  eidHolderId: id.nullable().default(null),
  deputyId: id.nullable().default(null),
  testedOn: day.nullable().default(null),
  filingMinutes: z.int().min(1).max(4_320).nullable().default(null),
  formVersion: line(200).nullable().default(null),
  note: text(2_000).nullable().default(null),
});

/** Routes about how ready we are. */
export function readinessRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const person = z.object({ personId: z.uuid(), name: z.string() });
  api.get(
    '/readiness',
    {
      config: { right: 'read-readiness' },
      schema: {
        operationId: 'listReadiness',
        summary:
          'Every authority the group may have to notify, and how ready we are; the worst first',
        response: readAnswers(z.object({ items: list(readinessLine), people: list(person) })),
      },
    },
    (request) =>
      ports.house.as(personOf(request), async (store) => ({
        items: await listReadiness(store),
        people: await store.readiness.people(),
      })),
  );
  api.post(
    '/readiness',
    {
      config: { right: 'record-readiness' },
      schema: {
        operationId: 'recordReadiness',
        summary:
          'Record who can file at an authority, and how long it takes; the newest record stands',
        headers,
        body: readinessBody,
        response: writeAnswers(z.object({ recorded: z.literal(true) })),
      },
    },
    async (request, reply) => {
      const answer = await recordReadiness(ports.house, commandRequest(request), request.body);
      return (await settle(ports, reply, answer)).value;
    },
  );
  addressRoutes(app, ports);
}

function addressRoutes(app: FastifyInstance, ports: WebPorts): void {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const params = z.object({ authority: z.string().min(1).max(100) });
  api.post(
    '/authorities/:authority/address',
    {
      config: { right: 'confirm-address' },
      schema: {
        operationId: 'confirmAddress',
        summary: 'Answer for the address a machine may send to; a change needs a second person',
        params,
        headers,
        body: z.strictObject({ email: line(320), evidence: text(2_000) }),
        response: writeAnswers(z.object({ state: z.enum(['proposed', 'confirmed']) })),
      },
    },
    async (request, reply) => {
      const input = { authorityId: request.params.authority, ...request.body };
      const answer = await confirmAddress(ports.house, commandRequest(request), input);
      return (await settle(ports, reply, answer)).value;
    },
  );
  api.post(
    '/authorities/:authority/address/withdrawal',
    {
      config: { right: 'confirm-address' },
      schema: {
        operationId: 'withdrawAddress',
        summary: 'Take the address out of use at once: a person files from then on',
        params,
        headers,
        body: z.strictObject({ reason: text(2_000) }),
        response: writeAnswers(z.object({ state: z.literal('withdrawn') })),
      },
    },
    async (request, reply) => {
      const input = { authorityId: request.params.authority, ...request.body };
      const answer = await withdrawAddress(ports.house, commandRequest(request), input);
      return (await settle(ports, reply, answer)).value;
    },
  );
}
