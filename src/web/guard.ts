/** What guards every answer: security headers, no caching, a correlation id, and no patience with slow bodies. */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const slowBodyMs = 15_000;

/** Adds the guards to a server and everything registered on it later. */
export async function guard(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    // Whether this is reached by https is known to the proxy in front of it, which sets this header.
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-correlation-id', request.id);
    void reply.header('cache-control', 'no-store');
    if (request.routeOptions.config.streamed === true) return;
    const timer = setTimeout(() => {
      if (!request.raw.complete) request.raw.destroy();
    }, slowBodyMs);
    timer.unref();
    reply.raw.once('close', () => {
      clearTimeout(timer);
    });
  });
}
