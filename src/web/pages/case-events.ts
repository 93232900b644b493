/** Events on the page of a case: as they came, with what a person can make of each. */
import { mayDo } from '../../domain/actor.ts';
import type { ShownEvent } from '../api/case-events.ts';
import type { CasePage } from './case-data.ts';
import { formContext, formNameOf, postForm, textInput } from './fields.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';
import { tag } from './words.ts';

/** A name for the forms of an event that can stand in an id of a page. */
export function eventFormName(act: string, { source, eventId }: NamedEvent): string {
  return formNameOf(act, source, eventId);
}

type NamedEvent = Readonly<Pick<ShownEvent, 'source' | 'eventId'>>;

/** The hidden fields that say which event a form is about. */
export function eventFields({ source, eventId }: NamedEvent): Html {
  return html`<input type="hidden" name="source" value="${source}" />
    <input type="hidden" name="eventId" value="${eventId}" />`;
}

/** Events that came after the case was closed, or that it was opened from; absent when there are none. */
export function eventSection(page: CasePage): Html {
  if (page.events.length === 0) return nothing;
  return html`<section aria-labelledby="events">
    <h2 id="events">Events</h2>
    <ul class="tasks">
      ${page.events.map((event) => eventLine(page, event))}
    </ul>
  </section>`;
}

function eventLine(page: CasePage, event: ShownEvent): Html {
  return html`<li>
    <p>
      ${event.waits ? tag('waits', 'ask') : tag('dealt with', 'off')}
      <strong>${event.type ?? 'unreadable'}</strong>
      <span class="meta">
        from ${event.source}, ${timeTag(event.at, page.view.awareZone)}
        ${event.carries === 0 ? nothing : html`, carries ${counted(event.carries, 'fact or hit', 'facts or hits')}`}
      </span>
    </p>
    <details>
      <summary>As it came</summary>
      <pre class="wide" tabindex="0">${event.body}</pre>
    </details>
    ${event.waits ? acts(page, event) : nothing}
  </li>`;
}

function acts(page: CasePage, event: ShownEvent): Html {
  const { person } = page.session;
  const closed = page.view.state === 'closed';
  const base = `/cases/${page.view.reference}/events`;
  const form = formContext(eventFormName('settle', event), page.refused);
  return html`${
    event.carries === 0 || !mayDo(person, 'record-facts')
      ? nothing
      : closed
        ? html`<p class="hint">Once the case is open again, its facts can be recorded here.</p>`
        : postForm(
            page.session,
            { action: `${base}/facts`, className: 'act inline' },
            html`${eventFields(event)} <button type="submit">Record what it carries</button>`,
          )
  }
  ${
    mayDo(person, 'complete-task')
      ? html`<details>
          <summary>Settle without recording</summary>
          ${postForm(
            page.session,
            { action: `${base}/settlement`, className: 'act inline' },
            html`${eventFields(event)}
              ${textInput(form, { name: 'note', label: 'What became of it' })}
              <button type="submit" class="second">Settle the event</button>`,
          )}
        </details>`
      : nothing
  }`;
}
