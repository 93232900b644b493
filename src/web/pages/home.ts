/** The home page: what needs attention, then every case by its most pressing due. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayDo } from '../../domain/actor.ts';
import { toMs } from '../../domain/instant.ts';
import type { CaseSummary, Page } from '../../domain/views.ts';
import type { WebPorts } from '../ports.ts';
import { layout } from './layout.ts';
import { counted, html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';
import { countdown, remaining, timeTag, urgency } from './time.ts';
import { caseStateTag, tag } from './words.ts';

const attentionLimit = 200;
const pageLimit = 50;

interface Attention {
  readonly key: string;
  readonly label: string;
  readonly of: (one: CaseSummary) => number;
}

function leftMs(one: CaseSummary): number | null {
  return one.nextDueAt === null ? null : toMs(one.nextDueAt) - toMs(one.caseNowAt);
}

function isUrgent(one: CaseSummary, wanted: 'overdue' | 'tight'): number {
  const left = leftMs(one);
  return left !== null && urgency(left) === wanted ? 1 : 0;
}

const attentions: readonly Attention[] = [
  { key: 'overdue', label: 'overdue', of: (one) => isUrgent(one, 'overdue') },
  { key: 'due', label: 'due within 24 hours', of: (one) => isUrgent(one, 'tight') },
  {
    key: 'decide',
    label: 'to decide',
    of: (one) => one.undecided + (one.state === 'investigating' ? 1 : 0),
  },
  { key: 'approve', label: 'notices awaiting approval', of: (one) => one.awaitingApproval },
];

/** The route of the home page. */
export function homeRoute(app: FastifyInstance, ports: WebPorts): void {
  app.get(
    '/',
    { config: { right: 'signed-in' }, schema: { hide: true } },
    async (request, reply) => {
      const session = sessionOf(request);
      const { show, closed, cursor } = asked(request);
      const body = mayDo(session.person, 'read-case')
        ? await ports.house.as(session.person, async ({ views, events }) => {
            const waiting = await events.countWaiting();
            const open = await views.cases({ state: 'open', limit: attentionLimit, cursor: null });
            const listed = closed
              ? await views.cases({ state: 'closed', limit: pageLimit, cursor })
              : (chosen(open, show, cursor) ??
                (await views.cases({ state: 'open', limit: pageLimit, cursor })));
            return html`${waitingEvents(waiting)}${cases(open, listed, { show, closed })}`;
          })
        : html`<h1>Cases</h1>
            <p>Your roles let you see no cases.</p>`;
      const page = layout({ title: 'Cases', session, body, mailboxUrl: ports.mailboxUrl });
      return sendPage(reply, 200, page);
    },
  );
}

/** Nothing where none waits, or the person does not see the whole group. */
function waitingEvents(count: number): Html {
  if (count === 0) return nothing;
  return html`<p class="note">
    <a href="/events">${counted(count, 'event waits', 'events wait')} for a person</a>: signed by a
    known source, and no program could take ${count === 1 ? 'it' : 'them'}.
  </p>`;
}

interface Asked {
  readonly show: Attention | null;
  readonly closed: boolean;
  readonly cursor: string | null;
}

function asked(request: FastifyRequest): Asked {
  const query = request.query as Readonly<Record<string, unknown>>;
  return {
    show: attentions.find((one) => one.key === query['show']) ?? null,
    closed: query['state'] === 'closed',
    cursor: typeof query['cursor'] === 'string' ? query['cursor'] : null,
  };
}

function chosen(
  open: Page<CaseSummary>,
  show: Attention | null,
  cursor: string | null,
): Page<CaseSummary> | null {
  if (show === null || cursor !== null) return null;
  return { items: open.items.filter((one) => show.of(one) > 0), next: null };
}

function cases(
  open: Page<CaseSummary>,
  listed: Page<CaseSummary>,
  { show, closed }: Pick<Asked, 'show' | 'closed'>,
): Html {
  return html`<h1>Cases</h1>
    ${strip(open, show)}
    <nav class="tabs" aria-label="Which cases">
      <a href="/" ${closed || show !== null ? nothing : html` aria-current="page"`}>Open</a>
      ${show === null ? nothing : html`<a href="/?show=${show.key}" aria-current="page">Only: ${show.label}</a>`}
      <a href="/?state=closed" ${closed ? html` aria-current="page"` : nothing}>Closed</a>
    </nav>
    ${
      listed.items.length === 0
        ? html`<p class="empty">
            ${closed ? 'No case has been closed yet.' : 'No case is open here.'}
          </p>`
        : html`<ol class="cases">
            ${listed.items.map(row)}
          </ol>`
    }
    ${
      listed.next === null
        ? nothing
        : html`<p>
            <a href="/?${closed ? 'state=closed&' : ''}cursor=${listed.next}" rel="next"
              >Further cases</a
            >
          </p>`
    }`;
}

function strip(open: Page<CaseSummary>, show: Attention | null): Html {
  const more = open.next === null ? '' : '+';
  return html`<section aria-labelledby="attention">
    <h2 id="attention" class="quiet-title">Needs attention</h2>
    <ul class="strip">
      ${attentions.map((one) => {
        const count = open.items.reduce((sum, seen) => sum + one.of(seen), 0);
        const current = one === show ? html` aria-current="true"` : nothing;
        return html`<li class="${count === 0 ? 'none' : one.key}">
          <a href="/?show=${one.key}" ${current}
            ><b>${count}${more}</b> <span>${one.label}</span></a
          >
        </li>`;
      })}
    </ul>
  </section>`;
}

function row(one: CaseSummary): Html {
  return html`<li class="case-row">
    <div class="case-due">${due(one)}</div>
    <div class="case-what">
      <h3><a href="/cases/${one.reference}">${one.title}</a></h3>
      <p class="meta">
        <span class="reference">${one.reference}</span>
        ${caseStateTag(one.state, one.determination)}
        ${one.mode === 'drill' ? tag('exercise', 'plain') : nothing}
        ${one.reportedLate ? tag('reported after 72 hours', 'bad') : nothing}
        <span>${one.unit}</span>
      </p>
      ${one.nextDueLabel === null ? nothing : html`<p class="next-due">${one.nextDueLabel}</p>`}
    </div>
    <p class="case-counts">${counts(one)}</p>
  </li>`;
}

function due(one: CaseSummary): Html {
  if (one.state === 'closed') return html`<span class="left off">closed</span>`;
  if (one.nextDueAt === null) return html`<span class="left off">nothing due</span>`;
  const wallMs = (toMs(one.nextDueAt) - toMs(one.caseNowAt)) / one.speed;
  return html`${countdown(one.nextDueAt, one)}
    <small>${timeTag(one.nextDueAt, 'UTC')}</small>
    ${one.speed === 1 ? nothing : html`<small>by the wall clock ${remaining(wallMs)}</small>`}`;
}

function counts(one: CaseSummary): string {
  const said = [
    one.openObligations > 0 ? counted(one.openObligations, 'open obligation') : '',
    one.undecided > 0 ? `${String(one.undecided)} to decide` : '',
    one.awaitingApproval > 0 ? `${String(one.awaitingApproval)} awaiting approval` : '',
    one.openTasks > 0 ? counted(one.openTasks, 'open task') : '',
  ].filter((words) => words !== '');
  return said.map((words) => words.replaceAll(' ', '\u00a0')).join(' · ');
}
