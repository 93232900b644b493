/** The page of one case, put together and sent; also after a form on it was refused. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebPorts } from '../ports.ts';
import { statusOf } from '../problems.ts';
import { actSection } from './case-acts.ts';
import { assessmentSection } from './case-assessment.ts';
import { barrierSection, isHeldBack } from './case-barriers.ts';
import { readCase, type CasePage } from './case-data.ts';
import { besideSection } from './case-beside.ts';
import { eventSection } from './case-events.ts';
import { caseHead } from './case-head.ts';
import { exposureSection, factSection } from './case-knowledge.ts';
import { noticeSection } from './case-notices.ts';
import { obligationSection } from './case-obligations.ts';
import { alarmSection, taskSection, timelineSection } from './case-record.ts';
import { loweringSection } from './lowerings.ts';
import { layout, type RefusedForm } from './layout.ts';
import { html, nothing, sendPage, type Html } from './markup.ts';
import { sessionOf } from './signed-in.ts';

const doneWords: Readonly<Record<string, string>> = {
  opened: 'The case is open and its clock runs.',
  existing: 'This event had opened the case before; here it is.',
  facts: 'The fact is recorded.',
  group: 'The group is recorded; it is assessed apart.',
  determination: 'The determination is recorded.',
  awareness: 'Awareness is fixed.',
  detection: 'The detection is recorded.',
  exposure: 'The grade is recorded.',
  scope: 'The case will be scoped again.',
  closure: 'The case is closed.',
  reopening: 'The case is open again.',
  'fan-out': 'They may be told; each notice still needs its approval.',
  delay: 'The reasons are recorded.',
  'investigation-end': 'The investigation is over; final notices are being drafted.',
  event: 'The event is dealt with.',
  approvals: 'Your approval is recorded.',
  decision: 'The decision is recorded.',
  lowering:
    'It is proposed; nothing is lowered before the DPO has advised and another person confirmed.',
  opinion: 'The opinion is on record.',
  lowered: 'It is confirmed and counts.',
  declined: 'It is declined; what stands goes on to count.',
  task: 'The task is complete.',
  alarm: 'You took up the alarm.',
  barrier: 'It is recorded.',
};

/** Draws the case a path names: 200, or the status of the refusal its form met. */
export async function sendCase(
  ports: WebPorts,
  request: FastifyRequest,
  reply: FastifyReply,
  named: string,
  refused: RefusedForm | null,
): Promise<FastifyReply> {
  const session = sessionOf(request);
  const query = request.query as Readonly<Record<string, unknown>>;
  const before = Number(query['before']);
  const beforeSeq = Number.isSafeInteger(before) && before > 0 && before < 2 ** 31 ? before : null;
  const data = await readCase(ports, session.person, named, beforeSeq);
  const asked = typeof query['fact'] === 'string' ? query['fact'] : null;
  const fact = refused?.form === 'facts' ? (refused.values['name'] ?? null) : asked;
  const obligation = typeof query['obligation'] === 'string' ? query['obligation'] : null;
  const page: CasePage = { ...data, session, refused, fact, obligation };
  const done = typeof query['done'] === 'string' ? (doneWords[query['done']] ?? null) : null;
  const frame = layout({
    title: `${data.view.reference} ${data.view.title}`,
    session,
    refused,
    done: refused === null ? done : null,
    exercise: data.view.mode === 'drill',
    mailboxUrl: ports.mailboxUrl,
    body: body(page),
  });
  return sendPage(reply, refused === null ? 200 : statusOf(refused.problem.type), frame);
}

function body(page: CasePage): Html {
  return html`${caseHead(page)}
    <div class="columns">
      <div>
        ${obligationSection(page)} ${besideSection(page)} ${noticeSection(page)}
        ${exposureSection(page)} ${factSection(page)} ${assessmentSection(page)}
      </div>
      <div>
        ${isHeldBack(page) ? barrierSection(page) : nothing} ${actSection(page)}
        ${loweringSection(page)} ${eventSection(page)} ${taskSection(page)} ${alarmSection(page)}
        ${isHeldBack(page) ? nothing : barrierSection(page)} ${timelineSection(page)}
      </div>
    </div>`;
}
