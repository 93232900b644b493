/** What a notice after the first follows, and what changed since its reader was last told: before and now. */
import { changeWords } from '../../domain/difference.ts';
import { html, nothing, type Html } from './markup.ts';
import type { NoticePage } from './notice-data.ts';
import { timeTag } from './time.ts';

const causeWords = {
  'not-a-breach': 'it was no breach after all',
  'not-affected': 'their data were not affected',
  'wrong-recipient': 'it went to the wrong recipient',
} as const;

/** Nothing on a first notice. */
export function phaseSection({ notice, view }: NoticePage): Html {
  const { refersTo, cause, changes } = notice;
  if (refersTo === null) return nothing;
  const { noticeId, reference, sentAt, fileNumber } = refersTo;
  return html`<section aria-labelledby="follows">
    <h2 id="follows">What it follows</h2>
    <p>
      The notice <a href="/notices/${noticeId}">${reference}</a>${
        sentAt === null ? nothing : html` of ${timeTag(sentAt, view.awareZone)}`
      }${fileNumber === null ? nothing : html`, their file number ${fileNumber}`}.
      ${cause === null ? nothing : html`It no longer stands: ${causeWords[cause]}.`}
    </p>
    ${changes.length === 0 ? nothing : changeTable(changes.map(changeWords))}
  </section>`;
}

function changeTable(changes: readonly ReturnType<typeof changeWords>[]): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-labelledby="follows">
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">What changed</th>
          <th scope="col">They were told</th>
          <th scope="col">Known now</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ what, before, after }) =>
            html`<tr>
              <td>${what}</td>
              <td>${before}</td>
              <td>${after}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
