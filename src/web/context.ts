/** What Tocsin hangs on a Fastify request and a route. */
import type { Person, Right } from '../domain/actor.ts';
import type { JsonValue } from '../domain/json.ts';
import { ProblemError } from './problems.ts';
import type { Session } from './who.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the bearer check of the API. */
    person: Person | null;
    /** Set by the cookie check of the pages. */
    session: Session | null;
    /** The JSON body as it was sent, before any default or parsing. */
    sentBody: JsonValue;
  }
  interface FastifyContextConfig {
    /** The right a person needs; `signed-in` for any person, `open` for anyone. */
    right?: Right | 'signed-in' | 'open';
    /** A body read as a stream may take longer than 15 s to arrive. */
    streamed?: boolean;
  }
}

/** The signed-in person of an API request. Throws `unauthenticated` where the route forgot to ask. */
export function personOf(request: { readonly person: Person | null }): Person {
  if (request.person === null) throw new ProblemError('unauthenticated', 'Sign in first.');
  return request.person;
}
