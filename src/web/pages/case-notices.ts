/** Notices on a case page, in the groups an approval covers: one full sample, every difference, one button. */
import { mayDo } from '../../domain/actor.ts';
import type { NoticeSummary } from '../../domain/views.ts';
import type { CasePage } from './case-data.ts';
import { formContext, postForm, textInput } from './fields.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';
import { deliveryWords, noticeTag, tag } from './words.ts';

/** The section with every notice of the case. */
export function noticeSection(page: CasePage): Html {
  const groups = new Map<string, NoticeSummary[]>();
  for (const one of page.notices) {
    const key = one.groupKey ?? `${one.recipientKind} without words yet`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return html`<section aria-labelledby="notices">
    <h2 id="notices">Notices</h2>
    ${
      groups.size === 0
        ? html`<p class="empty">None is drafted yet.</p>`
        : [...groups].map(([key, notices], index) => groupBlock(page, key, notices, index))
    }
    ${page.hasMoreNotices ? html`<p class="hint">Not all are shown: those that wait for an approval come first, and <code>tocsin notice list --case ${page.view.reference}</code> has every one.</p>` : nothing}
  </section>`;
}

function groupBlock(
  page: CasePage,
  key: string,
  notices: readonly NoticeSummary[],
  index: number,
): Html {
  const toApprove = notices.filter((one) => one.state === 'in-review' && one.digest !== null);
  const mayApprove = mayDo(page.session.person, 'approve-notice') && toApprove.length > 0;
  const sample = notices.find((one) => one.digest !== null);
  const inside = rows(notices.map((one) => row(page, one, mayApprove)));
  return html`<div class="notice-group">
    <h3>${groupWords(notices)} <small class="meta">${key}</small></h3>
    <p class="meta">
      ${counted(
        notices.reduce((sum, one) => sum + one.recipientCount, 0),
        'recipient',
      )}${
        sample === undefined
          ? nothing
          : html` ·
              <a href="/notices/${sample.noticeId}">Read a full sample: ${sample.recipientName}</a>`
      }
    </p>
    ${mayApprove ? approveForm(page, toApprove, inside, index) : inside}
  </div>`;
}

const shownRows = 50;

/** The first of them, and the rest where it can be opened: a ticked row counts either way. */
function rows(all: readonly Html[]): Html {
  const rest = all.slice(shownRows);
  return html`<div class="rows">${all.slice(0, shownRows)}</div>
    ${
      rest.length === 0
        ? nothing
        : html`<details>
            <summary>${rest.length} more of this group</summary>
            <div class="rows">${rest}</div>
          </details>`
    }`;
}

const subscriberProvisions: readonly string[] = ['eprivacy-611/3/1', 'uk-pecr/5a/3'];

const kindWords = {
  authority: 'To the authority',
  controller: 'To customers',
  'data-subject': 'To people affected',
} as const;

function groupWords(notices: readonly NoticeSummary[]): string {
  const [first] = notices;
  if (first === undefined) return '';
  if (first.recipientKind === 'data-subject' && subscriberProvisions.includes(first.provision))
    return 'To subscribers';
  return kindWords[first.recipientKind];
}

function approveForm(
  page: CasePage,
  toApprove: readonly NoticeSummary[],
  inside: Html,
  index: number,
): Html {
  const name = `approve-${String(index)}`;
  const form = formContext(name, page.refused);
  const many = toApprove.some((one) => one.recipientCount > 1);
  const action = `/cases/${page.view.reference}/approvals`;
  return postForm(
    page.session,
    { action, className: 'approve' },
    html`<input type="hidden" name="group" value="${name}" />
      ${inside}
      ${
        many
          ? textInput(form, {
              name: 'recipientCount',
              label: 'Number of recipients of the ticked notices, typed by you',
            })
          : nothing
      }
      <button type="submit" data-approve>Approve ${counted(toApprove.length, 'notice')}</button>
      ${
        toApprove.length > 1
          ? html`<p class="hint">
              One approval over the ticked notices, bound to their digests: all of them or none.
            </p>`
          : nothing
      }`,
  );
}

function row(page: CasePage, one: NoticeSummary, mayApprove: boolean): Html {
  const tickable = mayApprove && one.state === 'in-review' && one.digest !== null;
  const id = `notice-${one.noticeId}`;
  return html`<div class="notice-row">
    <span class="tick">
      ${
        tickable
          ? html`<input
              type="checkbox"
              id="${id}"
              name="notice"
              value="${one.noticeId}:${one.digest}"
              checked
            />`
          : nothing
      }
    </span>
    <span class="who-to">
      ${tickable ? html`<label for="${id}">${one.recipientName}</label>` : one.recipientName}
    </span>
    <span class="how"
      >${noticeTag(one.state)} ${isBarred(page, one) ? tag('mail is barred', 'bad') : nothing}
      ${approvalWords(one)}</span
    >
    <a href="/notices/${one.noticeId}"
      >Read<span class="unseen"> the notice to ${one.recipientName}</span></a
    >
    <span class="meta more">
      ${one.dueAt === null ? 'without undue delay' : html`due ${timeTag(one.dueAt, page.view.awareZone)}`}
      · ${deliveries(one)} ·
      <code>${one.digest === null ? 'not frozen' : one.digest.slice(0, 16)}</code>
    </span>
  </div>`;
}

function isBarred({ bars }: CasePage, { channel, state }: NoticeSummary): boolean {
  const isUnsent = state === 'in-review' || state === 'returned' || state === 'released';
  return channel === 'email' && isUnsent && bars.some((bar) => !bar.isOpen);
}

function approvalWords({ state, approvals }: NoticeSummary): string {
  if (state !== 'in-review') return '';
  return `${String(approvals.counted)} of ${String(approvals.needed)} approvals`;
}

function deliveries(one: NoticeSummary): string {
  const started = one.state === 'released' || one.state === 'dispatched';
  return started && one.channel === 'email' ? deliveryWords(one.deliveries) : `by ${one.channel}`;
}
