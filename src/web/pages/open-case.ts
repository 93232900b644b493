/** Opening a case from a page: a title is enough; everything else can come later. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { openCase } from '../../commands/open-case.ts';
import type { HitKind } from '../../domain/case.ts';
import { key, line, text, timeInForm, zone } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import { zoneOffsetMinutes } from '../zone.ts';
import { formContext, postForm, textArea, textInput } from './fields.ts';
import { formRequest, runForm } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, sendPage } from './markup.ts';
import { sessionOf } from './signed-in.ts';

const options = { config: { right: 'open-case' }, schema: { hide: true } } as const;
const form = 'open';

const schema = z.object({
  title: line(200),
  description: text(20_000, 0).default(''),
  receivedAt: timeInForm,
  zone,
  hits: text(10_000, 0)
    .default('')
    .transform((lines) =>
      lines
        .split('\n')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .pipe(z.array(hit()).max(500)),
});

function isHitKind(kind: string | undefined): kind is HitKind {
  return kind === 'asset' || kind === 'product' || kind === 'processing';
}

function hit() {
  return key.transform((written, context): { kind: HitKind; key: string } => {
    const match = /^(asset|product|processing)[ /:]+(\S.*)$/.exec(written);
    const kind = match?.[1];
    if (isHitKind(kind)) {
      return { kind, key: match?.[2] ?? '' };
    }
    context.addIssue({ code: 'custom', message: 'must be lines such as "product mail-hosting"' });
    return z.NEVER;
  });
}

/** Routes of the page that opens a case. */
export function openCaseRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.get('/cases/new', options, (request, reply) => showForm(ports, request, reply, null));
  app.post('/cases/new', options, async (request, reply) => {
    const outcome = await runForm(form, request, schema, ({ receivedAt, zone: named, ...input }) =>
      openCase(ports.house, formRequest(request, sessionOf(request)), {
        ...input,
        caseId: uuidv7(),
        mode: null,
        speed: 1,
        unit: null,
        receivedAt: receivedAt?.at ?? null,
        detectedAt: null,
        zone: named,
        offsetMinutes: zoneOffsetMinutes(named, receivedAt?.at ?? new Date().toISOString()),
        source: 'page',
        externalId: null,
        facts: [],
      }),
    );
    if (!outcome.ok) return showForm(ports, request, reply, outcome.refused);
    return reply.redirect(`/cases/${outcome.value.reference}?done=opened`, 303);
  });
}

function showForm(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const drawn = formContext(form, refused);
  const fields = html`${textInput(drawn, { name: 'title', label: 'What happened, in one line' })}
    ${textArea(drawn, { name: 'description', label: 'What is known so far', required: false })}
    ${textArea(drawn, {
      name: 'hits',
      label: 'What was hit',
      required: false,
      hint: 'One a line: "product", "asset" or "processing", then its key. It can be added later.',
    })}
    ${textInput(drawn, {
      name: 'receivedAt',
      label: 'Report received at',
      required: false,
      hint: 'With its offset, such as 2026-06-15T17:45:00+02:00. Empty: now. The clock runs from here.',
    })}
    ${textInput(drawn, { name: 'zone', label: 'Time zone', value: 'Europe/Brussels' })}
    <button type="submit">Open the case</button>`;
  const body = html`<div class="narrow">
    <h1>Open a case</h1>
    <p class="hint">
      A suspicion is enough. The 72 hours run from the report, whoever decides later.
    </p>
    ${postForm(session, { action: '/cases/new' }, fields)}
  </div>`;
  const page = layout({
    title: 'Open a case',
    session,
    refused,
    mailboxUrl: ports.mailboxUrl,
    body,
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), page);
}
