/** The top of a case page: stage, the next action and whose it is, and the clock. */
import type { CaseView } from '../../domain/views.ts';
import type { CaseData } from './case-data.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { absolute, countdown, span, timeTag } from './time.ts';
import { caseStateTag, tag } from './words.ts';

/** What happens next, and who has it in hand. */
interface NextAction {
  readonly words: string;
  readonly hand: string;
  readonly anchor: string | null;
}

function nextAction({ view, obligations, notices, tasks }: CaseData): NextAction {
  const inReview = notices.filter((one) => one.state === 'in-review').length;
  const returned = notices.filter((one) => one.state === 'returned').length;
  const inDoubt = notices.reduce((sum, one) => sum + one.deliveries['in-doubt'], 0);
  if (view.state === 'closed' && tasks.some((task) => task.kind === 'reopen')) {
    const words = 'Say whether the case is opened again: an event came in for it.';
    return { words, hand: 'Legal or executive', anchor: 'act-reopening' };
  }
  if (view.state === 'closed') {
    return { words: 'Nothing: the case is closed.', hand: 'nobody', anchor: null };
  }
  if (view.state === 'investigating') {
    const words = 'Determine whether personal data were breached.';
    return { words, hand: 'Legal or executive', anchor: 'act-determination' };
  }
  if (view.determination === 'not-a-breach') {
    return {
      words: 'Close the case with its reasons.',
      hand: 'Legal or executive',
      anchor: 'act-closure',
    };
  }
  if (inDoubt > 0) {
    const words = `Say how ${counted(inDoubt, 'delivery', 'deliveries')} in doubt ended.`;
    return { words, hand: 'Legal or executive', anchor: 'notices' };
  }
  if (view.undecided > 0) {
    const words = `Decide ${counted(view.undecided, 'obligation')} the facts leave open.`;
    return { words, hand: 'Legal or executive', anchor: 'obligations' };
  }
  if (inReview > 0) {
    const words = `Read and approve ${counted(inReview, 'notice')}.`;
    return { words, hand: 'Legal or executive', anchor: 'notices' };
  }
  if (returned > 0) {
    const words = `Reword ${counted(returned, 'notice')} that came back.`;
    return { words, hand: 'Legal', anchor: 'notices' };
  }
  if (tasks.length > 0) {
    return {
      words: `Complete ${counted(tasks.length, 'open task')}.`,
      hand: 'see tasks',
      anchor: 'tasks',
    };
  }
  if (view.engine === 'waiting' || obligations.length === 0 || view.openObligations > 0) {
    return { words: 'Wait: Tocsin is at work on this case.', hand: 'Tocsin', anchor: null };
  }
  return {
    words: 'Close the case with its reasons.',
    hand: 'Legal or executive',
    anchor: 'act-closure',
  };
}

const stages = ['Investigate', 'Determine what is owed', 'Approve and dispatch', 'Close'] as const;

function stageOf({ view, notices }: CaseData): number {
  if (view.state === 'closed') return stages.length;
  if (view.state === 'investigating') return 0;
  if (view.determination === 'not-a-breach') return 3;
  if (notices.length === 0) return 1;
  const waits = notices.some(({ state }) => state !== 'dispatched' && state !== 'cancelled');
  return view.openObligations === 0 && !waits ? 3 : 2;
}

function stageBar(data: CaseData): Html {
  const at = stageOf(data);
  return html`<ol class="stages" aria-label="Stages of the case">
    ${stages.map((name, index) => {
      const state = index < at ? 'past' : index === at ? 'now' : 'ahead';
      const said = { past: 'done: ', now: 'now: ', ahead: '' }[state];
      const current = state === 'now' ? html` aria-current="step"` : nothing;
      return html`<li class="${state}" ${current}><span class="unseen">${said}</span>${name}</li>`;
    })}
  </ol>`;
}

/** Title, state, stage, next action and clock. */
export function caseHead(data: CaseData): Html {
  const { view } = data;
  const next = nextAction(data);
  return html`<p class="path">
      <a href="/">Cases</a> <span aria-hidden="true">/</span> ${view.reference}
    </p>
    <h1>${view.title}</h1>
    <p class="meta">
      <span class="reference">${view.reference}</span>
      ${caseStateTag(view.state, view.determination)}
      ${view.reportedLate ? tag('reported after 72 hours', 'bad') : nothing}
      <span>unit ${view.unit}</span> <span>source ${view.source}</span>
    </p>
    ${stageBar(data)}
    <div class="front">
      <section class="panel" aria-labelledby="next-action">
        <h2 id="next-action" class="quiet-title">Next action</h2>
        <p class="next">
          ${next.anchor === null ? next.words : html`<a href="#${next.anchor}">${next.words}</a>`}
        </p>
        <p class="meta">In the hands of: ${next.hand}</p>
        ${engineLine(view)}
        ${view.description === '' ? nothing : html`<p class="description">${view.description}</p>`}
      </section>
      ${clock(view)}
    </div>`;
}

function engineLine(view: CaseView): Html {
  if (view.engine === 'following') return nothing;
  return html`<p class="note">
    Recorded, and waiting for the engine: it will take this up by itself as soon as it can.
  </p>`;
}

function clock(view: CaseView): Html {
  const zone = view.awareZone;
  return html`<section class="panel" aria-labelledby="clock">
    <h2 id="clock" class="quiet-title">Most pressing due</h2>
    ${
      view.nextDueAt === null
        ? html`<p class="next">Nothing is due.</p>`
        : html`<p class="next">${countdown(view.nextDueAt, view)}</p>
            <p>
              ${timeTag(view.nextDueAt, zone)}
              <span class="meta">${utcBeside(view.nextDueAt, zone)}</span>
            </p>
            <p class="meta">${view.nextDueLabel ?? ''}</p>`
    }
    ${view.mode === 'drill' ? drillClock(view) : nothing}
    <dl class="pairs">
      <div>
        <dt>Awareness</dt>
        <dd>
          ${timeTag(view.awareAt, zone)}
          ${view.awareState === 'provisional' ? tag('provisional', 'ask') : tag('fixed', 'good')}
          <span class="meta">${view.awareBasis}</span>
        </dd>
      </div>
      ${
        view.detection === null
          ? nothing
          : html`<div>
              <dt>Detected as provider</dt>
              <dd>
                ${timeTag(view.detection.detectedAt, zone)}
                <span class="meta">${view.detection.basis}</span>
              </dd>
            </div>`
      }
      <div>
        <dt>Received</dt>
        <dd>${timeTag(view.receivedAt, zone)}</dd>
      </div>
      ${
        view.detectedAt === null
          ? nothing
          : html`<div>
              <dt>First sign</dt>
              <dd>${timeTag(view.detectedAt, zone)}</dd>
            </div>`
      }
    </dl>
  </section>`;
}

function utcBeside(at: string, zone: string): string {
  return zone === 'UTC' ? '' : `(${absolute(at, 'UTC')})`;
}

function drillClock(view: CaseView): Html {
  if (view.speed === 1) return html`<p class="note">Case time runs with the wall clock.</p>`;
  const hour = span(3_600_000 / view.speed);
  return html`<p class="note">
    Case time is now ${timeTag(view.caseNowAt, view.awareZone, true)} and runs
    ${view.speed.toLocaleString('en-GB')} times as fast as the wall clock: an hour of the case takes
    ${hour}.
    ${
      view.nextDueRingAt === null
        ? nothing
        : html`By the wall clock this is due at
          ${timeTag(view.nextDueRingAt, view.awareZone, true)}.`
    }
  </p>`;
}
