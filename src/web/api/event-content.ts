/** What a CloudEvent asks for: its envelope and the data of the two types Tocsin knows, read by place and never by value. */
import { z } from 'zod';
import type { EventContent } from '../../commands/take-event.ts';
import type { NamedCase } from '../../domain/event-ports.ts';
import type { JsonValue } from '../../domain/json.ts';
import { pointerPart } from '../faults.ts';
import { readJson } from '../json-body.ts';
import { ProblemError } from '../problems.ts';
import { factBody, hitBody, toFact } from './facts.ts';
import { id, key, line, time } from './fields.ts';
import { incidentBody, toOpenCase } from './incidents.ts';

// Loose, because CloudEvents lets senders add attributes of their own beside these.
const envelope = z.looseObject({
  specversion: z.literal('1.0'),
  id: key,
  source: line(200),
  type: z
    .string()
    .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/i)
    .max(200),
  time: time.optional(),
  datacontenttype: z.literal('application/json').optional(),
  data: z.custom<JsonValue>((value) => value !== undefined),
});

const namedCase = z
  .union([
    z.strictObject({ caseId: id }),
    z.strictObject({ reference: line(50) }),
    z.strictObject({ source: line(200), id: key }),
  ])
  .transform((named): NamedCase => {
    if ('caseId' in named) return { by: 'id', caseId: named.caseId };
    if ('reference' in named) return { by: 'reference', reference: named.reference };
    return { by: 'opening-event', ...named };
  });

const reportedFacts = z.strictObject({
  case: namedCase,
  facts: z.array(factBody).max(200).default([]),
  hits: z.array(hitBody).max(500).default([]),
});

/** What the bytes of an event ask for, also of one that was kept. */
export function readEvent(body: Uint8Array): EventContent {
  const event = readEnvelope(Buffer.from(body));
  return event.ok ? contentOf(event.value) : { kind: 'unreadable', reason: event.reason };
}

type Read<T> = { readonly ok: true; readonly value: T } | { ok: false; reason: string };

/** The envelope, or where it is wrong. */
export function readEnvelope(body: Buffer): Read<z.output<typeof envelope>> {
  try {
    return read(envelope, readJson(body), '');
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ok: false, reason: `${error.problem.type} JSON` };
  }
}

/** What an event asks for, by its type. */
export function contentOf(event: z.output<typeof envelope>): EventContent {
  switch (event.type) {
    case 'eu.tocsin.incident.reported.v1': {
      const incident = read(incidentBody, event.data, '/data');
      if (!incident.ok) return { kind: 'unreadable', reason: incident.reason };
      const { source, id: externalId } = event;
      return {
        kind: 'incident',
        input: { ...toOpenCase(incident.value), source, externalId },
      };
    }
    case 'eu.tocsin.facts.reported.v1': {
      const reported = read(reportedFacts, event.data, '/data');
      if (!reported.ok) return { kind: 'unreadable', reason: reported.reason };
      const { case: about, facts, hits } = reported.value;
      return { kind: 'facts', about, input: { facts: facts.map(toFact), hits } };
    }
    default:
      return { kind: 'unreadable', reason: 'unknown type' };
  }
}

/** The value, or which fields are wrong: places only, because values may be personal. */
function read<T>(schema: z.ZodType<T>, value: unknown, base: string): Read<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const places = parsed.error.issues.flatMap((issue) => {
    const path = `${base}/${issue.path.map((part) => pointerPart(String(part))).join('/')}`;
    if (issue.code !== 'unrecognized_keys') return [path];
    return issue.keys.map((name) => `${path.replace(/\/$/, '')}/${pointerPart(name)}`);
  });
  return { ok: false, reason: `invalid ${[...new Set(places)].join(' ')}`.slice(0, 500) };
}
