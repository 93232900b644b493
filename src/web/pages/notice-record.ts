/** What is on record of a notice: recipients and how each delivery went, opinions and reasons, receipts. */
import { mayDo } from '../../domain/actor.ts';
import type { NoticeView } from '../../domain/views.ts';
import { choices, formContext, postForm, textInput } from './fields.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import type { NoticePage } from './notice-data.ts';
import { timeTag } from './time.ts';
import { deliveryWords, tag } from './words.ts';

type Row = NoticeView['rows'][number];

/** Recipients in numbers, and up to 50 of them, doubtful and failed ones first. */
export function deliverySection(page: NoticePage): Html {
  const { notice } = page;
  const inDoubt = notice.rows.filter((row) => row.state === 'in-doubt');
  return html`<section aria-labelledby="deliveries">
    <h2 id="deliveries">Recipients and deliveries</h2>
    <p>
      ${counted(notice.recipientCount, 'recipient')}.
      <span class="meta">${deliveryWords(notice.deliveries)}</span>
    </p>
    ${inDoubt.map((row) => resolution(page, row))}
    ${notice.rows.length === 0 ? nothing : table(notice)}
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
              <td>${row.state.replaceAll('-', ' ')}</td>
              <td class="meta">${row.reply ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function resolution(page: NoticePage, row: Row): Html {
  const name = `resolution-${row.deliveryId}`;
  const form = formContext(name, page.refused);
  const action = `/notices/${page.notice.noticeId}/deliveries/${row.deliveryId}/resolution`;
  return html`<div class="doubt">
    <p>
      ${tag('in doubt', 'bad')} <strong>${row.address}</strong> may or may not have it; no machine
      sends it again.
    </p>
    ${
      mayDo(page.session.person, 'record-receipt')
        ? postForm(
            page.session,
            { action, className: 'act inline' },
            html`${choices(form, {
                name: 'how',
                label: 'How did it end?',
                options: [
                  { value: 'sent', label: 'It arrived' },
                  { value: 'abandoned', label: 'It did not arrive and is given up' },
                ],
              })}
              ${textInput(form, { name: 'reason', label: 'How do you know?' })}
              <button type="submit">Record how it ended</button>`,
          )
        : nothing
    }
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
              >${timeTag(one.receivedAt, view.awareZone)}, recorded by ${one.by}</span
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
