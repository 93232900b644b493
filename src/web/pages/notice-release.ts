/** On what basis a notice leaves, what holds it back, and the acts of an emergency. */
import { mayDo } from '../../domain/actor.ts';
import type { Emergency } from '../../domain/barrier-ports.ts';
import type { Store } from '../../domain/ports.ts';
import type { StandingPlan } from '../../domain/release-ports.ts';
import { choices, formContext, postForm, textArea } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import type { NoticePage, ReleaseState } from './notice-data.ts';
import { timeTag } from './time.ts';

export async function releaseStateOf(store: Store, noticeId: string): Promise<ReleaseState> {
  const { releases } = store;
  return {
    basis: await releases.basisOf(noticeId),
    emergency: await releases.emergencyOf(noticeId),
    barrier: await releases.barrier(noticeId),
    plan: await releases.standingPlan(noticeId),
  };
}

/** Said before everything else: what is out of the ordinary about this release. */
export function releaseBanner({ release, notice, view }: NoticePage): Html {
  const { basis, emergency, barrier, plan } = release;
  const lines = [
    basis?.basis === 'standing-authorisation'
      ? html`<strong
            >Released under the standing authorisation “${basis.authorisation ?? ''}”.</strong
          >
          Nobody approved it afresh.`
      : nothing,
    emergency === null ? nothing : emergencyLine(emergency),
    basis?.stands === false && notice.state === 'released'
      ? html`<strong>Nothing more leaves.</strong> What gave it leave no longer stands.`
      : nothing,
    barrier?.kind === 'held'
      ? html`<strong>Held by a lawful request.</strong> It does not leave yet.`
      : nothing,
    barrier?.kind === 'barred' ? barredLine(notice) : nothing,
    plan === null ? nothing : planLine(plan, timeTag(plan.actAt, view.awareZone, true)),
  ].filter((one) => one !== nothing);
  if (lines.length === 0) return nothing;
  return html`<section class="panel banner" role="note" aria-label="How this notice is released">
    ${lines.map((one) => html`<p>${one}</p>`)}
  </section>`;
}

const wayWords: Readonly<Record<NoticePage['notice']['recipientKind'], string>> = {
  authority: 'Let a person file it (below), or have two people open mail again.',
  controller:
    'Once it is released, tell the customer by telephone or post and record that as a receipt, or have two people open mail again.',
  'data-subject':
    'Once it is released, tell these people by post and record that as a receipt, or have two people open mail again.',
};

function barredLine({ state, recipientKind }: NoticePage['notice']): Html {
  const isWaiting = state === 'in-review' || state === 'returned' || state === 'released';
  return html`<strong>Mail is barred.</strong> No machine sends it.
    ${isWaiting ? wayWords[recipientKind] : nothing}`;
}

/** The button that takes a notice to an authority off the mail; nothing where mail is open or it has left. */
export function filingForm({ notice, release, session }: NoticePage): Html {
  const { state, recipientKind, noticeId } = notice;
  const isUnsent = state === 'in-review' || state === 'returned' || state === 'released';
  const fits = release.barrier?.kind === 'barred' && recipientKind === 'authority' && isUnsent;
  if (!fits || !mayDo(session.person, 'edit-notice')) return nothing;
  return postForm(
    session,
    { action: `/notices/${noticeId}/filing`, className: 'act' },
    html`<button type="submit">Let a person file it instead</button>
      <p class="hint">
        A new version, a filing pack, is frozen with the same words; approvals are given afresh.
      </p>`,
  );
}

function emergencyLine({ by, reason, review }: Emergency): Html {
  const after =
    review === null
      ? html`<strong>A second review by somebody else is owed.</strong>`
      : html`Second review by ${review.by}: ${review.verdict}, “${review.reason}”`;
  return html`<strong>Released in an emergency by ${by} alone:</strong> “${reason}” ${after}`;
}

function planLine({ kind, title, fault }: StandingPlan, at: Html): Html {
  switch (kind) {
    case 'release':
      return html`Unless somebody decides, it leaves by itself at ${at} under “${title}”.`;
    case 'call-out':
      return html`A person has to file it; filers and deputies are called at ${at}.`;
    case 'short':
      return html`It does not leave by itself under “${title}”: ${fault ?? ''}. The executive is
      called at ${at}.`;
  }
}

/** The form of the one person in a hurry; nothing where it is not for this notice or person. */
export function emergencyForm(page: NoticePage): Html {
  const { notice, session, refused } = page;
  const fits =
    notice.state === 'in-review' &&
    notice.phase === 'initial' &&
    notice.recipientKind !== 'data-subject' &&
    notice.dueAt !== null;
  if (!fits || !mayDo(session.person, 'approve-notice')) return nothing;
  const form = formContext('emergency', refused);
  return html`<details class="adding" ${refused?.form === 'emergency' ? html` open` : nothing}>
    <summary>Emergency: release it alone</summary>
    ${postForm(
      session,
      { action: `/notices/${notice.noticeId}/emergency` },
      html`<input type="hidden" name="digest" value="${notice.digest ?? ''}" />
        ${textArea(form, {
          name: 'reason',
          label: 'Why nobody else can approve it in time',
          hint: 'Only when the due is near or past. The executive and the DPO are called; another person reviews it afterwards.',
        })}
        <button type="submit" class="danger">Release it on my word alone</button>`,
    )}
  </details>`;
}

/** The form of the second review; nothing where none is owed, or to the one who released. */
export function secondReviewForm({ notice, release, session, refused }: NoticePage): Html {
  const { emergency } = release;
  const isOwed = emergency !== null && emergency.review === null;
  const isOther = emergency?.personId !== session.person.personId;
  if (!isOwed || !isOther || !mayDo(session.person, 'approve-notice')) return nothing;
  const form = formContext('second-review', refused);
  return postForm(
    session,
    { action: `/notices/${notice.noticeId}/second-review` },
    html`${choices(form, {
        name: 'verdict',
        label: 'Second review of what left in an emergency',
        options: [
          { value: 'confirmed', label: 'I confirm it' },
          { value: 'objected', label: 'I object: a supplement has to put it right' },
        ],
      })}
      ${textArea(form, { name: 'reason', label: 'What you base it on', rows: 2 })}
      <button type="submit">Record the second review</button>`,
  );
}
