/** What the page of authorisations shows: each with the acts on it, the form that proposes one, and the words under review. */
import type { WordsWithReview } from '../../commands/wording-in-force.ts';
import { mayDo, type Right } from '../../domain/actor.ts';
import type { StandingAuthorisation } from '../../domain/release-ports.ts';
import type { Session } from '../who.ts';
import { choices, formContext, formNameOf, postForm, textArea, textInput } from './fields.ts';
import type { RefusedForm } from './layout.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';

/** What the page is drawn from. */
export interface Shown {
  readonly items: readonly StandingAuthorisation[];
  readonly words: readonly WordsWithReview[];
  readonly session: Session;
  readonly refused: RefusedForm | null;
}

/** The name of the form that reviews one template's words in one language. */
export function wordingForm(words: Readonly<Record<string, unknown>>): string {
  return formNameOf('wording', String(words['template']), String(words['language']));
}

/** The page below its frame. */
export function authorisationsBody(page: Shown): Html {
  return html`<h1>Standing authorisations and wording</h1>
    <p>
      An initial notice nobody approved may leave by itself shortly before its due, under a policy
      two people signed in advance. Never to data subjects; never with words no lawyer has reviewed.
    </p>
    <section aria-labelledby="standing">
      <h2 id="standing">Standing authorisations</h2>
      ${page.items.length === 0 ? html`<p class="empty">None has been proposed.</p>` : page.items.map((one) => card(page, one))}
      ${mayDo(page.session.person, 'sign-authorisation') ? proposal(page) : nothing}
    </section>
    <section aria-labelledby="wording">
      <h2 id="wording">Wording</h2>
      ${page.words.map((one) => wordsOf(page, one))}
    </section>`;
}

function card(page: Shown, one: StandingAuthorisation): Html {
  const to = one.recipientKinds.map((kind) =>
    kind === 'authority' ? 'authorities' : 'controllers',
  );
  const where =
    one.affiliateKeys.length === 0 ? 'of every affiliate' : `of ${one.affiliateKeys.join(', ')}`;
  return html`<article class="panel" id="a-${one.authorisationId}">
    <h3>${one.title}</h3>
    <p class="next">${one.fault === null ? 'In force' : `Not in force: ${one.fault}.`}</p>
    <p>
      Initial notices to ${to.join(' and ')} ${where}, each to at most
      ${counted(one.maxRecipients, 'recipient')}, when the due is less than ${one.withinHoursOfDue}
      h away and nobody approved by ${one.unapprovedMinutesBeforeDue} min before it.
    </p>
    <p>Valid from ${timeTag(one.validFrom, 'UTC')} until ${timeTag(one.validUntil, 'UTC')}.</p>
    <p>${one.reason}</p>
    <p class="meta">
      Proposed by ${one.proposedBy}; signed by ${one.signers.map(({ name }) => name).join(', ')}.
      ${one.revoked === null ? '' : `Revoked by ${one.revoked.by}: ${one.revoked.reason}`}
    </p>
    ${one.opinions.map((opinion) => html`<p>Opinion of ${opinion.by}: ${opinion.text}</p>`)}
    ${one.revoked === null ? memberActs(page, one) : nothing}
  </article>`;
}

function memberActs(page: Shown, one: StandingAuthorisation): Html {
  const { session, refused } = page;
  const may = (right: Right): boolean => mayDo(session.person, right);
  const to = (act: string) => ({ action: `/authorisations/${one.authorisationId}/${act}` });
  const opinion = formContext(formNameOf('opinion', one.authorisationId), refused);
  const end = formContext(formNameOf('revocation', one.authorisationId), refused);
  const signed = one.signers.some(({ personId }) => personId === session.person.personId);
  return html`${
    may('sign-authorisation') && !signed
      ? postForm(session, to('signature'), html`<button type="submit">Sign it</button>`)
      : nothing
  }
  ${
    may('give-opinion')
      ? folded(
          opinion,
          'Give an opinion',
          postForm(
            session,
            to('opinion'),
            html`${textArea(opinion, { name: 'text', label: 'Opinion' })}
              <button type="submit" class="second">Put it on record</button>`,
          ),
        )
      : nothing
  }
  ${
    may('revoke-authorisation')
      ? folded(
          end,
          'Revoke it',
          postForm(
            session,
            to('revocation'),
            html`${textArea(end, { name: 'reason', label: 'Why it ends', rows: 2 })}
              <button type="submit" class="danger">Revoke it now</button>`,
          ),
        )
      : nothing
  }`;
}

function folded(form: ReturnType<typeof formContext>, title: string, inside: Html): Html {
  return html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
    <summary>${title}</summary>
    ${inside}
  </details>`;
}

function proposal({ session, refused }: Shown): Html {
  const form = formContext('proposal', refused);
  const withOffset = 'With its offset, such as 2026-06-15T17:45:00+02:00.';
  const input = (name: string, label: string, value?: string) =>
    textInput(form, { name, label, ...(value === undefined ? {} : { value }) });
  return html`<details class="adding" ${refused?.form === 'proposal' ? html` open` : nothing}>
    <summary>Propose one and sign it first</summary>
    ${postForm(
      session,
      { action: '/authorisations' },
      html`${input('title', 'Title')}
        ${choices(form, {
          name: 'recipientKinds',
          label: 'Initial notices to',
          many: true,
          options: [
            { value: 'authority', label: 'authorities' },
            { value: 'controller', label: 'controllers' },
          ],
        })}
        ${textInput(form, { name: 'affiliateKeys', label: 'Only these affiliates', required: false, hint: 'Their keys with commas between. Empty: all of them.' })}
        ${input('maxRecipients', 'Recipients of one notice at most', '1')}
        ${input('withinHoursOfDue', 'Hours before the due within which it may leave', '24')}
        ${input('unapprovedMinutesBeforeDue', 'Minutes before the due at which it leaves unapproved', '60')}
        ${textInput(form, { name: 'validFrom', label: 'Valid from', hint: withOffset })}
        ${textInput(form, { name: 'validUntil', label: 'Valid until', hint: withOffset })}
        ${textArea(form, { name: 'reason', label: 'Why' })}
        <button type="submit">Propose and sign</button>`,
    )}
  </details>`;
}

function wordsOf({ session, refused }: Shown, one: WordsWithReview): Html {
  const { template, language, sha256, review } = one;
  const form = formContext(wordingForm({ template, language }), refused);
  const standing = review?.verdict === 'reviewed';
  const said =
    review === null
      ? 'Nobody has reviewed these words.'
      : `${review.verdict} by ${review.by}: ${review.note}`;
  return html`<article class="panel">
    <h3>${template}, ${language}</h3>
    <p>${said}</p>
    <p><code class="digest">${sha256}</code></p>
    ${
      mayDo(session.person, 'review-wording')
        ? folded(
            form,
            standing ? 'Withdraw the review' : 'Record a review',
            postForm(
              session,
              { action: '/authorisations/wording' },
              html`<input type="hidden" name="template" value="${template}" />
                <input type="hidden" name="language" value="${language}" />
                <input type="hidden" name="sha256" value="${sha256}" />
                <input
                  type="hidden"
                  name="verdict"
                  value="${standing ? 'withdrawn' : 'reviewed'}"
                />
                ${textInput(form, { name: 'note', label: 'What you found' })}
                <button type="submit" class="second">
                  ${standing ? 'Withdraw the review' : 'Record my review of exactly these words'}
                </button>`,
            ),
          )
        : nothing
    }
  </article>`;
}
