/** `/healthz`: this process lives. `/readyz`: it can do its work, check by check. */
import type { FastifyInstance } from 'fastify';
import type { WebPorts } from './ports.ts';

/** Routes for supervisors; they need no token and tell nothing but the names and states of checks. */
export function healthRoutes(app: FastifyInstance, ports: WebPorts): void {
  const open = { config: { rateLimit: false, right: 'open' }, schema: { hide: true } } as const;
  app.get('/healthz', open, () => ({ ok: true }));
  app.get('/readyz', open, async (_request, reply) => {
    const checks = await ports.readiness();
    const ok = checks.every((check) => check.ok);
    return reply.code(ok ? 200 : 503).send({ ok, checks });
  });
}
