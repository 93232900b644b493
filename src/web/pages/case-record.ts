/** Tasks, alarms and the timeline of a case page. */
import { mayDo } from '../../domain/actor.ts';
import { alikeAlarms, timesWords, type AlikeAlarms } from '../../domain/alike-alarms.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { AlarmView, TaskView, TimelineEntry } from '../../domain/views.ts';
import { timelineLimit, type CasePage } from './case-data.ts';
import { formContext, postForm, textInput } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';
import { absolute, timeTag } from './time.ts';
import { entryWords, tag, valueWords } from './words.ts';

/** Open tasks, each with the form that completes it; several of one title fold into one that opens. */
export function taskSection(page: CasePage): Html {
  const byTitle = Map.groupBy(page.tasks, (task) => task.title);
  return html`<section aria-labelledby="tasks">
    <h2 id="tasks">Tasks</h2>
    ${
      page.tasks.length === 0
        ? html`<p class="empty">None is open.</p>`
        : html`<ul class="tasks">
            ${[...byTitle].map(([title, tasks]) => taskGroup(page, title, tasks))}
          </ul>`
    }
  </section>`;
}

function taskGroup(page: CasePage, title: string, tasks: readonly TaskView[]): Html {
  if (tasks.length < 3) return html`${tasks.map((task) => taskLine(page, task))}`;
  return html`<li>
    <details>
      <summary><strong>${title}</strong> <span class="meta">${tasks.length} times</span></summary>
      <ul class="tasks">
        ${tasks.map((task) => taskLine(page, task))}
      </ul>
    </details>
  </li>`;
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
            ${alikeAlarms(rung).map((one) => ringing(page, one))}
          </ul>`
    }
    <details>
      <summary>All ${page.alarms.length} alarms</summary>
      <ol class="plain">
        ${alikeAlarms(page.alarms).map(
          ({ first: one, count }) =>
            html`<li>
              ${timeTag(one.ringAt, page.view.awareZone, true)} ${timesWords(count)}${one.line}
              <span class="meta">for ${one.role}, ${alarmState(one)}</span>
            </li>`,
        )}
      </ol>
    </details>
  </section>`;
}

function alarmState(one: AlarmView): string {
  if (one.answeredAt !== null) return 'answered';
  const to = one.handedTo ?? 'somebody';
  if (one.handedWay === 'telephone') return `rung; ${to} is to be telephoned`;
  if (one.handedWay === 'out-of-band') return `rung and handed to ${to} out of band`;
  if (one.handedAt !== null) return 'rung and handed on';
  return one.rungAt === null ? 'will ring' : 'rung';
}

/** Said where nothing could be sent: whoever reads this has to ring. */
export function telephoneWords({ handedWay, handedTo }: AlarmView): Html {
  return handedWay === 'telephone'
    ? html`<strong
        >Ring ${handedTo ?? 'them'} by telephone: mail is barred, and there is no other way.</strong
      >`
    : nothing;
}

function ringing(page: CasePage, { first: one, count }: AlikeAlarms): Html {
  const action = `/cases/${page.view.reference}/alarms/answer`;
  return html`<li>
    <p>
      ${tag('ringing', 'bad')} ${timesWords(count)}${one.line}
      <span class="meta">for ${one.role}</span> ${telephoneWords(one)}
    </p>
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
      ${runs(timeline).map((run) => runLines(run, view.awareZone))}
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

/** Entries of one type by one actor that follow each other. */
function runs(timeline: readonly TimelineEntry[]): readonly (readonly TimelineEntry[])[] {
  const found: TimelineEntry[][] = [];
  for (const entry of timeline) {
    const last = found.at(-1);
    const [first] = last ?? [];
    if (last !== undefined && first?.type === entry.type && first.actor === entry.actor) {
      last.push(entry);
    } else {
      found.push([entry]);
    }
  }
  return found;
}

function runLines(run: readonly TimelineEntry[], zone: string): Html {
  const [first] = run;
  if (first === undefined || run.length < 3) {
    return html`${run.map((entry) => entryLine(entry, zone))}`;
  }
  return html`<li>
    <details>
      <summary>
        ${timeTag(first.at, zone, true)} <strong>${entryWords(first.type)}</strong>
        <span class="meta">${run.length} times by ${first.actorName}</span>
      </summary>
      <ol class="timeline">
        ${run.map((entry) => entryLine(entry, zone))}
      </ol>
    </details>
  </li>`;
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
    .flatMap(([name, value]) => {
      const words = shortWords(value);
      return words === '' ? [] : [`${name} ${words}`];
    })
    .join(' · ');
}

// Ids and digests are for machines; the export of the register has them.
const machineValue = /^[0-9a-f-]{32,}$/;
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function shortWords(value: JsonValue): string {
  if (value === null || (typeof value === 'string' && machineValue.test(value))) return '';
  if (typeof value === 'string' && instant.test(value)) return absolute(value, 'UTC', true);
  if (!Array.isArray(value)) return typeof value === 'object' ? '' : valueWords(value);
  const items: readonly JsonValue[] = value;
  if (items.some((item) => typeof item === 'object')) return String(items.length);
  const shown = items.slice(0, 6).map(shortWords).join(', ');
  return items.length > 6 ? `${shown} and ${String(items.length - 6)} more` : shown;
}
