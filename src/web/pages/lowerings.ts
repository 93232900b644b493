/** Lowerings on the page of a case: each with both results and who said what; the form that proposes one. */
import { mayDo } from '../../domain/actor.ts';
import { factChoices } from '../../domain/facts.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { Lowering, LoweringAct } from '../../domain/lowering.ts';
import type { CasePage } from './case-data.ts';
import { choices, formContext, postForm, select, textArea, textInput } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';
import { tag } from './words.ts';

export const loweringKinds = [
  { value: 'not-a-breach', label: 'It is not a personal data breach' },
  { value: 'facts', label: 'A fact: less, or nothing, was disclosed; no personal data; not ours' },
  { value: 'excluded', label: 'Somebody is excluded: their data were not affected' },
  { value: 'later-awareness', label: 'We became aware later' },
  { value: 'not-notified', label: 'Somebody is not notified' },
] as const;

/** Names a claim that lowers can be made of here. */
export const claimable = [
  ...(['exfiltration', 'confidentiality.state', 'personalDataInvolved'] as const),
  ...(['breachOfSecurity', 'role'] as const),
];

/** What was lowered, what is proposed, and what is missing before it counts; absent when there is none. */
export function loweringSection(page: CasePage): Html {
  if (page.lowerings.length === 0) return nothing;
  return html`<section aria-labelledby="lowerings">
    <h2 id="lowerings">Lowerings</h2>
    <ul class="tasks">
      ${page.lowerings.map((one) => loweringLine(page, one))}
    </ul>
  </section>`;
}

function loweringLine(page: CasePage, one: Lowering): Html {
  const zone = page.view.awareZone;
  const { coverage, opinion, decision } = one;
  return html`<li id="lowering-${one.loweringId}">
    <p>
      ${stateTag(one.state)} <strong>${actWords(page, one.act)}</strong>
      <span class="meta">proposed by ${one.proposedByName}, ${timeTag(one.proposedAt, zone)}</span>
    </p>
    <p>${one.reason}</p>
    <p class="meta">
      Evidence: ${one.evidence}. Logs: ${coverage.logs.join(', ')},
      ${timeTag(coverage.fromAt, zone)} to ${timeTag(coverage.untilAt, zone)}; gaps:
      ${coverage.gaps}
    </p>
    <p class="meta">
      Without it: ${resultWords(one.resultBefore)}. With it: ${resultWords(one.resultAfter)}.
    </p>
    ${
      opinion === null
        ? html`<p>Missing: the opinion of the DPO.</p>`
        : html`<p>
            Opinion of ${opinion.byName}, ${opinion.favours ? 'for' : 'against'}: ${opinion.text}
          </p>`
    }
    ${
      decision === null
        ? nothing
        : html`<p class="meta">
            ${one.state} by ${decision.byName}, ${timeTag(decision.at, zone)}
            ${decision.reason === null ? '' : `: ${decision.reason}`}
          </p>`
    }
    ${one.state === 'proposed' && page.view.state !== 'closed' ? answerForms(page, one) : nothing}
  </li>`;
}

function stateTag(state: Lowering['state']): Html {
  if (state === 'proposed') return tag('proposed', 'ask');
  return state === 'confirmed' ? tag('confirmed', 'run') : tag('declined', 'off');
}

function actWords(page: CasePage, act: LoweringAct): string {
  switch (act.kind) {
    case 'not-a-breach':
      return 'Not a personal data breach';
    case 'facts':
      return act.facts.map(({ name, value }) => `${name}: ${words(value)}`).join('; ');
    case 'excluded':
      return `Excluded: ${act.entries.map(({ select: what, key }) => `${what} ${key}`).join(', ')}`;
    case 'later-awareness':
      return `Aware later, at ${act.awareAt}`;
    case 'not-notified': {
      const found = page.obligations.find(({ obligationId }) => obligationId === act.obligationId);
      return `Not notified: ${found?.recipientName ?? act.obligationId}`;
    }
  }
}

function resultWords(result: JsonObject): string {
  return Object.entries(result)
    .map(([name, value]) => `${name} ${words(value)}`)
    .join(', ');
}

function words(value: JsonValue): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.map((one: JsonValue) => words(one)).join(' and ');
  if (typeof value === 'object') return `(${resultWords(value as JsonObject)})`;
  return String(value).replaceAll('_', ' ');
}

