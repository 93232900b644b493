/** The pages' own style, script and icon, served under names that carry their content's hash. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

function load(file: string, name: string, extension: string, type: string): Asset {
  const bytes = readFileSync(new URL(`../assets/${file}`, import.meta.url));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { path: `/assets/${name}.${hash}.${extension}`, type, bytes };
}

export const styleSheet = load('tocsin.css', 'tocsin', 'css', 'text/css; charset=utf-8');
export const script = load('countdown.mjs', 'countdown', 'js', 'text/javascript; charset=utf-8');
export const icon = load('icon.svg', 'icon', 'svg', 'image/svg+xml');

/** Routes of the assets; a changed asset has another name, so each may be kept for ever. */
export function assetRoutes(app: FastifyInstance): void {
  for (const asset of [styleSheet, script, icon]) {
    app.get(asset.path, { config: { right: 'open' }, schema: { hide: true } }, (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .type(asset.type)
        .send(asset.bytes),
    );
  }
}
