/** What is on record of a notice: recipients and how each delivery went, opinions and reasons, receipts. */
import type { NoticeView } from '../../domain/views.ts';
import { doubts } from './doubt-forms.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import type { NoticePage } from './notice-data.ts';
import { timeTag } from './time.ts';
import { deliveryWords } from './words.ts';

/** Recipients in numbers, and up to 50 of them, doubtful and failed ones first. */
export function deliverySection(page: NoticePage): Html {
  const { notice } = page;
  return html`<section aria-labelledby="deliveries">
    <h2 id="deliveries">Recipients and deliveries</h2>
    <p>
      ${counted(notice.recipientCount, 'recipient')}.
      <span class="meta">${deliveryWords(notice.deliveries)}</span>
    </p>
    ${doubts(page)} ${notice.rows.length === 0 ? nothing : table(notice)}
    ${
      notice.recipientCount > notice.rows.length && notice.rows.length > 0
        ? html`<p class="meta">The first ${notice.rows.length} are shown.</p>`
        : nothing
    }
  </section>`;
}

function table(notice: NoticeView): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-labelledby="deliveries">
    <table>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Language</th>
          <th scope="col">State</th>
          <th scope="col">Answer of the server</th>
        </tr>
      </thead>
      <tbody>
        ${notice.rows.map(
          (row) =>
            html`<tr>
              <td>${row.address}</td>
              <td>${row.language}</td>
              <td>${row.state.replaceAll('-', ' ')}${row.resendNo > 0 ? ', sent again' : ''}</td>
              <td class="meta">
                ${row.cameBack === null ? (row.reply ?? '') : `came back: ${row.cameBack}`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const noteWords: Readonly<Record<string, string>> = {
  opinion: 'Opinion of the DPO',
  return: 'Sent back',
  cancellation: 'Cancelled',
};

/** Opinions, and reasons for sending back or cancelling. */
export function noteSection({ notice, view }: NoticePage): Html {
  if (notice.notes.length === 0) return nothing;
  return html`<section aria-labelledby="notes">
    <h2 id="notes">Opinions and reasons</h2>
    <ol class="plain">
      ${notice.notes.map(
        (note) =>
          html`<li>
            <strong>${noteWords[note.kind] ?? note.kind}</strong>
            <span class="meta"
              >${note.by}, ${timeTag(note.at, view.awareZone)}, on version ${note.version}</span
            >
            <p class="said">${note.text}</p>
          </li>`,
      )}
    </ol>
  </section>`;
}

/** Evidence from outside that the notice arrived. */
export function receiptSection({ notice, view }: NoticePage): Html {
  if (notice.receipts.length === 0) return nothing;
  return html`<section aria-labelledby="receipts">
    <h2 id="receipts">Receipts</h2>
    <ol class="plain">
      ${notice.receipts.slice(0, 50).map(
        (one) =>
          html`<li>
            <strong>${one.kind.replaceAll('-', ' ')}</strong>
            <span class="meta"
              >${timeTag(one.receivedAt, view.awareZone)}, recorded by
              ${one.by}${one.told === null ? '' : `, told to ${one.told}`}</span
            >
            <p class="said">${one.evidence}</p>
          </li>`,
      )}
    </ol>
    ${
      notice.receipts.length > 50
        ? html`<p class="meta">${counted(notice.receipts.length - 50, 'further receipt')}.</p>`
        : nothing
    }
  </section>`;
}
