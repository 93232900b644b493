/** Beside the obligations on a case page: clocks that are not carried out here, and laws that were not assessed. */
import { notFiledHere, significanceWords, type BesideClock } from '../../law/beside.ts';
import type { CasePage } from './case-data.ts';
import { html, nothing, type Html } from './markup.ts';
import { countdown, timeTag } from './time.ts';
import { ruleLink } from './rule-link.ts';
import { verificationWords } from './words.ts';

/** The clocks, then the coverage line. */
export function besideSection(page: CasePage): Html {
  const { clocks, assessed, notAssessed } = page.beside;
  const [first] = clocks;
  return html`<section aria-labelledby="beside">
    <h2 id="beside">Beside, not filed here</h2>
    ${
      first === undefined
        ? nothing
        : html`<p>${significanceWords[first.significance]} ${notFiledHere}</p>
            <ul class="obligations">
              ${clocks.map((one) => line(page, one))}
            </ul>`
    }
    <p class="meta">
      Assessed here: ${assessed.length === 0 ? 'nothing yet' : assessed.join(', ')}. Not assessed
      here: ${notAssessed.join('; ')}.
    </p>
  </section>`;
}

function line({ view }: CasePage, one: BesideClock): Html {
  return html`<li class="obligation">
    <div class="line-what">
      <strong>${one.label}</strong>
      <span class="meta"
        >${ruleLink(one.provision)} ${one.citation}, ${verificationWords(one.verification)}</span
      >
      <details class="basis">
        <summary>How it was counted</summary>
        <ul>
          ${one.working.map((said) => html`<li>${said}</li>`)}
        </ul>
      </details>
    </div>
    <div class="line-clock">
      ${
        one.dueAt === null
          ? 'one month after the notification was submitted'
          : html`${countdown(one.dueAt, view)} ${timeTag(one.dueAt, view.awareZone)}`
      }
    </div>
  </li>`;
}
