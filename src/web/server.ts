/** The web edge: one Fastify server with the API, the pages, the health checks and everything that guards them. */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { api } from './api/index.ts';
import { apiPath, openApi } from './api/openapi.ts';
import './context.ts';
import { problemOf } from './faults.ts';
import { guard } from './guard.ts';
import { healthRoutes } from './health.ts';
import { metricsRoute } from './metrics.ts';
import { pages } from './pages/index.ts';
import type { WebPorts } from './ports.ts';
import { sendProblem } from './problems.ts';
import { sha256 } from './who.ts';

const bodyBytes = 256 * 1024;

/** Builds the server, ready to listen or to inject into; `close()` drains and ends idle connections. */
export async function buildServer(ports: WebPorts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    bodyLimit: bodyBytes,
    // Whole requests, then idle sockets, then headers: a slow sender holds a socket, not the server.
    requestTimeout: 300_000,
    // Longer than a statement may wait in the database: who waits for a lock is told so, not cut off.
    connectionTimeout: 45_000,
    keepAliveTimeout: 10_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 200 },
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    ...(ports.logger === null ? { logger: false } : { loggerInstance: ports.logger }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('person', null);
  app.decorateRequest('session', null);
  app.decorateRequest('sentBody', null);
  app.setErrorHandler((error, request, reply) =>
    sendProblem(reply, problemOf(error, request.id, request.log)),
  );
  await guard(app);
  await app.register(rateLimit, {
    max: ports.requestsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: rateKey,
  });
  await app.register(swagger, openApi);
  healthRoutes(app, ports);
  metricsRoute(app, ports.metrics);
  await app.register((inner) => api(inner, ports), { prefix: apiPath });
  await app.register(async (inner) => {
    await inner.register(cookie);
    await inner.register(formbody, { bodyLimit: bodyBytes });
    pages(inner, ports);
  });
  return app;
}

// Each holder of a token has a limit of its own, so that one feed cannot starve another.
function rateKey(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) return request.ip;
  return Buffer.from(sha256(authorization)).toString('base64url');
}
