/** What a person can do about recipients of whom it is not known that they have the notice. */
import { mayDo, type Right } from '../../domain/actor.ts';
import type { NoticeView } from '../../domain/views.ts';
import { choices, formContext, postForm, textInput } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import type { NoticePage } from './notice-data.ts';
import { absolute } from './time.ts';
import { tag } from './words.ts';

type Row = NoticeView['rows'][number];

/** One block for each doubtful, given-up or refused copy, and the way to say that one came back. */
export function doubts(page: NoticePage): Html {
  const { rows } = page.notice;
  const untold = rows.filter((row) => !row.isTold);
  const doubtful = untold.filter((row) => row.resendableAt !== null);
  const unreached = newestOfEach(
    untold.filter(
      (row) => row.state === 'bounced' || row.cameBack !== null || row.state === 'abandoned',
    ),
  );
  const sent = rows.filter((row) => row.state === 'sent' && row.cameBack === null);
  const may = (right: Right): boolean => mayDo(page.session.person, right);
  return html`${page.notice.doubts.count > 1 && may('record-receipt') ? together(page) : nothing}
  ${doubtful.map((row) => doubt(page, row))} ${unreached.map((row) => otherWays(page, row))}
  ${may('record-receipt') ? sent.slice(0, 1).map(() => cameBack(page, sent)) : nothing}`;
}

const endings = [
  { value: 'sent', label: 'It arrived' },
  { value: 'abandoned', label: 'It did not arrive and is given up' },
] as const;

/** One window may leave many in doubt at once, and one line in the log of a server may answer for all of them. */
function together(page: NoticePage): Html {
  const { noticeId, doubts: inDoubt } = page.notice;
  const form = formContext('doubts', page.refused);
  return html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
    <summary>Answer for all ${inDoubt.count} copies in doubt at once</summary>
    ${postForm(
      page.session,
      { action: `/notices/${noticeId}/doubts/resolution`, className: 'act' },
      html`<input type="hidden" name="digest" value="${inDoubt.digest}" />
        ${choices(form, { name: 'how', label: 'How did each of them end?', options: endings })}
        ${textInput(form, { name: 'reason', label: 'How do you know, for all of them?' })}
        <button type="submit">Record how all ${inDoubt.count} ended</button>
        <p class="hint">
          Refused if another copy has come into doubt since you opened this page.
        </p>`,
    )}
  </details>`;
}

function newestOfEach(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.recipientKey, row])).values()];
}

function doubt(page: NoticePage, row: Row): Html {
  const name = `resolution-${row.deliveryId}`;
  const form = formContext(name, page.refused);
  const base = `/notices/${page.notice.noticeId}/deliveries/${row.deliveryId}`;
  const isOpen = row.state === 'in-doubt';
  const words = isOpen
    ? html`${tag('in doubt', 'bad')} <strong>${row.address}</strong> may or may not have it.`
    : html`${tag('given up', 'bad')} <strong>${row.address}</strong> is not known to have it, but
        may.`;
  return html`<div class="doubt">
    <p>${words}</p>
    ${
      isOpen && mayDo(page.session.person, 'record-receipt')
        ? postForm(
            page.session,
            { action: `${base}/resolution`, className: 'act inline' },
            html`${choices(form, {
                name: 'how',
                label: 'How did it end?',
                options: endings,
              })}
              ${textInput(form, { name: 'reason', label: 'How do you know?' })}
              <button type="submit">Record how it ended</button>`,
          )
        : nothing
    }
    ${mayDo(page.session.person, 'resend-delivery') ? again(page, row, `${base}/resend`) : nothing}
  </div>`;
}

/** The two harms stand beside the button: who sends again has read them. */
const harms = {
  'data-subject': {
    second:
      'A second message may frighten somebody anew, and looks like a second breach or a fraud.',
    none: 'Without any, a person at risk cannot protect themselves.',
  },
  controller: {
    second: 'A second notice may be counted as a second breach, and its hours as new ones.',
    none: 'Without any, the customer does not know that its own 72 hours run.',
  },
  authority: {
    second: 'A second notice may be filed as a second breach.',
    none: 'Without any, the notice is missing at the due.',
  },
} as const;

function again(page: NoticePage, row: Row, action: string): Html {
  const form = formContext(`resend-${row.deliveryId}`, page.refused);
  const { second, none } = harms[page.notice.recipientKind];
  return html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
    <summary>Send it again</summary>
    ${postForm(
      page.session,
      { action, className: 'act' },
      html`<p>
          <strong>Warning:</strong> ${row.address} may then have two copies. ${second} ${none}
        </p>
        <p>
          The copy says that it is a possible duplicate. Not before
          ${absolute(row.resendableAt ?? '', 'UTC')}: until then the server may still answer.
        </p>
        ${choices(form, {
          name: 'weighed',
          label: 'Have you weighed the two harms?',
          options: [{ value: 'yes', label: 'Yes, a missing notice is worse here' }],
        })}
        ${textInput(form, { name: 'reason', label: 'Why is it sent again?' })}
        <button type="submit" class="danger">Send a second copy</button>`,
    )}
  </details>`;
}

function otherWays(page: NoticePage, row: Row): Html {
  const { notice } = page;
  const form = formContext(`address-${row.recipientKey}`, page.refused);
  const { contact } = notice;
  const state = row.cameBack === null ? row.state : 'came back';
  return html`<div class="doubt">
    <p>
      ${tag(state === 'abandoned' ? 'given up' : state, 'bad')} <strong>${row.address}</strong> is
      not known to have it.
      ${
        contact === null
          ? nothing
          : html`The catalogue's contact today: ${contact.name}, ${contact.email},
            ${contact.phone ?? 'no telephone number'}.`
      }
      Told by telephone or post? Record it as a receipt.
    </p>
    ${
      mayDo(page.session.person, 'edit-notice') && notice.state !== 'released'
        ? html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
            <summary>Correct the address</summary>
            ${postForm(
              page.session,
              { action: `/notices/${notice.noticeId}/addresses`, className: 'act' },
              html`<input type="hidden" name="recipientKey" value="${row.recipientKey}" />
                ${textInput(form, {
                  name: 'address',
                  label: 'Address',
                  value: contact?.email === row.address ? '' : (contact?.email ?? ''),
                })}
                ${textInput(form, { name: 'reason', label: 'Where does it come from?' })}
                ${
                  row.state === 'abandoned'
                    ? choices(form, {
                        name: 'weighed',
                        label: 'A copy that was given up may have arrived.',
                        options: [{ value: 'yes', label: 'I asked, or a missing notice is worse' }],
                      })
                    : nothing
                }
                <button type="submit" class="second">Freeze a version for this address</button>
                <p class="hint">Somebody else must approve it before it leaves.</p>`,
            )}
          </details>`
        : nothing
    }
  </div>`;
}

function cameBack(page: NoticePage, sent: readonly Row[]): Html {
  const form = formContext('bounce', page.refused);
  return html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
    <summary>A message came back later</summary>
    ${postForm(
      page.session,
      { action: `/notices/${page.notice.noticeId}/bounce`, className: 'act' },
      html`${choices(form, {
          name: 'deliveryId',
          label: 'Which one?',
          options: sent.map((row) => ({ value: row.deliveryId, label: row.address })),
        })}
        ${textInput(form, { name: 'evidence', label: 'What does the report say?' })}
        <button type="submit" class="second">Record that it came back</button>`,
    )}
  </details>`;
}
