/** Answers 405 with `Allow` where a path is known and the method is not. */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { ProblemError } from '../problems.ts';

const methods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Watches routes being registered; `refuseTheRest` then adds a refusal for every other method of each path. */
export function refuseOtherMethods(app: FastifyInstance): { refuseTheRest: () => void } {
  const known = new Map<string, Set<string>>();
  let watching = true;
  app.addHook('onRoute', ({ url, method }) => {
    if (!watching) return;
    const taken = known.get(url) ?? new Set<string>();
    for (const name of [method].flat()) taken.add(name);
    known.set(url, taken);
  });
  const refuseTheRest = (): void => {
    watching = false;
    for (const [url, taken] of known) {
      const path = url.slice(app.prefix.length);
      const allow = [...taken].sort().join(', ');
      app.route({
        method: methods.filter((name) => !taken.has(name)),
        url: path,
        config: { right: 'open' },
        schema: { hide: true },
        // Refused before any body is read.
        onRequest: (_request, reply) => {
          void reply.header('allow', allow);
          throw new ProblemError('method-not-allowed', `This path takes ${allow}.`);
        },
        handler: () => undefined,
      });
    }
  };
  return { refuseTheRest };
}
