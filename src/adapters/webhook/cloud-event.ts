/** What a receiver is told of a register entry: ids, type, instants and counts; never a text a person wrote. */
import { CloudEvent } from 'cloudevents';
import type { OutboundEvent } from '../../domain/event-ports.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Fields of an entry that may leave, each with the shape its value must have. */
const mayLeave: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  noticeId: isText(uuid),
  obligationId: isText(uuid),
  releaseId: isText(uuid),
  version: isCount,
  revision: isCount,
  factsVersion: isCount,
  catalogueVersion: isCount,
  awareAt: isText(instant),
  dueAt: isText(instant),
  dispatchedAt: isText(instant),
  late: isFlag,
  reportedLate: isFlag,
};

/** The event in structured JSON, CloudEvents 1.0. */
export function cloudEventJson(event: OutboundEvent): string {
  const { entryId, type, at, caseId, reference, exercise, streamSeq, data } = event;
  return JSON.stringify(
    new CloudEvent({
      id: entryId,
      source: `/cases/${caseId}`,
      type: `eu.tocsin.${type}.v1`,
      time: at,
      datacontenttype: 'application/json',
      data: { caseId, reference, exercise, streamSeq, ...leaving(data), counts: counts(data) },
    }),
  );
}

function leaving(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).filter(([name, value]) => mayLeave[name]?.(value) === true),
  );
}

const counted: ReadonlySet<string> = new Set([
  ...['engagements', 'customers', 'processings', 'subjects', 'recipients', 'rows'],
  ...['sent', 'bounced', 'cancelled', 'suppressed', 'abandoned'],
]);

/** Numbers that count something, and of lists only how long they are. */
function counts(data: JsonObject): JsonObject {
  const found = Object.entries(data).flatMap(([name, value]): [string, JsonValue][] => {
    if (Array.isArray(value)) return [[name, value.length]];
    return counted.has(name) && isCount(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(found);
}

function isText(shape: RegExp): (value: JsonValue) => boolean {
  return (value) => typeof value === 'string' && shape.test(value);
}

function isCount(value: JsonValue): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isFlag(value: JsonValue): boolean {
  return typeof value === 'boolean';
}
