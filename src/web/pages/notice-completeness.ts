/** What the article demands of a notice, on its page: each item, what is missing before sending, the least in an emergency. */
import type { CompletenessLine, ItemState } from '../../domain/completeness.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import type { NoticePage } from './notice-data.ts';
import { tag } from './words.ts';

/** The section; absent for withdrawals, of which no article demands content. */
export function completenessSection({ completeness: shown }: NoticePage): Html {
  if (shown === null) return nothing;
  const open = shown.lines.filter(({ state }) => state === 'being-investigated').length;
  const before = shown.lines.filter(({ id }) => shown.missingBeforeSending.includes(id));
  return html`<section aria-labelledby="demanded">
    <h2 id="demanded">What the law demands it says</h2>
    ${
      shown.lines.length === 0
        ? html`<p class="empty">No list of items is carried for ${shown.provision}.</p>`
        : html`<p>
              ${
                before.length === 0
                  ? 'Nothing is missing that must be there before it is sent.'
                  : html`${tag('missing before sending', 'bad')}
                    ${before.map(({ summary }) => summary).join(' ')}`
              }
            </p>
            <details ${before.length > 0 ? html` open` : nothing}>
              <summary>${counted(shown.lines.length, 'item')}, ${open} being investigated</summary>
              <ul class="tasks">
                ${shown.lines.map(itemLine)}
              </ul>
            </details>`
    }
    ${
      shown.emergencyMinimum.length === 0
        ? nothing
        : html`<p class="meta">
            The least it must say in an emergency:
            ${shown.emergencyMinimum
              .map(({ subject, isThere }) => `${words(subject)}${isThere ? '' : ' (missing)'}`)
              .join(', ')}.
            The rest may follow, Art. 33(4). Reasons for a delay never hold it back.
          </p>`
    }
  </section>`;
}

function itemLine(line: CompletenessLine): Html {
  return html`<li>
    ${stateTag(line.state)} ${line.summary}
    <span class="meta">
      Art. ${line.article}, ${words(line.demand)}${line.mayFollow ? ', may follow' : ''}
      ${line.condition === null ? '' : `, if ${line.condition}`}
      ${line.verification === 'source-read' ? '' : `, ${words(line.verification)}`}
      ${
        line.state !== 'being-investigated' || line.missingFacts.length === 0
          ? ''
          : `; would complete it: ${line.missingFacts.join(', ')}`
      }
    </span>
  </li>`;
}

function stateTag(state: ItemState): Html {
  switch (state) {
    case 'known':
      return tag('known', 'good');
    case 'being-investigated':
      return tag('unknown, being investigated', 'ask');
    case 'not-visible':
      return tag('not visible to us', 'plain');
    case 'not-applicable':
      return tag('not applicable', 'off');
  }
}

function words(kebab: string): string {
  return kebab.replaceAll('-', ' ');
}
