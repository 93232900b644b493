/** The API under `/api/v1`: bearer tokens, JSON in, JSON out, every problem as RFC 9457. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayDo } from '../../domain/actor.ts';
import { problemOf } from '../faults.ts';
import { readJson } from '../json-body.ts';
import type { WebPorts } from '../ports.ts';
import { ProblemError, sendProblem } from '../problems.ts';
import { bearerToken, personByToken } from '../who.ts';
import { assessmentRoutes } from './assessments.ts';
import { authorisationRoutes } from './authorisations.ts';
import { barrierRoutes } from './barriers.ts';
import { fileInsteadRoute } from './file-instead.ts';
import { caseActRoutes } from './case-acts.ts';
import { caseEventRoutes } from './case-events.ts';
import { caseRoutes } from './cases.ts';
import { completenessRoute } from './completeness.ts';
import { decisionRoutes } from './decisions.ts';
import { erasureRoutes } from './erasure.ts';
import { documentRoutes, documentUploadRoute } from './documents.ts';
import { doubtActRoutes } from './doubt-acts.ts';
import { eventRoutes } from './events.ts';
import { followUpRoutes } from './follow-ups.ts';
import { importRoutes } from './imports.ts';
import { incidentRoutes } from './incidents.ts';
import { keptEventRoutes } from './kept-events.ts';
import { loweringRoutes } from './lowerings.ts';
import { meRoute } from './me.ts';
import { noticeActRoutes } from './notice-acts.ts';
import { noticeRoutes } from './notices.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { readinessRoutes } from './readiness.ts';
import { peopleRoutes } from './people.ts';
import { resendClauseRoutes } from './resend-clauses.ts';
import { registerRoutes } from './register.ts';

const wrongTokensPerMinute = 20;

/** Registers the whole API on an encapsulated instance. */
export async function api(app: FastifyInstance, ports: WebPorts): Promise<void> {
  const { refuseTheRest } = refuseOtherMethods(app);
  app.setErrorHandler((error, request, reply) =>
    sendProblem(reply, problemOf(error, request.id, request.log)),
  );
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, { type: 'not-found', detail: 'There is nothing here.' }),
  );
  requireToken(app, ports);
  readJsonOnly(app);
  app.get('/openapi.json', { config: { right: 'open' }, schema: { hide: true } }, () =>
    app.swagger(),
  );
  meRoute(app);
  incidentRoutes(app, ports);
  caseRoutes(app, ports);
  caseActRoutes(app, ports);
  loweringRoutes(app, ports);
  assessmentRoutes(app, ports);
  completenessRoute(app, ports);
  caseEventRoutes(app, ports);
  erasureRoutes(app, ports);
  decisionRoutes(app, ports);
  noticeRoutes(app, ports);
  noticeActRoutes(app, ports);
  followUpRoutes(app, ports);
  authorisationRoutes(app, ports);
  barrierRoutes(app, ports);
  fileInsteadRoute(app, ports);
  doubtActRoutes(app, ports);
  resendClauseRoutes(app, ports);
  registerRoutes(app, ports);
  peopleRoutes(app, ports);
  readinessRoutes(app, ports);
  documentRoutes(app, ports);
  keptEventRoutes(app, ports);
  await app.register((inner) => {
    importRoutes(inner, ports);
    return Promise.resolve();
  });
  await app.register((inner) => {
    documentUploadRoute(inner, ports);
    return Promise.resolve();
  });
  await app.register((inner) => {
    eventRoutes(inner, ports);
    return Promise.resolve();
  });
  refuseTheRest();
}

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done) => {
      try {
        request.sentBody = readJson(bytes);
        done(null, request.sentBody);
      } catch (error) {
        done(error instanceof Error ? error : new Error('unreadable'));
      }
    },
  );
}

function requireToken(app: FastifyInstance, ports: WebPorts): void {
  // Counts wrong tokens only, so that guessing is slowed and whoever has a right one is not locked out.
  const countWrong = app.createRateLimit({
    max: wrongTokensPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => `wrong-token ${request.ip}`,
  });
  app.addHook('onRequest', async (request, reply) => {
    const right = request.routeOptions.config.right;
    if (right === 'open' || request.is404) return;
    const token = bearerToken(request.headers.authorization);
    const person = token === null ? null : await personByToken(ports, token);
    if (person === null) {
      const counted = await countWrong(request);
      if (!counted.isAllowed && counted.isExceeded) {
        void reply.header('retry-after', String(counted.ttlInSeconds));
        throw new ProblemError('rate-limited', 'Too many wrong tokens; wait as Retry-After says.');
      }
      void reply.header('www-authenticate', 'Bearer realm="tocsin"');
      throw new ProblemError(
        'unauthenticated',
        'Send a token that is known: Authorization: Bearer …',
      );
    }
    if (right !== undefined && right !== 'signed-in' && !mayDo(person, right)) {
      const detail = `This needs the right "${right}", which none of your roles carries.`;
      throw new ProblemError('forbidden', detail);
    }
    request.person = person;
  });
}
