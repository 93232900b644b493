/** The acts on a case that a person may do, as forms; buttons name what they bring about. */
import { mayDo, type Right } from '../../domain/actor.ts';
import type { CasePage } from './case-data.ts';
import { formContext, postForm, select, textArea, textInput } from './fields.ts';
import { delayFields, fanOutFields, investigationEndFields } from './follow-up-forms.ts';
import { proposeFields } from './lowerings.ts';
import { html, nothing, type Html } from './markup.ts';

/** Determination, awareness, detection, exposure, scope, closure, reopening: only what fits the case's state and the person's rights. */
export function actSection(page: CasePage): Html {
  const { view } = page;
  const may = (right: Right): boolean => mayDo(page.session.person, right);
  if (view.state === 'closed') {
    return may('reopen-case') ? section([reopening(page)]) : nothing;
  }
  const acts = [
    may('approve-notice') && view.fanOut.isWithheld
      ? act(
          page,
          'fan-out',
          'Tell customers whose data are merely not excluded',
          true,
          fanOutFields(page),
        )
      : nothing,
    may('determine') ? determination(page) : nothing,
    may('fix-awareness') ? awareness(page) : nothing,
    may('fix-awareness') ? detection(page) : nothing,
    may('set-exposure') ? exposure(page) : nothing,
    may('propose-lowering')
      ? act(page, 'lowerings', 'Propose that less is owed', false, proposeFields(page))
      : nothing,
    may('set-exposure') && view.determination === 'breach' ? scope(page) : nothing,
    may('decide-obligation') && view.determination === 'breach'
      ? act(page, 'delay', 'Give the reasons for a delay', false, delayFields(page))
      : nothing,
    may('determine') && view.determination === 'breach'
      ? act(page, 'investigation-end', 'End the investigation', false, investigationEndFields(page))
      : nothing,
    may('close-case') ? closure(page) : nothing,
  ].filter((act) => act !== nothing);
  return acts.length === 0 ? nothing : section(acts);
}

function section(acts: readonly Html[]): Html {
  return html`<section aria-labelledby="acts">
    <h2 id="acts">Decide and act</h2>
    ${acts}
  </section>`;
}

function act(page: CasePage, name: string, title: string, open: boolean, inside: Html): Html {
  const shown = open || page.refused?.form === name;
  const action = `/cases/${page.view.reference}/${name}`;
  return html`<details class="adding" id="act-${name}" ${shown ? html` open` : nothing}>
    <summary>${title}</summary>
    ${postForm(page.session, { action }, inside)}
  </details>`;
}

function determination(page: CasePage): Html {
  const form = formContext('determination', page.refused);
  return act(
    page,
    'determination',
    page.view.determination === null ? 'Determine whether this is a breach' : 'Determine again',
    page.view.determination === null,
    html`<input type="hidden" name="determination" value="breach" />
      <p class="hint">
        Were personal data breached, Art. 4(12) GDPR? Then obligations are worked out and notices
        drafted. That it was no breach is proposed below, as a lowering.
      </p>
      ${textArea(form, { name: 'reason', label: 'Reason', hint: 'It is kept in the register, Art. 33(5) GDPR.' })}
      <button type="submit">Determine: a breach</button>`,
  );
}

function awareness(page: CasePage): Html {
  const form = formContext('awareness', page.refused);
  return act(
    page,
    'awareness',
    'Fix the instant of awareness',
    false,
    html`${textInput(form, {
        name: 'awareAt',
        label: 'Aware at',
        value: page.view.awareAt,
        hint: 'With its offset, such as 2026-06-15T17:45:00+02:00. Every due runs from it.',
      })}
      ${textInput(form, { name: 'zone', label: 'Time zone', value: page.view.awareZone, hint: 'Such as Europe/Brussels.' })}
      ${textArea(form, { name: 'evidence', label: 'Evidence', hint: 'What shows that this is when we knew.' })}
      <button type="submit">Fix awareness</button>`,
  );
}

function detection(page: CasePage): Html {
  const form = formContext('detection', page.refused);
  const { detection: recorded, awareAt, awareZone } = page.view;
  return act(
    page,
    'detection',
    'Record when we detected it as provider of communications',
    false,
    html`<p class="hint">
        Only for public communications services, 611/2013: when we knew enough for a meaningful
        notice. Not the first sign, not awareness. Their 24 hours run from it; until it is recorded,
        from awareness.
      </p>
      ${textInput(form, {
        name: 'detectedAt',
        label: 'Detected at',
        value: recorded?.detectedAt ?? awareAt,
        hint: 'With its offset, such as 2026-06-15T17:45:00+02:00.',
      })}
      ${textInput(form, { name: 'zone', label: 'Time zone', value: recorded?.zone ?? awareZone, hint: 'Such as Europe/Berlin.' })}
      ${textArea(form, { name: 'evidence', label: 'Evidence', hint: 'What shows that we knew enough by then, and not before.' })}
      <button type="submit">Record the detection</button>`,
  );
}

function exposure(page: CasePage): Html {
  const form = formContext('exposure', page.refused);
  const selects = ['product', 'asset', 'customer', 'engagement', 'processing'];
  return act(
    page,
    'exposure',
    'Grade an exposure',
    false,
    html`${select(form, {
        name: 'select',
        label: 'All of one',
        options: selects.map((value) => ({ value, label: value })),
      })}
      ${textInput(form, { name: 'key', label: 'Key', hint: 'As the catalogue has it.' })}
      ${select(form, {
        name: 'grade',
        label: 'Grade',
        options: [
          { value: 'confirmed', label: 'confirmed' },
          { value: 'likely', label: 'likely' },
          { value: 'not-excluded', label: 'not excluded' },
        ],
      })}
      ${textArea(form, { name: 'evidence', label: 'Evidence', rows: 2 })}
      <button type="submit">Record the grade</button>`,
  );
}

function scope(page: CasePage): Html {
  return act(
    page,
    'scope',
    'Scope the case again',
    false,
    html`<p class="hint">
        Finds affected engagements, customers and people anew from what was hit.
      </p>
      <button type="submit" class="second">Scope again</button>`,
  );
}

function closure(page: CasePage): Html {
  const form = formContext('closure', page.refused);
  return act(
    page,
    'closure',
    'Close the case',
    false,
    html`${textArea(form, {
        name: 'reason',
        label: 'Reason',
        hint: 'Refused while something is undecided, owed or in doubt; the refusal names it.',
        rows: 2,
      })} <button type="submit">Close the case</button>`,
  );
}

function reopening(page: CasePage): Html {
  const form = formContext('reopening', page.refused);
  const again = page.view.determination === 'breach' ? '' : ' It must then be determined anew.';
  return act(
    page,
    'reopening',
    'Open the case again',
    page.events.some((event) => event.waits),
    html`${textArea(form, {
        name: 'reason',
        label: 'Reason',
        hint: `It is kept in the register; the engine takes the case up again.${again}`,
        rows: 2,
      })} <button type="submit">Open the case again</button>`,
  );
}
