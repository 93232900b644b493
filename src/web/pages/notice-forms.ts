/** What a person may do with a notice: approve, send back, cancel, advise, reword, record a receipt. */
import { mayDo, type Right } from '../../domain/actor.ts';
import { formContext, postForm, select, textArea, textInput } from './fields.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { emergencyForm, filingForm, secondReviewForm } from './notice-release.ts';
import type { NoticePage } from './notice-data.ts';

/** The forms that fit the notice's state and the person's rights. */
export function noticeForms(page: NoticePage): Html {
  const { state, digest } = page.notice;
  const may = (right: Right): boolean => mayDo(page.session.person, right);
  const inReview = state === 'in-review' && digest !== null;
  const unsent = inReview || state === 'returned' || state === 'drafting';
  const gone = state === 'released' || state === 'dispatched';
  const forms = [
    secondReviewForm(page),
    filingForm(page),
    inReview && may('approve-notice') ? approve(page) : nothing,
    (inReview || state === 'released') && may('return-notice') ? sendBack(page) : nothing,
    (inReview || state === 'returned') && digest !== null && may('edit-notice')
      ? reword(page)
      : nothing,
    unsent && may('give-opinion') ? advise(page) : nothing,
    gone && may('record-receipt') ? receiptFile(page) : nothing,
    (gone || toldElsewhere(page)) && may('record-receipt') ? receipt(page) : nothing,
    emergencyForm(page),
    unsent && may('cancel-notice') ? cancel(page) : nothing,
  ].filter((form) => form !== nothing);
  if (forms.length === 0) return nothing;
  return html`<section aria-labelledby="acts">
    <h2 id="acts">Decide and act</h2>
    ${forms}
  </section>`;
}

// Nobody got it by mail: a call or a letter may still tell them.
function toldElsewhere({ notice }: NoticePage): boolean {
  return notice.state === 'returned' && notice.rows.some(({ state }) => state === 'bounced');
}

function act(page: NoticePage, name: string, title: string, inside: Html): Html {
  const open = page.refused?.form === name ? html` open` : nothing;
  const action = `/notices/${page.notice.noticeId}/${name}`;
  return html`<details class="adding" id="act-${name}" ${open}>
    <summary>${title}</summary>
    ${postForm(page.session, { action }, inside)}
  </details>`;
}

function approve(page: NoticePage): Html {
  const { notice } = page;
  const form = formContext('approval', page.refused);
  const action = `/notices/${notice.noticeId}/approval`;
  const missing = notice.approvals.needed - notice.approvals.counted;
  const effect =
    missing <= 1
      ? effectWords(notice)
      : `${counted(missing, 'approval')} are still needed before it leaves.`;
  return postForm(
    page.session,
    { action, className: 'act approve' },
    html`<input type="hidden" name="digest" value="${notice.digest ?? ''}" />
      <p>${effect}</p>
      ${
        notice.recipientCount > 1
          ? textInput(form, {
              name: 'recipientCount',
              label: 'Number of recipients, typed by you',
              hint: 'As you expect it; a different number is refused.',
            })
          : nothing
      }
      <button type="submit">Approve exactly these bytes</button>`,
  );
}

// At a portal nothing leaves by itself: approval only lets a person file.
function effectWords({ channel, recipientCount }: NoticePage['notice']): string {
  return channel === 'portal'
    ? 'With your approval it is released, and a person files it.'
    : `With your approval it leaves for ${counted(recipientCount, 'recipient')}.`;
}

function sendBack(page: NoticePage): Html {
  const form = formContext('return', page.refused);
  return act(
    page,
    'return',
    'Send back',
    html`${textArea(form, { name: 'reason', label: 'What must change' })}
      <button type="submit" class="second">Send back</button>`,
  );
}

