/** The filing pack on the page of a notice: every field of the form with its value ready to copy, and the files of it. */
import type { FrozenPack } from '../filing-pack.ts';
import { html, nothing, type Html } from './markup.ts';
import { countdown, timeTag } from './time.ts';
import type { NoticePage } from './notice-data.ts';

const basisWords = {
  'form-read': 'Some fields of this form were read at its source; their order is ours.',
  'form-second-hand': 'Fields of this form are known second-hand only; check each.',
  'form-unknown':
    'Nobody has read this form: the answers follow the common template (EDPB draft of 10 June 2026, known second-hand).',
} as const;

type Field = FrozenPack['pack']['sections'][number]['fields'][number];

/** The section; nothing where no person files at an authority. */
export function packSection({ notice, view, pack }: NoticePage): Html {
  if (pack === null) return nothing;
  const { form, filing, sections, authority } = pack.pack;
  const isUnfiled = notice.state !== 'dispatched' && notice.state !== 'cancelled';
  return html`<section aria-labelledby="pack">
    <h2 id="pack">Filing pack</h2>
    <dl class="pairs">
      <div>
        <dt>Form</dt>
        <dd>
          ${form.url === null ? 'address not known' : html`<a href="${form.url}" rel="noreferrer">${form.url}</a>`}
        </dd>
      </div>
      <div>
        <dt>Languages</dt>
        <dd>${authority.languages.join(', ')}</dd>
      </div>
      <div>
        <dt>Takes</dt>
        <dd>
          ${filing.minutes} min
          (${filing.rehearsal === 'rehearsed' ? 'rehearsed' : 'policy, not rehearsed'})
        </dd>
      </div>
      <div>
        <dt>Access</dt>
        <dd>
          account ${filing.account.replaceAll('-', ' ')}, eID ${filing.eid.replaceAll('-', ' ')}
        </dd>
      </div>
      ${
        filing.latestStartAt === null
          ? nothing
          : html`<div>
              <dt>Begin at the latest</dt>
              <dd>
                ${isUnfiled ? countdown(filing.latestStartAt, view) : nothing}
                ${timeTag(filing.latestStartAt, view.awareZone)}
              </dd>
            </div>`
      }
    </dl>
    <p class="hint">${basisWords[form.basis]}</p>
    <p class="saves">
      <span>Save as a file:</span>
      ${pack.documents.map((one) => html`<a href="/documents/${one.documentId}">${one.name}</a> `)}
    </p>
    ${sections.map(
      (section) =>
        html`<details class="pack" open>
          <summary>${section.title}</summary>
          <dl class="copy">${section.fields.map((field) => fieldRow(field))}</dl>
        </details>`,
    )}
  </section>`;
}

function fieldRow({ label, value, state, flag, citation, limit }: Field): Html {
  return html`<div class="${state}">
    <dt>
      ${label} ${citation === null ? nothing : html`<span class="meta">${citation}</span>`}
      ${limit === null ? nothing : html`<span class="meta">at most ${limit} characters</span>`}
      ${flag === null ? nothing : html`<strong class="field-error">${flag.replaceAll('-', ' ')}</strong>`}
    </dt>
    <dd${state === 'known' ? html` data-copy` : nothing}>${value}</dd>
  </div>`;
}
