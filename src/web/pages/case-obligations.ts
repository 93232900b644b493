/** Obligations on a case page: one line each with clock, decision, hand and state; none is ever hidden. */
import { mayDo } from '../../domain/actor.ts';
import type { CaseView, ObligationView } from '../../domain/views.ts';
import type { CasePage } from './case-data.ts';
import { formContext, postForm, textArea } from './fields.ts';
import { followUpForms } from './follow-up-forms.ts';
import { basisDetails, handOf } from './obligation-basis.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { countdown, timeTag } from './time.ts';
import { obligationTag, noticeTag, tag, verificationWords } from './words.ts';

const groupedFrom = 8;
/** In a longer group each line is short and leads to itself in full: thousands of bases are more than a page carries. */
const mostInFull = 100;

/** The section with every obligation; many lines of one provision and state fold into one that opens. */
export function obligationSection(page: CasePage): Html {
  const { view, obligations } = page;
  return html`<section aria-labelledby="obligations">
    <h2 id="obligations">Obligations</h2>
    ${
      obligations.length === 0
        ? html`<p class="empty">${emptyWords(view)}</p>`
        : html`<ul class="obligations">
            ${groups(obligations).map((group) => groupLines(page, group))}
          </ul>`
    }
  </section>`;
}

function emptyWords(view: CaseView): string {
  if (view.state === 'investigating') {
    return 'They are worked out once a breach is determined. Until then the 72 hours from provisional awareness run, of a provider of communications the 24 hours from detection.';
  }
  if (view.determination === 'not-a-breach') return 'None: this was determined not to be a breach.';
  return 'They are being worked out.';
}

function groups(obligations: readonly ObligationView[]): readonly (readonly ObligationView[])[] {
  const byKind = new Map<string, ObligationView[]>();
  for (const one of obligations) {
    const kind = `${one.state} ${one.provision}`;
    byKind.set(kind, [...(byKind.get(kind) ?? []), one]);
  }
  return [...byKind.values()];
}

function groupLines(page: CasePage, group: readonly ObligationView[]): Html {
  const [first] = group;
  if (first === undefined || group.length < groupedFrom) {
    return html`${group.map((one) => line(page, one))}`;
  }
  const late = group.filter((one) => one.late).length;
  return html`<li class="group">
    <details ${group.some((one) => isAskedFor(page, one)) ? 'open' : nothing}>
      <summary>
        <span class="obligation">
          <span class="line-state">${obligationTag(first.state)}</span>
          <span class="line-what">
            <strong>${groupWords(first, group.length)}</strong> ${first.label}
            <span class="meta">${first.citation}</span>
          </span>
          <span class="line-clock">${clockOf(page.view, first)}</span>
          <span class="line-hand">
            ${late === 0 ? nothing : tag(`${String(late)} late`, 'bad')}
            <span class="meta">${noticeCounts(group)}</span>
          </span>
        </span>
      </summary>
      <ul class="obligations">
        ${group.map((one) =>
          group.length > mostInFull && !isAskedFor(page, one)
            ? shortLine(page, one)
            : line(page, one),
        )}
      </ul>
    </details>
  </li>`;
}

function groupWords(first: ObligationView, count: number): string {
  return first.recipientKind === 'controller'
    ? counted(count, 'customer')
    : counted(count, 'obligation');
}

function noticeCounts(group: readonly ObligationView[]): string {
  const counts = new Map<string, number>();
  for (const { noticeState } of group) {
    if (noticeState === null) continue;
    counts.set(noticeState, (counts.get(noticeState) ?? 0) + 1);
  }
  const said = [...counts].map(([state, count]) => `${String(count)} ${state.replace('-', ' ')}`);
  return said.length === 0 ? '' : `notices: ${said.join(', ')}`;
}

/** Chosen by its link, or one of its forms was refused. */
function isAskedFor({ obligation, refused }: CasePage, { obligationId }: ObligationView): boolean {
  return obligation === obligationId || refused?.form.includes(obligationId) === true;
}

