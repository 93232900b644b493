/** What stands behind one obligation on a case page: its basis in law and fact, and who has it in hand. */
import { toMs } from '../../domain/instant.ts';
import type { CaseView, ObligationView } from '../../domain/views.ts';
import { html, nothing, type Html } from './markup.ts';
import { ruleLink } from './rule-link.ts';
import { timeTag } from './time.ts';
import { valueWords, verificationWords } from './words.ts';

/** Who has an obligation in hand now, in words; empty when nothing more is to be done. */
export function handOf(one: ObligationView): string {
  if (one.state === 'to-decide') return 'in the hands of legal or executive';
  if (one.state !== 'owed') return '';
  if (one.recipientKind === 'register') return 'written when the case closes';
  switch (one.noticeState) {
    case 'in-review':
      return 'in the hands of an approver';
    case 'returned':
      return 'in the hands of legal: reword';
    case 'released':
      return one.authority?.channel === 'portal'
        ? 'in the hands of legal: file it'
        : 'in the hands of Tocsin: sending';
    case 'dispatched':
      return 'awaiting its receipt';
    case 'cancelled':
      return 'its notice was cancelled';
    case 'drafting':
    case null:
      return 'in the hands of Tocsin: drafting';
  }
}

/** What an obligation rests on: provision, verification, authority, facts, own target, receipt. */
export function basisDetails(view: CaseView, one: ObligationView): Html {
  const { authority, factsUsed } = one;
  return html`<details class="basis">
    <summary>Basis</summary>
    <dl class="pairs">
      <div>
        <dt>Provision</dt>
        <dd>${ruleLink(one.provision)} ${one.citation}</dd>
      </div>
      <div>
        <dt>Verification</dt>
        <dd>${verificationWords(one.verification)}, rule set ${one.ruleSetVersion}</dd>
      </div>
      ${
        authority === null
          ? nothing
          : html`<div>
              <dt>Authority</dt>
              <dd>
                ${authority.name} (${authority.role}), by ${authority.channel}. ${authority.why}
                <span class="meta">${verificationWords(authority.verification)}</span>
              </dd>
            </div>`
      }
      <div>
        <dt>Facts used</dt>
        <dd>
          ${
            factsUsed.length === 0
              ? 'none'
              : factsUsed.map(
                  (fact) =>
                    html`<span class="fact"
                      ><code>${fact.name}</code> ${valueWords(fact.value)}</span
                    > `,
                )
          }
        </dd>
      </div>
      ${
        one.dueWorking.length === 0
          ? nothing
          : html`<div>
              <dt>How the due was counted</dt>
              <dd>
                <ul>
                  ${one.dueWorking.map((said) => html`<li>${said}</li>`)}
                </ul>
              </dd>
            </div>`
      }
      ${
        one.targetAt === null
          ? nothing
          : html`<div>
              <dt>Own target</dt>
              <dd>
                ${timeTag(one.targetAt, view.awareZone)}${pastTarget(view, one.targetAt, one)}
              </dd>
            </div>`
      }
      ${
        one.receiptAt === null
          ? nothing
          : html`<div>
              <dt>Receipt</dt>
              <dd>${timeTag(one.receiptAt, view.awareZone)}</dd>
            </div>`
      }
    </dl>
  </details>`;
}

function pastTarget(view: CaseView, targetAt: string, one: ObligationView): string {
  const reached = one.dispatchedAt ?? view.caseNowAt;
  return toMs(reached) > toMs(targetAt) ? ' (past own target)' : '';
}