function reword(page: NoticePage): Html {
  const form = formContext('wording', page.refused);
  const subject = page.notice.subject ?? '';
  return act(
    page,
    'wording',
    'Change the words',
    html`<input type="hidden" name="digest" value="${page.notice.digest ?? ''}" />
      ${textInput(form, { name: 'subject', label: 'Subject', value: subject })}
      ${textArea(form, {
        name: 'addition',
        label: 'Further information',
        required: false,
        hint: 'Shown to the recipient in its own paragraph.',
        rows: 4,
      })}
      <button type="submit" class="second">Freeze a new version</button>
      <p class="hint">It voids the approvals this version has.</p>`,
  );
}

function advise(page: NoticePage): Html {
  const form = formContext('opinion', page.refused);
  return act(
    page,
    'opinion',
    'Give an opinion',
    html`${textArea(form, { name: 'text', label: 'Opinion', hint: 'It goes on record; it is not an approval, Art. 38 GDPR.' })}
      <button type="submit" class="second">Put it on record</button>`,
  );
}

function receipt(page: NoticePage): Html {
  const form = formContext('receipt', page.refused);
  return act(
    page,
    'receipt',
    'Record a receipt',
    html`${select(form, {
        name: 'kind',
        label: 'Kind',
        options: [
          { value: 'reference', label: 'reference number of a portal' },
          { value: 'reply', label: 'reply of the recipient' },
          { value: 'file', label: 'file' },
          { value: 'telephone', label: 'told by telephone' },
          { value: 'post', label: 'told by post' },
        ],
      })}
      ${textInput(form, {
        name: 'told',
        label: 'Told to whom',
        required: false,
        hint: 'By telephone or post: the name and role of the person, or the postal address.',
      })}
      ${
        page.notice.recipientCount > 1
          ? textInput(form, {
              name: 'recipientKey',
              label: 'Recipient',
              required: false,
              hint: 'Empty: everybody of whom nothing is known yet.',
            })
          : nothing
      }
      ${textArea(form, { name: 'evidence', label: 'Evidence', rows: 2 })}
      ${textInput(form, {
        name: 'receivedAt',
        label: 'Received at',
        required: false,
        hint: 'With its offset, such as 2026-06-15T17:45:00+02:00. Empty: now.',
      })}
      ${textInput(form, {
        name: 'reference',
        label: 'Their file number',
        required: false,
        hint: 'Later notices quote it. Empty: the reference itself, or none.',
      })}
      ${fileChoice(page)} <button type="submit">Record the receipt</button>`,
  );
}

function cancel(page: NoticePage): Html {
  const form = formContext('cancellation', page.refused);
  return act(
    page,
    'cancellation',
    'Cancel this notice',
    html`${textArea(form, { name: 'reason', label: 'Reason', rows: 2 })}
      <button type="submit" class="danger">Cancel the notice</button>
      <p class="hint">The recipient is then not told by this notice; the obligation stays.</p>`,
  );
}

/** The files that were uploaded as receipts, to name one of them. */
function fileChoice({ files, refused }: NoticePage): Html {
  const uploaded = files.filter(({ purpose }) => purpose === 'receipt');
  if (uploaded.length === 0) return nothing;
  return select(formContext('receipt', refused), {
    name: 'documentId',
    label: 'File of the receipt',
    required: false,
    options: [
      { value: '', label: 'none' },
      ...uploaded.map(({ documentId, name }) => ({ value: documentId, label: name })),
    ],
  });
}

function receiptFile(page: NoticePage): Html {
  return html`<details class="adding">
    <summary>Upload the file of a receipt</summary>
    ${postForm(
      page.session,
      { action: `/notices/${page.notice.noticeId}/document`, multipart: true },
      html`<div class="field">
          <label for="document-file">File</label>
          <span class="hint" id="document-file-hint"
            >PDF, PNG, JPEG, text, e-mail, ZIP, DOCX or XLSX; 25 MB at most.</span
          >
          <input
            id="document-file"
            name="file"
            type="file"
            required
            aria-describedby="document-file-hint"
          />
        </div>
        <button type="submit">Keep the file</button>`,
    )}
  </details>`;
}
