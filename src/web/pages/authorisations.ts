/** The page of what was settled in advance: standing authorisations, and which words a lawyer has reviewed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { reviewWording } from '../../commands/review-wording.ts';
import {
  adviseOnAuthorisation,
  proposeAuthorisation,
  revokeAuthorisation,
  signAuthorisation,
} from '../../commands/standing-authorisation.ts';
import type { Answer, Request } from '../../commands/command.ts';
import { wordingInForce, type WordsWithReview } from '../../commands/wording-in-force.ts';
import { mayDo, type Right } from '../../domain/actor.ts';
import type { StandingAuthorisation } from '../../domain/release-ports.ts';
import { digest, line, text, time } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import type { Session } from '../who.ts';
import { choices, formContext, postForm, textArea, textInput } from './fields.ts';
import { formRequest, runForm } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';

const hidden = { config: { right: 'read-case' }, schema: { hide: true } } as const;
const reason = text(5_000);
const listed = line(20_000).transform((keys) => keys.split(/[\s,]+/).filter((one) => one !== ''));

interface PageForm<Input> {
  readonly path: string;
  readonly form: string;
  readonly schema: z.ZodType<Input>;
  readonly run: (
    request: Request,
    input: Input,
    authorisationId: string,
  ) => Promise<Answer<unknown>>;
}

/** Routes of the page; each of its forms is one command. */
export function authorisationRoutes(app: FastifyInstance, ports: WebPorts): void {
  app.get('/authorisations', hidden, (request, reply) => sendPageOf(ports, request, reply, null));
  proposalForm(app, ports);
  memberForms(app, ports);
}

function pageForm<Input>(app: FastifyInstance, ports: WebPorts, form: PageForm<Input>): void {
  app.post(form.path, hidden, async (request, reply) => {
    const { authorisation = '' } = request.params as { authorisation?: string };
    const outcome = await runForm(form.form, request, form.schema, (input) =>
      form.run(formRequest(request, sessionOf(request)), input, authorisation),
    );
    if (outcome.ok) return reply.redirect('/authorisations?done=1', 303);
    return sendPageOf(ports, request, reply, outcome.refused);
  });
}

function proposalForm(app: FastifyInstance, ports: WebPorts): void {
  const number = (most: number) => z.coerce.number('type a number').int().min(1).max(most);
  pageForm(app, ports, {
    path: '/authorisations',
    form: 'proposal',
    schema: z.object({
      title: line(200),
      recipientKinds: text(100)
        .transform((kinds) => kinds.split('\n'))
        .pipe(z.array(z.enum(['authority', 'controller'])).min(1)),
      affiliateKeys: z.union([z.literal('').transform((): string[] => []), listed]).default([]),
      maxRecipients: number(1_000_000),
      withinHoursOfDue: number(720),
      unapprovedMinutesBeforeDue: number(43_200),
      validFrom: time,
      validUntil: time,
      reason,
    }),
    run: (request, { validFrom, validUntil, ...terms }) =>
      proposeAuthorisation(ports.house, request, {
        ...terms,
        authorisationId: uuidv7(),
        validFrom: validFrom.at,
        validUntil: validUntil.at,
      }),
  });
}

function memberForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  const under = (act: string): string => `/authorisations/:authorisation/${act}`;
  const id = z.uuid();
  pageForm(app, ports, {
    path: under('signature'),
    form: 'signature',
    schema: z.object({}),
    run: (request, _input, authorisationId) =>
      signAuthorisation(house, request, { authorisationId: id.parse(authorisationId) }),
  });
  pageForm(app, ports, {
    path: under('opinion'),
    form: 'opinion',
    schema: z.object({ text: reason }),
    run: (request, input, authorisationId) =>
      adviseOnAuthorisation(house, request, {
        ...input,
        authorisationId: id.parse(authorisationId),
      }),
  });
  pageForm(app, ports, {
    path: under('revocation'),
    form: 'revocation',
    schema: z.object({ reason }),
    run: (request, input, authorisationId) =>
      revokeAuthorisation(house, request, { ...input, authorisationId: id.parse(authorisationId) }),
  });
  pageForm(app, ports, {
    path: '/authorisations/wording',
    form: 'wording',
    schema: z.object({
      template: line(200),
      language: line(2),
      sha256: digest,
      verdict: z.enum(['reviewed', 'withdrawn']),
      note: reason,
    }),
    run: (request, input) => reviewWording(house, ports.freeze.wording, request, input),
  });
}

interface Shown {
  readonly items: readonly StandingAuthorisation[];
  readonly words: readonly WordsWithReview[];
  readonly session: Session;
  readonly refused: RefusedForm | null;
}

async function sendPageOf(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const shown = await ports.house.as(session.person, async (store) => ({
    items: await store.releases.authorisations(),
    words: await wordingInForce(store, ports.freeze.wording),
  }));
  const isDone = (request.query as Readonly<Record<string, unknown>>)['done'] === '1';
  const page = layout({
    title: 'Standing authorisations and wording',
    session,
    refused,
    done: refused === null && isDone ? 'Recorded.' : null,
    mailboxUrl: ports.mailboxUrl,
    body: body({ ...shown, session, refused }),
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), page);
}

