/** What is known on a case page: what was hit, who is exposed, the facts, and the forms that add to them. */
import { mayDo } from '../../domain/actor.ts';
import { factChoices, factNames, isFactName, type FactName } from '../../domain/facts.ts';
import type { CaseView } from '../../domain/views.ts';
import type { CasePage } from './case-data.ts';
import {
  choices,
  formContext,
  postForm,
  select,
  textArea,
  textInput,
  type FormContext,
} from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';
import { gradeWords, positionWords, valueWords, visibilityWords } from './words.ts';

/** What was named as hit, and how engagements and own processings stand. */
export function exposureSection({ view }: CasePage): Html {
  return html`<section aria-labelledby="exposure">
    <h2 id="exposure">Exposure</h2>
    <p>
      <span class="meta">Hit:</span>
      ${
        view.hits.length === 0
          ? 'nothing named yet'
          : view.hits.map(
              (hit) => html`<span class="hit">${hit.kind} <code>${hit.key}</code></span> `,
            )
      }
    </p>
    ${
      view.exposureCounts.length === 0
        ? html`<p class="empty">Not scoped yet.</p>`
        : html`<div class="wide" tabindex="0" role="region" aria-labelledby="exposure">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Grade</th>
                    <th scope="col">What</th>
                    <th scope="col">Our role</th>
                    <th scope="col">Visibility</th>
                    <th scope="col" class="number">Count</th>
                    <th scope="col" class="number">Customers</th>
                  </tr>
                </thead>
                <tbody>
                  ${view.exposureCounts.map(exposureRow)}
                </tbody>
              </table>
            </div>
            <p class="meta">Our legal positions:</p>
            <ul>
              ${view.tracks.map((track) => html`<li>${positionWords(track)}</li>`)}
            </ul>
            <p class="meta">
              ${view.subjects.toLocaleString('en-GB')} people in own processings.
              ${view.catalogueVersion === null ? '' : `Catalogue version ${String(view.catalogueVersion)}.`}
            </p>`
    }
  </section>`;
}

function exposureRow(one: CaseView['exposureCounts'][number]): Html {
  const grade = gradeWords[one.grade as keyof typeof gradeWords];
  return html`<tr>
    <td>${grade}</td>
    <td>${one.kind === 'processing' ? 'own processing' : one.kind}</td>
    <td>${one.role}</td>
    <td>
      ${one.visibility === null ? 'own data' : (visibilityWords[one.visibility] ?? one.visibility)}
    </td>
    <td class="number">${one.count.toLocaleString('en-GB')}</td>
    <td class="number">
      ${one.kind === 'processing' ? '' : one.customers.toLocaleString('en-GB')}
    </td>
  </tr>`;
}

/** The facts as they stand now, and how to record one. */
export function factSection(page: CasePage): Html {
  const { view, session } = page;
  const mayRecord = mayDo(session.person, 'record-facts') && view.state !== 'closed';
  return html`<section aria-labelledby="facts">
    <h2 id="facts">Facts</h2>
    ${
      view.facts.length === 0
        ? html`<p class="empty">None recorded. What nobody knows counts as the worse value.</p>`
        : html`<div class="wide" tabindex="0" role="region" aria-labelledby="facts">
            <table>
              <thead>
                <tr>
                  <th scope="col">Fact</th>
                  <th scope="col">Value</th>
                  <th scope="col">Certainty</th>
                  <th scope="col">Source, observed</th>
                </tr>
              </thead>
              <tbody>
                ${view.facts.map((fact) => factRow(view, fact))}
              </tbody>
            </table>
          </div>`
    }
    ${mayRecord ? recordFact(page) : nothing}
  </section>`;
}

function factRow(view: CaseView, fact: CaseView['facts'][number]): Html {
  return html`<tr>
    <td><code>${fact.name}</code>${fact.about === 'case' ? '' : ` about ${fact.about}`}</td>
    <td>${valueWords(fact.value)}</td>
    <td>${fact.certainty}</td>
    <td class="meta">
      ${fact.source}, ${timeTag(fact.observedAt, view.awareZone)}, by ${fact.recordedBy}
    </td>
  </tr>`;
}

function recordFact(page: CasePage): Html {
  const chosen = page.fact !== null && isFactName(page.fact) ? page.fact : null;
  const path = `/cases/${page.view.reference}`;
  return html`<details class="adding" ${chosen === null ? nothing : html` open`} id="act-facts">
    <summary>Record a fact</summary>
    <form class="choose" method="get" action="${path}#act-facts">
      <div class="field">
        <label for="choose-fact">Which fact</label>
        <select id="choose-fact" name="fact">
          ${factNames.map(
            (name) => html`<option${name === chosen ? html` selected` : nothing}>${name}</option>`,
          )}
        </select>
      </div>
      <button type="submit" class="second">Choose</button>
    </form>
    ${chosen === null ? nothing : factForm(page, chosen)}
  </details>`;
}

function factForm(page: CasePage, name: FactName): Html {
  const form = formContext('facts', page.refused);
  return postForm(
    page.session,
    { action: `/cases/${page.view.reference}/facts` },
    html`<input type="hidden" name="name" value="${name}" />
      ${valueField(form, name)}
      ${select(form, {
        name: 'certainty',
        label: 'How sure',
        value: 'confirmed',
        options: ['confirmed', 'estimated', 'range', 'unknown'].map((value) => ({
          value,
          label: value,
        })),
      })}
      ${textInput(form, { name: 'source', label: 'Source', hint: 'A log, a person, a report: where this comes from.' })}
      ${textInput(form, {
        name: 'about',
        label: 'About',
        value: 'case',
        hint: '"case", or the key of one own processing or product.',
      })}
      <button type="submit">Record ${name}</button>`,
  );
}

function valueField(form: FormContext, name: FactName): Html {
  const { kind, values } = factChoices(name);
  const options = values.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  const field = { name: 'value', label: name };
  switch (kind) {
    case 'choice':
      return choices(form, { ...field, options });
    case 'choices':
      return choices(form, { ...field, options, many: true, required: false });
    case 'flag':
      return choices(form, {
        ...field,
        options: [
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ],
      });
    case 'count':
    case 'number':
      return textInput(form, {
        ...field,
        required: false,
        hint: 'A number of 0 or more; leave empty when nobody knows.',
      });
    case 'texts':
      return textArea(form, { ...field, required: false, hint: 'One a line.' });
    case 'text-or-nothing':
      return textArea(form, { ...field, required: false });
  }
}