function shortLine({ view }: CasePage, one: ObligationView): Html {
  const id = `obligation-${one.obligationId}`;
  return html`<li class="obligation" id="${id}">
    <div class="line-state">${one.late ? tag('late', 'bad') : nothing}</div>
    <div class="line-what">
      <strong>${recipientWords(one)}</strong>
      <a href="/cases/${view.reference}?obligation=${one.obligationId}#${id}"
        >Reasons, basis and acts<span class="unseen"> for ${one.recipientName}</span></a
      >
    </div>
    <div class="line-clock">${clockOf(view, one)}</div>
    <div class="line-hand">${noticeLink(one)}</div>
  </li>`;
}

function line(page: CasePage, one: ObligationView): Html {
  const ended = one.state === 'not-owed' || one.state === 'withdrawn' ? ' ended' : '';
  return html`<li class="obligation${ended}" id="obligation-${one.obligationId}">
    <div class="line-state">
      ${obligationTag(one.state)} ${one.late ? tag('late', 'bad') : nothing}
    </div>
    <div class="line-what">
      <strong>${recipientWords(one)}</strong>
      <span>${one.label}</span>
      <span class="meta"
        ><a href="/rules/${one.provision}">${one.citation}</a>,
        ${verificationWords(one.verification)}, affiliate ${one.affiliateKey}</span
      >
      <p class="why">${reasonWords(one)}</p>
      ${basisDetails(page.view, one)} ${decisionForm(page, one)} ${followUpForms(page, one)}
    </div>
    <div class="line-clock">${clockOf(page.view, one)}</div>
    <div class="line-hand">${noticeLink(one)} <span class="meta">${handOf(one)}</span></div>
  </li>`;
}

function noticeLink(one: ObligationView): Html {
  if (one.noticeId === null || one.noticeState === null) return nothing;
  return html`<a href="/notices/${one.noticeId}"
      >Notice<span class="unseen"> to ${one.recipientName}</span></a
    >
    ${noticeTag(one.noticeState)}`;
}

// Where the law finds no one recipient it says who stands in for it.
const standIns: Readonly<Record<string, string>> = {
  'controllers-decide': 'Authorities of our customers',
  'authority-to-be-named': 'Authority to be named',
};

function recipientWords(one: ObligationView): string {
  return standIns[one.recipientName] ?? one.recipientName;
}

// A person's reason is their own words; the rules' reasons already say what follows from them.
function reasonWords(one: ObligationView): string {
  const said = one.state !== 'not-owed' || one.reason.startsWith('Not owed');
  return said ? one.reason : `Not owed, because: ${one.reason}`;
}

function clockOf(view: CaseView, one: ObligationView): Html {
  const zone = view.awareZone;
  if (one.dispatchedAt !== null) return html`dispatched ${timeTag(one.dispatchedAt, zone)}`;
  if (one.state !== 'owed' && one.state !== 'to-decide') return nothing;
  if (one.dueAt === null) {
    return html`without undue delay
    ${
      one.targetAt === null
        ? nothing
        : html`<span class="meta">own target ${timeTag(one.targetAt, zone)}</span>`
    }`;
  }
  return html`${countdown(one.dueAt, view)} ${timeTag(one.dueAt, zone)}
    <span class="meta">${one.dueBasis === 'contract' ? 'by contract' : 'by law'}</span>
    ${
      one.latestStartAt === null
        ? nothing
        : html`<span class="meta">latest start of its filing</span>
            ${countdown(one.latestStartAt, view)} ${timeTag(one.latestStartAt, zone)}`
    }`;
}

function decisionForm(page: CasePage, one: ObligationView): Html {
  if (one.state !== 'to-decide' || !mayDo(page.session.person, 'decide-obligation')) return nothing;
  const form = formContext(`decide-${one.obligationId}`, page.refused);
  const action = `/cases/${page.view.reference}/obligations/${one.obligationId}/decision`;
  return postForm(
    page.session,
    { action, className: 'act inline' },
    html`<input type="hidden" name="owed" value="yes" />
      ${textArea(form, {
        name: 'reason',
        label: 'Reason why they are told',
        hint: 'That they are not is proposed as a lowering, under "Decide and act".',
        rows: 2,
      })}
      <button type="submit">It is owed: ${one.recipientName} must be told</button>`,
  );
}
