/** A source of events for tests: signs what it sends as a real sender would. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Edge } from './edge.ts';

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface EventAnswer {
  readonly status: number;
  readonly json: {
    readonly outcome?: string;
    readonly caseId?: string | null;
    readonly reference?: string | null;
    readonly type?: string;
  };
}

/** A CloudEvent of this source with these attributes, in JSON. */
export function cloudEvent(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    specversion: '1.0',
    id: randomUUID(),
    source: 'siem',
    type: 'eu.tocsin.incident.reported.v1',
    data: { title: 'Intruder on a host' },
    ...changes,
  });
}

/** The three headers under which a body is sent. */
export function signed(
  secret: string,
  body: string,
  at: Date = new Date(),
): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

/** Sends bytes as they are. */
export async function sendEvent(
  edge: Edge,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<EventAnswer> {
  const answer = await edge.app.inject({
    method: 'POST',
    url: '/api/v1/events',
    headers: { 'content-type': 'application/cloudevents+json', ...headers },
    payload: body,
  });
  return { status: answer.statusCode, json: answer.json() };
}
