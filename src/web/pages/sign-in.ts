/** Signing in with a token, or as one of the demo people on the embedded stack; signing out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DemoPerson, WebPorts } from '../ports.ts';
import { ProblemError } from '../problems.ts';
import { openSession, personByToken, sha256 } from '../who.ts';
import { formContext, textInput } from './fields.ts';
import { readFields } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { clearCookie, cookieSecret, sessionOf, setCookie } from './signed-in.ts';

const open = { config: { right: 'open' }, schema: { hide: true } } as const;
const signedIn = { config: { right: 'signed-in' }, schema: { hide: true } } as const;
const wrongTokensPerMinute = 20;

/** Routes of the sign-in page. */
export function signInRoutes(app: FastifyInstance, ports: WebPorts): void {
  const countWrong = app.createRateLimit({
    max: wrongTokensPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => `wrong-sign-in ${request.ip}`,
  });
  app.get('/sign-in', open, (request, reply) => showSignIn(ports, request, reply, null));
  app.post('/sign-in', open, async (request, reply) => {
    const fields = readFields(request);
    const token = tokenOf(ports, request, fields);
    const person = token === null ? null : await personByToken(ports, token);
    if (token === null || person === null) {
      const counted = await countWrong(request);
      if (!counted.isAllowed && counted.isExceeded) {
        throw new ProblemError('rate-limited', 'Too many wrong tokens; wait a minute.');
      }
      return showSignIn(ports, request, reply, unknownToken);
    }
    await recordSignIn(ports, person, 'session.opened');
    setCookie(ports, reply, await openSession(ports, token));
    return reply.redirect(safeNext(fields['next'] ?? ''), 303);
  });
  app.post('/sign-out', signedIn, async (request, reply) => {
    await ports.sessions.end(sha256(cookieSecret(ports, request)));
    await recordSignIn(ports, sessionOf(request).person, 'session.closed');
    clearCookie(ports, reply);
    return reply.redirect('/sign-in', 303);
  });
}

const unknownToken: RefusedForm = {
  form: 'sign-in',
  values: { token: '' },
  problem: {
    type: 'unauthenticated',
    detail: 'Nobody is known by this token.',
    errors: [{ pointer: '/token', detail: 'is not known, has expired, or was revoked' }],
  },
};

async function recordSignIn(
  ports: WebPorts,
  person: Awaited<ReturnType<typeof personByToken>> & object,
  type: 'session.opened' | 'session.closed',
): Promise<void> {
  const actor = `person/${person.personId}`;
  await ports.house.as(person, ({ register }) =>
    register.append({ stream: 'house', type, actor, data: {} }),
  );
}

function tokenOf(
  ports: WebPorts,
  request: FastifyRequest,
  fields: Readonly<Record<string, string>>,
): string | null {
  const demo = fields['person'];
  if (demo !== undefined) return demoPeople(ports, request)[Number(demo)]?.token ?? null;
  const token = (fields['token'] ?? '').trim();
  return /^[\x21-\x7e]{8,512}$/.test(token) ? token : null;
}

/** The demo people, for someone at this very machine only: the Host header tells a rebound name from our own. */
function demoPeople(ports: WebPorts, request: FastifyRequest): readonly DemoPerson[] {
  const local = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip);
  const named = ['127.0.0.1', 'localhost', '[::1]'].includes(request.hostname);
  return local && named ? (ports.embedded?.people ?? []) : [];
}

/** A path of ours to go on to, else the home page: never another host. */
function safeNext(next: string): string {
  return /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) ? next : '/';
}

function showSignIn(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const given = refused === null ? request.query : request.body;
  const next = typeof given === 'object' && given !== null && 'next' in given ? given.next : '';
  const hidden = html`<input type="hidden" name="next" value="${safeNext(String(next))}" />`;
  const body = html`<div class="narrow">
    <h1>Sign in</h1>
    ${people(demoPeople(ports, request), hidden)}
    <form method="post" action="/sign-in" class="act">
      ${hidden}
      ${textInput(formContext('sign-in', refused), {
        name: 'token',
        label: 'Access token',
        hint: 'An administrator of Tocsin gives you one. It is not shown again after you sign in.',
      })}
      <button type="submit">Sign in</button>
    </form>
  </div>`;
  const page = layout({ title: 'Sign in', session: null, refused, body });
  return sendPage(reply, refused === null ? 200 : 401, page);
}

function people(offered: readonly DemoPerson[], hidden: Html): Html {
  if (offered.length === 0) return nothing;
  return html`<section aria-labelledby="demo-people">
    <h2 id="demo-people">People of the demo organisation</h2>
    <p class="hint">They are fictitious, and offered on this machine only.</p>
    <form method="post" action="/sign-in">
      ${hidden}
      <ul class="people">
        ${offered.map(
          (person, index) =>
            html`<li>
              <button type="submit" name="person" value="${index}">
                <strong>${person.name}</strong> <span>${person.title}</span>
              </button>
            </li>`,
        )}
      </ul>
    </form>
  </section>`;
}
