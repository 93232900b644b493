/** Sends a signed webhook: one POST to an address that was checked, no redirect, little read, 10 s at most. */
import { lookup, type LookupAddress } from 'node:dns';
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { SendOutcome, WebhookEndpoint, WebhookSender } from '../../domain/event-ports.ts';
import { cloudEventJson } from './cloud-event.ts';
import { isPublicAddress } from './public-address.ts';

const timeoutMs = 10_000;
const bytesRead = 64 * 1024;

/** Gives every address of a name; asked once for each attempt. */
export type Resolve = (
  host: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const systemResolve: Resolve = (host, done) => {
  lookup(host, { all: true }, done);
};

class Refused extends Error {}

/** A sender over HTTP; `resolve` is the system's unless a test says otherwise. */
export function webhookSender(resolve: Resolve = systemResolve): WebhookSender {
  return {
    async send(endpoint, event) {
      const body = cloudEventJson(event);
      try {
        return outcomeOf(
          await post(endpoint, headersOf(endpoint, event.entryId, body), body, resolve),
        );
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) };
      }
    },
  };
}

function headersOf({ secret }: WebhookEndpoint, id: string, body: string): Record<string, string> {
  const sentAt = new Date();
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'accept-encoding': 'identity',
    'user-agent': 'Tocsin',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
  };
}

function outcomeOf(status: number): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  return status === 410 ? { kind: 'gone' } : { kind: 'failed', reason: `status ${String(status)}` };
}

// Codes and our own words only: messages of the network name addresses.
function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer within 10 s';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** The status of the answer. Throws when there is none, or the address may not be reached. */
async function post(
  endpoint: WebhookEndpoint,
  headers: Record<string, string>,
  body: string,
  resolve: Resolve,
): Promise<number> {
  const url = new URL(endpoint.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up, so it is checked here.
  if (isIP(host) !== 0) refusePrivate(endpoint, [{ address: host, family: isIP(host) }]);
  const send = url.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((done, fail) => {
    const asked = send(url, {
      method: 'POST',
      headers,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      lookup: checkedLookup(endpoint, resolve),
    });
    asked.on('error', fail);
    asked.on('response', (answer) => {
      const said = (): void => {
        done(answer.statusCode ?? 0);
      };
      // Cut off or timed out after the status: the status was said.
      asked.off('error', fail).on('error', said);
      drain(answer, said);
    });
    asked.end(body);
  });
}

/** Reads politely and no more than enough; what the answer says beyond its status does not matter. */
function drain(answer: IncomingMessage, done: () => void): void {
  let seen = 0;
  answer.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen <= bytesRead) return;
    done();
    answer.destroy();
  });
  answer.on('end', done);
  answer.on('error', done);
}

/** Resolves once, checks every address, and gives the connection one of those it checked. */
function checkedLookup(endpoint: WebhookEndpoint, resolve: Resolve): LookupFunction {
  return (host, options, done) => {
    resolve(host, (error, addresses) => {
      try {
        if (error !== null) throw error;
        refusePrivate(endpoint, addresses);
        const [first] = addresses;
        if (first === undefined) throw new Refused('the name has no address');
        if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      } catch (fault) {
        done(fault instanceof Error ? fault : new Refused('no address'), '', 0);
      }
    });
  };
}

function refusePrivate(
  { allowPrivate }: WebhookEndpoint,
  addresses: readonly LookupAddress[],
): void {
  if (allowPrivate || addresses.every(({ address }) => isPublicAddress(address))) return;
  throw new Refused('the address is private');
}
