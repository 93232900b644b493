/** Who looks at a page: the session behind the cookie, asked for on every page but the open ones. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mayDo, type Right } from '../../domain/actor.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { readSession, sessionCookie, sessionHours, type Session } from '../who.ts';
import { checkForm } from './forms.ts';

/** The cookie's name: bound to the host by its prefix where there is https. */
function cookieName(ports: WebPorts): string {
  return ports.https ? `__Host-${sessionCookie}` : sessionCookie;
}

/** The secret in the request's cookie, or an empty text. */
export function cookieSecret(ports: WebPorts, request: FastifyRequest): string {
  return request.cookies[cookieName(ports)] ?? '';
}

function cookieOptions(ports: WebPorts) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: ports.https } as const;
}

export function setCookie(ports: WebPorts, reply: FastifyReply, secret: string): void {
  const options = { ...cookieOptions(ports), maxAge: sessionHours * 3_600 };
  void reply.setCookie(cookieName(ports), secret, options);
}

export function clearCookie(ports: WebPorts, reply: FastifyReply): void {
  void reply.clearCookie(cookieName(ports), cookieOptions(ports));
}

/** Asks for a session on every route that is not open, for its right, and for our own form on every POST. */
export function requireSession(app: FastifyInstance, ports: WebPorts): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const secret = cookieSecret(ports, request);
    request.session = secret === '' ? null : await readSession(ports, secret);
    const right = request.routeOptions.config.right ?? 'signed-in';
    if (right === 'open') return;
    if (request.session === null) {
      const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : '';
      await reply.redirect(`/sign-in${next}`, 303);
      return;
    }
    if (right !== 'signed-in') demand(request.session, right);
  });
  app.addHook('preHandler', (request, _reply, next) => {
    if (request.method === 'POST') checkForm(request, request.session);
    next();
  });
}

function demand(session: Session, right: Right): void {
  if (mayDo(session.person, right)) return;
  const detail = `This needs the right "${right}", which none of your roles carries.`;
  throw new ProblemError('forbidden', detail);
}

/** The session of a page that is not open. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw new ProblemError('unauthenticated', 'Sign in first.');
  return request.session;
}
