/** What the rules make of the facts, on a case page: per track, with what it rests on, ENISA beside, and earlier results. */
import { mayDo } from '../../domain/actor.ts';
import type { AssessmentView, KeptResult, KeptSeverity } from '../../domain/assessment-ports.ts';
import { factNames } from '../../domain/facts.ts';
import type { CasePage } from './case-data.ts';
import { formContext, postForm, select, textInput } from './fields.ts';
import { counted, html, nothing, type Html } from './markup.ts';
import { timeTag } from './time.ts';
import { tag } from './words.ts';

/** The section of assessments; absent before anything was assessed and while no group can be named. */
export function assessmentSection(page: CasePage): Html {
  const tracks = [...Map.groupBy(page.assessments, ({ trackId }) => trackId).values()];
  const mayRecord = mayDo(page.session.person, 'record-facts') && page.view.state !== 'closed';
  if (tracks.length === 0 && !mayRecord) return nothing;
  return html`<section aria-labelledby="assessment">
    <h2 id="assessment">Assessment</h2>
    ${
      tracks.length === 0
        ? html`<p class="empty">Nothing was assessed yet: it is, once a breach is determined.</p>`
        : html`<p class="hint">The rules propose; a named person decides.</p>
            ${tracks.map((track) => trackLines(page, track))}`
    }
    ${mayRecord ? groupForm(page) : nothing}
  </section>`;
}

function trackLines(page: CasePage, [newest, ...earlier]: readonly AssessmentView[]): Html {
  if (newest === undefined) return nothing;
  const { whole, groups, severity, policy } = newest;
  const about = newest.processingKey === '' ? '' : `, ${newest.processingKey}`;
  return html`<h3>${newest.affiliateKey} as ${newest.role}${about}</h3>
    <p>${riskTag(whole)} ${answerWords(whole)}</p>
    ${unknownLine(whole)}
    ${
      groups.length === 0
        ? nothing
        : html`<ul>
            ${groups.map(
              ({ name, people, result }) =>
                html`<li>
                  ${name}${people === null ? '' : `, ${counted(people, 'person', 'people')}`}:
                  ${riskTag(result)} ${answerWords(result)} ${unknownLine(result)}
                </li>`,
            )}
          </ul>`
    }
    ${severity === null ? nothing : severityLine(severity)}
    <details>
      <summary>How it came about</summary>
      <ul>
        ${whole.rules.map(
          ({ id, citation, factsUsed }) =>
            html`<li>
              <code>${id}</code> <span class="meta">${citation}</span>
              ${factsUsed.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`).join(', ')}
            </li>`,
        )}
      </ul>
      <p class="meta">
        For a person to look at: ${whole.humanReview.join(', ') || 'nothing'}. Demands beyond the
        rules looked at: ${newest.authorityIds.join(', ') || 'none'}. Rules ${whole.ruleSetVersion}.
      </p>
      <p class="meta">
        Policy of the house, not law: ${policy.largeScale.toLocaleString('en-GB')} people are a
        large scale, more than ${String(policy.manyKnown)} known recipients count as the public, an
        outage without effect up to ${String(policy.availabilityHoursNoRisk)} h is no risk.
      </p>
      ${
        whole.whatWouldChangeIt.length === 0
          ? nothing
          : html`<p>What would change it:</p>
              <ul>
                ${whole.whatWouldChangeIt.map(
                  ({ fact, to, riskLevel }) =>
                    html`<li>
                      <code>${fact}</code> = ${JSON.stringify(to)}: ${riskLevel ?? 'not assessed'}
                    </li>`,
                )}
              </ul>`
      }
    </details>
    ${
      earlier.length === 0
        ? nothing
        : html`<details>
            <summary>Earlier: ${counted(earlier.length, 'assessment')}</summary>
            <ul>
              ${earlier.map(
                (one) =>
                  html`<li>
                    ${timeTag(one.at, page.view.awareZone)}, facts ${String(one.factsVersion)}:
                    ${riskTag(one.whole)} ${answerWords(one.whole)}
                  </li>`,
              )}
            </ul>
          </details>`
    }`;
}

function riskTag({ isBreach, riskLevel }: KeptResult): Html {
  if (!isBreach) return tag('no breach', 'off');
  switch (riskLevel) {
    case null:
      return tag('risk not ours to assess', 'plain');
    case 'unlikely':
      return tag('risk unlikely', 'plain');
    case 'risk':
      return tag('risk', 'run');
    case 'high-risk':
      return tag('high risk', 'bad');
  }
}

function answerWords(result: KeptResult): string {
  const { notifyController, notifySA, notifySubjects, publicCommunication } = result;
  const told = [
    ...(notifyController === 'yes' ? ['the controllers'] : []),
    ...(notifySA === 'yes' ? ['the authority'] : []),
    ...(notifySubjects === 'yes' ? ['the people'] : []),
    ...(publicCommunication === 'yes' ? ['the public instead of each person'] : []),
  ];
  return told.length === 0 ? 'Nobody would be told.' : `To be told: ${told.join(', ')}.`;
}

function unknownLine({ restsOnUnknowns, unknownsUsed }: KeptResult): Html {
  return restsOnUnknowns
    ? html`<p>
        ${tag('rests on unknowns', 'ask')} What would settle it: ${unknownsUsed.join(', ')}.
      </p>`
    : nothing;
}

function severityLine(severity: KeptSeverity): Html {
  const { dpc, ei, confidentiality, integrity, availability, malicious, se, band } = severity;
  const circumstances = [confidentiality, integrity, availability, malicious].join(' + ');
  return html`<p class="meta">
    ENISA severity, advice only: ${dpc} × ${ei} + (${circumstances}) = ${se}, ${band}.
    ${severity.disagrees ? tag('differs from the rules', 'ask') : nothing}
    ${severity.flags.length === 0 ? '' : `Beside the formula: ${severity.flags.join(', ')}.`}
  </p>`;
}

function groupForm(page: CasePage): Html {
  const form = formContext('groups', page.refused);
  const shown = page.refused?.form === 'groups';
  const fields = html`${textInput(form, {
      name: 'group',
      label: 'Who stands apart',
      hint: 'Such as "weak hashes"; their result can only raise that of the case.',
    })}
    ${textInput(form, { name: 'people', label: 'How many', required: false })}
    ${textInput(form, {
      name: 'about',
      label: 'Of whom',
      value: 'case',
      hint: '"case", or the key of one own processing.',
    })}
    ${select(form, {
      name: 'name',
      label: 'What is different for them',
      options: factNames.map((name) => ({ value: name, label: name })),
    })}
    ${textInput(form, { name: 'value', label: 'What it is for them' })}
    ${textInput(form, { name: 'source', label: 'Source' })}
    <button type="submit">Record the group</button>`;
  return html`<details class="adding" id="act-groups" ${shown ? html` open` : nothing}>
    <summary>Record people who stand apart</summary>
    ${postForm(page.session, { action: `/cases/${page.view.reference}/groups` }, fields)}
  </details>`;
}
