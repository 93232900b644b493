/** The page "Readiness": every authority the group may have to notify, who can file there, and the acts that change it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { mayDo } from '../../domain/actor.ts';
import { confirmAddress, withdrawAddress } from '../../commands/confirm-address.ts';
import { listReadiness, type ReadinessLine } from '../../commands/list-readiness.ts';
import { recordReadiness } from '../../commands/record-readiness.ts';
import type { Answer, Request } from '../../commands/command.ts';
import { line, text } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import type { Session } from '../who.ts';
import {
  formContext,
  formNameOf,
  postForm,
  select,
  textArea,
  textInput,
  type Option,
} from './fields.ts';
import { formRequest, readFields, runForm } from './forms.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';
import { tag } from './words.ts';

const config = { right: 'read-readiness' } as const;
const none = z.literal('').transform(() => null);
const optionalId = z.union([none, z.uuid()]).default(null);

const recordForm = z.object({
  authorityId: line(100),
  affiliateKey: line(200),
  account: z.enum(['exists', 'missing', 'not-needed']),
  accountHolderId: optionalId,
  eid: z.enum(['held', 'missing', 'not-needed']),
  eidHolderId: optionalId,
  deputyId: optionalId,
  testedOn: z.union([none, z.iso.date('is not a day such as 2026-05-31')]).default(null),
  filingMinutes: z.union([none, z.coerce.number().int().min(1).max(4_320)]).default(null),
  formVersion: z.union([none, line(200)]).default(null),
  note: z.union([none, text(2_000)]).default(null),
});
const addressForm = z.object({ authorityId: line(100), email: line(320), evidence: text(2_000) });
const withdrawalForm = z.object({ authorityId: line(100), reason: text(2_000) });

/** Shows readiness and takes its three forms. */
export function readinessPages(app: FastifyInstance, ports: WebPorts): void {
  app.get('/readiness', { config, schema: { hide: true } }, (request, reply) =>
    sendReadiness(ports, request, reply, null),
  );
  const form = <Input>(
    path: string,
    schema: z.ZodType<Input>,
    run: (request: Request, input: Input) => Promise<Answer<unknown>>,
  ): void => {
    app.post(`/readiness/${path}`, { config, schema: { hide: true } }, async (request, reply) => {
      const name = lineForm(path, readFields(request));
      const asked = formRequest(request, sessionOf(request));
      const outcome = await runForm(name, request, schema, (input) => run(asked, input));
      if (outcome.ok) return reply.redirect('/readiness?done=1', 303);
      return sendReadiness(ports, request, reply, outcome.refused);
    });
  };
  form('record', recordForm, (asked, input) => recordReadiness(ports.house, asked, input));
  form('address', addressForm, (asked, input) => confirmAddress(ports.house, asked, input));
  form('withdrawal', withdrawalForm, (asked, input) => withdrawAddress(ports.house, asked, input));
}

// Several affiliates may answer to one authority, so a form is one of its line, not of its authority.
function lineForm(path: string, line: Readonly<Record<string, unknown>>): string {
  return formNameOf(path, String(line['authorityId']), String(line['affiliateKey']));
}

interface Shown {
  readonly session: Session;
  readonly refused: RefusedForm | null;
  readonly people: readonly Option[];
}

async function sendReadiness(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const { lines, people } = await ports.house.as(session.person, async (store) => ({
    lines: await listReadiness(store),
    people: await store.readiness.people(),
  }));
  const named = people.map(({ personId, name }) => ({ value: personId, label: name }));
  const shown = { session, refused, people: [{ value: '', label: 'nobody' }, ...named] };
  const query = request.query as Readonly<Record<string, unknown>>;
  const body = html`<h1>Readiness</h1>
    <p>
      The authorities the group may have to notify, worst first. Most take notices from a person
      only: each line says who can file there, and how long a filing takes. It must begin that long
      before its due.
    </p>
    ${
      lines.length === 0
        ? html`<p class="empty">The catalogue holds no affiliate yet.</p>`
        : html`<ul class="ready">
            ${lines.map((one) => row(shown, one))}
          </ul>`
    }`;
  const frame = layout({
    title: 'Readiness',
    session,
    refused,
    done: refused === null && query['done'] === '1' ? 'Recorded.' : null,
    mailboxUrl: ports.mailboxUrl,
    body,
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), frame);
}

const tones = { red: 'bad', amber: 'ask', green: 'good' } as const;

