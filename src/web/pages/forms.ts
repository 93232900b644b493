/** Forms as they come in: checked for origin and secret, read field by field, turned into commands' requests. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Request } from '../../commands/command.ts';
import type { Problem } from '../../domain/problem.ts';
import { canonicalJson } from '../../register/canonical.ts';
import { ProblemError } from '../problems.ts';
import { isFormCode, type Session } from '../who.ts';
import type { RefusedForm } from './layout.ts';

/** Fields by name; one sent several times has one value a line. */
export type Fields = Readonly<Record<string, string>>;

const sent = z.record(z.string().max(64), z.union([z.string(), z.array(z.string())]));

/** The fields of a form body. Throws `malformed` when the body is no form. */
export function readFields(request: FastifyRequest): Fields {
  const parsed = sent.safeParse(request.body ?? {});
  if (!parsed.success) throw new ProblemError('malformed', 'The form cannot be read.');
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, value]) => [
      name,
      [value].flat().join('\n').replaceAll('\r\n', '\n'),
    ]),
  );
}

/** Throws `forbidden` unless a page of ours, in this session, sent the form. */
export function checkForm(request: FastifyRequest, session: Session | null): void {
  checkOrigin(request);
  if (session === null) return;
  if (!isFormCode(session.secret, readFields(request)['form'] ?? '')) {
    throw new ProblemError('forbidden', 'This form is not from this session: load the page again.');
  }
}

function checkOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const own = `${request.protocol}://${request.host}`;
  const { origin } = request.headers;
  const ours = site === undefined ? sameHost(origin, own) : site === 'same-origin';
  if (!ours) {
    throw new ProblemError('forbidden', 'This form was sent from another site and is refused.');
  }
}

// Behind a proxy that ends TLS the scheme differs from what this process sees; the host does not.
function sameHost(origin: string | undefined, own: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === new URL(own).host;
}

/** The request of a form, keyed by the form that was drawn: sending it twice has one effect. */
export function formRequest(request: FastifyRequest, session: Session): Request {
  const fields = readFields(request);
  const once = fields['once'] ?? '';
  const body = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'form'));
  const spelled = canonicalJson({ page: request.url, body });
  return {
    actor: session.person,
    key: /^[\w-]{1,64}$/.test(once) ? `page/${once}` : null,
    bodySha256: createHash('sha256').update(spelled).digest('hex'),
  };
}

export type Done<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refused: RefusedForm };

/** Checks the fields of a form against a schema, then runs the command; what is refused can be drawn again. */
export async function runForm<Input, T>(
  form: string,
  request: FastifyRequest,
  schema: z.ZodType<Input>,
  run: (input: Input) => Promise<Answer<T>>,
): Promise<Done<T>> {
  const fields = readFields(request);
  const values = Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== 'form' && name !== 'once'),
  );
  const parsed = schema.safeParse(values);
  if (!parsed.success)
    return { ok: false, refused: { form, values, problem: fieldProblem(parsed.error) } };
  const answer = await run(parsed.data);
  if (answer.ok) return { ok: true, value: answer.value };
  return { ok: false, refused: { form, values, problem: answer.problem } };
}

function fieldProblem(error: z.ZodError): Problem {
  return {
    type: 'invalid',
    detail: 'Nothing was changed. Look at what is wrong below.',
    errors: error.issues.map((issue) => ({
      pointer: `/${issue.path.join('/')}`,
      detail: issue.message,
    })),
  };
}