function body(page: Shown): Html {
  return html`<h1>Standing authorisations and wording</h1>
    <p>
      An initial notice nobody approved may leave by itself shortly before its due, under a policy
      two people signed in advance. Never to data subjects; never with words no lawyer has reviewed.
    </p>
    <section aria-labelledby="standing">
      <h2 id="standing">Standing authorisations</h2>
      ${page.items.length === 0 ? html`<p class="empty">None has been proposed.</p>` : page.items.map((one) => card(page, one))}
      ${mayDo(page.session.person, 'sign-authorisation') ? proposal(page) : nothing}
    </section>
    <section aria-labelledby="wording">
      <h2 id="wording">Wording</h2>
      ${page.words.map((one) => wordsOf(page, one))}
    </section>`;
}

function card(page: Shown, one: StandingAuthorisation): Html {
  const to = one.recipientKinds.map((kind) =>
    kind === 'authority' ? 'authorities' : 'controllers',
  );
  const where =
    one.affiliateKeys.length === 0 ? 'of every affiliate' : `of ${one.affiliateKeys.join(', ')}`;
  return html`<article class="panel" id="a-${one.authorisationId}">
    <h3>${one.title}</h3>
    <p class="next">${one.fault === null ? 'In force' : `Not in force: ${one.fault}.`}</p>
    <p>
      Initial notices to ${to.join(' and ')} ${where}, at most ${one.maxRecipients} recipients; when
      the due is less than ${one.withinHoursOfDue} h away and nobody approved by
      ${one.unapprovedMinutesBeforeDue} min before it. From ${one.validFrom} until
      ${one.validUntil}.
    </p>
    <p>${one.reason}</p>
    <p class="meta">
      Proposed by ${one.proposedBy}; signed by ${one.signers.map(({ name }) => name).join(', ')}.
      ${one.revoked === null ? '' : `Revoked by ${one.revoked.by}: ${one.revoked.reason}`}
    </p>
    ${one.opinions.map((opinion) => html`<p>Opinion of ${opinion.by}: ${opinion.text}</p>`)}
    ${one.revoked === null ? memberActs(page, one) : nothing}
  </article>`;
}

function memberActs(page: Shown, one: StandingAuthorisation): Html {
  const { session, refused } = page;
  const may = (right: Right): boolean => mayDo(session.person, right);
  const to = (act: string) => ({ action: `/authorisations/${one.authorisationId}/${act}` });
  const signed = one.signers.some(({ personId }) => personId === session.person.personId);
  return html`${
    may('sign-authorisation') && !signed
      ? postForm(session, to('signature'), html`<button type="submit">Sign it</button>`)
      : nothing
  }
  ${
    may('give-opinion')
      ? postForm(
          session,
          to('opinion'),
          html`${textArea(formContext('opinion', refused), { name: 'text', label: 'Opinion' })}
            <button type="submit" class="second">Put it on record</button>`,
        )
      : nothing
  }
  ${
    may('revoke-authorisation')
      ? postForm(
          session,
          to('revocation'),
          html`${textArea(formContext('revocation', refused), { name: 'reason', label: 'Why it ends', rows: 2 })}
            <button type="submit" class="danger">Revoke it now</button>`,
        )
      : nothing
  }`;
}

function proposal({ session, refused }: Shown): Html {
  const form = formContext('proposal', refused);
  const input = (name: string, label: string, value?: string) =>
    textInput(form, { name, label, ...(value === undefined ? {} : { value }) });
  return html`<details class="adding" ${refused?.form === 'proposal' ? html` open` : nothing}>
    <summary>Propose one and sign it first</summary>
    ${postForm(
      session,
      { action: '/authorisations' },
      html`${input('title', 'Title')}
        ${choices(form, {
          name: 'recipientKinds',
          label: 'Initial notices to',
          many: true,
          options: [
            { value: 'authority', label: 'authorities' },
            { value: 'controller', label: 'controllers' },
          ],
        })}
        ${textInput(form, { name: 'affiliateKeys', label: 'Only these affiliates', required: false, hint: 'Keys, apart by commas. Empty: all.' })}
        ${input('maxRecipients', 'Recipients of one notice at most', '1')}
        ${input('withinHoursOfDue', 'Only when the due is less than so many hours away', '24')}
        ${input('unapprovedMinutesBeforeDue', 'When nobody approved by so many minutes before the due', '60')}
        ${input('validFrom', 'Valid from, with offset')}
        ${input('validUntil', 'Valid until, with offset')}
        ${textArea(form, { name: 'reason', label: 'Why' })}
        <button type="submit">Propose and sign</button>`,
    )}
  </details>`;
}

function wordsOf({ session, refused }: Shown, one: WordsWithReview): Html {
  const { template, language, sha256, review } = one;
  const standing = review?.verdict === 'reviewed';
  const said =
    review === null
      ? 'Nobody has reviewed these words.'
      : `${review.verdict} by ${review.by}: ${review.note}`;
  return html`<article class="panel">
    <h3>${template}, ${language}</h3>
    <p>${said}</p>
    <p><code class="digest">${sha256}</code></p>
    ${
      mayDo(session.person, 'review-wording')
        ? postForm(
            session,
            { action: '/authorisations/wording' },
            html`<input type="hidden" name="template" value="${template}" />
              <input type="hidden" name="language" value="${language}" />
              <input type="hidden" name="sha256" value="${sha256}" />
              <input type="hidden" name="verdict" value="${standing ? 'withdrawn' : 'reviewed'}" />
              ${textInput(formContext(`wording-${template.replace('/', '-')}-${language}`, refused), { name: 'note', label: 'What you found' })}
              <button type="submit" class="second">
                ${standing ? 'Withdraw the review' : 'Record my review of exactly these words'}
              </button>`,
          )
        : nothing
    }
  </article>`;
}