function answerForms(page: CasePage, one: Lowering): Html {
  const { person } = page.session;
  const path = `/cases/${page.view.reference}/lowerings/${one.loweringId}`;
  if (one.opinion === null && mayDo(person, 'give-opinion')) return opinionForm(page, one, path);
  if (!mayDo(person, 'confirm-lowering')) return nothing;
  if (one.opinion === null || one.proposedBy === person.personId) {
    return declineForm(page, one, path);
  }
  return html`${postForm(
    page.session,
    { action: `${path}/confirmation`, className: 'act inline' },
    html`<button type="submit">Confirm: it counts at once</button>`,
  )}
  ${declineForm(page, one, path)}`;
}

function opinionForm(page: CasePage, one: Lowering, path: string): Html {
  const form = formContext(`opinion-${one.loweringId}`, page.refused);
  return postForm(
    page.session,
    { action: `${path}/opinion`, className: 'act inline' },
    html`${choices(form, {
        name: 'favours',
        label: 'Your opinion as DPO',
        options: [
          { value: 'yes', label: 'For it' },
          { value: 'no', label: 'Against it' },
        ],
      })}
      ${textArea(form, { name: 'text', label: 'Opinion', rows: 2 })}
      <button type="submit">Put the opinion on record</button>`,
  );
}

function declineForm(page: CasePage, one: Lowering, path: string): Html {
  const form = formContext(`decline-${one.loweringId}`, page.refused);
  return html`<details class="adding">
    <summary>Decline it</summary>
    ${postForm(
      page.session,
      { action: `${path}/refusal`, className: 'act inline' },
      html`${textArea(form, { name: 'reason', label: 'Reason', rows: 2 })}
        <button type="submit" class="second">Decline</button>`,
    )}
  </details>`;
}

/** The fields that propose a lowering; which of the middle ones count follows from the first. */
export function proposeFields(page: CasePage): Html {
  const form = formContext('lowerings', page.refused);
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  const open = page.obligations.filter(
    ({ state, recipientKind, recipientKey, dispatchedAt }) =>
      (state === 'owed' ||
        state === 'to-decide' ||
        (state === 'not-owed' &&
          recipientKind === 'authority' &&
          recipientKey !== 'controllers-decide')) &&
      recipientKind !== 'register' &&
      dispatchedAt === null,
  );
  const optional = { required: false } as const;
  return html`<p class="hint">
      It counts once the DPO has given an opinion and another person has confirmed it.
    </p>
    ${choices(form, { name: 'kind', label: 'What is less than stands?', options: loweringKinds })}
    ${select(form, { ...optional, name: 'fact', label: 'The fact, if it is one', options: plain(claimable) })}
    ${textInput(form, { ...optional, name: 'value', label: 'Its value', hint: valueHint() })}
    ${select(form, {
      ...optional,
      name: 'select',
      label: 'Who is excluded, if somebody is: all of one',
      options: plain(['customer', 'engagement', 'processing', 'product', 'asset']),
    })}
    ${textInput(form, { ...optional, name: 'key', label: 'Its key', hint: 'As the catalogue has it.' })}
    ${textInput(form, { ...optional, name: 'awareAt', label: 'Aware at, if later', hint: 'With its offset.' })}
    ${select(form, {
      ...optional,
      name: 'obligationId',
      label: 'Who is not notified, if somebody is not',
      options: [
        { value: '', label: 'nobody chosen' },
        ...open.map(({ obligationId, recipientName, provision }) => ({
          value: obligationId,
          label: `${recipientName}, ${provision}`,
        })),
      ],
    })}
    ${textArea(form, { name: 'reason', label: 'Reason', rows: 2 })}
    ${textArea(form, { name: 'evidence', label: 'Evidence', rows: 2 })}
    ${textInput(form, { name: 'fromAt', label: 'Logs from', hint: 'With its offset, such as 2026-06-14T00:00:00+02:00.' })}
    ${textInput(form, { name: 'untilAt', label: 'Logs until' })}
    ${textArea(form, { name: 'logs', label: 'Which logs', hint: 'One a line.', rows: 2 })}
    ${textArea(form, { name: 'gaps', label: 'What they do not show', hint: '"None known" is an answer.', rows: 2 })}
    <button type="submit">Propose it</button>`;
}

function valueHint(): string {
  return claimable.map((name) => `${name}: ${factChoices(name).values.join(', ')}`).join('; ');
}
