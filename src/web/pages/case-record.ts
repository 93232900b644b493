/** Tasks, alarms and the timeline of a case page. */
import { mayDo } from '../../domain/actor.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AlarmView, TaskView, TimelineEntry } from '../../domain/views.ts';
import { timelineLimit, type CasePage } from './case-data.ts';
import { formContext, postForm, textInput } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';
import { entryWords, tag, valueWords } from './words.ts';

/** Open tasks, each with the form that completes it. */
export function taskSection(page: CasePage): Html {
  return html`<section aria-labelledby="tasks">
    <h2 id="tasks">Tasks</h2>
    ${
      page.tasks.length === 0
        ? html`<p class="empty">None is open.</p>`
        : html`<ul class="tasks">
            ${page.tasks.map((task) => taskLine(page, task))}
          </ul>`
    }
  </section>`;
}

function taskLine(page: CasePage, task: TaskView): Html {
  const form = formContext(`task-${task.taskId}`, page.refused);
  const action = `/cases/${page.view.reference}/tasks/${task.taskId}/completion`;
  return html`<li>
    <p>
      <strong>${task.title}</strong>
      <span class="meta">for ${task.role}, since ${timeTag(task.at, page.view.awareZone)}</span>
    </p>
    ${
      mayDo(page.session.person, 'complete-task')
        ? html`<details>
            <summary>Complete</summary>
            ${postForm(
              page.session,
              { action, className: 'act inline' },
              html`${textInput(form, { name: 'outcome', label: 'Outcome, in words' })}
                <button type="submit">Complete the task</button>`,
            )}
          </details>`
        : nothing
    }
  </li>`;
}

/** Alarms that will ring or have rung. */
export function alarmSection(page: CasePage): Html {
  if (page.alarms.length === 0) return nothing;
  const rung = page.alarms.filter((one) => one.rungAt !== null && one.answeredAt === null);
  return html`<section aria-labelledby="alarms">
    <h2 id="alarms">Alarms</h2>
    ${
      rung.length === 0
        ? nothing
        : html`<ul class="tasks">
            ${rung.map((one) => ringing(page, one))}
          </ul>`
    }
    <details>
      <summary>All ${page.alarms.length} alarms</summary>
      <ol class="plain">
        ${page.alarms.map(
          (one) =>
            html`<li>
              ${timeTag(one.ringAt, page.view.awareZone, true)} ${one.line}
              <span class="meta">for ${one.role}, ${alarmState(one)}</span>
            </li>`,
        )}
      </ol>
    </details>
  </section>`;
}

function alarmState(one: AlarmView): string {
  if (one.answeredAt !== null) return 'answered';
  if (one.handedAt !== null) return 'rung and handed on';
  return one.rungAt === null ? 'will ring' : 'rung';
}

function ringing(page: CasePage, one: AlarmView): Html {
  const action = `/cases/${page.view.reference}/alarms/answer`;
  return html`<li>
    <p>${tag('ringing', 'bad')} ${one.line} <span class="meta">for ${one.role}</span></p>
    ${
      mayDo(page.session.person, 'complete-task')
        ? postForm(
            page.session,
            { action, className: 'act inline' },
            html`<input type="hidden" name="subject" value="${one.subject}" />
              <input type="hidden" name="step" value="${one.step}" />
              <button type="submit" class="second">I take this up</button>`,
          )
        : nothing
    }
  </li>`;
}

/** What happened, the newest first, as the register has it. */
export function timelineSection({ timeline, view }: CasePage): Html {
  const oldest = timeline.at(-1)?.streamSeq ?? 1;
  return html`<section aria-labelledby="timeline">
    <h2 id="timeline">Timeline</h2>
    <ol class="timeline">
      ${timeline.map((entry) => entryLine(entry, view.awareZone))}
    </ol>
    ${
      timeline.length === timelineLimit && oldest > 1
        ? html`<p>
            <a href="/cases/${view.reference}?before=${oldest}#timeline">Earlier entries</a>
          </p>`
        : nothing
    }
  </section>`;
}

function entryLine(entry: TimelineEntry, zone: string): Html {
  const said = dataWords(entry.data);
  return html`<li>
    ${timeTag(entry.at, zone, true)} <strong>${entryWords(entry.type)}</strong>
    <span class="meta">by ${entry.actorName}</span>
    ${said === '' ? nothing : html`<p class="meta said">${said}</p>`}
  </li>`;
}

function dataWords(data: JsonObject): string {
  return Object.entries(data)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => {
      const words = valueWords(value);
      return `${name} ${words.length > 160 ? `${words.slice(0, 160)}…` : words}`;
    })
    .join(' · ');
}
