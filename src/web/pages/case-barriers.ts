/** What holds back the notices of a case: lawful holds and a barred mail channel, with the acts on them. */
import { mayDo } from '../../domain/actor.ts';
import type { Hold, MailBar } from '../../domain/barrier-ports.ts';
import type { CasePage } from './case-data.ts';
import { choices, formContext, formNameOf, postForm, textArea, textInput } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';

/** True while a hold or a bar is on record that nobody has lifted. */
export function isHeldBack({ holds, bars }: CasePage): boolean {
  return bars.some((bar) => !bar.isOpen) || holds.some((hold) => hold.liftedBy === null);
}

const toldWords = {
  'data-subject': 'data subjects',
  controller: 'controllers',
  authority: 'authorities',
} as const;

function told(kinds: Hold['recipientKinds']): string {
  return kinds.map((kind) => toldWords[kind]).join(', ');
}

/** Holds and bars in force first and loudly; nothing at all for who may neither see nor set any. */
export function barrierSection(page: CasePage): Html {
  const { holds, bars, session, view } = page;
  const may = view.state !== 'closed';
  const acts = [
    may && mayDo(session.person, 'hold-notices') ? holdForm(page) : nothing,
    may && mayDo(session.person, 'bar-channel') ? barForm(page) : nothing,
  ].filter((one) => one !== nothing);
  const shown = [
    ...bars.filter((bar) => !bar.isOpen).map((bar) => barCard(page, bar)),
    ...holds.filter((hold) => hold.liftedBy === null).map((hold) => holdCard(page, hold)),
  ];
  if (acts.length === 0 && shown.length === 0) return nothing;
  return html`<section aria-labelledby="barriers">
    <h2 id="barriers">${shown.length === 0 ? 'Hold notices back' : 'What may not leave'}</h2>
    ${shown} ${acts}
  </section>`;
}

function holdCard(page: CasePage, hold: Hold): Html {
  const { session, view, refused } = page;
  const waits = hold.recipientKinds.filter((kind) => !hold.holds.includes(kind));
  const form = formContext(formNameOf('lifting', hold.holdId), refused);
  const behind = [hold.recordedBy, ...hold.confirmedBy].join(', ');
  const action = (act: string) => ({
    action: `/cases/${view.reference}/holds/${hold.holdId}/${act}`,
  });
  return html`<article class="panel">
    <p>
      <strong
        >${hold.holds.length === 0 ? 'Hold not in force yet' : `Not told yet: ${told(hold.holds)}`}</strong
      >, until ${timeTag(hold.expiresAt, view.awareZone, true)}
    </p>
    <p>Asked by ${hold.requestedBy}, ${hold.reference}: ${hold.reason}</p>
    <p class="meta">Recorded by ${behind}${hold.document === '' ? '' : `; ${hold.document}`}</p>
    ${waits.length === 0 ? nothing : html`<p>Needs legal and the executive, two people, to hold ${told(waits)} too.</p>`}
    ${
      mayDo(session.person, 'hold-notices')
        ? html`${waits.length === 0 ? nothing : postForm(session, action('confirmation'), html`<button type="submit">Stand behind it</button>`)}
            <details class="adding" ${form.refused === null ? nothing : html` open`}>
              <summary>Lift it</summary>
              ${postForm(
                session,
                action('lifting'),
                html`${textInput(form, { name: 'reason', label: 'Why it is lifted' })}
                  <button type="submit" class="second">Lift the hold</button>`,
              )}
            </details>`
        : nothing
    }
  </article>`;
}

function barCard(page: CasePage, bar: MailBar): Html {
  const { session, view, refused } = page;
  const form = formContext(formNameOf('opening', bar.barId), refused);
  return html`<article class="panel">
    <p>
      <strong
        >Mail is barred ${bar.caseId === null ? 'for the whole house' : 'for this case'}.</strong
      >
      Do not trust mail: call each other.
    </p>
    <p>Barred by ${bar.by}: ${bar.reason}</p>
    ${bar.openedBy.length === 0 ? nothing : html`<p>${bar.openedBy.join(', ')} would open it; a second person has to.</p>`}
    ${
      mayDo(session.person, 'bar-channel')
        ? html`<details class="adding" ${form.refused === null ? nothing : html` open`}>
            <summary>Open mail again</summary>
            ${postForm(
              session,
              { action: `/cases/${view.reference}/bars/${bar.barId}/opening` },
              html`${textInput(form, { name: 'reason', label: 'Why mail is safe again' })}
                <button type="submit" class="second">Open mail again</button>`,
            )}
          </details>`
        : nothing
    }
  </article>`;
}

function holdForm({ session, view, refused }: CasePage): Html {
  const form = formContext('holds', refused);
  return html`<details class="adding" ${refused?.form === 'holds' ? html` open` : nothing}>
    <summary>Record a hold</summary>
    ${postForm(
      session,
      { action: `/cases/${view.reference}/holds` },
      html`${choices(form, {
          name: 'recipientKinds',
          label: 'Who is not told yet',
          many: true,
          value: 'data-subject',
          hint: 'Authorities and controllers only once legal and the executive, two people, stand behind it.',
          options: [
            { value: 'data-subject', label: 'data subjects' },
            { value: 'controller', label: 'controllers' },
            { value: 'authority', label: 'authorities' },
          ],
        })}
        ${textInput(form, { name: 'requestedBy', label: 'Who asks' })}
        ${textInput(form, { name: 'reference', label: 'Their reference' })}
        ${textInput(form, { name: 'document', label: 'Where the request is kept', required: false })}
        ${textInput(form, { name: 'expiresAt', label: 'Until', hint: 'With its offset, such as 2026-06-15T17:45:00+02:00.' })}
        ${textArea(form, { name: 'reason', label: 'Why', rows: 2 })}
        <button type="submit">Record the hold</button>`,
    )}
  </details>`;
}

function barForm({ session, view, refused }: CasePage): Html {
  const form = formContext('bars', refused);
  return html`<details class="adding" ${refused?.form === 'bars' ? html` open` : nothing}>
    <summary>Bar the mail channel</summary>
    ${postForm(
      session,
      { action: `/cases/${view.reference}/bars` },
      html`${textArea(form, { name: 'reason', label: 'What makes you suspect mail', rows: 2 })}
        <button type="submit" class="danger">Bar mail for this case</button>
        <p class="hint">
          No machine sends a notice of this case until two people open mail again.
        </p>`,
    )}
  </details>`;
}
