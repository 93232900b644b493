/** The page of one notice: the exact words, who gets them, who approved, and how it went. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noticeCompleteness } from '../../commands/notice-completeness.ts';
import type { CaseView, NoticeView } from '../../domain/views.ts';
import { notFound } from '../api/seen-case.ts';
import { frozenPack } from '../filing-pack.ts';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import { layout, type RefusedForm } from './layout.ts';
import { counted, html, nothing, sendPage, type Html } from './markup.ts';
import type { NoticePage } from './notice-data.ts';
import { completenessSection } from './notice-completeness.ts';
import { noticeForms } from './notice-forms.ts';
import { packSection } from './filing-pack.ts';
import { deliverySection, noteSection, receiptSection } from './notice-record.ts';
import { releaseBanner, releaseStateOf } from './notice-release.ts';
import { phaseSection } from './phase-section.ts';
import { sessionOf } from './signed-in.ts';
import { countdown, timeTag } from './time.ts';
import { noticeTag } from './words.ts';

const doneWords: Readonly<Record<string, string>> = {
  approval: 'Your approval of these bytes is recorded.',
  return: 'The notice was sent back.',
  cancellation: 'The notice is cancelled.',
  opinion: 'The opinion is on record.',
  wording: 'A new version is frozen; earlier approvals are void.',
  receipt: 'The receipt is recorded.',
  document: 'The file is kept; now record the receipt with it.',
  filing: 'The next version is a filing pack: approve it, then file it and record the receipt.',
  emergency: 'Released on your word alone. Another person has to review it.',
  'second-review': 'The second review is recorded.',
  resolution: 'How the delivery ended is recorded.',
  resend: 'The copy is sent again, marked as a possible duplicate.',
  bounce: 'It is recorded that the message came back.',
  address: 'A new version with the address is frozen; somebody else must approve it.',
};

/** Draws a notice: 200, or the status of the refusal its form met. */
export async function sendNotice(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  noticeId: string,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const seenPage = await ports.house.as(session.person, async (store) => {
    const { views } = store;
    const seen = await views.notice(noticeId);
    const ofCase = seen === null ? null : await views.case(seen.caseId);
    if (seen === null || ofCase === null) throw notFound();
    return {
      notice: seen,
      view: ofCase,
      release: await releaseStateOf(store, noticeId),
      completeness: await noticeCompleteness(store, noticeId),
    };
  });
  const pack = await frozenPack(ports, session.person, noticeId);
  const files = await ports.house.as(session.person, ({ documents }) =>
    documents.list({ noticeId }),
  );
  const { notice, view } = seenPage;
  const query = request.query as Readonly<Record<string, unknown>>;
  const done = typeof query['done'] === 'string' ? (doneWords[query['done']] ?? null) : null;
  const frame = layout({
    title: `Notice to ${notice.recipientName}, ${notice.caseReference}`,
    session,
    refused,
    done: refused === null ? done : null,
    exercise: view.mode === 'drill',
    mailboxUrl: ports.mailboxUrl,
    body: body({ ...seenPage, session, refused, pack, files }),
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), frame);
}

function body(page: NoticePage): Html {
  return html`${head(page)} ${releaseBanner(page)}
    <div class="columns">
      <div>
        ${phaseSection(page)} ${packSection(page)} ${completenessSection(page)}
        ${wordsSection(page)} ${deliverySection(page)}
      </div>
      <div>${noticeForms(page)} ${noteSection(page)} ${receiptSection(page)}</div>
    </div>`;
}

const phaseWords = {
  initial: 'Initial notice',
  supplementary: 'Supplementary notice',
  final: 'Final notice',
  withdrawal: 'Withdrawal',
} as const;

/** Which of several where there may be several. */
function phaseTitle({ phase, part }: NoticeView): string {
  if (phase === 'initial')
    return part === 1 ? phaseWords.initial : 'Initial notice to people found later,';
  return part === 1 ? phaseWords[phase] : `${phaseWords[phase]} ${String(part)}`;
}

function head({ notice, view }: NoticePage): Html {
  const undispatched = notice.state !== 'dispatched' && notice.state !== 'cancelled';
  return html`<p class="path">
      <a href="/">Cases</a> <span aria-hidden="true">/</span>
      <a href="/cases/${notice.caseReference}">${notice.caseReference}</a>
      <span aria-hidden="true">/</span> notice
    </p>
    <h1>${phaseTitle(notice)} to ${notice.recipientName}</h1>
    <p class="meta">
      ${noticeTag(notice.state)} <code>${notice.provision}</code> <span>by ${notice.channel}</span>
      <span>${view.title}</span>
    </p>
    <div class="front">
      <section class="panel" aria-labelledby="approvals">
        <h2 id="approvals" class="quiet-title">Approvals</h2>
        <p class="next">${notice.approvals.counted} of ${notice.approvals.needed}</p>
        ${approvers(notice, view)}
        <p class="meta">
          ${notice.author === null ? '' : `Written by ${notice.author}, whose own approval would not count.`}
        </p>
      </section>
      <section class="panel" aria-labelledby="due">
        <h2 id="due" class="quiet-title">Due</h2>
        ${
          notice.dueAt === null
            ? html`<p class="next">
                  Without undue ${notice.refersTo === null ? '' : 'further '}delay
                </p>
                ${
                  notice.targetAt === null
                    ? nothing
                    : html`<p class="meta">
                        own target ${timeTag(notice.targetAt, view.awareZone)}
                      </p>`
                }`
            : html`<p class="next">
                  ${undispatched ? countdown(notice.dueAt, view) : 'dispatched'}
                </p>
                <p>${timeTag(notice.dueAt, view.awareZone)}</p>`
        }
        <p class="meta">
          ${counted(notice.recipientCount, 'recipient')}, version ${notice.version}
        </p>
      </section>
    </div>`;
}

function approvers(notice: NoticeView, view: CaseView): Html {
  const hasLeave = notice.state === 'released' || notice.state === 'dispatched';
  if (notice.approvers.length === 0 && hasLeave)
    return html`<p>Released without an approval: on what basis is said below.</p>`;
  if (notice.approvers.length === 0) return html`<p>Nobody has approved this version yet.</p>`;
  return html`<ul class="plain">
    ${notice.approvers.map(
      (one) =>
        html`<li>
          ${one.name}, <span class="meta">${timeTag(one.at, view.awareZone, true)}</span>
        </li>`,
    )}
  </ul>`;
}

function wordsSection({ notice }: NoticePage): Html {
  return html`<section aria-labelledby="words">
    <h2 id="words">What leaves the house</h2>
    ${
      notice.digest === null
        ? html`<p class="empty">No version is frozen yet.</p>`
        : html`<dl class="pairs">
              <div>
                <dt>From</dt>
                <dd>${notice.sender}</dd>
              </div>
              <div>
                <dt>Digest</dt>
                <dd><code class="digest">${notice.digest}</code></dd>
              </div>
            </dl>
            ${notice.variants.map(
              (variant) =>
                html`<article
                  class="letter"
                  lang="${variant.language}"
                  aria-label="Text in ${variant.language}"
                >
                  <p class="letter-head">
                    <span>Subject</span> <strong>${variant.subject}</strong>
                  </p>
                  <pre>${variant.text}</pre>
                </article>`,
            )}
            <p>
              <a href="/notices/${notice.noticeId}/sample.eml">Save one message, byte for byte</a>
              ${
                notice.recipientCount > 1
                  ? html`<span class="hint"
                      >Words in square brackets differ from recipient to recipient.</span
                    >`
                  : nothing
              }
            </p>`
    }
  </section>`;
}
