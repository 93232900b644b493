/** The page of events that wait: signed, kept as they came, and for a person to settle or to make a case of. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { Answer, Request } from '../../commands/command.ts';
import { answerAlarm } from '../../commands/decide-obligation.ts';
import { openFromEvent } from '../../commands/open-from-event.ts';
import { settleEvent } from '../../commands/settle-event.ts';
import { mayDo } from '../../domain/actor.ts';
import type { EventStore } from '../../domain/event-ports.ts';
import type { AlarmView } from '../../domain/views.ts';
import { readEvent } from '../api/event-content.ts';
import { key, line, text } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import type { Session } from '../who.ts';
import { eventFields, eventFormName } from './case-events.ts';
import { formContext, postForm, textArea, textInput } from './fields.ts';
import { formRequest, readFields, runForm } from './forms.ts';
import { telephoneWords } from './case-record.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';
import { timeTag } from './time.ts';
import { tag } from './words.ts';

const config = { right: 'read-case' } as const;
const named = { source: line(200), eventId: key };

type WaitingEvent = Awaited<ReturnType<EventStore['waiting']>>[number];

interface EventForm<Input, Value> {
  readonly path: string;
  readonly act: string;
  readonly schema: z.ZodType<Input>;
  readonly run: (request: Request, input: Input) => Promise<Answer<Value>>;
  /** Where to go when it is done. */
  readonly next: (value: Value) => string;
}

/** The list, and one command for each of its forms. */
export function eventRoutes(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  app.get('/events', { config, schema: { hide: true } }, (request, reply) =>
    sendEvents(ports, request, reply, null),
  );
  eventForm(app, ports, {
    path: 'settlement',
    act: 'settle',
    schema: z.object({ ...named, note: line(5_000) }),
    run: (request, input) => settleEvent(house, request, input),
    next: () => '/events?done=settled',
  });
  eventForm(app, ports, {
    path: 'case',
    act: 'open',
    schema: z.object({
      ...named,
      title: line(200),
      description: text(20_000, 0).default(''),
    }),
    run: (request, { source, eventId, ...report }) =>
      openFromEvent(house, request, { source, eventId, report: asReport(report) }, readEvent),
    next: ({ reference }) => `/cases/${reference}?done=opened`,
  });
  eventForm(app, ports, {
    path: 'alarm',
    act: 'alarm',
    schema: z.object({ subject: line(100), step: line(100) }),
    run: (request, input) => answerAlarm(house, request, input),
    next: () => '/events?done=alarm',
  });
}

function asReport(said: { title: string; description: string }) {
  return {
    ...said,
    caseId: uuidv7(),
    mode: null,
    speed: 1,
    unit: null,
    detectedAt: null,
    zone: 'UTC',
    offsetMinutes: 0,
    hits: [],
    facts: [],
  };
}

function eventForm<Input, Value>(
  app: FastifyInstance,
  ports: WebPorts,
  { path, act, schema, run, next }: EventForm<Input, Value>,
): void {
  app.post(`/events/${path}`, { config, schema: { hide: true } }, async (request, reply) => {
    const { source = '', eventId = '' } = readFields(request);
    const name = eventFormName(act, { source, eventId });
    const outcome = await runForm(name, request, schema, (input) =>
      run(formRequest(request, sessionOf(request)), input),
    );
    if (outcome.ok) return reply.redirect(next(outcome.value), 303);
    return sendEvents(ports, request, reply, outcome.refused);
  });
}

const doneWords: Readonly<Record<string, string>> = {
  settled: 'The event is settled.',
  alarm: 'You took up the alarm.',
};

async function sendEvents(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const { done } = request.query as Readonly<Record<string, unknown>>;
  const body = await ports.house.as(session.person, async ({ events, views }) =>
    list(session, refused, await events.waiting(), await events.countWaiting(), [
      ...(await views.alarms(null)),
    ]),
  );
  const page = layout({
    title: 'Events that wait',
    session,
    refused,
    done: refused === null && typeof done === 'string' ? (doneWords[done] ?? null) : null,
    mailboxUrl: ports.mailboxUrl,
    body,
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), page);
}

function list(
  session: Session,
  refused: RefusedForm | null,
  events: readonly WaitingEvent[],
  count: number,
  alarms: readonly AlarmView[],
): Html {
  const ringing = alarms.filter((one) => one.rungAt !== null && one.answeredAt === null);
  return html`<h1>Events that wait</h1>
    <p class="hint">
      A known source signed them, and no program could take them. One may be the report of a breach:
      its clock runs from when it came. Only people who see the whole group find them here.
    </p>
    ${
      ringing.length === 0
        ? nothing
        : html`<ul class="tasks">
            ${ringing.map((one) => alarmLine(session, one))}
          </ul>`
    }
    ${events.length === 0 ? html`<p class="empty">None waits.</p>` : nothing}
    <ul class="tasks">
      ${events.map((event) => eventLine(session, refused, event))}
    </ul>
    ${
      count > events.length
        ? html`<p class="meta">The first ${events.length} of ${count} are shown.</p>`
        : nothing
    }`;
}

function alarmLine(session: Session, one: AlarmView): Html {
  return html`<li>
    <p>
      ${tag('ringing', 'bad')} ${one.line}
      <span class="meta">for ${one.role}</span> ${telephoneWords(one)}
    </p>
    ${
      mayDo(session.person, 'complete-task')
        ? postForm(
            session,
            { action: '/events/alarm', className: 'act inline' },
            html`<input type="hidden" name="subject" value="${one.subject}" />
              <input type="hidden" name="step" value="${one.step}" />
              <button type="submit" class="second">I take this up</button>`,
          )
        : nothing
    }
  </li>`;
}

function eventLine(session: Session, refused: RefusedForm | null, event: WaitingEvent): Html {
  const settling = formContext(eventFormName('settle', event), refused);
  const opening = formContext(eventFormName('open', event), refused);
  const open = (form: typeof settling): Html => (form.refused === null ? nothing : html` open`);
  return html`<li>
    <p>
      <strong>${event.type ?? 'unreadable'}</strong>
      <span class="meta">
        from ${event.source}, ${timeTag(event.at, 'UTC')}; not taken: ${event.reason}
      </span>
    </p>
    <details>
      <summary>As it came</summary>
      <pre class="wide" tabindex="0">${event.body}</pre>
    </details>
    ${
      mayDo(session.person, 'open-case')
        ? html`<details class="adding" ${open(opening)}>
            <summary>Open a case from it</summary>
            ${postForm(
              session,
              { action: '/events/case' },
              html`${eventFields(event)}
                ${textInput(opening, { name: 'title', label: 'What happened, in one line' })}
                ${textArea(opening, { name: 'description', label: 'What is known so far', required: false })}
                <button type="submit">Open the case</button>`,
            )}
          </details>`
        : nothing
    }
    ${
      mayDo(session.person, 'complete-task')
        ? html`<details class="adding" ${open(settling)}>
            <summary>Settle it</summary>
            ${postForm(
              session,
              { action: '/events/settlement', className: 'act inline' },
              html`${eventFields(event)}
                ${textInput(settling, { name: 'note', label: 'What became of it' })}
                <button type="submit" class="second">Settle the event</button>`,
            )}
          </details>`
        : nothing
    }
  </li>`;
}
