/** Who asks: the person behind a bearer token or a session cookie, looked up anew for each request. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Person } from '../domain/actor.ts';
import type { WebPorts } from './ports.ts';

/** Tokens are looked up by someone who may see nothing. */
const nobody: Person = {
  kind: 'person',
  personId: 'nobody',
  issuer: 'tocsin',
  subject: 'nobody',
  name: 'nobody',
  roles: [],
  units: [],
};

export const sessionCookie = 'tocsin_session';
export const sessionHours = 8;

export function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

/** The person a token digest stands for; null when unknown, revoked, expired or of someone not active any more. */
function personByDigest(ports: WebPorts, digest: Uint8Array): Promise<Person | null> {
  return ports.house.as(nobody, (store) => store.house.personByToken(digest));
}

/** The person a token stands for, or null. */
export function personByToken(ports: WebPorts, token: string): Promise<Person | null> {
  return personByDigest(ports, sha256(token));
}

/** The token of an `Authorization: Bearer` header, or null when there is none that could be one. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]{8,512})$/i.exec(header ?? '')?.[1] ?? null;
}

export interface Session {
  readonly person: Person;
  /** The secret of the cookie; forms carry a code made from it. */
  readonly secret: string;
}

/** The session behind a cookie, or null; a role taken away is gone with the next request. */
export async function readSession(ports: WebPorts, secret: string): Promise<Session | null> {
  if (!/^[\w-]{43}$/.test(secret)) return null;
  const token = await ports.sessions.tokenOf(sha256(secret));
  const person = token === null ? null : await personByDigest(ports, token);
  return person === null ? null : { person, secret };
}

/** Opens a session for the holder of a token and gives the cookie's secret. */
export async function openSession(ports: WebPorts, token: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await ports.sessions.open(sha256(secret), sha256(token), sessionHours);
  return secret;
}

/** The code a form of this session must carry: another site can neither read nor make it. */
export function formCode(secret: string): string {
  return createHmac('sha256', secret).update('tocsin form').digest('base64url');
}

/** Compares codes in constant time. */
export function isFormCode(secret: string, given: string): boolean {
  const expected = Buffer.from(formCode(secret));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