function row(shown: Shown, one: ReadinessLine): Html {
  const { record, plan, address, proposed } = one;
  const may = (right: 'record-readiness' | 'confirm-address'): boolean =>
    mayDo(shown.session.person, right);
  return html`<li class="obligation">
    <div class="line-state">${tag(one.light, tones[one.light])}</div>
    <div class="line-what">
      <strong>${one.authorityName}</strong>
      <span>${one.affiliateName}</span>
      <span class="meta">${one.authorityId}</span>
      ${one.reasons.map((reason) => html`<p class="why">${reason}</p>`)}
      ${record === null ? nothing : html`<p class="meta">${recordWords(record)}</p>`}
      ${address === null ? nothing : html`<p class="meta">A machine sends to ${address.email}, confirmed by ${address.namedByName}${address.secondedByName === null ? '' : ` and ${address.secondedByName}`}.</p>`}
      ${proposed === null ? nothing : html`<p class="why">Proposed by ${proposed.namedByName}, waits for a second person: ${proposed.email}</p>`}
      <p class="meta">${one.note}</p>
      ${one.url === null ? nothing : html`<p class="meta"><a href="${one.url}" rel="noreferrer">${one.url}</a></p>`}
      ${may('record-readiness') ? recordDetails(shown, one) : nothing}
      ${may('confirm-address') ? addressDetails(shown, one) : nothing}
    </div>
    <div class="line-clock">
      ${
        one.way === 'machine'
          ? 'sent by machine'
          : html`filing takes ${plan.minutes} min
              <span class="meta"
                >${plan.isRehearsed ? 'as rehearsed' : 'by policy, not rehearsed'}</span
              >`
      }
    </div>
  </li>`;
}

function recordWords(record: NonNullable<ReadinessLine['record']>): string {
  const said = [
    `Account ${record.account}${record.accountHolderName === null ? '' : ` (${record.accountHolderName})`}`,
    `eID ${record.eid}${record.eidHolderName === null ? '' : ` (${record.eidHolderName})`}`,
    `deputy ${record.deputyName ?? 'nobody'}`,
    `tested ${record.testedOn ?? 'never'}`,
    ...(record.formVersion === null ? [] : [`form: ${record.formVersion}`]),
  ];
  return `${said.join('; ')}. Recorded by ${record.recordedByName}.`;
}

const words = (...values: readonly string[]): Option[] =>
  values.map((value) => ({ value, label: value.replaceAll('-', ' ') }));

function hidden(one: ReadinessLine): Html {
  return html`<input type="hidden" name="authorityId" value="${one.authorityId}" /><input
      type="hidden"
      name="affiliateKey"
      value="${one.affiliateKey}"
    />`;
}

function recordDetails({ session, refused, people }: Shown, one: ReadinessLine): Html {
  const form = formContext(lineForm('record', { ...one }), refused);
  const { record } = one;
  const who = (name: string, label: string, value: string | null | undefined): Html =>
    select(form, { name, label, required: false, options: people, value: value ?? '' });
  return html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
    <summary>Record what you found</summary>
    ${postForm(
      session,
      { action: '/readiness/record', className: 'act inline' },
      html`${hidden(one)}
        ${select(form, { name: 'account', label: 'Account', options: words('exists', 'missing', 'not-needed'), value: record?.account ?? 'missing' })}
        ${who('accountHolderId', 'Who holds the account', record?.accountHolderId)}
        ${select(form, { name: 'eid', label: 'eID', options: words('held', 'missing', 'not-needed'), value: record?.eid ?? 'missing' })}
        ${who('eidHolderId', 'Who holds the eID', record?.eidHolderId)}
        ${who('deputyId', 'Deputy', record?.deputyId)}
        ${textInput(form, { name: 'testedOn', label: 'Tested on', required: false, hint: 'A day such as 2026-05-31.', value: record?.testedOn ?? '' })}
        ${textInput(form, { name: 'filingMinutes', label: 'Minutes a rehearsed filing took', required: false, value: record?.filingMinutes === null || record === null ? '' : String(record.filingMinutes) })}
        ${textInput(form, { name: 'formVersion', label: 'Version of the form seen', required: false, value: record?.formVersion ?? '' })}
        ${textArea(form, { name: 'note', label: 'Note', required: false, rows: 2, value: record?.note ?? '' })}
        <button type="submit">Record</button>`,
    )}
  </details>`;
}

function addressDetails({ session, refused }: Shown, one: ReadinessLine): Html {
  if (one.knownEmail === null && one.address === null && one.proposed === null) return nothing;
  const form = formContext(lineForm('address', { ...one }), refused);
  const end = formContext(lineForm('withdrawal', { ...one }), refused);
  const open = form.refused === null && end.refused === null ? nothing : html` open`;
  return html`<details class="adding" ${open}>
    <summary>Address for a machine</summary>
    ${postForm(
      session,
      { action: '/readiness/address', className: 'act inline' },
      html`${hidden(one)}
        ${textInput(form, { name: 'email', label: 'Address', value: one.proposed?.email ?? one.knownEmail ?? '' })}
        ${textInput(form, { name: 'evidence', label: 'How do you know?' })}
        <button type="submit">Answer for this address</button>
        <p class="hint">After the first one, a change needs a second person.</p>`,
    )}
    ${
      one.address === null && one.proposed === null
        ? nothing
        : postForm(
            session,
            { action: '/readiness/withdrawal', className: 'act inline' },
            html`${hidden(one)}
              ${textInput(end, { name: 'reason', label: 'Why take it out of use?' })}
              <button type="submit" class="danger">Take it out of use</button>`,
          )
    }
  </details>`;
}
