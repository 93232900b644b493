/** The rules as pages: each provision with every dated text, its source and how far it was checked, and the cases it stands in. */
import type { FastifyInstance } from 'fastify';
import { periodText } from '../../law/period.ts';
import { allProvisions, type Provision } from '../../law/provisions.ts';
import { regimeNames } from '../../law/regimes.ts';
import { ProblemError } from '../problems.ts';
import type { WebPorts } from '../ports.ts';
import { layout } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { ruleLink } from './rule-link.ts';
import { sessionOf } from './signed-in.ts';
import { verificationWords } from './words.ts';

const config = { right: 'read-case' } as const;

type CasesUnder = readonly {
  readonly reference: string;
  readonly title: string;
  readonly state: string;
}[];

/** The list of rules, and one page for each. */
export function rulePages(app: FastifyInstance, ports: WebPorts): void {
  app.get('/rules', { config, schema: { hide: true } }, (request, reply) =>
    sendPage(reply, 200, layout({ title: 'Rules', session: sessionOf(request), body: listBody() })),
  );
  app.get('/rules/*', { config, schema: { hide: true } }, async (request, reply) => {
    const { '*': id } = request.params as { readonly '*': string };
    const texts = allProvisions.filter((text) => text.id === id);
    if (texts.length === 0) throw new ProblemError('not-found', 'There is no rule of this id.');
    const cases = await ports.house.as(sessionOf(request).person, ({ views }) =>
      views.casesUnder(id),
    );
    const body = ruleBody(id, texts, cases);
    return sendPage(reply, 200, layout({ title: id, session: sessionOf(request), body }));
  });
}

function listBody(): Html {
  const byRegime = [...Map.groupBy(allProvisions, (text) => text.regime)];
  return html`<h1>Rules</h1>
    <p>
      Tocsin prepares and proves; it does not give legal advice. Each rule says how far its text was
      checked.
    </p>
    ${byRegime.map(
      ([regime, texts]) =>
        html`<section>
          <h2>${regimeNames[regime]}</h2>
          <ul>
            ${texts.map(
              (text) =>
                html`<li>
                  ${ruleLink(text.id)} ${text.label}
                  <span class="meta"
                    >${text.citation}, ${datesOf(text)},
                    ${verificationWords(text.verification)}</span
                  >
                </li>`,
            )}
          </ul>
        </section>`,
    )}`;
}

function ruleBody(id: string, texts: readonly Provision[], cases: CasesUnder): Html {
  return html`<p class="path"><a href="/rules">Rules</a> <span aria-hidden="true">/</span> ${id}</p>
    <h1>${texts[0]?.label ?? id}</h1>
    ${texts.map(textSection)}
    <section aria-labelledby="cases">
      <h2 id="cases">Cases it stands in</h2>
      ${
        cases.length === 0
          ? html`<p class="empty">None that you may see.</p>`
          : html`<ul>
              ${cases.map(
                (one) =>
                  html`<li>
                    <a href="/cases/${one.reference}">${one.reference}</a> ${one.title}
                    <span class="meta">${one.state}</span>
                  </li>`,
              )}
            </ul>`
      }
    </section>`;
}

function textSection(text: Provision): Html {
  const given =
    text.period === null ? 'no number' : `${periodText(text.period)} from ${text.runsFrom}`;
  const use =
    text.use === 'obligation'
      ? 'carried out as an obligation'
      : 'a clock shown beside a case, not filed here';
  const rows: readonly (readonly [string, string])[] = [
    ['Citation', text.citation],
    ['Says', text.summary],
    ['Set off by', text.trigger],
    ['Threshold', text.threshold],
    ['Period', given],
    ['Dates', datesOf(text)],
    ['Use', use],
    ['Source', text.source],
    ['Verification', verificationWords(text.verification)],
  ];
  return html`<section class="panel">
    <h2>${text.citation}, ${datesOf(text)}</h2>
    ${text.status === 'proposed' ? html`<p class="note">Proposed, not law: never applied.</p>` : nothing}
    <dl class="pairs">
      ${rows.map(
        ([name, said]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${said}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function datesOf({ status, effectiveFrom, effectiveTo }: Provision): string {
  if (status === 'proposed') return 'proposed, not law';
  return `${effectiveFrom ?? ''} to ${effectiveTo ?? 'now'}`;
}
