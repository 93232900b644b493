/** How sources of events and receivers of webhooks are written down: JSON, checked before anything starts. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EventSource, WebhookEndpoint } from './domain/event-ports.ts';

// Standard Webhooks: 24 to 64 random bytes in base64. Messages never show a value.
const secret = z.string().refine(isSecret, 'must be whsec_ and 24 to 64 bytes in base64');

function isSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, '');
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 && bytes.length >= 24 && bytes.length <= 64;
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** `{"<source>": {"secrets": [current, previous], "unit": "…"}}`. */
export const eventSources = json
  .pipe(
    z.record(
      z.string().min(1).max(200),
      z.strictObject({
        secrets: z.array(secret).min(1).max(2),
        unit: z.string().min(1).default('*'),
      }),
    ),
  )
  .transform((sources): readonly EventSource[] =>
    Object.entries(sources).map(([name, source]) => ({ name, ...source })),
  );

/** `[{"url": "https://…", "secret": "whsec_…", "types": ["case.*"]}]`; clear text only where `allowPrivate` is true. */
export const webhookEndpoints = json
  .pipe(
    z
      .array(
        z
          .strictObject({
            url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
            secret,
            types: z
              .array(z.string().regex(/^[a-z-]+\.([a-z-]+|\*)$/))
              .min(1)
              .optional(),
            exercises: z.boolean().default(false),
            allowPrivate: z.boolean().default(false),
          })
          .refine(
            ({ url, allowPrivate }) => allowPrivate || url.startsWith('https:'),
            'must be https, or allow private addresses',
          ),
      )
      .max(50),
  )
  .transform((endpoints): readonly WebhookEndpoint[] =>
    endpoints.map(({ types, ...endpoint }) => ({
      ...endpoint,
      types: types ?? null,
      key: createHash('sha256').update(endpoint.url).digest('hex').slice(0, 32),
    })),
  );
