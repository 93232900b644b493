/** Values, states and lists that answers of the API are made of. */
import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../domain/json.ts';

export const instant = z.string().meta({ format: 'date-time' });

export const optionalInstant = instant.nullable();

/** Any JSON value. */
export const json = z.custom<JsonValue>();

/** Any JSON object. */
export const jsonObject = z.custom<JsonObject>();

export const count = z.int().min(0);

/** A list as the read models give it. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

/** A page of items; `next` is the cursor of the following page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: list(item), next: z.string().nullable() });
}

/** A list that is given whole. */
export function whole<Item extends z.ZodType>(item: Item) {
  return z.object({ items: list(item) });
}

export const engine = z
  .enum(['following', 'waiting'])
  .describe('`waiting`: recorded, and the engine will take it up later');

export const caseState = z.enum(['investigating', 'determined', 'closed']);

export const noticeState = z.enum([
  'drafting',
  'in-review',
  'returned',
  'released',
  'dispatched',
  'cancelled',
]);

export const obligationState = z.enum(['owed', 'not-owed', 'to-decide', 'discharged', 'withdrawn']);

export const grade = z.enum(['confirmed', 'likely', 'not-excluded', 'excluded']);

export const certainty = z.enum(['estimated', 'range', 'confirmed', 'unknown']);

export const hitKind = z.enum(['asset', 'product', 'processing']);

export const approvals = z.object({ counted: count, needed: count });

export const visibility = z.enum(['V0', 'V1', 'V2', 'V3', 'V4']).nullable();

export const trackRole = z.enum(['controller', 'processor', 'joint-controller', 'provider']);

export const verification = z.enum(['source-read', 'secondary-source', 'to-verify']);

export const channel = z.enum(['email', 'portal']);

export const receiptKind = z.enum(['reference', 'reply', 'file', 'telephone', 'post']);
